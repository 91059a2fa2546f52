"""The recipe panel: every setting of the run, made from the recipe's schema.

Live settings stand in a frame of their own at the top; the others say that they take effect with the next run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from lwf_gui import InputError
from lwf_gui.gui import theme
from lwf_gui.gui.session import Session
from lwf_gui.gui.widgets.class_list import ClassList, class_list
from lwf_gui.gui.widgets.controls import SwitchControl
from lwf_gui.gui.widgets.dressing import dress
from lwf_gui.gui.widgets.fold import Fold
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.gui.widgets.labels import in_labels
from lwf_gui.gui.widgets.learner_boxes import LearnersControl
from lwf_gui.gui.widgets.live_words import all_have, own_settings, title, why_not
from lwf_gui.gui.widgets.own_line import OwnLine
from lwf_gui.gui.widgets.recipe_groups import Groups, sections_of, titles
from lwf_gui.gui.widgets.recipe_rows import Rows
from lwf_gui.gui.widgets.refusals import Refusals
from lwf_gui.gui.widgets.task_field import TasksControl, most_tasks
from lwf_gui.recipe import BACKBONE_FROZEN_HELP, Recipe, Setting, settings
from lwf_gui.runs.splits import Tasks

MARGINS = 12
"""Pixels left and right of what the panel shows."""


class RecipePanel(QScrollArea):
    """All settings of a session's recipe."""

    refused = Signal(str)
    """Why a value that was typed last cannot be used; empty once no field holds such a value."""

    _measure_soon: QTimer | None = None
    """Qt tells changes of type from the constructor on."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._refusals = Refusals(self)
        self._rows = Rows(session, {"learners": self._learners, "data.tasks": self._tasks}, self._refusals)
        self._frozen = SwitchControl()
        self._colours = theme.LIGHT
        self._hint = QLabel()
        self.title = QLabel()
        """Whose settings the live ones are."""
        self.own = OwnLine()
        """Who has some for itself, and so does not follow them."""
        self._locked: frozenset[str] = frozenset()
        self._sections: dict[Groups, Fold] = {}
        """In the order in which they stand; that of a method is made once a learner follows it."""
        self._own_lines: dict[Groups, OwnLine] = {}
        """What each section says of learners that have some of its settings for themselves."""
        self._complete = False
        self._told_own: object = None
        self._width = 0
        self._measure_soon = QTimer(self)
        self._measure_soon.setSingleShot(True)
        self._measure_soon.timeout.connect(self._measure_anew)
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
        self._structural = self._structure()
        layout.addLayout(self._structural)
        layout.addStretch(1)
        self.setWidget(body)
        self._refusals.said.connect(self.refused)
        session.wentBack.connect(self._rows.drop_refused)
        session.recipeChanged.connect(self.refresh)
        session.recipeChanged.connect(self._refusals.settle)
        session.liveSettingsChanged.connect(self.refresh)
        session.recordChanged.connect(self.refresh)
        self.refresh()

    def complete(self) -> None:
        """Make what is folded away: after the first paint, which does not show it."""
        if not self._complete:
            self._complete = True
            for groups, section in self._sections.items():
                self._fill(groups, section.content)
            self._say_who_has_their_own()
            self._measure_anew()

    def set_theme(self, colours: theme.Theme) -> None:
        """Draw the sections' arrows and the learners' marks in the colours of the theme."""
        self._colours = colours
        for control in self._rows.controls.values():
            if isinstance(control, LearnersControl):
                control.set_theme(colours)
        for section in self._sections.values():
            self._dress_section(section)

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
            self._measure_anew()
            if self._measure_soon is not None:
                self._measure_soon.start()  # the parts within take the type after this

    def _measure_anew(self) -> None:
        self._width = 0
        self.updateGeometry()

    def point_at(self, term: str) -> None:
        """Mark the live control of a field of `LiveSettings` that is pointed at; none for any other word."""
        self._rows.point_at(term)

    def lock(self, fields: Sequence[str]) -> None:
        """Lock the controls of these fields of `LiveSettings`, as a lesson wants, and free all others."""
        self._locked = frozenset(fields)
        self._frozen.setEnabled("backbone_frozen" not in fields)
        self._say_who_follows()

    def refresh(self) -> None:
        """Show the session's settings."""
        self._show_sections()
        self._rows.refresh()
        self._frozen.set_value(self._session.live.backbone_frozen)
        self._say_who_follows()
        self._say_who_has_their_own()
        data = self._session.record.data
        changed = data is not None and self._session.busy and not data.recipe.built_like(self._session.recipe)
        self._hint.setText(
            "Changed: takes effect with the next run." if changed else "These take effect with the next run."
        )

    def _show_sections(self) -> None:
        """Show the sections of this recipe, under their titles; those of other methods stay away."""
        shown = sections_of(self._session.recipe)
        called = titles(len(self._session.recipe.data.tasks))
        for groups in called:
            if groups in shown and groups not in self._sections:
                self._sections[groups] = section = self._section(groups)
                self._sections = {each: self._sections[each] for each in called if each in self._sections}
                self._structural.insertWidget(1 + list(self._sections).index(groups), section)
                self._measure_anew()
        for groups, section in self._sections.items():
            section.button.setText(called[groups])
            section.setVisible(groups in shown)

    def _section(self, groups: Groups) -> Fold:
        content = QWidget()
        content.setObjectName("section")
        section = Fold(content)
        if self._complete:
            self._fill(groups, content)
        section.button.setAccessibleDescription("Settings that take effect with the next run; Enter unfolds them.")
        apply_input_rules(section.button)
        self._dress_section(section)
        return section

    def _fill(self, groups: Groups, content: QWidget) -> None:
        grid = QGridLayout(content)
        grid.setContentsMargins(4, 2, 4, 6)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        self._own_lines[groups] = OwnLine()
        grid.addWidget(self._own_lines[groups], 0, 0, 1, 2)
        for setting in _structural(groups):
            self._rows.add(grid, setting, self._on_structural)

    def _dress_section(self, section: Fold) -> None:
        section.set_icons(theme.icon("right", self._colours), theme.icon("down", self._colours))

    def _say_who_follows(self) -> None:
        """Say whose the live settings are, of the run under way or of the next one; lock what nobody follows."""
        data, trains = self._session.record.data, self._session.trains
        recipe = data.recipe if data is not None and trains else self._session.recipe
        alone = self._session.shown.alone if trains else ""
        self.title.setText(title(recipe, alone))
        live = (setting for setting in settings().values() if setting.live)
        self.own.say("" if alone else own_settings(recipe, live))
        self._rows.offer(lambda setting: why_not(recipe, alone, setting), self._locked)

    def _say_who_has_their_own(self) -> None:
        """Say in each section which learners of the next run do not follow it; lock what all have for themselves."""
        recipe = self._session.recipe
        told = (recipe.learners, len(self._own_lines))  # all that it hangs on: most changes are of other settings
        if told == self._told_own:
            return
        self._told_own = told
        for groups, line in self._own_lines.items():
            line.say(own_settings(recipe, _structural(groups)))
        self._rows.offer(lambda setting: all_have(recipe, setting), live=False)

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
                self._rows.add(grid, setting, self._on_live)
        label = QLabel("Backbone frozen")
        dress(label, self._frozen, "Backbone frozen", BACKBONE_FROZEN_HELP)
        self._frozen.changed.connect(lambda frozen: self._session.change(backbone_frozen=frozen))
        row = grid.rowCount()
        grid.addWidget(label, row, 0)
        grid.addWidget(self._frozen, row, 1)
        grid.setColumnStretch(1, 1)
        return frame

    def _structure(self) -> QVBoxLayout:
        layout = QVBoxLayout()
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(2)
        self._hint.setProperty("muted", True)
        self._hint.setWordWrap(True)
        layout.addWidget(self._hint)
        return layout

    def _learners(self) -> LearnersControl:
        control = LearnersControl()
        control.set_theme(self._colours)
        return control

    def _tasks(self) -> TasksControl:
        return TasksControl(self._classes, self._ask_tasks)

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

    def _refuse(self, sentence: str) -> None:
        """Say why a value cannot be used, under the name that stands beside it, and show the one in force again."""
        self._refusals.say(in_labels(sentence))
        with QSignalBlocker(self):
            self.refresh()


def _structural(groups: Groups) -> list[Setting]:
    """Return the settings of these groups that take effect with the next run."""
    return [each for each in settings().values() if each.group in groups and not each.live]
