"""One learner's loss at a step, and its numbers as they are written: the written parts make the written total."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from lwf_gui.recipe import LiveSettings
from lwf_gui.runs.formula import ABOUT, EQUALS, Formula

ALPHA, TIMES, MINUS = "\N{GREEK SMALL LETTER ALPHA}", "\N{MULTIPLICATION SIGN}", "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"

LARGE = 1e5
"""From here on two digits and a power of ten are written."""

MOST_PLACES = 9
"""Digits after the point at most."""


@dataclass(frozen=True, slots=True)
class Row:
    """One learner's loss, in nats per image: total = CE + alpha * T**2 * KD, and KD = KL + the teacher's entropy.

    T**2 is 1 unless ``live_settings.scale_t2``. ``live_settings.alpha`` is 0 where the method does not
    distil: KD is then measured, but nothing follows from it. All are NaN for a learner that has not been trained yet.
    """

    learner: str
    ce: float
    kd: float
    kl: float
    total: float
    live_settings: LiveSettings
    formula: Formula | None = None
    """What the total is made of where that is not LwF's loss."""
    numbers: Mapping[str, float] = field(default_factory=dict, compare=False)
    """All terms that were measured, by name; none before the first step."""
    settings: Mapping[str, object] = field(default_factory=dict, compare=False)
    """Those of its method that made the step, by their names in its group."""

    @property
    def distance(self) -> bool:
        """Whether the distance from the teacher is among the terms: else nothing is known of KD, KL and H."""
        return self.formula is None and not math.isnan(self.kd)

    @property
    def sign(self) -> str:
        """What stands between the total and what it is made of."""
        if self.formula is not None:
            return self.formula.sign
        return EQUALS if adds_up(self) else ABOUT

    @property
    def entropy(self) -> float:
        """What KD would be for a learner that answers exactly as the teacher."""
        return self.kd - self.kl

    @property
    def exact(self) -> bool:
        """Whether the numbers add up, as they must if they are what was minimised."""
        added = self.ce + self.live_settings.alpha * self.live_settings.kd_factor * self.kd
        return bool(np.isclose(self.total, added, rtol=1e-3, atol=1e-3, equal_nan=True))


def value(row: Row, term: str) -> str:
    """Return a term's number as it is written; nothing of what has none."""
    return written_of(row).get(term, "")


def figure(row: Row, term: str) -> str:
    """Return a term's number as it stands in a learner's row, be the loss its own."""
    own = {} if row.formula is None else {part.term: part.text for part in row.formula.parts}
    return own.get(term) or value(row, term)


def adds_up(row: Row) -> bool:
    """Whether the numbers as they are written make the total as it is written; they are all dashes without a step."""
    return not math.isfinite(row.total) or not row.distance or (row.exact and _sum(row, _parts(row)) is not None)


def written_of(row: Row) -> dict[str, str]:
    """Return every number of a row as it is written: the parts give the total, digit by digit, where they are exact."""
    texts = _parts(row)
    added = _sum(row, texts)
    texts["kd"] = number(row.kd)
    if all(abs(part) < LARGE for part in (row.kl, row.entropy)):
        texts["kd"] = f"{_decimal(texts['kl']) + _decimal(texts['entropy']):f}".replace("-", MINUS)
    texts["total"] = number(row.total if added is None or not row.exact else float(added))
    return texts


def _parts(row: Row) -> dict[str, str]:
    """Return the parts as they are written: KL and H with the digits that their factor brings into sight."""
    alpha, squared = f"{row.live_settings.alpha:.6g}", f"{row.live_settings.kd_factor:.6g}"
    factor = row.live_settings.alpha * row.live_settings.kd_factor
    places = _places(row.total) + (math.ceil(math.log10(2 * factor)) if 0.5 < factor < math.inf else 0)
    kl, entropy = (_precise(part, places) for part in (row.kl, row.entropy))
    return {"ce": number(row.ce), "alpha": alpha, "temperature": squared, "kl": kl, "entropy": entropy}


def _sum(row: Row, texts: dict[str, str]) -> Decimal | None:
    """Return what the written parts make; None if that is not the total, or if some are no numbers."""
    factors = (row.live_settings.alpha, row.live_settings.kd_factor)
    if not all(map(math.isfinite, (row.total, row.ce, row.kl, row.entropy, *factors))):
        return None
    parts = {term: _decimal(text) for term, text in texts.items()}
    added = parts["ce"] + parts["alpha"] * parts["temperature"] * (parts["kl"] + parts["entropy"])
    last = 10.0 ** -_places(row.total) if abs(row.total) < LARGE else 0.1 * abs(row.total)
    return added if abs(float(added) - row.total) <= 1.5 * last else None


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(MINUS, "-"))


def _places(value: float) -> int:
    """Return how many digits `number` writes after the point."""
    return len(number(value).partition(".")[2]) if math.isfinite(value) and abs(value) < LARGE else 0


def _precise(value: float, places: int) -> str:
    """Return a number as `number` does, but with at least so many digits after the point."""
    if not math.isfinite(value) or abs(value) >= LARGE:
        return number(value)
    return _signed(f"{value:.{max(_places(value), min(places, MOST_PLACES))}f}")


def number(value: float, digits: int = 3) -> str:
    """Return a number with that many digits after the point, fewer where there are many before it; a dash for NaN."""
    if math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return "∞"
    if abs(value) >= LARGE:
        return f"{value:.2g}"
    before = len(str(int(abs(value))))
    return _signed(f"{value:.{max(0, digits + 1 - before)}f}")


def _signed(text: str) -> str:
    return text.replace("-", MINUS) if text.strip("-0.") else text.lstrip("-")
