"""Texts in places of limited width: the first wording that fits, and a last resort that never makes another number."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QPainter

from lwf_gui.gui.measuring import metrics_of
from lwf_gui.runs.names import Names, names_of
from lwf_gui.terms import explained

CENTRE = Qt.AlignmentFlag.AlignCenter
LEFT, RIGHT, MIDDLE = (
    Qt.AlignmentFlag.AlignVCenter | side
    for side in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter)
)

ONE_LINE = int(Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip)
"""How `write` takes its text, as a number: Python takes longer to join flags than Qt to draw a word."""

DOTS = "…"
STEM = 4
"""Letters that a word of several keeps at least, while others have more to give."""

WHOLE = re.compile(r"[^\w%]*([-+]?[\d.,]+(e-?\d+)?[%°]?|points|right|logits|∞)[^\w%]*")
"""Words that are never shortened: numbers, and what they count."""

QUIETER = "palette(placeholder-text)"
"""Colour of what a tooltip says of terms: the theme's muted one, which Qt takes from the palette."""

_WORD = re.compile(r"(.*?)([:;,.)]*)", re.DOTALL)


def fitting(metrics: QFontMetricsF, width: float, *texts: str, sentence: bool = False) -> str:
    """Return the first of these texts that is not too wide; if all are, the last one as `shortened` does.

    Of a ``sentence`` the last one is given as `begun`: a shortened word in each place could not be read.
    """
    for text in texts:
        if metrics.horizontalAdvance(text) <= width:
            return text
    return (begun if sentence else shortened)(metrics, width, texts[-1])


def begun(metrics: QFontMetricsF, width: float, text: str) -> str:
    """Return as many whole words of a text as fit, and dots for the others; 0.015 must not be read as 0.01."""
    if metrics.horizontalAdvance(text) <= width:
        return text
    words = text.split(" ")
    while words and metrics.horizontalAdvance(f"{' '.join(words)} {DOTS}") > width:
        del words[-1]
    return " ".join([*words, DOTS])


def shortened(metrics: QFontMetricsF, width: float, text: str) -> str:
    """Return a text whose longest words gave up letters for dots until it fits; numbers stay whole.

    A name without numbers loses its end. Where even that does not fit, nothing but dots is left: less says something
    else than the text did.
    """
    words = text.split(" ")
    if not any(map(WHOLE.fullmatch, words)):
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    for stem in (STEM, 1):
        while (excess := metrics.horizontalAdvance(" ".join(words)) - width) > 0:
            stems = [0 if WHOLE.fullmatch(word) else len(_parts(word)[0]) for word in words]
            longest = max(range(len(words)), key=stems.__getitem__)
            if stems[longest] <= stem:
                break
            letters = int(excess / max(1.0, metrics.averageCharWidth()) / 2)  # long names in few rounds
            words[longest] = _cut(words[longest], max(stem, stems[longest] - max(1, letters)))
        else:
            return " ".join(words)
    return DOTS if metrics.horizontalAdvance(DOTS) <= width else ""


def _parts(word: str) -> tuple[str, str]:
    """Return a word without dots and what stands behind it, and that."""
    found = _WORD.fullmatch(word)
    assert found is not None, "the pattern takes any word"
    return found[1].rstrip(DOTS), found[2]


def _cut(word: str, letters: int) -> str:
    """Return the beginning of a word, with dots; digits that belong together stay together or go."""
    stem, behind = _parts(word)
    kept = stem[:letters]
    if stem[letters].isdigit():
        kept = kept.rstrip("0123456789.,") or stem[:1]
    return kept + DOTS + behind


def widest(metrics: QFontMetricsF, texts: Iterable[str]) -> float:
    """Return the pixels of the widest of these texts, 0 of none: the room that is reserved for them."""
    return max(map(metrics.horizontalAdvance, texts), default=0.0)


def names_within(metrics: QFontMetricsF, width: float, learners: Iterable[str]) -> Names:
    """Return the names of learners that stand side by side: the longest ones that all have room, else the shortest."""
    *longer, least = names_of(learners)
    return next((names for names in longer if widest(metrics, names.values()) <= width), least)


def fitted(font: QFont, height: float, texts: Iterable[str] = (), width: float = 0.0) -> QFont:
    """Return the font, or a smaller one whose lines are no higher than this and hold each of these texts."""
    metrics = metrics_of(font)
    needed = widest(metrics, texts)
    share = min(height / metrics.height(), max(width / needed, 0.6) if needed else 1.0)
    if share < 1:
        font.setPixelSize(max(6, int(share * QFontInfo(font).pixelSize())))
    return font


def write(painter: QPainter, rect: QRectF, texts: Sequence[str], flags: Qt.AlignmentFlag = LEFT) -> None:
    """Write the first of these texts that fits into a line; where none does, the last, shortened."""
    text = fitting(metrics_of(painter.font()), rect.width(), *texts)
    painter.drawText(rect, flags.value | ONE_LINE, text)


def tooltip(*lines: str) -> str:
    """Return lines for a tooltip: it wraps, and shows "<-" and names of classes and files as they are, never as markup.

    All tooltips of the window come from here: Qt takes a text with a "<" for markup and leaves out what follows.
    """
    told = "<br>".join(html.escape(line) for line in lines if line)
    return f"<p>{told}</p>" if told else ""


def with_words(tip: str, text: str) -> str:
    """Return a tooltip, and below it, in a quieter colour, the terms of the glossary that stand in a text.

    A sentence that the tooltip says itself is not said again.
    """
    told = "<br>".join(html.escape(line) for line in explained(text, said=html.unescape(tip)))
    return f'{tip}<p style="color: {QUIETER}">{told}</p>' if told else tip
