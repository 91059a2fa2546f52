"""The table of actions: menus, action bar, shortcut sheet and tests all come from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lwf_gui.gui.panels.table import PANELS

Menu = Literal["File", "Run", "Time", "Panels", "Teach", "View", "Help"]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the user can do.

    ``slot`` names a method of the window, called with ``argument`` if there is one; ``icon`` a drawing of the theme.
    """

    id: str
    menu: Menu
    text: str
    help: str
    slot: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    in_bar: bool = False
    argument: str = ""
    repeats: bool = False
    """Whether it is done again and again while its key is held down."""


ACTIONS = (
    Action("run", "Run", "Run", "Start training, or pause and go on.", "run_or_pause", ("Space",), "run", in_bar=True),
    Action(
        "step", "Run", "Step", "Train one mini-batch, then wait.", "step", (".",), "step", in_bar=True, repeats=True
    ),
    Action(
        "skip",
        "Run",
        "Skip to the new task",
        "Train the old task at full speed and wait where the new one begins.",
        "skip",
        ("N",),
    ),
    Action("stop", "Run", "Stop", "End the run; its curves stay.", "stop", ("S",), "stop", in_bar=True),
    Action(
        "reset",
        "Run",
        "Reset",
        "Rewind to the moment after surgery: the same first weights and the same batches, with the settings as they "
        "are now.",
        "reset",
        ("R",),
        "reset",
        in_bar=True,
    ),
    Action(
        "undo",
        "Run",
        "Undo",
        "Take the last change of a setting back, or bring back the run that another one took the place of.",
        "undo",
        ("Ctrl+Z",),
        repeats=True,
    ),
    Action(
        "redo",
        "Run",
        "Redo",
        "Make the change again that was taken back.",
        "redo",
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        repeats=True,
    ),
    Action("back", "Time", "Back", "Look at the probe before this one.", "go_back", ("[",), repeats=True),
    Action("forward", "Time", "Forward", "Look at the next probe.", "go_forward", ("]",), repeats=True),
    Action("far_back", "Time", "Far back", "Look ten probes back.", "go_far_back", ("Ctrl+[",), repeats=True),
    Action("far_forward", "Time", "Far forward", "Look ten probes ahead.", "go_far_forward", ("Ctrl+]",), repeats=True),
    Action("play", "Time", "Play", "Play the run back, or stop.", "play", ("K",), "run", checkable=True),
    Action("live", "Time", "Live", "Return to the present and follow the run.", "live", ("L",), checkable=True),
    Action(
        "fork",
        "Time",
        "Fork...",
        "Continue from the step that is looked at with other settings: a new learner, or the whole run.",
        "fork",
        ("F",),
        "fork",
    ),
    *(
        Action(
            f"panel.{spec.key}",
            "Panels",
            spec.title,
            spec.help,
            "show_panel",
            (spec.shortcut,) if spec.shortcut else (),
            argument=spec.key,
        )
        for spec in PANELS
    ),
    Action("close_panel", "Panels", "Close panel", "Close the panel chosen last.", "close_panel", ("Ctrl+W",)),
    Action(
        "tear_off",
        "Panels",
        "Tear off",
        "Give the panel chosen last a window of its own.",
        "tear_off_panel",
        ("Ctrl+D",),
    ),
    Action("restore", "Panels", "Restore panels", "Put every panel back where it was at first.", "restore_panels"),
    Action(
        "protocol",
        "View",
        "Switch protocol",
        "Switch all figures between task-aware and class-incremental accuracy.",
        "switch_protocol",
        ("P",),
    ),
    Action(
        "whole_run",
        "View",
        "Whole run",
        "Show all steps in the plots again, after Ctrl+wheel or dragging; a double-click on a plot does the same.",
        "show_whole_run",
        ("0",),
    ),
    Action(
        "lessons",
        "Teach",
        "Lessons",
        "Choose a lesson: captions, settings and questions, step by step. It is left here or with its ✕, and goes on "
        "where it was left; Esc does not leave it.",
        "choose_lesson",
        ("Ctrl+E",),
        "lessons",
        in_bar=True,
    ),
    Action(
        "predict",
        "Teach",
        "Predict",
        "Start a run that waits at the surgery, and draw how the old task's accuracy will go before it is shown.",
        "ask_prediction",
        ("D",),
    ),
    Action("tour", "Help", "Tour", "Go through the parts of this window.", "start_tour"),
    Action(
        "settings",
        "View",
        "Recipe panel",
        "Show or hide the settings on the left.",
        "show_settings",
        ("Ctrl+B",),
        checkable=True,
    ),
    Action(
        "log",
        "View",
        "Log",
        "Show or hide the lines that the notebook prints.",
        "show_log",
        ("Ctrl+L",),
        checkable=True,
    ),
    Action(
        "present",
        "Teach",
        "Present",
        "Full screen in big type, without controls; what you show or hide meanwhile is remembered. Esc or F11 leaves "
        "it, and a lesson stays.",
        "present",
        ("F11",),
        "present",
        checkable=True,
        in_bar=True,
    ),
    Action("next", "Teach", "Next slide", "The next step of a lesson, or the next panel.", "next_slide", ("PgDown",)),
    Action(
        "previous",
        "Teach",
        "Previous slide",
        "The step of a lesson before, or the panel before.",
        "previous_slide",
        ("PgUp",),
    ),
    Action("blank", "Teach", "Blank", "Make the window black while you talk; any key brings it back.", "blank", ("B",)),
    Action("theme", "View", "Next theme", "System, light, dark or high-contrast colours.", "next_theme", ("Ctrl+T",)),
    Action("bigger", "View", "Bigger type", "Make all type bigger.", "bigger_type", ("Ctrl++", "Ctrl+="), repeats=True),
    Action("smaller", "View", "Smaller type", "Make all type smaller.", "smaller_type", ("Ctrl+-",), repeats=True),
    Action(
        "reset_window",
        "View",
        "Reset window...",
        "Put the window, its panels, theme and type back as they were at the first start; run and recipe stay.",
        "reset_window",
    ),
    Action("open", "File", "Open run...", "Open a recorded run.", "open_run", ("Ctrl+O",)),
    Action("save", "File", "Save run...", "Save this run to a file.", "save_run", ("Ctrl+S",)),
    Action("screenshot", "File", "Save picture...", "Save the window as a PNG.", "save_picture", ("Ctrl+P",)),
    Action("quit", "File", "Quit", "Stop training and close the window.", "close", ("Ctrl+Q",)),
    Action("shortcuts", "Help", "Keyboard shortcuts", "List all keys.", "show_shortcuts", ("?", "F1")),
    Action("about", "Help", "About LwF Lab", "What this program is, and its sources.", "show_about"),
)
