"""How much of a lane is painted, and how high its rows are then, in lines."""

from __future__ import annotations

from typing import Literal, NamedTuple

from lwf_gui.gui.panels.network.place import PullKind
from lwf_gui.runs.network import Lane

HEADER, PLAIN_ROW, RICH_ROW, SLOT, GAP, MARGIN, SPRING = 1.2, 1.25, 2.1, 0.95, 0.24, 0.24, 0.9
"""Lines: of the name over a lane; of a row of names, and of one with secondary words; of one arrow to the old answers;
between rows; around a lane; of a spring."""

PUSHES = 3.2
"""Lines of the bars in the old answers' box that show how their scores were pushed."""

FOOT, NARROW_FOOT = 1.1, 2.1
"""Lines of an outcome below its lane, in one line and in two."""


class Detail(NamedTuple):
    """How much is painted.

    Attributes
    ----------
    rich : words below names
    layers : layers in the shared part
    outcome : where it stands: at the right of its lane, below it, or beside the learner's name
    form : which of the wordings: 0 in full, 2 the shortest
    bars : whether the old answers have bars in their box, of how their scores were pushed
    """

    rich: bool
    layers: bool
    outcome: Literal["beside", "below", "header"]
    form: int = 0
    bars: bool = False


DETAILS = (
    Detail(True, True, "beside"),
    Detail(True, True, "below", bars=True),
    Detail(True, True, "below"),
    Detail(True, False, "beside"),
    Detail(True, False, "below"),
    Detail(False, False, "beside"),
    Detail(False, False, "beside", 1),
    Detail(False, False, "below"),
    Detail(False, False, "below", 1),
    Detail(False, False, "header"),
    Detail(False, False, "header", 1),
    Detail(False, False, "below", 2),
    Detail(False, False, "header", 2),
)
"""From all to the least."""


def slots(lane: Lane) -> tuple[PullKind, ...]:
    """Return what pulls at the old answers, each with a place of its own, from above: first what the labels do."""
    if lane.is_base:
        return ("learn",)
    found: list[PullKind] = ["push"] if lane.pushed and not lane.head_still else []
    found += ["again"] if lane.again else []
    return tuple([*found, "hold"] if lane.teacher is not None else found)


def rows(lane: Lane, detail: Detail) -> dict[str, float]:
    """Return the heights of a lane's rows in lines, from above: means, new and old answers, network or weights then."""
    plain = RICH_ROW if detail.rich else PLAIN_ROW
    found = {"means": plain} if lane.answers_by and lane.minimises else {}
    found["new"] = plain
    bars = PUSHES if detail.bars and not lane.is_base else 0.0
    found["old"] = max(plain + bars, SLOT * len(slots(lane)) + 0.1)
    tray = 2.55 + (PLAIN_ROW + 0.2) * bool(lane.stored) + (0.9 if detail.rich else 0.0)
    shared = 4.1 if detail.layers else 2.4
    then = {"teacher": plain} if lane.teacher is not None else {}
    if lane.held is not None:
        then = {"anchors": SPRING + plain}
    most = max(tray - (GAP + plain if lane.teacher is not None else 0.0), shared)
    found["old"] += max(0.0, most - sum(found.values()) - GAP * (len(found) - 1))
    return found | then


def height(lane: Lane, detail: Detail) -> float:
    """Return the lines of a lane."""
    inner = rows(lane, detail)
    return HEADER + sum(inner.values()) + GAP * (len(inner) - 1) + 2 * MARGIN + below(detail)


def below(detail: Detail) -> float:
    """Return the lines of an outcome that stands below its lane."""
    if detail.outcome != "below":
        return 0.0
    return NARROW_FOOT if detail.form == 2 else FOOT
