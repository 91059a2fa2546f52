"""What stands on the parts of the network strip: names, secondary words, labels of arrows, outcomes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from lwf_gui.gui.panels.network.place import PullKind
from lwf_gui.numbers import counted
from lwf_gui.runs.names import Names, names_of
from lwf_gui.runs.network import Lane, Machine
from lwf_gui.runs.network_outcome import APART, SAID, UNEVEN
from lwf_gui.runs.network_outcome import change as change

IMAGES = ("new images", "images", "images")
SHARED = ("shared part", "shared part", "shared")
TEACHER = ("the old network", "old network", "old network")
TEACHER_ANSWERS = ("its old answers", "its answers")
ON_SAME = "on the same images"
ANCHORS = ("all weights as they were", "weights as they were", "as they were")
JUDGE = ("right or wrong?", "right or wrong?", "right?")
COMPARE = ("as before?", "as before?", "same?")
BASE_PLAIN = ("one network for all learners learns task 1", "one network learns task 1", "task 1")
GROWN = "just grown"
NOT_PULLED = ("counted, not pulled", "counted, not pulled", "counted")
MIXED = ("mixed of two networks", "mixed of two", "mixed")
NOT_TRAINED = ("mixed, not pulled", "mixed, not pulled", "mixed")

MOST_BLOCKS = 12
"""Earlier tasks that have a number each in the head's drawing."""


Forms = tuple[str, str, str]
"""A name in full, shorter, and the shortest."""


def new(lane: Lane) -> Forms:
    """Return the name of the new answers."""
    if not lane.minimises and lane.answers_by:
        return f"{lane.new} new kinds' statistics", f"{lane.new} new kinds", "new kinds"
    return counted(lane.new, "new answer"), "new answers", "new"


def old(lane: Lane) -> Forms:
    """Return the name of the old answers."""
    count = sum(lane.old)
    if lane.is_base:
        return counted(count, "answer"), "answers", "answers"
    if not lane.minimises and lane.answers_by:
        return f"{count} old kinds' statistics", f"{count} old kinds", "old kinds"
    return counted(count, "old answer"), "old answers", "old"


def teacher(figures: Machine) -> Forms:
    """Return the name of the network as it was; of more than two tasks it is said after which."""
    if not figures.many:
        return TEACHER
    after = f"after task {figures.task}"
    return f"network {after}", f"net {after}", f"net {after}"


def means(lane: Lane) -> Forms:
    """Return the name of a head of statistics."""
    return lane.answers_by, lane.answers_by, "means"


def store(lane: Lane) -> Forms:
    """Return the name of what is stored."""
    return f"+ {lane.store:,} old images", f"+ {lane.store:,} old", f"+ {lane.store:,} old"


def images(figures: Machine, lane: Lane) -> Forms:
    """Return the name of the images that are learnt."""
    task = f"task {figures.task + 1} images" if figures.many or lane.is_base else IMAGES[0]
    return task, *IMAGES[1:]


def means_note(lane: Lane) -> str:
    """Say when a head of statistics answers."""
    return "they answer now" if lane.answers_now else "answer after the task"


def anchors_note(lane: Lane) -> str:
    """Say how hard weights are held."""
    return f"strength {lane.held:g}: the more one mattered, the harder"


def new_note(lane: Lane) -> str:
    """Say what becomes of the new answers."""
    if lane.is_base:
        return "they come with task 2"
    if lane.mixed:
        return MIXED[1]
    return "right or wrong: learnt" if lane.minimises else "counted from new images"


def old_note(lane: Lane) -> str:
    """Say what becomes of the old answers."""
    if lane.is_base:
        return "right or wrong: learnt"
    if lane.head_still:
        return "stay as they are"
    if lane.mixed:
        return MIXED[1]
    held = lane.again or lane.held is not None or (lane.teacher is not None and lane.teacher.alpha > 0)
    if lane.pushed:
        return "pushed down, and held" if held else "pushed down by every image"
    return "held, not pushed" if held else "not asked for any more"


def shared_notes(lane: Lane) -> tuple[str, ...]:
    """Say what changes the shared part, and shorter."""
    if lane.still:
        return (READS.get(lane.reads, STILL[lane.still]),)
    if lane.is_base:
        return "changed by task 1", "learns"
    if lane.mixed:
        return *MIXED, ""
    if lane.again == "learnt":
        return "changed by old and new images", "old and new", ""
    if lane.teacher is not None and lane.teacher.alpha > 0:
        return "changed, pulled back", "pulled back", ""
    return ("changed, but held", "held", "") if lane.held else ("changed by new images", "free to change", "free")


STILL = {"frozen": "frozen now", "never trained": "frozen"}
"""What is said of a shared part that does not train."""


READS = {"untrained": "never trained", "pixels": "not read: pixels"}
"""The same of a head of statistics that stands on something else."""


def moved(share: float) -> str:
    """Return how far a layer went, in percent: with a digit more where it is little."""
    if not math.isfinite(share):
        return ""
    return f"{share:.1f} %" if 0 < share < 0.95 else f"{share:.0f} %"


def not_pulled(lane: Lane) -> Forms:
    """Say why labels pull at nothing."""
    return NOT_TRAINED if lane.mixed else NOT_PULLED


def judges(lane: Lane, form: int) -> tuple[str, ...]:
    """Return the words of a lane's comparisons."""
    found = [JUDGE[form]] if lane.minimises else [not_pulled(lane)[form]]
    return tuple([*found, COMPARE[form]] if lane.teacher is not None else found)


@lru_cache(maxsize=256)
def in_two(text: str) -> tuple[str, ...]:
    """Return a text in two lines, broken where they are most alike."""
    parts = text.split()
    if len(parts) < 2:
        return (text,)
    ways = [(" ".join(parts[:place]), " ".join(parts[place:])) for place in range(1, len(parts))]
    return min(ways, key=lambda way: max(map(len, way)))


def labels(lane: Lane, kind: PullKind) -> tuple[str, ...]:
    """Return what stands at an arrow to the old answers: in full, as it must be readable, and nothing."""
    if kind == "push":
        return "not these!", "not these!"
    if kind == "again":
        return ("bent: no harm", "no harm") if lane.again == "checked" else ("right!", "right!")
    if kind == "hold":
        return f"pulled back ({settings(lane)})", settings(lane)
    return ()


def settings(lane: Lane) -> str:
    """Return alpha and T as they are now."""
    assert lane.teacher is not None, "they weigh what the old network says"
    alpha = f"\N{GREEK SMALL LETTER ALPHA} {lane.teacher.alpha:g}"
    temperature = lane.teacher.temperature
    return alpha if temperature is None else f"{alpha}, T {temperature:g}"


def outcome_lines(lane: Lane) -> tuple[tuple[str, ...], ...]:
    """Return the lines of an outcome, each in wordings from the longest on; the first one in bold."""
    told = lane.outcome
    says = ((f"says {told.habit} to most", f"says {told.habit}"),) if told.habit else ()
    figures = told.pushed or told.figures  # the cards have the accuracies
    return (told.words, *((figures,) if figures else ()), *says)


def outcome_ways(lane: Lane) -> tuple[str, ...]:
    """Return an outcome in one line, and shorter."""
    told = lane.outcome
    says = f", says {told.habit} to most" if told.habit else ""
    if not told.now:
        return (f"{told.words[0]} {''.join(told.figures[:1])}".strip(), *told.words[1:])
    figures = (told.pushed or told.figures)[0]
    return (
        f"{told.words[0]}: {figures}{says}",
        f"{told.words[0]}: {figures}",
        f"{told.words[0]}: {told.now} right",
        f"{told.words[-1]}: {told.now} right",
        f"{told.now} right",
    )


def outcome_room(figures: Machine, lanes: Sequence[Lane], classes: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the widest that outcomes may say, in bold and not: room is kept for it, so that nothing jumps in time."""
    if figures.phase != "later":
        return [lane.outcome.words[0] for lane in lanes], ["100 % right"]
    longest = max((name.partition("/")[0] for name in classes), key=len, default="")
    return [SAID["lost"][0], SAID["hold"][0]], [UNEVEN[0].format("+1", "-20"), APART[0], f"says {longest} to most"]


def plain(lane: Lane) -> tuple[str, ...]:
    """Return what a learner does in plain words, and shorter."""
    if lane.is_base:
        return BASE_PLAIN
    answers = f"; answers by {lane.answers_by}" if lane.answers_now else ""
    return f"{lane.plain}{answers}", lane.plain


def named(lanes: Sequence[Lane]) -> tuple[Names, ...]:
    """Return the names of these learners, the longest first."""
    return names_of([lane.learner for lane in lanes])
