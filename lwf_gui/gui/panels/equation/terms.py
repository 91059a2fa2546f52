"""The terms of the loss as formulas: its columns of symbols and numbers, and what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtGui import QFontMetricsF

from lwf_gui.runs.equation import Balance
from lwf_gui.runs.formula import note_of
from lwf_gui.runs.loss_row import ALPHA, MINUS, TIMES, Row, value
from lwf_gui.runs.names import label_of

ASKED_AS = {"entropy": "kd", "ce_scope": "ce", "scale_t2": "temperature"}
"""Terms that stand for another one when they are pointed at."""

WITHIN = {"kl": "kd"}
"""Terms that are a part of another one, and are lit with it."""


LEAST = "0.000"
"""What there is room for at least where a number stands."""


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
    A learner with a loss of its own has its total alone in these columns; its formula stands behind.
    """

    def operator(sign: str, term: str = "") -> TermColumn:
        return TermColumn((FormulaPiece(sign),), tuple(_of(row, sign) for row in now.rows), term)

    def numbers(symbol: str, term: str, small: str = "", level: int = -1, least: str = "0.000") -> TermColumn:
        more = (FormulaPiece(small, level),) if small else ()
        texts = tuple(value(row, term) if term == "total" else _of(row, value(row, term)) for row in now.rows)
        return TermColumn((FormulaPiece(symbol), *more), texts, term, least)

    yield numbers("total", "total")
    yield TermColumn((FormulaPiece(" = "),), tuple(row.sign for row in now.rows))
    if not now.has_lwfs:
        return
    yield numbers("CE", "ce")
    if now.expanded:
        yield from (operator(" + "), numbers(ALPHA, "alpha", least="0.0"), operator(f" {TIMES} "))
        if any(row.live_settings.scale_t2 for row in now.rows if row.formula is None):
            yield from (numbers("T", "temperature", "2", level=1, least="0"), operator(f" {TIMES} "))
        yield from (operator("( ", "kd"), numbers("KL", "kl"), operator(" + ", "kd"))
        yield from (numbers("H", "entropy", "teacher"), operator(" )", "kd"))


def definitions_of(now: Balance) -> Iterator[tuple[FormulaPiece, ...]]:
    """Yield a line for every setting of T and the classes of CE that learners differ in: what the terms mean."""
    if not now.expanded:
        yield (FormulaPiece(f"CE over the {now.old_classes} old classes", 0, "ce"),)
        return
    settings: dict[tuple[float, str], list[str]] = {}
    for row in now.rows:
        if row.formula is not None:
            continue
        key = (row.live_settings.temperature, row.live_settings.ce_scope)
        settings.setdefault(key, []).append(label_of(row.learner))
    notes: dict[str, list[str]] = {}
    for row in now.rows:
        if note := note_of(row.learner):
            notes.setdefault(note, []).append(label_of(row.learner))
    for (temperature, scope), names in settings.items():
        every = scope == "all"
        task = "current task" if now.many else "new task"
        over = f"all {now.classes} classes" if every else f"the {now.classes - now.old_classes} classes of the {task}"
        yield (
            *((FormulaPiece(f"{', '.join(names)}:   "),) if len(settings) + len(notes) > 1 else ()),
            FormulaPiece(f"CE over {over}", 0, "ce"),
            FormulaPiece("       "),
            *(FormulaPiece(f"KL + H = KD = {MINUS}Σ p", 0, "kd"), FormulaPiece("teacher", -1, "kd")),
            *(FormulaPiece(" log p", 0, "kd"), FormulaPiece("learner", -1, "kd")),
            FormulaPiece("   at  "),
            FormulaPiece(f"T = {temperature:g}", 0, "temperature"),
        )
    for note, names in notes.items():
        yield FormulaPiece(f"{', '.join(names)}:   "), FormulaPiece(note)


def own_width(row: Row, metrics: QFontMetricsF) -> float:
    """Return the width of a formula of a learner's own; none of one whose loss is LwF's."""
    if row.formula is None:
        return 0.0
    texts = (f" {LEAST} " if part.term and len(part.text) < len(LEAST) else part.text for part in row.formula.parts)
    return sum(map(metrics.horizontalAdvance, texts))


def _of(row: Row, text: str) -> str:
    """Return what stands in a column of LwF's loss: nothing of a learner with another one."""
    return text if row.formula is None else ""


def width_of(pieces: tuple[FormulaPiece, ...], metrics: QFontMetricsF) -> float:
    """Return the width of typeset pieces at the size of these metrics, in pixels; never less than when painted."""
    return sum(metrics.horizontalAdvance(piece.text) * (0.7 if piece.level else 1.0) for piece in pieces)
