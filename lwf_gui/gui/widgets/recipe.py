"""The recipe panel: every setting of the run, made from the recipe's schema.

Live settings stand in a frame of their own at the top; the others say that they take effect with the next run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from lwf_gui import InputError
from lwf_gui.gui import theme
from lwf_gui.gui.session import Session
from lwf_gui.gui.widgets.class_list import ClassList, class_list
from lwf_gui.gui.widgets.controls import NumberControl, SettingControl, SwitchControl, control_for
from lwf_gui.gui.widgets.dressing import dress, help_of, offer
from lwf_gui.gui.widgets.fold import Fold
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.gui.widgets.labels import in_labels
from lwf_gui.gui.widgets.learner_boxes import LearnersControl
from lwf_gui.gui.widgets.live_words import all_have, own_settings, title, why_not
from lwf_gui.gui.widgets.own_line import OwnLine
from lwf_gui.gui.widgets.recipe_groups import GROUPS, OF_LEARNERS, OF_METHODS, keys_of, titles
from lwf_gui.gui.widgets.task_field import TasksControl, most_tasks
from lwf_gui.recipe import BACKBONE_FROZEN_HELP, Recipe, Setting, settings
from lwf_gui.runs.splits import Tasks

MARGINS = 12
"""Pixels left and right of what the panel shows."""


class RecipePanel(QScrollArea):
    """All settings of a session's recipe."""

    refused = Signal(str)
    """Why a value that was typed last cannot be used; empty once no field holds such a value."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._controls: dict[str, SettingControl] = {}
        self._labels: dict[str, QLabel] = {}
        self._wrong: dict[str, str] = {}
        """Why what a field holds cannot be used, by its key, the newest last."""
        self._said = ""
        self._frozen = SwitchControl()
        self._learners = LearnersControl()
        self._tasks = TasksControl(self._classes, self._ask_tasks)
        self._colours = theme.LIGHT
        self._hint = QLabel()
        self.title = QLabel()
        """Whose settings the live ones are."""
        self.own = OwnLine()
        """Who has some for itself, and so does not follow them."""
        self._locked: frozenset[str] = frozenset()
        self._sections: list[Fold] = []
        self._shared: list[tuple[OwnLine, list[Setting]]] = []
        """Of each section the line that says who has some of its settings for itself, and these settings."""
        self._of_methods: dict[str, Fold] = {}
        """Sections of methods, by group: each is there while a learner follows its method."""
        self._width = 0
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Recipe: the settings of the run")
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(MARGINS - 4, 8, 4, 8)
        self.live = self._live_frame()
        """The settings that a run follows at once."""
        layout.addWidget(self.live)
        layout.addWidget(self._structure())
        layout.addStretch(1)
        self.setWidget(body)
        session.wentBack.connect(self._drop_refused)
        session.recipeChanged.connect(self.refresh)
        session.recipeChanged.connect(self._settle)
        session.liveSettingsChanged.connect(self.refresh)
        session.recordChanged.connect(self.refresh)
        self.refresh()

    def set_theme(self, colours: theme.Theme) -> None:
        """Draw the sections' arrows and the learners' marks in the colours of the theme."""
        self._colours = colours
        self._learners.set_theme(colours)
        for section in self._sections:
            section.set_icons(theme.icon("right", colours), theme.icon("down", colours))

    def minimumSizeHint(self) -> QSize:
        """Return the width that no section is cut off at, unfolded or not: one never scrolls sideways."""
        body = self.widget()
        if not self._width and body is not None:
            sections = [part.minimumSizeHint().width() for part in body.findChildren(QWidget, "section")]
            wide = max(*sections, body.minimumSizeHint().width() - MARGINS)
            self._width = wide + MARGINS + self.verticalScrollBar().sizeHint().width()
        return QSize(self._width, super().minimumSizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew in other type."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._width = 0
            self.updateGeometry()

    def point_at(self, term: str) -> None:
        """Mark the live control of a field of `LiveSettings` that is pointed at; none for any other word."""
        for key, label in self._labels.items():
            label.setProperty("pointed", bool(term) and settings()[key].live == term)
            label.style().polish(label)

    def lock(self, fields: Sequence[str]) -> None:
        """Lock the controls of these fields of `LiveSettings`, as a lesson wants, and free all others."""
        self._locked = frozenset(fields)
        self._frozen.setEnabled("backbone_frozen" not in fields)
        self._say_who_follows()

    def refresh(self) -> None:
        """Show the session's settings."""
        for key, control in self._controls.items():
            live = settings()[key].live  # of the run under way, never of what is chosen for the next one
            control.set_value(getattr(self._session.live, live) if live else self._session.recipe.get(key))
        followed = keys_of(self._session.recipe)
        for key, section in self._of_methods.items():
            section.setVisible(key in followed)
        self._frozen.set_value(self._session.live.backbone_frozen)
        self._say_who_follows()
        self._say_who_has_their_own()
        for section, text in zip(self._sections, titles(len(self._session.recipe.data.tasks)), strict=True):
            section.button.setText(text)
        data = self._session.record.data
        changed = data is not None and self._session.busy and not data.recipe.built_like(self._session.recipe)
        self._hint.setText(
            "Changed: takes effect with the next run." if changed else "These take effect with the next run."
        )

    def _say_who_follows(self) -> None:
        """Say whose the live settings are, of the run under way or of the next one; lock what nobody follows."""
        data, trains = self._session.record.data, self._session.trains
        recipe = data.recipe if data is not None and trains else self._session.recipe
        alone = self._session.shown.alone if trains else ""
        self.title.setText(title(recipe, alone))
        live = (setting for setting in settings().values() if setting.live)
        self.own.say("" if alone else own_settings(recipe, live))
        for setting in settings().values():
            if not setting.live:
                continue
            key, label = setting.key, self._labels[setting.key]
            why = why_not(recipe, alone, setting)
            locked = setting.live in self._locked
            offer(label, self._controls[key], help_of(setting), why, locked=locked)

    def _say_who_has_their_own(self) -> None:
        """Say in each section which learners of the next run do not follow it; lock what all have for themselves."""
        recipe = self._session.recipe
        for line, shared in self._shared:
            line.say(own_settings(recipe, shared))
            for setting in shared:
                label, control = self._labels[setting.key], self._controls[setting.key]
                offer(label, control, help_of(setting), all_have(recipe, setting))

    def _drop_refused(self) -> None:
        """Show the values in force in place of what was refused."""
        for control in self._controls.values():
            if control.entry is not None and control.entry.refusing:
                control.entry.restore()

    def _live_frame(self) -> QFrame:
        frame = QFrame()
        frame.setObjectName("live")
        grid = QGridLayout(frame)
        grid.setContentsMargins(10, 8, 10, 10)
        grid.setVerticalSpacing(3)
        bold = QFont()
        bold.setBold(True)  # of whatever size the type has now
        self.title.setFont(bold)
        self.title.setWordWrap(True)
        self.title.setTextFormat(Qt.TextFormat.PlainText)  # it may name a learner
        grid.addWidget(self.title, 0, 0, 1, 2)
        grid.addWidget(self.own, 1, 0, 1, 2)
        for setting in settings().values():
            if setting.live:
                self._add_row(grid, setting, self._on_live)
        label = QLabel("Backbone frozen")
        dress(label, self._frozen, "Backbone frozen", BACKBONE_FROZEN_HELP)
        self._frozen.changed.connect(lambda frozen: self._session.change(backbone_frozen=frozen))
        row = grid.rowCount()
        grid.addWidget(label, row, 0)
        grid.addWidget(self._frozen, row, 1)
        grid.setColumnStretch(1, 1)
        return frame

    def _structure(self) -> QWidget:
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(2)
        self._hint.setProperty("muted", True)
        self._hint.setWordWrap(True)
        layout.addWidget(self._hint)
        for text, groups in zip(titles(len(self._session.recipe.data.tasks)), GROUPS, strict=True):
            chosen = [s for s in settings().values() if s.group in groups and not s.live]
            content = QWidget()
            content.setObjectName("section")
            grid = QGridLayout(content)
            grid.setContentsMargins(4, 2, 4, 6)
            grid.setVerticalSpacing(3)
            grid.setColumnStretch(1, 1)
            self._shared.append((OwnLine(), [setting for setting in chosen if setting.group in OF_LEARNERS]))
            grid.addWidget(self._shared[-1][0], 0, 0, 1, 2)
            for setting in chosen:
                self._add_row(grid, setting, self._on_structural)
            section = Fold(text, content)
            section.button.setAccessibleDescription("Settings that take effect with the next run; Enter unfolds them.")
            apply_input_rules(section.button)
            self._sections.append(section)
            if groups[0] in OF_METHODS:
                self._of_methods[groups[0]] = section
            layout.addWidget(section)
        return box

    def _add_row(self, grid: QGridLayout, setting: Setting, on_change: Any) -> None:
        control = self._control(setting)
        self._controls[setting.key] = control
        label = QLabel(setting.label)
        self._labels[setting.key] = label
        dress(label, control, setting.label, help_of(setting))
        control.changed.connect(lambda value, s=setting: on_change(s, value))
        if control.entry is None:
            control.refused.connect(self._say)
        else:
            control.refused.connect(lambda said, key=setting.key: self._note(key, said))
            control.entry.mended.connect(lambda key=setting.key: self._note(key, ""))
        control.check_by(lambda value: self._session.recipe.with_settings({setting.key: value}))
        row = grid.rowCount()
        slider = isinstance(control, NumberControl) and setting.slider
        if slider or control in (self._learners, self._tasks):  # they want the whole width
            grid.addWidget(label, row, 0, 1, 2)
            grid.addWidget(control, row + 1, 0, 1, 2)
        else:
            grid.addWidget(label, row, 0)
            grid.addWidget(control, row, 1)

    def _control(self, setting: Setting) -> SettingControl:
        return {"learners": self._learners, "data.tasks": self._tasks}.get(setting.key) or control_for(setting)

    def _classes(self) -> ClassList:
        return class_list(self._session.recipe, self._session.record.data)

    def _ask_tasks(self, tasks: Tasks, classes: ClassList) -> Tasks | None:
        """Ask for another split; None if the user cancels."""
        most = most_tasks(self._session.recipe, len(classes.labels))
        from lwf_gui.gui.widgets.task_editor import TaskEditor  # the first paint does not wait for it

        editor = TaskEditor(tasks, classes, most, self._colours, self)
        taken = editor.exec() == QDialog.DialogCode.Accepted
        editor.deleteLater()
        return editor.tasks if taken else None

    def _on_live(self, setting: Setting, value: Any) -> None:
        self._session.change(**{setting.live: value})

    def _on_structural(self, setting: Setting, value: Any) -> None:
        try:
            recipe: Recipe = self._session.recipe.with_settings({setting.key: value})
        except InputError as error:
            self._refuse(str(error))
            return
        self._session.set_recipe(recipe)

    def _note(self, key: str, sentence: str) -> None:
        """Say why a field's value cannot be used; once it can, what is still to be said of others."""
        self._wrong.pop(key, None)
        if sentence:
            self._wrong[key] = in_labels(sentence, key)
            self._say(self._wrong[key])
        self._settle()

    def _settle(self) -> None:
        """Say no more of what is in force no longer, but of a field that still holds what cannot be used."""
        newest = next(reversed(self._wrong.values()), "")
        if newest != self._said:
            self._say(newest)

    def _say(self, sentence: str) -> None:
        self._said = sentence
        self.refused.emit(sentence)

    def _refuse(self, sentence: str) -> None:
        """Say why a value cannot be used, under the name that stands beside it, and show the one in force again."""
        self._say(in_labels(sentence))
        with QSignalBlocker(self):
            self.refresh()
