"""The table of actions: menus, action bar, shortcut sheet and tests all come from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Menu = Literal["Run", "View", "File", "Help"]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the user can do. ``slot`` names a method of the window; ``icon`` a drawing of the theme."""

    id: str
    menu: Menu
    text: str
    help: str
    slot: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    in_bar: bool = False


ACTIONS = (
    Action("run", "Run", "Run", "Start training, or pause and go on.", "run_or_pause", ("Space",), "run", in_bar=True),
    Action("step", "Run", "Step", "Train one mini-batch, then wait.", "step", (".",), "step", in_bar=True),
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
        "protocol",
        "View",
        "Switch protocol",
        "Switch all figures between task-aware and class-incremental accuracy.",
        "switch_protocol",
        ("P",),
    ),
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
        "View",
        "Present",
        "Full screen without controls, in big type; Esc or F11 leaves.",
        "present",
        ("F11",),
        "present",
        checkable=True,
        in_bar=True,
    ),
    Action("theme", "View", "Next theme", "System, light or dark colours.", "next_theme", ("Ctrl+T",)),
    Action("bigger", "View", "Bigger type", "Make all type bigger.", "bigger_type", ("Ctrl++", "Ctrl+=")),
    Action("smaller", "View", "Smaller type", "Make all type smaller.", "smaller_type", ("Ctrl+-",)),
    Action("open", "File", "Open run...", "Open a recorded run.", "open_run", ("Ctrl+O",)),
    Action("save", "File", "Save run...", "Save this run to a file.", "save_run", ("Ctrl+S",)),
    Action("screenshot", "File", "Save picture...", "Save the window as a PNG.", "save_picture", ("Ctrl+P",)),
    Action("quit", "File", "Quit", "Stop training and close the window.", "close", ("Ctrl+Q",)),
    Action("shortcuts", "Help", "Keyboard shortcuts", "List all keys.", "show_shortcuts", ("?", "F1")),
    Action("about", "Help", "About LwF Lab", "What this program is, and its sources.", "show_about"),
)
