"""Figures for print: every panel in every kind, in light, with letters that need no font and a caption."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lwf_gui import InputError
from lwf_gui.documents import files
from lwf_gui.gui import theme
from lwf_gui.gui.exporting import writing
from lwf_gui.gui.exporting.figures import FIGURES, TOGETHER
from lwf_gui.gui.exporting.outlines import SVG
from lwf_gui.gui.exporting.sheet import Nothing
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.gui.absurd import ABSURD, record_of
from tests.gui.conftest import BUNDLED
from tests.gui.shown import shown_panel, with_learners
from tests.runs import five

NEEDS_MORE = {"class_means", "compare", "sweep"}
"""Panels with nothing to show of the bundled run: it keeps no statistics, no run is pinned, no sweep is shown."""

NUMBER = re.compile(r"\d+\.?\d*")

SHOWN = [key for key in FIGURES if key not in NEEDS_MORE]


@cache
def run() -> Record:
    return files.load(BUNDLED)


def svg_of(path: Path) -> ET.Element:
    return ET.fromstring(path.read_bytes())


def texts_of(root: ET.Element) -> list[str]:
    return [label for path in root.iter(f"{{{SVG}}}path") if (label := path.get("aria-label"))]


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)


def test_every_panel_and_plot_is_a_figure() -> None:
    assert set(FIGURES) == {"story", "accuracy", "cards", TOGETHER, *(spec.key for spec in PANELS)}


@pytest.mark.parametrize("key", SHOWN)
def test_every_figure_is_written_as_svg_without_fonts_or_outside_references(
    qapp: QApplication, tmp_path: Path, key: str
) -> None:
    writing.write(run(), tmp_path / "a.svg", panel=key, kind="svg")
    root = svg_of(tmp_path / "a.svg")
    assert not list(root.iter(f"{{{SVG}}}text")), "letters are outlines: they need no font"
    title, described = root[0], root[1]
    assert title.text == FIGURES[key].title
    said = " ".join(texts_of(root))
    caption = described.text or ""
    for fact in ("fashion-mnist", "seed 0", "recipe classroom", "key "):
        assert fact in caption
        assert fact.strip() in said, "the caption is drawn, too"
    links = [value for item in root.iter() for name, value in item.attrib.items() if name.endswith("href")]
    assert all(link.startswith(("data:image/png;base64,", "#")) for link in links)
    assert "Click" not in said
    assert "Copy as" not in said
    assert float((root.get("width") or "").removesuffix("mm")) == pytest.approx(178, abs=0.5)


@pytest.mark.parametrize("key", SHOWN)
def test_every_figure_is_written_as_pdf_with_its_fonts(qapp: QApplication, tmp_path: Path, key: str) -> None:
    writing.write(run(), tmp_path / "a.pdf", panel=key, kind="pdf")
    content = (tmp_path / "a.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert b"/FontFile2" in content
    assert content.count(b"/FontDescriptor") >= content.count(b"/FontFile2")


@pytest.mark.parametrize("key", SHOWN)
def test_every_figure_is_written_as_png_with_ink_on_white(qapp: QApplication, tmp_path: Path, key: str) -> None:
    writing.write(run(), tmp_path / "a.png", panel=key, kind="png", dpi=100)
    image = QImage(str(tmp_path / "a.png"))
    assert image.width() == pytest.approx(178 / 25.4 * 100, abs=2)
    assert image.dotsPerMeterX() == pytest.approx(100 / 0.0254, rel=0.01)
    shades = pixels(image)
    body = shades[: int(0.75 * image.height())]
    assert (shades == 255).all(2).mean() > 0.12, "paper is white"
    assert (body < 160).any(2).mean() > 0.005, "there is a figure beside the caption"
    assert image.text("Description").startswith(f"{FIGURES[key].title}. ")


@pytest.mark.parametrize("key", sorted(NEEDS_MORE))
def test_a_panel_with_nothing_to_show_says_so(qapp: QApplication, tmp_path: Path, key: str) -> None:
    with pytest.raises(Nothing, match="has nothing to show of this run: "):
        writing.write(run(), tmp_path / "a.svg", panel=key, kind="svg")
    assert not list(tmp_path.iterdir())


def test_all_figures_that_there_are_go_into_a_folder(qapp: QApplication, tmp_path: Path) -> None:
    written = writing.write_all(run(), tmp_path / "new", "pdf")
    assert {path.stem for path in written} == set(SHOWN)
    assert {path.name for path in (tmp_path / "new").iterdir()} == {path.name for path in written}


def test_what_cannot_be_written_is_one_sentence(qapp: QApplication, tmp_path: Path) -> None:
    for options in ({"panel": "nonsense"}, {"dpi": 10.0}, {"dpi": 1e9}, {"kind": "bmp"}):
        with pytest.raises(InputError):
            writing.write(run(), tmp_path / "a.png", **options)
    with pytest.raises(Nothing):
        writing.write(Record(), tmp_path / "a.png", panel="image_grid")
    with pytest.raises(InputError):
        writing.write_all(Record(), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_figure_is_the_same_whatever_theme_and_type_the_window_has(qapp: QApplication, tmp_path: Path) -> None:
    def figures() -> list[tuple[str, np.ndarray]]:
        """Return each figure without its numbers, and these: Qt rounds the last digit as it likes."""
        told = []
        for key in ("cards", "accuracy", "classes"):
            writing.write(run(), tmp_path / "a.svg", panel=key, kind="svg")
            text = (tmp_path / "a.svg").read_text("utf-8")
            told.append((NUMBER.sub("", text), np.array(NUMBER.findall(text), float)))
        return told

    before, font = figures(), qapp.font()
    theme.apply(qapp, theme.DARK)
    font.setPointSizeF(2 * font.pointSizeF())
    qapp.setFont(font)
    for (text, numbers), (other, others) in zip(before, figures(), strict=True):
        assert text == other
        np.testing.assert_allclose(numbers, others, atol=0.05)


def test_figures_at_a_step_are_those_of_that_step(qapp: QApplication, tmp_path: Path) -> None:
    for step, old in ((0, "89"), (None, "17.3")):
        writing.write(run(), tmp_path / "a.svg", panel="cards", step=step, kind="svg")
        root = svg_of(tmp_path / "a.svg")
        assert any(text.startswith(old) for text in texts_of(root))
        assert f"step {1125 if step is None else step:,}" in (root[1].text or "")


def test_the_view_that_is_on_screen_is_on_paper(qtbot: QtBot, tmp_path: Path) -> None:
    panel = shown_panel("put_back", qtbot, run(), (500, 400))
    for learner in ("fine-tune", "lwf"):
        panel._learner = learner  # type: ignore[attr-defined]
        writing.write_like(run(), tmp_path / f"{learner}.svg", "put_back", Selection(), kind="svg", like=panel)
    first, second = (texts_of(svg_of(tmp_path / f"{name}.svg")) for name in ("fine-tune", "lwf"))
    assert first != second
    writing.write(run(), tmp_path / "plain.svg", panel="put_back", kind="svg")
    assert texts_of(svg_of(tmp_path / "plain.svg")) == first


def test_figures_of_a_long_run_name_task_and_learners(qapp: QApplication, tmp_path: Path) -> None:
    record = five.record()
    for key in ("network", "classes", "results", "confusion", "image_grid"):
        writing.write(record, tmp_path / "a.svg", panel=key, kind="svg")
        said = " ".join(texts_of(svg_of(tmp_path / "a.svg")))
        assert "task 5" in said
        assert "Fine-tuning" in said
        assert "LwF" in said


def test_as_many_learners_as_a_run_has_are_all_on_paper(qapp: QApplication, tmp_path: Path) -> None:
    record, marks = with_learners(4), []
    for key in ("network", "why", "classes", "confusion", "gradient_conflict"):
        writing.write(record, tmp_path / "a.svg", panel=key, kind="svg")
        said = texts_of(svg_of(tmp_path / "a.svg"))
        marks.append(sum(any(sign in text for text in said) for sign in ("LwF", "Fine", "alpha", "10", "15")))
        assert not any(text.endswith(" of 4 ▶") for text in said), "nothing is left to a key that nobody can press"
    assert min(marks) >= 3


@pytest.mark.parametrize("name", [name for name in ABSURD if name.startswith("names")])
def test_names_from_files_are_plain_text(qapp: QApplication, tmp_path: Path, name: str) -> None:
    record = record_of(*ABSURD[name])
    assert record.data is not None
    for key in ("confusion", "image_grid"):
        writing.write(record, tmp_path / "a.svg", panel=key, kind="svg")
        root = svg_of(tmp_path / "a.svg")
        assert {item.tag.rpartition("}")[2] for item in root.iter()} <= {
            *("svg", "title", "desc", "defs", "g", "path", "rect", "image", "polyline", "polygon", "ellipse", "circle"),
            *("line", "clipPath", "linearGradient", "stop", "pattern"),
        }
        assert not [name for item in root.iter() for name in item.attrib if name.startswith("on")]


def test_a_hostile_name_of_the_data_is_short_and_printable_in_the_caption() -> None:
    from lwf_gui.runs.figure_caption import figure_caption

    record = run()
    assert record.data is not None
    other = Record()
    other.apply(replace(record.data, dataset="a\nb\x00\u202e" + "<script>" * 50))
    told = figure_caption(other, Selection(), "Title").text
    assert "\n" not in told
    assert "\u202e" not in told
    assert len(told) < 250
