"""Actions on the run, and in its time."""

from __future__ import annotations

from lwf_gui.gui.actions.action import Action
from lwf_gui.gui.time.probes import FAR
from lwf_gui.methods import METHODS, Method
from lwf_gui.runs import cures

ADD = "add."
"""The ids of the actions that add a learner begin so; the method's name follows."""


def _add(method: Method) -> Action:
    """Return the action that lets a learner of a method join the run that is shown."""
    help = f"Train a learner of this method beside the run that is shown, whose curves stay. {method.help}"
    name = method.name
    return Action(
        f"{ADD}{name}", "Run", method.label, help, lambda c: c.run.add_learner(name), submenu="&Add a learner"
    )


RUN = (
    Action(
        "run",
        "Run",
        "Run",
        "Start training, or pause and go on.",
        lambda c: c.teach.run_or_pause(),
        ("Space",),
        "run",
        in_bar=True,
    ),
    Action(
        "step",
        "Run",
        "Step",
        "Train one mini-batch, then wait.",
        lambda c: c.run.step(),
        (".",),
        "step",
        in_bar=True,
        repeats=True,
    ),
    Action(
        "skip",
        "Run",
        "Skip to the new task",
        "Train the old task at full speed and wait where the new one begins.",
        lambda c: c.run.skip(),
        ("N",),
    ),
    Action("stop", "Run", "Stop", "End the run; its curves stay.", lambda c: c.run.stop(), ("S",), "stop", in_bar=True),
    Action(
        "reset",
        "Run",
        "Reset",
        "Rewind to the moment after the head expansion: the same first weights and the same batches, with the settings "
        "as they are now.",
        lambda c: c.run.reset(),
        ("R",),
        "reset",
        in_bar=True,
    ),
    Action(
        "bring_back",
        "Run",
        "Bring it back",
        f"Add {METHODS[cures.cure()].label} to the run that is shown: it trains alone beside the others, whose curves "
        "stay, and keeps what they forget. Class-incremental accuracy (not told the task) shows it.",
        lambda c: c.run.bring_back(),
        ("C",),
    ),
    *map(_add, METHODS.values()),
    Action(
        "average",
        "Run",
        "Average the two networks",
        "Add a learner to the run that is shown whose weights are mixed of two networks', those between which the "
        "panel Straight path looks: the mixture with the highest mean of old and new accuracy, under the protocol that "
        "is shown. At every step it is that mixture of the two; the others' curves stay.",
        lambda c: c.time.average(),
    ),
    Action(
        "repeat",
        "Run",
        "Repeat with more seeds...",
        "Train the run that is shown again with other seeds, behind the window, and draw bands: they tell whether a "
        "difference is more than luck.",
        lambda c: c.seeds.ask(),
    ),
    Action(
        "sweep",
        "Run",
        "Sweep...",
        "Train the next run's recipe many times, with other values of one or two settings and with other seeds, in "
        "processes beside the window; the panel Sweep shows what comes of them.",
        lambda c: c.sweeps.ask(),
    ),
    Action(
        "sweep_go_on",
        "Run",
        "Go on with it",
        "Do the runs that are missing of the sweep that is shown; those that are done stay.",
        lambda c: c.sweeps.go_on(),
        submenu="Sweep that is s&hown",
    ),
    Action(
        "sweep_cancel",
        "Run",
        "Cancel it",
        "End the sweep that this window does; runs that are done stay.",
        lambda c: c.sweeps.cancel(),
        submenu="Sweep that is s&hown",
    ),
    Action(
        "sweep_open_runs",
        "Run",
        "Open the chosen cell",
        "Show the run of the cell that was chosen last in the panel Sweep; of several seeds all, with their band.",
        lambda c: c.sweeps.open_runs(),
        submenu="Sweep that is s&hown",
    ),
    Action(
        "undo",
        "Run",
        "Undo",
        "Take the last change of a setting back, or bring back the run that another one took the place of.",
        lambda c: c.run.undo(),
        ("Ctrl+Z",),
        repeats=True,
    ),
    Action(
        "redo",
        "Run",
        "Redo",
        "Make the change again that was taken back.",
        lambda c: c.run.redo(),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        repeats=True,
    ),
)

TIME = (
    Action(
        "back", "Time", "Back", "Look at the probe before this one.", lambda c: c.time.go_by(-1), ("[",), repeats=True
    ),
    Action("forward", "Time", "Forward", "Look at the next probe.", lambda c: c.time.go_by(1), ("]",), repeats=True),
    Action(
        "far_back", "Time", "Far back", "Look ten probes back.", lambda c: c.time.go_by(-FAR), ("Ctrl+[",), repeats=True
    ),
    Action(
        "far_forward",
        "Time",
        "Far forward",
        "Look ten probes ahead.",
        lambda c: c.time.go_by(FAR),
        ("Ctrl+]",),
        repeats=True,
    ),
    Action(
        "play",
        "Time",
        "Play back",
        "Play the run back, or stop.",
        lambda c: c.time.play(),
        ("K",),
        "run",
        checkable=True,
    ),
    Action(
        "live",
        "Time",
        "Live",
        "Return to the present and follow the run.",
        lambda c: c.time.live(),
        ("L",),
        checkable=True,
    ),
    Action(
        "fork",
        "Time",
        "Fork...",
        "Continue from the step that is looked at with other settings: a new learner, or the whole run.",
        lambda c: c.time.fork(),
        ("F",),
        "fork",
    ),
    Action(
        "pin",
        "Time",
        "Pin run",
        "Keep the run that is shown in the plot and in the panel Compare, as A, B or C, beside runs to come; or take "
        "it away again.",
        lambda c: c.pins.pin(),
        ("I",),
    ),
    Action("unpin_all", "Time", "Unpin all", "Take all pinned runs away.", lambda c: c.pins.unpin_all()),
)
