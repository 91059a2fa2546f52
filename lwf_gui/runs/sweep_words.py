"""What is said of a sweep: how far it is, what a cell, a point and a front tell, in sentences. Pure functions."""

from __future__ import annotations

import math

from lwf_gui import untrusted
from lwf_gui.numbers import counted, listed, percent
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import label_of
from lwf_gui.runs.sweep_axes import label_of_key, text_of_value
from lwf_gui.runs.sweep_figures import SweepFigures
from lwf_gui.runs.sweep_front import FrontPoint
from lwf_gui.runs.sweep_map import At, Cell, figure
from lwf_gui.runs.sweep_view import QUANTITIES, SEED, SweepView

MOST_FRONT = 3
"""Points of a front that are told one by one."""


def progress(view: SweepView) -> str:
    """Say how far a sweep is: "14 of 24 runs, about 40 s left"."""
    done, total = len(view.done), len(view.runs)
    if view.reading:
        return f"Reading: {done:,} of {counted(total, 'run')} so far"
    undone = list(view.undone.values())
    parts = [counted(total, "run") if done == total else f"{done:,} of {counted(total, 'run')}"]
    for damaged, word in ((False, "failed"), (True, "damaged")):
        count = sum(each.damaged is damaged for each in undone)
        parts += [f"{count:,} {word}"] if count else []
    parts += [f"{view.left} left"] if view.left else []
    return ", ".join(parts)


def state(view: SweepView) -> str:
    """Say how far a sweep is, as a sentence."""
    done = len(view.done) == len(view.runs)
    if view.reading:
        return f"{progress(view)}."
    ends = "All are done" if done else "It is under way" if view.running or view.left else "It is not finished"
    return f"{progress(view)}. {ends}."


def settings_of(figures: SweepFigures, at: At) -> str:
    """Return the settings that a cell stands for: "Alpha 2, Temperature T 4"."""
    heat = figures.heat
    pairs = ((axis, axis.texts[place]) for axis, place in zip((heat.across, heat.up), at, strict=True) if axis.key)
    return ", ".join(f"{axis.label} {text}" for axis, text in pairs)


def cell_figure(cell: Cell) -> str:
    """Return the figure of a cell as it stands in it."""
    return percent(cell.mean, 1).removesuffix(" %") if cell.values else ""


def state_of(cell: Cell) -> str:
    """Say why a cell has no figure, in a word or two; empty where it has one."""
    if cell.values:
        return ""
    if cell.missing:
        return "not done yet"
    if cell.absent:
        return "not in it"
    return "diverged" if cell.diverged else "damaged" if cell.damaged else "failed"


def counts(cell: Cell) -> str:
    """Say of how many runs a cell's figure is, and what is with the others."""
    others = (
        ("not done yet", cell.missing),
        ("diverged", cell.diverged),
        ("without this learner", cell.absent),
        ("failed", len(cell.undone) - cell.damaged),
        ("damaged", cell.damaged),
    )
    parts = [f"{word} {count}" for word, count in others if count]
    known, runs = len(cell.values), counted(len(cell.runs), "run")
    told = runs if known == len(cell.runs) else f"{known} of {runs}"
    return f"{told} ({', '.join(parts)})" if parts else told


def cell_sentence(figures: SweepFigures, at: At) -> str:
    """Say what a cell's learner keeps and learns, on how many runs, and what others lack."""
    heat, cell = figures.heat, figures.heat.cells[at]
    where, who = settings_of(figures, at), label_of(heat.learner)
    if cell.missing == len(cell.runs):
        return f"{where}: not done yet, {counted(cell.missing, 'run')}."
    if not cell.values:
        why = untrusted.shortened(cell.undone[0], 300) if cell.undone else ""
        return f"{where}: {who} {state_of(cell)}, {counts(cell)}.{f' {why}' if why else ''}"
    told = ", ".join(f"{name} {percent(_mean(figures, at, name), 1)}" for name in QUANTITIES)
    spread = "" if math.isnan(cell.spread) else f", spread of {heat.quantity} {cell.spread:.1f} points"
    best = " On the Pareto front." if any(p.best and p.learner == heat.learner for p in figures.points(at)) else ""
    return f"{where}: {who}, {PROTOCOLS[heat.protocol]}, {told}; {counts(cell)}{spread}.{best}"


def cell_briefs(figures: SweepFigures, at: At) -> tuple[str, ...]:
    """Say what a cell tells where there is little room, ever shorter."""
    heat, cell = figures.heat, figures.heat.cells[at]
    where = settings_of(figures, at)
    all_three = ", ".join(f"{name} {percent(_mean(figures, at, name), 1)}" for name in QUANTITIES)
    long = (f"{where}: {label_of(heat.learner)}, {PROTOCOLS[heat.protocol]}, {all_three}.",) if cell.values else ()
    told = f"{heat.quantity} {percent(cell.mean, 1)}" if cell.values else state_of(cell)
    who = f"{where}: {label_of(heat.learner)}, {PROTOCOLS[heat.protocol]}, {told}."
    return *long, who, f"{where}: {told}.", f"{told}."


def cell_tip(figures: SweepFigures, at: At) -> str:
    """Say the same, and how its run is opened."""
    opened = figures.opened(at)
    if not opened:
        return cell_sentence(figures, at)
    seed = figures.view.run(opened[0]).settings.get(SEED)
    what = f"the run of seed {seed}" if len(opened) == 1 else f"its {len(opened)} seeds, with their band"
    return f"{cell_sentence(figures, at)} Enter or a double-click opens {what}."


def _mean(figures: SweepFigures, at: At, quantity: str) -> float:
    """Return the mean of a figure over the runs of a cell that have it."""
    heat, done = figures.heat, figures.view.done
    found = [
        figure(done[name], heat.learner, heat.protocol, quantity)  # type: ignore[arg-type] # a key of QUANTITIES
        for name in heat.cells[at].runs
        if name in done
    ]
    known = [value for value in found if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


def point_text(point: FrontPoint) -> str:
    """Return the settings of a point: "Alpha 2, Temperature T 4"."""
    return ", ".join(f"{label_of_key(key)} {text_of_value(value)}" for key, value in point.settings.items())


def point_tip(point: FrontPoint) -> str:
    """Say what a point is, and whether it is on the front."""
    best = "on the Pareto front: no other settings are better on both" if point.best else "behind the Pareto front"
    return (
        f"{label_of(point.learner)}, {point_text(point)}: old {percent(point.old, 1)}, new {percent(point.new, 1)}; "
        f"mean of {counted(len(point.runs), 'run')}; {best}."
    )


def front_sentence(figures: SweepFigures) -> str:
    """Say which settings are on the front of the learner that is shown."""
    best = [point for point in figures.fronts.get(figures.heat.learner, ()) if point.best]
    if not best:
        return ""
    said = [f"{point_text(p)} (old {percent(p.old, 1)}, new {percent(p.new, 1)})" for p in best[:MOST_FRONT]]
    more = [f"{len(best) - MOST_FRONT} more"] if len(best) > MOST_FRONT else []
    return f"Pareto front of {label_of(figures.heat.learner)}: {listed([*said, *more])}."


def sentence(figures: SweepFigures, at: At) -> str:
    """Say how far the sweep is, what the chosen cell and the best one tell, and which settings are on the front."""
    heat, best = figures.heat, figures.heat.best
    said = [f"Sweep {figures.view.name}: {state(figures.view)}", cell_sentence(figures, at)]
    if heat.cells[best].values and best != at:
        said.append(f"Highest {heat.quantity} at {settings_of(figures, best)}: {cell_figure(heat.cells[best])} %.")
    return " ".join(filter(None, (*said, front_sentence(figures))))


def captions(figures: SweepFigures) -> tuple[str, ...]:
    """Return what the cells are: figure, learner, protocol, images, mean of what; then shorter ways."""
    heat, view = figures.heat, figures.view
    protocol, who = PROTOCOLS[heat.protocol], label_of(heat.learner)
    data = f" of {listed([untrusted.shortened(name, 40) for name in view.datasets])}" if view.datasets else ""
    over = f", {heat.over}" if heat.over else ""
    name = untrusted.shortened(view.name, 40)
    return (
        f"{protocol}, {QUANTITIES[heat.quantity]} by {who}, percent of all test images{data}{over}; sweep {name}",
        f"{protocol}, {heat.quantity} accuracy of {who}, % of all test images{data}{over}",
        f"{protocol}, {heat.quantity} of {who}, % of test images{over}",
        f"{protocol}, {heat.quantity}, % of test images",
        f"{protocol}, %",
        protocol,
    )


def quantity_tip(quantity: str, *, chosen: bool) -> str:
    """Explain a key of a figure."""
    what = QUANTITIES[quantity]  # type: ignore[index]
    return f"The cells show the {what}, in percent.{'' if chosen else ' A click or Enter shows it.'}"


def axis_tip(key: str, others: int) -> str:
    """Explain an axis."""
    more = " A click or Enter goes on to the next setting." if others else ""
    name = "the seed" if key == SEED else f"{label_of_key(key)} ({key})"
    return f"This direction of the heat map is {name}.{more}" if key else f"No second setting is shown.{more}"
