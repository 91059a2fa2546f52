"""What the table of differences says: of its runs, its figures, and all of it in words."""

from __future__ import annotations

import math

from lwf_gui.gui import choice
from lwf_gui.learners import uses
from lwf_gui.numbers import counted
from lwf_gui.runs import shown
from lwf_gui.runs.compared import NO_TEST, PARTS, Compared, Run, images_text, parts_called
from lwf_gui.runs.differences import SAME
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.settings_text import keys_of, times_of

HOW = (
    "Pin a run that has ended: press I, or choose Time, Pin run. It stays as A. Then run, fork or open another: "
    "what differs stands here, and by how many points."
)
ALONE = (
    "This run is pinned as {letter}, and no other one. Run, fork or open another: it stands here beside {letter} then, "
    "with what differs and by how many points."
)
ONE_RUN = "One run each: a difference that is small may be luck, as another seed would show."

NOTHING = ("no other run is pinned", "nothing pinned", "none")

CAPTIONS = (
    "accuracy in percent, {protocol}, at the end of each run, {images}; differences: shown run minus pinned, in points",
    "%, {protocol}, at each run's end, {images}; differences in points",
    "%, {protocol}, {images}; differences in points",
    "%, {protocol}, all test images; differences in points",
    "%, {protocol}, all test images",
    "{protocol}, test images",
    "{protocol}",
)


def captions(record: Record, protocol: ProtocolName) -> tuple[str, ...]:
    """Return what the figures are, and shorter wordings."""
    fill = {"protocol": PROTOCOLS[protocol], "images": images_text(record)}
    return tuple(way.format(**fill) for way in CAPTIONS)


def run_ways(run: Run, effects: tuple[str, ...] = (), shown: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Say what a run is and what differs, from the longest to the shortest way; its letter stands before it.

    ``effects`` are what that did to the old accuracy, and shorter; it is said where there is room. ``shown`` is what
    the shown run has in place of what differs.
    """
    what = _what(run.record)
    if not run.letter:
        state = f"; {_moment(run)}" if run.when else ""
        differs = ", ".join(run.differs)
        ways = (f"{what}{state}", f"{what.partition(',')[0]}{state}", what.partition(",")[0])
        return (f"{differs} ({what}){state}", f"{differs}{state}", *ways) if differs else ways
    differs = ", ".join(run.differs)
    notes = "".join(f"; {note}" for note in (_apart(run), _moment(run)) if note)
    few = run.differs[0] + (f" and {len(run.differs) - 1} more" if len(run.differs) > 1 else "")
    count = counted(len(run.differs), "difference")
    said = (f"{differs} ({what}){notes}", f"{differs}{notes}")
    plain = times_of(differs, *shown) if len(run.differs) == 1 else ""
    longest = [f"{said[0]}: {effects[0]}"] if effects else []
    longest += [f"{differs} ({plain}){notes}: {effect}" for effect in effects] if plain else []
    told = (*longest, *(f"{said[1]}: {effect}" for effect in effects), *said, f"{few}{notes}")
    return (*told, _apart(run), run.apart) if run.apart else (*told, few, count)


def effects_of(found: Compared, protocol: ProtocolName, run: Run) -> tuple[str, ...]:
    """Say what other settings did to a pinned run's old accuracy, of the learner where that is most; then shorter.

    Of another seed alone nothing is said: that is luck.
    """
    told = [(name, found.figure(run, protocol, name, PARTS[0])) for name in found.learners]
    known = [(name, figure) for name, figure in told if not math.isnan(figure.points)]
    if not known or run.differs[0].startswith(SAME):
        return ()
    name, figure = max(known, key=lambda each: abs(each[1].points))
    of = parts_called(run.record)[0]
    tasks = f"{of} task" if of == PARTS[0] else f"{of} tasks"
    if not figure.points:
        return f"the shown run knows as much of the {tasks}", f"the same {of} accuracy"
    size = shown.points(figure.points, figure.images)
    more, higher = ("more", "higher") if figure.points > 0 else ("less", "lower")
    whose = label_of(name)
    return f"the shown run knows {size} {more} of the {tasks} ({whose})", f"shown {size} {higher} ({whose}, {of})"


def without(found: Compared, learner: str) -> tuple[str, ...]:
    """Say that a learner has not the setting in which two runs differ, if it is one, and shorter: it stays the same."""
    run = found.pinned[0] if len(found.pinned) == 1 else None
    if run is None or run.record.data is None or len(run.differs) != 1 or not (keys := keys_of(run.differs[0])):
        return ()
    spec = next((each for each in run.record.data.recipe.learners if each.name == learner), None)
    if spec is None or any(uses(spec.method, key) for key in keys):
        return ()
    what = run.differs[0].rpartition(" ")[0]
    return f"has no {what}", f"no {what}", ""


def run_tip(found: Compared, protocol: ProtocolName, run: Run) -> str:
    """Say all of a run."""
    if not run.letter:
        return f"The run that is shown: {run_ways(run)[0]}."
    return f"{run.letter}, pinned: {run_ways(run, effects_of(found, protocol, run), found.runs[0].differs)[0]}."


def figure_tip(found: Compared, protocol: ProtocolName, run: Run, learner: str, place: int) -> str:
    """Say one figure: of what it is, and how it stands against the shown run's."""
    part, called = PARTS[place], parts_called(run.record)[place]
    figure = found.figure(run, protocol, learner, part)
    whose = f"{label_of(learner)}, {called}, {_of(run)}"
    if math.isnan(figure.share):
        return f"{whose}: {_why_nothing(run, learner)}."
    of = "the plain mean over the tasks" if part == "average" else counted(figure.images, "test image")
    said = f"{whose}: {shown.percent(figure.share, figure.images)}, {PROTOCOLS[protocol]}, {of}"
    if not run.letter:
        return f"{said}."
    if math.isnan(figure.points):
        return f"{said}. No difference is told: {run.apart or 'the shown run has no such figure'}."
    size = shown.points(figure.points, figure.images)
    higher = f"the shown run is {size} {'higher' if figure.points > 0 else 'lower'}"
    return f"{said}; {higher if figure.points else 'the shown run has the same'}. {ONE_RUN}"


def sentence(found: Compared, protocol: ProtocolName) -> str:
    """Say all runs, and every learner's figures in each."""
    runs = " ".join(run_tip(found, protocol, run) for run in found.runs)
    rows = "; ".join(_row(found, protocol, learner) for learner in found.learners)
    return f"{runs} {PROTOCOLS[protocol].capitalize()}, all test images. {rows}."


def _row(found: Compared, protocol: ProtocolName, learner: str) -> str:
    parts = []
    for part, called in zip(PARTS, parts_called(found.runs[0].record), strict=True):
        cells = [(run, found.figure(run, protocol, learner, part)) for run in found.runs]
        told = [
            f"{run.name} {figure.text} %"
            + (f" (shown minus {run.name}: {figure.difference} points)" if figure.difference else "")
            for run, figure in cells
            if not math.isnan(figure.share)
        ]
        parts.append(f"{called}: {', '.join(told) or 'no figures'}")
    return f"{label_of(learner)}, {', '.join(parts)}"


def _what(record: Record) -> str:
    """Return a run's preset, data and seed."""
    data = record.data
    if data is None:
        return ""
    preset = choice.preset_of(data.recipe)
    name = "" if preset == choice.RECORDED_PRESET else f"{choice.run_text(preset, data.recipe)}, "
    return f"{name}{data.dataset}, seed {data.recipe.seed}"


def _of(run: Run) -> str:
    return f"in {run.letter}" if run.letter else "in the shown run"


def _moment(run: Run) -> str:
    """Say of which evaluation a run's figures are, where it is not the one at its end."""
    return run.when if run.when in ("", NO_TEST) else f"figures of {run.when}".replace("of before", "from before")


def _apart(run: Run) -> str:
    return f"{run.apart}: no differences are told" if run.apart else ""


def _why_nothing(run: Run, learner: str) -> str:
    if not run.has(learner):
        return "it has no such learner"
    track = run.record.incremental
    end = None if track is None else track.diverged(learner)
    return f"it diverged at step {end:,}" if end is not None else NO_TEST
