"""Actions on panels, and on what is seen and how it looks."""

from __future__ import annotations

from collections.abc import Callable

from lwf_gui.gui.actions.action import Action
from lwf_gui.gui.commands import Commands
from lwf_gui.gui.panels.table import PANELS


def _bring(key: str) -> Callable[[Commands], object]:
    """Return what brings a panel to the front."""
    return lambda c: c.panels.show(key)


PANEL = (
    *(
        Action(
            f"panel.{spec.key}",
            "Panels",
            spec.title,
            spec.help,
            _bring(spec.key),
            (spec.shortcut,) if spec.shortcut else (),
        )
        for spec in PANELS
    ),
    Action(
        "close_panel", "Panels", "Close panel", "Close the panel chosen last.", lambda c: c.panels.close(), ("Ctrl+W",)
    ),
    Action(
        "tear_off",
        "Panels",
        "Tear off",
        "Give the panel chosen last a window of its own.",
        lambda c: c.panels.tear_off(),
        ("Ctrl+D",),
    ),
    Action(
        "enlarge",
        "Panels",
        "Enlarge",
        "Give the panels below the plot its place too, or give it back.",
        lambda c: c.panels.enlarge(),
        ("M",),
    ),
    Action(
        "restore",
        "Panels",
        "Restore panels",
        "Put every panel back where it was at first.",
        lambda c: c.panels.restore(),
    ),
)

VIEW = (
    Action(
        "protocol",
        "View",
        "Switch protocol",
        "Switch all figures between task-aware and class-incremental accuracy.",
        lambda c: c.view.switch_protocol(),
        ("P",),
    ),
    Action(
        "whole_run",
        "View",
        "Whole run",
        "Show all steps in the plots again, after Ctrl+wheel or dragging; a double-click on a plot does the same.",
        lambda c: c.view.show_whole_run(),
        ("0",),
    ),
    Action(
        "every_task",
        "View",
        "Every task's curve",
        "Show each task's own accuracy, of a run with more than two tasks, or the earlier tasks together again.",
        lambda c: c.view.show_every_task(),
        ("E",),
        checkable=True,
    ),
    Action(
        "stretch",
        "View",
        "Stretch first steps",
        "Give the first steps after a head expansion a third of the task's width in the plots, or the same as others.",
        lambda c: c.view.stretch(),
        ("X",),
        checkable=True,
    ),
    Action(
        "slow_start",
        "View",
        "Slow start",
        "Train the first steps after a head expansion slowly, for forgetting happens in these; off: as fast as others.",
        lambda c: c.view.start_slowly(),
        ("W",),
        checkable=True,
    ),
    Action(
        "settings",
        "View",
        "Recipe panel",
        "Show or hide the settings on the left.",
        lambda c: c.view.show_settings(),
        ("Ctrl+B",),
        checkable=True,
    ),
    Action(
        "log",
        "View",
        "Log",
        "Show or hide the lines that the notebook prints.",
        lambda c: c.view.show_log(),
        ("Ctrl+L",),
        checkable=True,
    ),
    Action(
        "theme",
        "View",
        "Next theme",
        "System, light, dark or high-contrast colours.",
        lambda c: c.view.next_theme(),
        ("Ctrl+T",),
    ),
    Action(
        "bigger",
        "View",
        "Bigger type",
        "Make all type bigger.",
        lambda c: c.view.bigger_type(),
        ("Ctrl++", "Ctrl+="),
        repeats=True,
    ),
    Action(
        "smaller",
        "View",
        "Smaller type",
        "Make all type smaller.",
        lambda c: c.view.smaller_type(),
        ("Ctrl+-",),
        repeats=True,
    ),
    Action(
        "reset_window",
        "View",
        "Reset window...",
        "Put the window, its panels, theme and type back as they were at the first start; run and recipe stay.",
        lambda c: c.view.reset_window(),
    ),
)
