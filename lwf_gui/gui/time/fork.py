"""The question before a fork: what shall be different from this step on, and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from lwf_gui.gui import theme
from lwf_gui.gui.widgets.controls import SettingControl, control_for
from lwf_gui.gui.widgets.dialogs import cancel_or
from lwf_gui.gui.widgets.dressing import dress, offer
from lwf_gui.gui.widgets.fields import commit_focused
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.gui.widgets.labels import in_labels
from lwf_gui.gui.widgets.live_words import why_not
from lwf_gui.methods import method_of
from lwf_gui.recipe import LiveSettings, Setting, settings
from lwf_gui.runs import forks
from lwf_gui.runs.captions import when
from lwf_gui.runs.forks import kept_states, way_back
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import moment, settings_of

WIDTH = 460


class ForkDialog(QDialog):
    """Asks for live settings and whether a new learner or the whole run takes them."""

    def __init__(self, step: int, record: Record, parent: QWidget | None = None, *, kept: bool = True) -> None:
        super().__init__(parent)
        self._record, self._step = record, step
        at = moment(record, step)
        where = f"step {step:,}" if at is None else when(at, record)
        self.setWindowTitle(f"Fork at {where}")
        self.setMinimumWidth(WIDTH)
        self._controls: dict[str, SettingControl] = {}
        self._labels: dict[str, QLabel] = {}
        self._settings = {setting.live: setting for setting in settings().values() if setting.live}
        self.values: dict[str, Any] = {}
        """The fields of `LiveSettings` that shall differ."""
        self._origin = QComboBox()
        for learner in record.learners_at(step):
            self._origin.addItem(label_of(learner), learner)
        self._origin.setCurrentIndex(self._origin.findData(_likeliest(record.learners_at(step))))
        self._origin.setAccessibleName("The learner that branches off")
        apply_input_rules(self._origin)
        self._branch = QRadioButton("A &new learner, a branch of")
        self._whole = QRadioButton("The &whole run; its curves stay as faint lines")
        self._branch.setChecked(True)
        group = QButtonGroup(self)
        group.addButton(self._branch)
        group.addButton(self._whole)
        self._branch.toggled.connect(self._origin.setEnabled)
        self._branch.toggled.connect(lambda _branch: self._show_held())
        self._origin.currentIndexChanged.connect(lambda _index: self._show_held())
        self._hint = QLabel()
        self._hint.setWordWrap(True)
        self._hint.setTextFormat(Qt.TextFormat.PlainText)  # it repeats what was typed
        self._hint.setProperty("muted", True)
        title = QLabel(f"Continue from {where}, with the same weights, momentum and batches:")
        title.setWordWrap(True)
        title.setFont(theme.font(1.0, bold=True))
        who = QHBoxLayout()
        who.addWidget(self._branch)
        who.addWidget(self._origin, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(title)
        layout.addLayout(who)
        layout.addWidget(self._whole)
        layout.addLayout(self._form())
        layout.addWidget(self._hint)
        self._cost = QLabel()
        self._cost.setTextFormat(Qt.TextFormat.PlainText)  # it may name files
        self._cost.setWordWrap(True)
        self._cost.setProperty("muted", True)
        layout.addWidget(self._cost)
        self.say_what_it_costs(kept=kept)
        layout.addWidget(cancel_or(self, "Fork"))
        self._show_held()

    def say_what_it_costs(self, *, kept: bool) -> None:
        """Say what becomes of the run and what is trained again, as it is now; ``kept``: whether its states are."""
        record = self._record
        states = kept_states(record) if kept else ""
        said = (forks.what_stays(record), way_back(record, self._step, kept=kept), states)
        self._cost.setText(" ".join(filter(None, said)))

    @property
    def held(self) -> LiveSettings:
        """The settings that hold from here on if nothing is changed."""
        held = settings_of(self._record, self.learner, self._step + 1)
        assert held is not None, "a run has settings"
        return held

    @property
    def learner(self) -> str:
        """The learner that branches off; empty: the whole run is forked."""
        return str(self._origin.currentData()) if self._branch.isChecked() else ""

    def _check(self, key: str, value: Any) -> None:
        """Raise `InputError` if the run's recipe cannot have a value."""
        assert self._record.data is not None, "a run has a recipe"
        self._record.data.recipe.with_settings({key: value})

    def accept(self) -> None:
        """Fork, unless a number was typed that cannot be used."""
        commit_focused()
        if not any(control.entry is not None and control.entry.refusing for control in self._controls.values()):
            super().accept()

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        for name, setting in self._settings.items():
            label, control = QLabel(setting.label), control_for(setting)
            self._labels[name], self._controls[name] = label, control
            dress(label, control, setting.label, setting.help)
            control.changed.connect(lambda value, setting=setting: self._take(setting, value))
            control.refused.connect(lambda said, key=setting.key: self._hint.setText(in_labels(said, key)))
            if control.entry is not None:
                control.entry.mended.connect(self._say_what_differs)
            control.check_by(partial(self._check, setting.key))
            form.addRow(label, control)
        return form

    def _take(self, setting: Setting, value: Any) -> None:
        self.values[setting.live] = value
        if value == getattr(self.held, setting.live):
            del self.values[setting.live]
        self._say_what_differs()

    def _show_held(self) -> None:
        self.values.clear()
        for name, control in self._controls.items():
            if control.entry is not None:
                control.entry.restore()
            control.set_value(getattr(self.held, name))
        self._offer_what_is_followed()
        self._say_what_differs()

    def _offer_what_is_followed(self) -> None:
        """Lock the settings that the learner's method does not have, or that no learner of the run follows."""
        assert self._record.data is not None, "a run has a recipe"
        for name, control in self._controls.items():
            setting, label = self._settings[name], self._labels[name]
            offer(label, control, setting.help, why_not(self._record.data.recipe, self.learner, setting))

    def _say_what_differs(self) -> None:
        self._hint.setText(
            f"{count} of these {'differs' if count == 1 else 'differ'} from the run."
            if (count := len(self.values))
            else "With the settings unchanged the fork repeats the run bit for bit: its curve lies on the old one."
        )


def _likeliest(learners: Sequence[str]) -> str:
    """Return the learner that one most likely wants to branch off: the last one that distils, else the last of all."""
    rows = ((learner, method_of(learner)) for learner in learners)
    return next((name for name, row in reversed(list(rows)) if row is not None and row.distils), learners[-1])
