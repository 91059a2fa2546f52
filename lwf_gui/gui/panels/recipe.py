"""The recipe panel: every setting of the run, made from the recipe's schema.

Live settings stand in a frame of their own at the top; the others say that they take effect with the next run.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget
from superqt import QCollapsible

from lwf_gui import InputError
from lwf_gui.gui import theme
from lwf_gui.gui.controls import Control, NumberControl, SwitchControl, TextControl, control_for
from lwf_gui.gui.session import Session
from lwf_gui.recipe import TRUNK_FROZEN_HELP, Recipe, Setting, settings

# The order in which people meet the parts of the experiment.
GROUPS = (
    ("Network and surgery", ("model", "")),
    ("Task 1: the teacher", ("task1",)),
    ("Task 2: the learners", ("task2", "lwf")),
    ("Data, batches and probes", ("data", "train")),
    ("Machine", ("engine",)),
)


class RecipePanel(QScrollArea):
    """All settings of a session's recipe."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._controls: dict[str, Control] = {}
        self._frozen = SwitchControl()
        self._hint = QLabel()
        self._sections: list[QCollapsible] = []
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Recipe: the settings of the run")
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(8, 8, 4, 8)
        layout.addWidget(self._live_frame())
        layout.addWidget(self._structure())
        layout.addStretch(1)
        self.setWidget(body)
        session.recipeChanged.connect(self.refresh)
        session.hyperChanged.connect(self.refresh)
        session.recordChanged.connect(self.refresh)
        self.refresh()

    def set_theme(self, colours: theme.Theme) -> None:
        """Draw the sections' arrows in the colours of the theme."""
        for section in self._sections:
            section.setCollapsedIcon(theme.icon("right", colours))
            section.setExpandedIcon(theme.icon("down", colours))

    def refresh(self) -> None:
        """Show the session's settings."""
        for key, control in self._controls.items():
            control.set_value(self._session.recipe.get(key))
        self._frozen.set_value(self._session.hyper.trunk_frozen)
        data = self._session.record.data
        changed = data is not None and self._session.busy and not data.recipe.built_like(self._session.recipe)
        self._hint.setText(
            "Changed: takes effect with the next run." if changed else "These take effect with the next run."
        )

    def _live_frame(self) -> QFrame:
        frame = QFrame()
        frame.setObjectName("live")
        grid = QGridLayout(frame)
        grid.setContentsMargins(10, 8, 10, 10)
        grid.setVerticalSpacing(3)
        title = QLabel("Live: turn them while it trains")
        title.setFont(theme.font(1.0, bold=True))
        title.setWordWrap(True)
        grid.addWidget(title, 0, 0, 1, 2)
        for setting in settings().values():
            if setting.live:
                self._add_row(grid, setting, self._on_live)
        label = QLabel("Trunk frozen")
        self._dress(label, self._frozen, "Trunk frozen", TRUNK_FROZEN_HELP)
        self._frozen.changed.connect(lambda frozen: self._session.change(trunk_frozen=frozen))
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
        for title, groups in GROUPS:
            chosen = [s for s in settings().values() if s.group in groups and not s.live]
            content = QWidget()
            grid = QGridLayout(content)
            grid.setContentsMargins(4, 2, 4, 6)
            grid.setVerticalSpacing(3)
            grid.setColumnStretch(1, 1)
            for setting in chosen:
                self._add_row(grid, setting, self._on_structural)
            section = QCollapsible(title)
            section.setDuration(0)
            self._sections.append(section)
            section.layout().setContentsMargins(0, 0, 0, 0)
            section.addWidget(content)
            content.hide()  # else Tab would go through fields that nobody sees
            section.toggled.connect(content.setVisible)
            layout.addWidget(section)
        return box

    def _add_row(self, grid: QGridLayout, setting: Setting, on_change: Any) -> None:
        control = control_for(setting)
        self._controls[setting.key] = control
        label = QLabel(setting.label)
        self._dress(label, control, setting.label, _tip(setting))
        control.changed.connect(lambda value, s=setting: on_change(s, value))
        if isinstance(control, TextControl):
            control.refused.connect(lambda sentence: self._refuse(sentence))
        row = grid.rowCount()
        if isinstance(control, NumberControl) and setting.slider:  # a slider wants the whole width
            grid.addWidget(label, row, 0, 1, 2)
            grid.addWidget(control, row + 1, 0, 1, 2)
        else:
            grid.addWidget(label, row, 0)
            grid.addWidget(control, row, 1)

    def _dress(self, label: QLabel, control: Control, name: str, text: str) -> None:
        label.setBuddy(control)
        for widget in (label, control):
            widget.setToolTip(f"<p>{text}</p>")
        control.setAccessibleName(name)
        control.setAccessibleDescription(text)
        proxy = control.focusProxy()
        if proxy is not None:
            proxy.setAccessibleName(name)
            proxy.setAccessibleDescription(text)
        if isinstance(control, NumberControl):
            control.describe(name, text)

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
        """Say why a value cannot be used, and show the one in force again."""
        self._session.noticed.emit(sentence)
        with QSignalBlocker(self):
            self.refresh()


def _tip(setting: Setting) -> str:
    unit = f" Unit: {setting.unit}." if setting.unit else ""
    return f"{setting.help}{unit} Allowed: {setting.allowed}. <i>{setting.key}</i>"
