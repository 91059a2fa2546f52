"""What the parts of the network strip say of themselves: one plain sentence, the term, and what a click opens."""

from __future__ import annotations

import math

from lwf_gui.gui.panels.network import words
from lwf_gui.gui.panels.network.detail import slots
from lwf_gui.gui.panels.network.place import OPENS, Part
from lwf_gui.numbers import counted
from lwf_gui.runs.names import label_of
from lwf_gui.runs.network import Lane, Machine
from lwf_gui.runs.network_pulls import Pull

OLD_NOTES = {
    "stay as they are": "they stay as they are",
    "pushed down, and held": "every new image pushes them down, and something holds them",
    "pushed down by every image": "every new image pushes them down, and nothing holds them",
    "held, not pushed": "no new image pushes them down, and something holds them",
    words.MIXED[1]: "their rows are mixed of two networks', and nothing pulls at them here",
    "not asked for any more": "no new image asks for them, and nothing holds them",
}
"""What is said in full of old answers."""


def tip(part: Part, figures: Machine, titles: dict[str, str]) -> str:
    """Explain a part; ``titles`` are those of the panels, by key."""
    if part.kind == "switch":
        return f"{'Later' if part.name == '+' else 'Earlier'} learners of the run: a click or Enter shows them."
    lane = next((lane for lane in figures.lanes if lane.learner == part.learner), None)
    if lane is None:
        return ""  # of what was shown a moment ago
    return f"{_said(part, lane, figures)} A click or Enter opens {titles[opened(part, figures)]}."


def opened(part: Part, figures: Machine) -> str:
    """Return the key of the panel that a part opens: of statistics that answer, the one that shows these."""
    counted_alone = {lane.learner for lane in figures.lanes if not (lane.minimises or lane.mixed)}
    return OPENS["means" if part.kind in ("new", "old") and part.learner in counted_alone else part.kind]


def _said(part: Part, lane: Lane, figures: Machine) -> str:
    """Return what a part is, and its term."""
    name = "The one network" if lane.is_base else label_of(lane.learner)
    match part.kind:
        case "lane":
            plain = words.BASE_PLAIN[0] if lane.is_base else lane.plain
            answers = f" It answers by {lane.answers_by}." if lane.answers_by else ""
            return f"{name}: {plain or 'a learner'}.{answers}"
        case "images":
            return _images(figures)
        case "store":
            return f"{lane.store:,} {lane.stored} are kept, and {_again(lane)} (rehearsal)."
        case "shared":
            return f"Layers that all old and new answers stand on (backbone): {_shared(lane, figures)}."
        case "layer":
            share = dict(zip(lane.layers, lane.moved, strict=True)).get(part.name, math.nan)
            went = f"its weights moved by {words.moved(share)} of their length since {figures.since}"
            return f"{part.name}, a layer of the shared part{f': {went}' if math.isfinite(share) else ''}."
        case "new":
            return _new(lane, figures)
        case "old":
            return _old(lane, figures)
        case "means":
            return f"Each kind is known by its statistics ({lane.answers_by}): {_means(lane)}."
        case "judge":
            return _judge(lane)
        case "compare":
            return "What it says now of a new image beside what it said of it before (distillation, KD)."
        case "teacher":
            return _teacher(lane)
        case "teacher_answers":
            return "What the old network (teacher) answers about the old kinds, on the same new images (soft targets)."
        case "anchors":
            return (
                f"Every weight is tied to what it was, the harder the more it mattered (regularisation, strength "
                f"{lane.held:g})."
            )
        case "pull":
            return _pull(part.name, lane)
    return f"{name}: {lane.outcome.told}."


def _images(figures: Machine) -> str:
    if figures.batch is not None:
        size = figures.batch.size
        return f"The first of the {counted(size, 'image')} of this very step (mini-batch), {figures.name}."
    return f"Images of the task that is learnt ({figures.name}); all learners see the same."


def _again(lane: Lane) -> str:
    return {
        "learnt": "learnt again among the new ones",
        "checked": "asked at each step whether it would harm them",
    }.get(lane.again, "shown again among the new ones")


def _shared(lane: Lane, figures: Machine) -> str:
    if lane.reads:
        other = "the images themselves" if lane.reads == "pixels" else "a network with its first, random weights"
        return f"this learner reads {other} instead"
    if lane.still == "never trained":
        return "this learner never trains them"
    if lane.still:
        return "frozen now, so they stay as they are"
    known = [
        f"{name} {words.moved(share)}" for name, share in zip(lane.layers, lane.moved, strict=True) if share == share
    ]
    note = words.shared_notes(lane)[0]
    return f"{note}; moved since {figures.since}: {', '.join(known)}" if known else note


def _new(lane: Lane, figures: Machine) -> str:
    if lane.is_base:
        return f"{counted(lane.new, 'new answer')} will grow here when task 2 begins (head expansion)."
    if lane.mixed:
        return "One answer for each new kind (new rows of the head), mixed of two networks' as all weights are."
    if not lane.minimises:
        return f"The new kinds' statistics: {words.new_note(lane)}, nothing is pulled ({lane.answers_by})."
    grown = ", grown just now" if figures.grown else ""
    return f"One answer for each new kind{grown} (new rows of the head); the labels say which one is right."


def _old(lane: Lane, figures: Machine) -> str:
    if lane.is_base:
        return "One answer for each kind of task 1 (the head)."
    if not (lane.minimises or lane.mixed):
        return f"The old kinds' statistics ({lane.answers_by}): they stay as they were counted."
    went = ""
    if math.isfinite(lane.head_moved):
        went = f" The head moved by {words.moved(lane.head_moved)} of its length since {figures.since}."
    blocks = f", of {counted(len(lane.old), 'task')}" if len(lane.old) > 1 else ""
    return f"One answer for each old kind{blocks} (old rows of the head): {OLD_NOTES[words.old_note(lane)]}.{went}"


def _means(lane: Lane) -> str:
    return "by these it answers now" if lane.answers_now else "by these it answers once a task is learnt"


def _judge(lane: Lane) -> str:
    if lane.mixed:
        return "No answer is pulled up or down here: two networks train along, and all weights are mixed of theirs."
    if not lane.minimises:
        return "No answer is pulled up or down here: new kinds are counted, and old ones stay."
    if lane.is_base:
        return "Each answer beside the label: the right one is pulled up, all others down (cross-entropy)."
    if lane.pushed:
        return (
            "All answers beside the label: the right one is pulled up, all others down, old ones too (cross-entropy)."
        )
    return "The new answers beside the label; old ones are not pushed by new images (cross-entropy of the new alone)."


def _teacher(lane: Lane) -> str:
    assert lane.teacher is not None, "the part is there"
    if not lane.teacher.frozen:
        return "The old network (teacher), but its shared part is the learner's own, so that it trains too."
    return "The old network (teacher): a frozen copy of what it was before these images; it sees the same images."


def _pull(kind: str, lane: Lane) -> str:
    """Say what pulls where, and how hard."""
    both = f"{_force(lane.shared, kind)} at the shared part, {_force(lane.head, kind)} at the answers"
    along, them = ("", "") if lane.still else (", and the shared part with it", ", and the shared part with them")
    said = {
        "new": f"The labels pull the right new answer up{along}",
        "learn": f"The labels pull the right answer up{along}",
        "push": '"Wrong!": each new image pushes every old answer down',
        "again": "Old images that are seen again hold the old answers"
        if lane.again == "learnt"
        else "A step that would harm old images is bent until it does not",
        "hold": f"The old network (teacher) pulls the old answers back{them}",
    }[kind]
    setting = f" ({words.settings(lane)})" if kind == "hold" else ""
    known = math.isfinite(_of(lane.head, kind)) or math.isfinite(_of(lane.shared, kind))
    strength = f" Length of the gradient: {both}{_angle(lane)}." if known else " How hard is not known here."
    return f"{said}{setting}.{strength}"


def _of(pull: Pull, kind: str) -> float:
    return pull.old if kind in ("again", "hold") else pull.new


def _force(pull: Pull, kind: str) -> str:
    force = _of(pull, kind)
    return f"{force:.2g}" if math.isfinite(force) else "none"


def _angle(lane: Lane) -> str:
    angle = lane.shared.angle
    return (
        ""
        if math.isnan(angle) or not lane.shared.old > 0
        else f"; old and new pull {angle:.0f}\N{DEGREE SIGN} apart there"
    )


def sentence(figures: Machine) -> str:
    """Say all that is painted."""
    said = [f"{figures.name}, {figures.when}."]
    for lane in figures.lanes:
        name = words.BASE_PLAIN[0] if lane.is_base else f"{label_of(lane.learner)}: {lane.plain}"
        parts = [name, f"shared part {words.shared_notes(lane)[0]}", f"{words.old(lane)[0]} {words.old_note(lane)}"]
        if lane.stored:
            parts.append(f"{lane.store:,} {lane.stored} {_again(lane)}")
        if "hold" in slots(lane):
            parts.append(f"compared with the old network, {words.settings(lane)}")
        if lane.held is not None:
            parts.append(f"all weights tied to what they were, strength {lane.held:g}")
        if lane.answers_by:
            parts.append(f"answers by {lane.answers_by}")
        said.append(f"{'; '.join(parts)}; {lane.outcome.told}.")
    return " ".join(said)
