"""The terms of the loss as formulas: its columns of symbols and numbers, and what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtGui import QFontMetricsF

from lwf_gui.runs.equation import ALPHA, MINUS, TIMES, Balance, adds_up, value
from lwf_gui.runs.views import label_of

ASKED_AS = {"entropy": "kd", "ce_scope": "ce", "scale_t2": "temperature"}
"""Terms that stand for another one when they are pointed at."""


class FormulaPiece(NamedTuple):
    """Some letters of a formula, raised (1) or lowered (-1), and the term that they belong to."""

    text: str
    level: int = 0
    term: str = ""


class TermColumn(NamedTuple):
    """One column of the equation: a symbol above a number per learner. An operator has no term."""

    symbol: tuple[FormulaPiece, ...]
    texts: tuple[str, ...]
    term: str = ""
    least: str = ""
    """What there is always room for, so that columns do not move while numbers change."""


def columns_of(now: Balance) -> Iterator[TermColumn]:
    """Yield the columns of total = CE + alpha x T² x (KL + H), of which the bracket is KD.

    Before the head expansion total = CE. T² is there where a learner has it; it is 1 for one that has it switched off.
    """

    def operator(sign: str, term: str = "") -> TermColumn:
        return TermColumn((FormulaPiece(sign),), (sign,) * len(now.rows), term)

    def numbers(symbol: str, term: str, small: str = "", level: int = -1, least: str = "0.000") -> TermColumn:
        more = (FormulaPiece(small, level),) if small else ()
        return TermColumn((FormulaPiece(symbol), *more), tuple(value(row, term) for row in now.rows), term, least)

    yield numbers("total", "total")
    yield TermColumn((FormulaPiece(" = "),), tuple(" = " if adds_up(row) else " ≈ " for row in now.rows))
    yield numbers("CE", "ce")
    if now.expanded:
        yield from (operator(" + "), numbers(ALPHA, "alpha", least="0.0"), operator(f" {TIMES} "))
        if any(row.live_settings.scale_t2 for row in now.rows):
            yield from (numbers("T", "temperature", "2", level=1, least="0"), operator(f" {TIMES} "))
        yield from (operator("( ", "kd"), numbers("KL", "kl"), operator(" + "), numbers("H", "entropy", "teacher"))
        yield operator(" )", "kd")


def definitions_of(now: Balance) -> Iterator[tuple[FormulaPiece, ...]]:
    """Yield a line for every setting of T and the classes of CE that learners differ in: what the terms mean."""
    if not now.expanded:
        yield (FormulaPiece(f"CE over the {now.old_classes} old classes", 0, "ce"),)
        return
    settings: dict[tuple[float, str], list[str]] = {}
    for row in now.rows:
        key = (row.live_settings.temperature, row.live_settings.ce_scope)
        settings.setdefault(key, []).append(label_of(row.learner))
    for (temperature, scope), names in settings.items():
        every = scope == "all"
        over = f"all {now.classes} classes" if every else f"the {now.classes - now.old_classes} classes of the new task"
        yield (
            *((FormulaPiece(f"{', '.join(names)}:   "),) if len(settings) > 1 else ()),
            FormulaPiece(f"CE over {over}", 0, "ce"),
            FormulaPiece("       "),
            *(FormulaPiece(f"KL + H = KD = {MINUS}Σ p", 0, "kd"), FormulaPiece("teacher", -1, "kd")),
            *(FormulaPiece(" log p", 0, "kd"), FormulaPiece("learner", -1, "kd")),
            FormulaPiece("   at  "),
            FormulaPiece(f"T = {temperature:g}", 0, "temperature"),
        )


def width_of(pieces: tuple[FormulaPiece, ...], metrics: QFontMetricsF) -> float:
    """Return the width of typeset pieces at the size of these metrics, in pixels; never less than when painted."""
    return sum(metrics.horizontalAdvance(piece.text) * (0.7 if piece.level else 1.0) for piece in pieces)
