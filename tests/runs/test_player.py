"""The page that plays: every figure is the record's, no name can break it, and it stays small."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from lwf_gui import InputError, paths
from lwf_gui.documents import files
from lwf_gui.exports import player
from lwf_gui.exports.player import answers, sprite
from lwf_gui.exports.player.moments import shown_steps
from lwf_gui.messages import DataReady, Probe, Steps, Stopped
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import moment, stops
from tests.runs import five, synthetic

HOSTILE = '</script><img src=x onerror="alert(1)"><!--'
PROTOCOLS = ("task_aware", "class_incremental")


def data_of(page: str) -> dict[str, Any]:
    """Return what a page's script reads, as a browser does."""
    (text,) = re.findall(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)
    read: dict[str, Any] = json.loads(text)
    return read


def said(data: dict[str, Any], protocol: str, at: int, learner: int, part: int) -> str:
    """Return the longest wording of a part of a card."""
    wordings = data["wordings"][data["views"][protocol]["scenes"][at]["cards"][learner][part]]
    return str(data["texts"][wordings[0]])


def decoded(code: str, moments: int, letters: int) -> NDArray[np.int64]:
    """Return the answers of a code, shape (moments, images)."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    columns = []
    for image in code.split(","):
        column: list[int] = []
        for name, count in re.findall(rf"([A-Za-z-]{{{letters}}})(\d*)", image):
            unit = -1
            if name[0] != "-":
                unit = sum(alphabet.index(each) * 52**place for place, each in enumerate(reversed(name)))
            column += [unit] * int(count or 1)
        columns.append(column)
    found = np.array(columns).T
    assert len(found) == moments
    return found


def best(record: Record, step: int, protocol: str) -> dict[str, NDArray[np.int64]]:
    """Return what everybody answers at a step, by the formula of the protocols, written out."""
    at, data = moment(record, step), record.data
    assert at is not None
    assert data is not None
    task_of = np.concatenate([[task] * size for task, size in enumerate(data.scenario.sizes)])
    found = {}
    for name, logits in zip(at.learners, at.logits.astype(np.float64), strict=True):
        allowed = task_of[data.probe_labels][:, None] == task_of if protocol == "task_aware" else np.True_
        masked = np.where(allowed, logits, -np.inf)
        taken = masked.argmax(axis=1)
        taken[np.isneginf(masked.max(axis=1)) | np.isnan(logits).any(axis=1)] = -1
        found[name] = taken
    return found


@pytest.mark.parametrize("record", [synthetic.record(), five.record()], ids=["two tasks", "five tasks"])
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_answers_are_those_of_the_logits_at_every_moment(record: Record, protocol: str) -> None:
    data = data_of(player.page(record))
    assert data["steps"] == stops(record).tolist()
    names = ["teacher", *synthetic.LEARNERS]
    codes = data["views"][protocol]["answers"]
    found = {name: decoded(code, len(data["steps"]), 1) for name, code in zip(names, codes, strict=True)}
    for place, step in enumerate(data["steps"]):
        expected = best(record, step, protocol)
        for name in names:
            if name in expected:
                assert found[name][place].tolist() == expected[name].tolist()
            else:
                assert (found[name][place] == -1).all()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_cards_of_two_tasks_say_what_the_answers_say(protocol: str) -> None:
    record = synthetic.record()
    data = data_of(player.page(record))
    (place,) = [place for place, step in enumerate(data["steps"]) if step == 15]  # no epoch ends there
    labels = synthetic.PROBE_LABELS
    for number, name in enumerate(synthetic.LEARNERS):
        right = best(record, 15, protocol)[name] == labels
        begun = best(record, 0, protocol)[name] == labels
        now, new, before = (round(round(100 * share.mean(), 9)) for share in (right[:24], right[24:], begun[:24]))
        assert said(data, protocol, place, number, 0) == f"{now}"
        assert said(data, protocol, place, number, 2) == "24 probe images"
        sign = "▼" if now < before else "▲" if now > before else "="
        points = f"{abs(now - before)} point{'' if abs(now - before) == 1 else 's'}"
        assert said(data, protocol, place, number, 3) == f"{sign} {points} since expansion"
        assert said(data, protocol, place, number, 4) == f"new task: {new} % right"


def test_cards_of_an_epochs_end_are_of_the_full_test_sets() -> None:
    data = data_of(player.page(synthetic.record()))
    assert data["steps"][-1] == 30
    assert [said(data, "task_aware", -1, 0, part) for part in (0, 2)] == ["30.0", "all 1,200 test images"]
    assert [said(data, "class_incremental", -1, 1, part) for part in (0, 2)] == ["77.0", "all 1,200 test images"]


def test_cards_of_five_tasks_say_averages_of_the_matrix() -> None:
    data = data_of(player.page(five.record()))
    # After task 5 a learner that keeps a part k has k ** (4 - j) of task j, and of the first one k ** 4.
    counts = [round(size * 0.9 ** (4 - task)) for task, size in enumerate(five.SIZES)]
    average = 100 * np.mean([count / size for count, size in zip(counts, five.SIZES, strict=True)])
    assert said(data, "task_aware", -1, 1, 0) == f"{average:.0f}"
    assert said(data, "task_aware", -1, 1, 1) == "% right, average of 5 tasks"


@pytest.mark.parametrize("record", [synthetic.record(), five.record()], ids=["two tasks", "five tasks"])
def test_curves_stand_as_high_as_the_answers_of_old_tasks_are_right(record: Record) -> None:
    data, ready = data_of(player.page(record)), record.data
    assert ready is not None
    assert record.incremental is not None
    task_of = np.repeat(np.arange(ready.scenario.tasks), ready.probe_sizes)
    for place, step in enumerate(data["steps"]):
        heights = [sides[0][place] for sides in data["views"]["task_aware"]["curves"]["heights"]]
        if step < 0:
            assert heights[0] is not None
            assert heights[1:] == [None, None]
            continue
        assert heights[0] is None, "the teacher's curve is of task 1"
        task = record.incremental.started.task_at(step)
        for name, height in zip(synthetic.LEARNERS, heights[1:], strict=True):
            right = best(record, step, "task_aware")[name] == ready.probe_labels
            shares = [right[task_of == earlier].mean() for earlier in range(task)]
            expected = 100 * np.average(shares, weights=ready.test_sizes[:task])
            assert height == pytest.approx(expected, abs=0.006)


def test_wall_has_as_many_of_each_class_and_says_how_many_are_right() -> None:
    record = synthetic.record()
    data = data_of(player.page(record))
    images = data["wall"]["images"]["1"]
    assert np.bincount(synthetic.PROBE_LABELS[images]).tolist() == [8, 8, 8]
    _, caption, titles = data["views"]["class_incremental"]["scenes"][-1]["wall"]
    assert "24 of 24 old test images" in data["texts"][caption]
    for (place, title, _), name in zip(titles, synthetic.LEARNERS, strict=True):
        right = (best(record, 30, "class_incremental")[name] == synthetic.PROBE_LABELS)[images].sum()
        assert f"{right} of 24 right" in data["texts"][title]
        assert data["names"][place]["label"] in data["texts"][title]
    began = data["wall"]["began"]["class_incremental"]["1"]["1"]
    begun = (best(record, 0, "class_incremental")["fine-tune"] == synthetic.PROBE_LABELS)[images]
    assert began == "".join("1" if right else "0" for right in begun)


def test_shares_of_a_row_are_rounded_as_in_the_window() -> None:
    shares = data_of(player.page(synthetic.record()))["classes"]["shares"]["8"]
    assert shares == ["", "12", "25", "38", "50", "62", "75", "88", "100"]


def picture(uri: str) -> NDArray[np.uint8]:
    """Return the grey values of a PNG, by the specification: its filter here is the difference to the left."""
    content = base64.b64decode(uri.removeprefix("data:image/png;base64,"))
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, depth, colour = struct.unpack(">IIBB", content[16:26])
    assert (depth, colour) == (8, 0)
    parts, at = {}, 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, inner = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        (check,) = struct.unpack(">I", content[at + 8 + length : at + 12 + length])
        assert check == zlib.crc32(kind + inner)
        parts[kind], at = inner, at + 12 + length
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, width + 1)
    assert (rows[:, 0] == 1).all()
    return np.cumsum(rows[:, 1:], axis=1, dtype=np.uint8)


def test_sprite_holds_every_image_where_it_says() -> None:
    images = np.random.default_rng(3).integers(0, 17, (11, 8, 6), np.uint8)
    made = sprite.sprite(images, 16)
    width, height, columns, border = (int(str(made[name])) for name in ("width", "height", "columns", "border"))
    sheet = picture(str(made["uri"]))
    for number, image in enumerate(images):
        y, x = number // columns * height + border, number % columns * width + border
        expected = np.round(image * (255 / 16)).astype(np.uint8)
        assert (sheet[y : y + 8, x : x + 6] == expected).all()


def test_large_images_are_made_smaller() -> None:
    made = sprite.sprite(np.zeros((2, 300, 200), np.uint8), 255)
    assert picture(str(made["uri"])).size < 2 * 60 * 60


@pytest.mark.parametrize("classes", [10, 52, 53, 200])
def test_code_of_answers_is_read_again(classes: int) -> None:
    taken = np.random.default_rng(1).integers(-1, classes, (7, 5)).repeat(3, axis=0)
    code = answers.encoded(taken, classes)
    assert (decoded(code, 21, answers.width(classes)) == taken).all()


class Elements(HTMLParser):
    """All elements of a page, and attributes that would fetch or run anything."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.wanted: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.wanted += [name for name, _ in attrs if name in ("src", "href", "style") or name.startswith("on")]


def hostile() -> Record:
    """Return a run whose every name would break a page that does not escape it."""
    messages = [*synthetic.task1(), *synthetic.task2()]
    data = synthetic.data_ready()
    classes = (HOSTILE, "$title", "\u202eevil\u2028", "&lt;b>", "e" * 300)
    messages[0] = replace(data, classes=classes, dataset=HOSTILE, source=f"directory /home/anna/{HOSTILE}")
    return synthetic.record(messages)


def test_names_from_outside_are_text_everywhere() -> None:
    page, plain = player.page(hostile()), Elements(player.page(synthetic.record()))
    found = Elements(page)
    assert found.tags == plain.tags
    assert found.tags.count("script") == 2
    assert found.wanted == plain.wanted == []
    data = data_of(page)
    assert data["classes"]["names"][0] == HOSTILE
    assert "\u202e" not in page
    assert "/home/anna" not in page, "a folder of another machine is nobody's business"


def test_policy_lets_the_pages_own_style_and_script_run_and_nothing_else() -> None:
    page = player.page(hostile())
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = {
        name: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for name, text in (("style", style), ("script", script))
    }
    assert policy.split("; ") == [
        "default-src 'none'",
        *(f"{name}-src 'sha256-{digest}'" for name, digest in digests.items()),
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_page_asks_for_nothing_from_elsewhere() -> None:
    page = player.page(synthetic.record())
    assert set(re.findall(r"\w+://[\w./]*", page)) == {"http://www.w3.org/2000/svg"}, "a name, not an address"
    assert not re.findall(r"\b(fetch|XMLHttpRequest|WebSocket|import)\b *\(", page)
    assert "innerHTML" not in page


def test_no_marks_of_the_template_are_left() -> None:
    page = player.page(synthetic.record())
    script = page.index("<script>")
    assert not re.findall(r"\$[a-z]+", page[:script].replace("$title", "")), "but for a hostile name's"
    assert "/* colours */" not in page


def with_probes(count: int) -> Record:
    """Return a run of so many probes of task 2."""
    record = synthetic.record([*synthetic.task1(), *synthetic.task2()[:1]])
    track = record.incremental
    assert track is not None
    record = synthetic.record(synthetic.task1())
    record.apply(replace(track.started, steps=count * 5, epoch_steps=(count * 5,)))
    first = [0, *range(1, 61)]
    for step in (*first, *range(65, (count - 48) * 5, 5)):
        record.apply(Probe(1, "incremental", step, synthetic.logits(2, step), synthetic.teacher(step)))
    return record


def test_of_a_long_run_the_steps_where_most_happens_are_shown_and_the_page_says_so() -> None:
    record = with_probes(1000)
    everything = stops(record).tolist()
    shown = shown_steps(record, 100)
    assert len(shown) == 100
    assert {0, 1, 2, 3, 4, 6, 8, 10, 60, everything[0], everything[-1]} <= set(shown)
    assert set(shown) <= set(everything)
    gaps = np.diff([step for step in shown if 60 < step < everything[-1]])
    assert gaps.max() <= 2 * gaps.min() + 5, "the others are spread evenly"
    assert shown_steps(record, 5000) == everything


def test_every_tasks_end_is_shown_however_few_moments_there_are() -> None:
    record = five.record()
    shown = shown_steps(record, 10)
    assert len(shown) == 10
    assert {0, 10, 16, 24, 36, 5, 13, 20} <= set(shown), "beginnings, last probes before these, and the end"


def test_page_is_kept_small_by_showing_fewer_moments(monkeypatch: pytest.MonkeyPatch) -> None:
    record = with_probes(100)
    whole = player.page(record)
    monkeypatch.setattr(player, "MOST_BYTES", len(whole) * 2 // 3)
    less = player.page(record)
    assert len(less) <= len(whole) * 2 // 3
    shown = data_of(less)["steps"]
    probes = len(stops(record))
    assert 25 <= len(shown) < probes
    assert data_of(less)["shown"] == f"{len(shown)} of {probes} probes are shown"
    assert data_of(whole)["shown"] == f"{probes} of {probes} probes are shown"


def test_page_of_the_bundled_run_is_small() -> None:
    record = files.load(paths.resources() / "runs" / "classroom.lwfrun")
    page = player.page(record)
    assert len(page.encode()) < 1_500_000
    assert data_of(page)["shown"] == "96 of 96 probes are shown"


def test_stopped_run_has_a_page_that_says_how_far_it_came(tmp_path: Path) -> None:
    record = synthetic.up_to_step(15)
    record.apply(Stopped(1))
    player.write(record, tmp_path / "run.html")
    page = (tmp_path / "run.html").read_text("utf-8")
    assert "This run was stopped at step 10 of 30, in task 2." in page, "where the last probe is"
    assert data_of(page)["steps"][-1] == 10


def test_learner_that_diverged_has_no_answers_from_there_on_and_its_card_says_when() -> None:
    messages = [*synthetic.task1(), *synthetic.task2()]
    for place, message in enumerate(messages):
        if isinstance(message, Probe) and message.phase == "incremental" and message.step > 10:
            logits = message.logits.copy()
            logits[0] = np.nan
            messages[place] = replace(message, logits=logits)
        elif isinstance(message, Steps) and message.phase == "incremental" and message.first > 10:
            losses = message.losses.copy()
            losses[:, :1] = np.nan
            messages[place] = replace(message, losses=losses)
    data = data_of(player.page(synthetic.record(messages)))
    found = decoded(data["views"]["task_aware"]["answers"][1], len(data["steps"]), 1)
    known = [bool((row != -1).all()) for row in found]
    assert known == [0 <= step <= 10 for step in data["steps"]]
    assert said(data, "task_aware", -1, 0, 3) == "diverged at step 11"
    assert data["views"]["task_aware"]["curves"]["heights"][1][0][-1] is None


@pytest.mark.parametrize("record", [Record(), synthetic.record(synthetic.task1())], ids=["nothing", "one task"])
def test_run_without_a_later_task_is_one_sentence(record: Record, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^This run has not come to its second task, .*\.$"):
        player.write(record, tmp_path / "run.html")
    assert list(tmp_path.iterdir()) == []


def test_folder_with_data_is_told_by_its_name_alone() -> None:
    recipe = synthetic.RECIPE.with_settings({"data.dataset": "/home/anna/my digits"})
    messages = [*synthetic.task1(), *synthetic.task2()]
    messages[0] = synthetic.data_ready(recipe)
    assert isinstance(messages[0], DataReady)
    page = player.page(synthetic.record(messages))
    assert "anna" not in page
    assert "my digits" in page
