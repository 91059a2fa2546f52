"""The page that plays, in a real browser: at any probe its figures are the record's, by hash, mouse, touch and keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.exports import player
from lwf_gui.runs.cards import card_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment, stops
from tests.runs.test_player import HOSTILE, hostile
from tests.tools import chromium

pytestmark = pytest.mark.skipif(chromium.found() is None, reason="there is no Chromium here (Debian package chromium)")

CELLS = "[...document.querySelectorAll('.matrix')].map(m => [...m.querySelectorAll('td')].map(c => +c.dataset.count))"
TILES = "[...document.querySelectorAll('.tiles')].map(g => [...g.children].map(t => t.className.split(' ')[1]))"


@pytest.fixture(scope="module")
def record() -> Record:
    return files.load(paths.resources() / "runs" / "classroom.lwfrun")


@pytest.fixture(scope="module")
def page(record: Record, tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.Page]:
    folder = tmp_path_factory.mktemp("page")
    player.write(record, folder / "run.html")
    with chromium.Page(folder / "run.html", folder / "profile") as opened:
        yield opened
        assert opened.told == [], "an error, or something that the policy forbids"
        assert [url for url in opened.requests if not url.startswith(("data:", "file:"))] == []
        assert len([url for url in opened.requests if url.startswith("file:")]) == 1, "the page itself"


def go(page: chromium.Page, **at: object) -> None:
    """Go where an address leads."""
    asked = "#" + "&".join(f"{name}={value}" for name, value in at.items())
    page.evaluate(
        "new Promise(done => {"
        f"if (location.hash === {asked!r}) done(); else addEventListener('hashchange', () => done(), {{once: true}});"
        f"location.hash = {asked!r}}})"
    )


def shown(page: chromium.Page, selector: str) -> list[str]:
    told: list[str] = page.evaluate(f"[...document.querySelectorAll({selector!r})].map(each => each.textContent)")
    return told


def counts(record: Record, step: int, protocol: str) -> tuple[list[list[int]], list[list[bool]]]:
    """Return each learner's confusion counts, row by row, and which probe images it has right, from its logits."""
    at, data = moment(record, step), record.data
    assert at is not None
    assert data is not None
    labels, old = data.probe_labels.astype(int), 6
    size = old if at.track is record.base else 10
    cells, rights = [], []
    for logits in at.logits.astype(np.float64):
        own = (labels[:, None] < old) == (np.arange(logits.shape[1]) < old)
        taken = np.where(own, logits, -np.inf).argmax(axis=1) if protocol == "task_aware" else logits.argmax(axis=1)
        cells.append([int(((labels == true) & (taken == unit)).sum()) for true in range(size) for unit in range(size)])
        rights.append((taken == labels).tolist())
    return cells, rights


@pytest.mark.parametrize("protocol", ["task_aware", "class_incremental"])
def test_figures_at_probes_all_over_the_run_are_the_records(page: chromium.Page, record: Record, protocol: Any) -> None:
    steps = stops(record).tolist()
    for step in (*steps[::24], 0, 6, 40, 375, 1125):
        go(page, step=step, protocol=protocol)
        assert page.evaluate("data.steps[state.at]") == step
        cells, rights = counts(record, step, protocol)
        assert page.evaluate(CELLS) == cells, f"step {step}"
        tiles = page.evaluate(TILES)
        numbers = page.evaluate("wallImages()")
        for grid, right in zip(tiles, rights, strict=False):
            assert [state == "right" for state in grid] == [right[number] for number in numbers]
        if step < 0:
            assert shown(page, ".digits") == ["-", "-"]
            continue
        cards = [card_of(record, learner, Selection(protocol, step)) for learner in ("fine-tune", "lwf")]
        digits = [f"{card.old:.{1 if card.full else 0}f}" for card in cards]
        assert shown(page, ".digits") == digits
        assert shown(page, "#when") == [f"step {step:,}"]
        assert shown(page, ".sample")[0] in ("all 6,000 test images" if cards[0].full else "300 probe images")


def test_address_between_two_probes_shows_the_one_before(page: chromium.Page) -> None:
    go(page, step=41)
    assert shown(page, "#when") == ["step 40"]
    go(page, step="nonsense", protocol="nobody")
    assert shown(page, "#when") == ["step 40"], "what means nothing changes nothing"


def test_keys_step_switch_and_play(page: chromium.Page, record: Record) -> None:
    steps = stops(record).tolist()
    go(page, step=6, protocol="task_aware")
    page.press("ArrowRight")
    assert shown(page, "#when") == ["step 8"]
    page.press("ArrowLeft")
    page.press("ArrowLeft")
    assert shown(page, "#when") == ["step 4"]
    page.press("Home")
    assert page.evaluate("state.at") == 0
    page.press("p")
    assert page.evaluate("state.protocol") == "class_incremental"
    page.press("End")
    assert page.evaluate("state.at") == len(steps) - 1
    page.evaluate("document.getElementById('speed').value = '4'")
    page.press(" ")
    page.until("state.at === 3")
    page.press(" ")
    at = page.evaluate("state.at")
    page.evaluate("new Promise(done => setTimeout(done, 300))")
    assert page.evaluate("state.at") == at, "it stands still"
    page.press("p")
    page.until(f"location.hash === '#step={steps[at]}&protocol=task_aware'")


def test_pressing_on_the_plot_goes_to_the_nearest_probe(page: chromium.Page) -> None:
    go(page, step=1125)
    x, y = page.evaluate(
        "(({left, top}) => [left + plot.x(data.places[data.steps.indexOf(12)]), top + 60])"
        "(document.getElementById('drawing').getBoundingClientRect())"
    )
    for kind in ("mousePressed", "mouseReleased"):
        page.ask("Input.dispatchMouseEvent", type=kind, x=x + 1, y=y, button="left", buttons=1, clickCount=1)
    assert shown(page, "#when") == ["step 12"]


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 640), (1280, 720), (1920, 1080)])
def test_nothing_is_wider_than_the_screen_nor_cut(page: chromium.Page, width: int, height: int) -> None:
    page.resize(width, height, mobile=width < 500)
    page.evaluate("new Promise(done => setTimeout(done, 100))")
    try:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        cut = page.evaluate(
            "[...document.querySelectorAll('.card p, .card h2, #when, #protocols b, .wide, .matrix, .grid-of h3')]"
            ".filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.textContent)"
        )
        assert cut == []
        if width >= 1280:  # a projector shows all that plays at once
            bottom = page.evaluate("document.getElementById('wall').getBoundingClientRect().bottom + scrollY")
            assert bottom <= height - page.evaluate("document.getElementById('transport').offsetHeight") + 1
    finally:
        page.resize(1280, 720)


def test_colours_follow_the_desktop_and_the_address(page: chromium.Page) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    for scheme, colour in (("dark", "rgb(23, 25, 29)"), ("light", "rgb(243, 244, 246)")):
        page.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        assert page.evaluate(ground) == colour
    go(page, theme="dark")
    assert page.evaluate(ground) == "rgb(23, 25, 29)"
    go(page, theme="light")


def test_everything_is_told_to_who_hears_the_page(page: chromium.Page) -> None:
    tree = page.ask("Accessibility.getFullAXTree")["nodes"]
    told = {(node["role"]["value"], node.get("name", {}).get("value", "")) for node in tree if not node["ignored"]}
    assert ("slider", "Probe") in told
    assert {("button", "Play"), ("combobox", "Speed"), ("radiogroup", "Protocol")} <= told
    assert any(role == "image" and name.startswith("Fine-tuning: ") for role, name in told)
    assert not [role for role, name in told if role in ("button", "slider", "radio", "image") and not name]


def test_names_from_outside_are_shown_as_text_and_run_nothing(tmp_path: Path) -> None:
    player.write(hostile(), tmp_path / "run.html")
    with chromium.Page(tmp_path / "run.html", tmp_path / "profile") as opened:
        assert HOSTILE.partition("/")[0] in "".join(shown(opened, ".matrix th"))
        assert opened.evaluate("document.images.length") == 0
        assert opened.told == []
        assert [url for url in opened.requests if not url.startswith("data:")] == [(tmp_path / "run.html").as_uri()]
