"""Texts in places of limited width: whole wordings, and numbers that stay whole or go."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication

from lwf_gui.gui.panels.text import DOTS, RIGHT, fitting, shortened, tooltip, write

NUMBER = re.compile(r"[-+]?\d[\d,.]*(?:e-?\d+)?(?: ?%)?")
TEXTS = (
    "Fine-tuning: 191 of 400 right",
    "Learning without Forgetting: old 88.5 %, new 95.5 %",
    "moved 108,432,010 % of its length",
    "KL 0.00822 nats",
    "says Trouser to 25 of 30",
    "1.1e8 %",
    f"{'x' * 500} taken for {'y' * 500}: 32 of 34",
)


@pytest.fixture
def metrics(qapp: QApplication) -> QFontMetricsF:
    return QFontMetricsF(qapp.font())


@pytest.mark.parametrize("text", TEXTS)
def test_no_text_is_ever_cut_so_that_it_reads_as_another_number(metrics: QFontMetricsF, text: str) -> None:
    meant, whole = NUMBER.findall(text), int(metrics.horizontalAdvance(text))
    assert meant
    for width in {*range(0, min(whole, 400), 3), whole, whole + 2}:
        shown = shortened(metrics, width, text)
        assert metrics.horizontalAdvance(shown) <= width
        assert NUMBER.findall(shown) in (meant, []), (width, shown)
        assert shown == text or DOTS in shown or not shown
    assert shortened(metrics, whole + 2, text) == text


def test_words_give_up_letters_before_a_text_is_given_up(metrics: QFontMetricsF) -> None:
    text = "says Trouser to 25 of 30"
    shown = shortened(metrics, metrics.horizontalAdvance("says Trous… to 25 of 30"), text)
    assert shown == "says Trous… to 25 of 30"
    long = shortened(metrics, 300, TEXTS[-1])
    assert long.endswith("…: 32 of 34")
    assert long.startswith("xxx")


def test_names_without_numbers_lose_their_end(metrics: QFontMetricsF) -> None:
    assert shortened(metrics, metrics.horizontalAdvance("Ankle b…") + 1, "Ankle boot") == "Ankle b…"


def test_the_longest_wording_that_fits_is_taken(metrics: QFontMetricsF) -> None:
    wordings = ("▼ 69.4 points since expansion", "▼ 69.4 points")
    for wording in wordings:
        assert fitting(metrics, metrics.horizontalAdvance(wording), *wordings) == wording


@pytest.mark.parametrize("width", range(4, 120, 7))
def test_what_is_written_stays_within_its_place(qapp: QApplication, width: int) -> None:
    """A right-aligned number that is too wide would lose its first digits: 108432010 % read 32010 %."""
    image = QImage(200, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    place = QRectF(100 - width, 0, width, 40)
    with QPainter(image) as painter:
        painter.setFont(QFont(qapp.font()))
        write(painter, place, ["108432010 %"], RIGHT)
        inked = [x for x in range(200) for y in range(40) if image.pixelColor(x, y).lightness() < 128]
        needed = painter.fontMetrics().horizontalAdvance("108432010 %")
    assert all(place.left() - 1 <= x <= place.right() for x in inked)
    assert not inked or needed <= width or max(inked) - min(inked) < 20, "all of it or dots"


def test_names_in_tooltips_are_plain_text() -> None:
    assert tooltip("<img src=x> & co") == "<p>&lt;img src=x&gt; &amp; co</p>"
    assert tooltip("") == ""
