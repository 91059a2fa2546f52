"""Words of a prediction's caption: what is asked for, what stands, what is shown instead, and how far off it was."""

from __future__ import annotations

from typing import NamedTuple

from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.runs.sketch import Score


class Words(NamedTuple):
    """What a caption says: a headline, the rest, and names of its two buttons; without a name there is none."""

    headline: str
    text: str
    go: str
    leave: str

    @property
    def spoken(self) -> str:
        """All of it, to those who hear it."""
        return f"{self.headline} {self.text}"


def asked(whose: str, protocol: ProtocolName, data: str, until: int | None) -> Words:
    """Say what shall be drawn, up to a step; None: to the end of the run."""
    to = "" if until is None else f" up to step {until:,}"
    of = f"Drag a line over the plot: percent, {PROTOCOLS[protocol]}, of {data}. Enter when done, Esc to skip."
    return Words(f"Draw how {whose} will go{to}.", of, "Done", "Skip")


def stands(whose: str, protocol: ProtocolName, *, trained: bool) -> Words:
    """Say that the line is drawn, and the curve is not shown yet, or is still to be trained."""
    if not trained:
        return Words("Your line stands.", f"{whose} shows beside it as it is trained: PgDown, or Run.", "", "Close")
    return Words("Your line stands.", f"{whose}, {PROTOCOLS[protocol]}, is still hidden.", "Reveal", "Close")


def elsewhere(own: ProtocolName, shown: ProtocolName, leave: str) -> Words:
    """Say that what the plot shows was not predicted: a line is of the protocol that it was drawn under."""
    rest = f"The plot shows {PROTOCOLS[shown]}: P goes back to your line."
    return Words(f"Your line is of {PROTOCOLS[own]} accuracy.", rest, "", leave)


def judged(score: Score) -> Words:
    """Say how far off the line was."""
    verdict, _, rest = score.sentence.partition(": ")
    return Words(f"{verdict}:", rest, "", "Close")
