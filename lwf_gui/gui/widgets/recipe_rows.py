"""Rows of the recipe panel: the label and the control of each setting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel

from lwf_gui.gui.session import Session
from lwf_gui.gui.widgets.controls import NumberControl, SettingControl, control_for
from lwf_gui.gui.widgets.dressing import dress, help_of, offer
from lwf_gui.gui.widgets.eliding import ElidingLabel
from lwf_gui.gui.widgets.learner_boxes import LearnersControl
from lwf_gui.gui.widgets.refusals import Refusals
from lwf_gui.gui.widgets.task_field import TasksControl
from lwf_gui.recipe import Setting, settings


class Rows:
    """Labels and controls of settings, by key; each shows the session's value and refuses what the recipe refuses."""

    def __init__(self, session: Session, own: dict[str, Callable[[], SettingControl]], refusals: Refusals) -> None:
        """``own`` makes the controls of settings that have one of their own kind."""
        self.controls: dict[str, SettingControl] = {}
        self._labels: dict[str, QLabel] = {}
        self._session, self._own, self._refusals = session, own, refusals

    def add(self, grid: QGridLayout, setting: Setting, on_change: Callable[[Setting, Any], None]) -> None:
        """Put the row of a setting below the others of a grid."""
        own = self._own.get(setting.key)
        control = control_for(setting) if own is None else own()
        self.controls[setting.key] = control
        label = QLabel(setting.label)
        self._labels[setting.key] = label
        dress(label, control, setting.label, help_of(setting))
        control.changed.connect(lambda value: on_change(setting, value))
        if control.entry is None:
            control.refused.connect(self._refusals.say)
        else:
            control.refused.connect(lambda said: self._refusals.note(setting.key, said))
            control.entry.mended.connect(lambda: self._refusals.note(setting.key, ""))
        control.check_by(lambda value: self._session.recipe.with_settings({setting.key: value}))
        self._show(setting.key)
        row = grid.rowCount()
        slider = isinstance(control, NumberControl) and setting.slider
        if slider or isinstance(control, LearnersControl | TasksControl):  # they want the whole width
            head = QHBoxLayout()
            head.addWidget(label)
            head.addWidget(_aside(setting.plain), 1)
            grid.addLayout(head, row, 0, 1, 2)
            grid.addWidget(control, row + 1, 0, 1, 2)
        else:
            grid.addWidget(label, row, 0)
            grid.addWidget(control, row, 1)

    def refresh(self) -> None:
        """Show the session's settings."""
        for key in self.controls:
            self._show(key)

    def _show(self, key: str) -> None:
        live = settings()[key].live  # of the run under way, never of what is chosen for the next one
        value = getattr(self._session.live, live) if live else self._session.recipe.get(key)
        self.controls[key].set_value(value)

    def drop_refused(self) -> None:
        """Show the values in force in place of what was refused."""
        for control in self.controls.values():
            if control.entry is not None and control.entry.refusing:
                control.entry.restore()

    def point_at(self, term: str) -> None:
        """Mark the live control of a field of `LiveSettings` that is pointed at; none for any other word."""
        for setting, label in self._rows(live=True):
            label.setProperty("pointed", setting.live == term)
            label.style().polish(label)

    def offer(
        self, why_not: Callable[[Setting], str], locked: frozenset[str] = frozenset(), *, live: bool = True
    ) -> None:
        """Let settings, live ones or the others, be turned that change something and are not locked.

        The others say why not.
        """
        for setting, label in self._rows(live=live):
            why = why_not(setting)
            offer(label, self.controls[setting.key], help_of(setting), why, locked=setting.live in locked)

    def _rows(self, *, live: bool) -> Iterator[tuple[Setting, QLabel]]:
        """Yield live settings, or the others, with their labels."""
        known = settings()
        return ((known[key], label) for key, label in self._labels.items() if bool(known[key].live) is live)


def _aside(text: str) -> QLabel:
    """Return what stands beside a label, at the right, as long as there is room."""
    aside = ElidingLabel()
    aside.say(text, "")
    aside.setProperty("muted", True)
    aside.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return aside
