"""The main window: action bar, recipe panel, plots, cards, class bars, banner, log and status line.

It lays the panels out and passes events on. Every panel is a line in `_panels`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QFontDatabase, QGuiApplication, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDockWidget,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMessageBox,
    QPlainTextEdit,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lwf_gui import InputError, __version__, paths
from lwf_gui.gui import theme
from lwf_gui.gui.actions import ACTIONS, Action
from lwf_gui.gui.controls import SpaceGuard
from lwf_gui.gui.panels.banner import Banner
from lwf_gui.gui.panels.cards import Cards
from lwf_gui.gui.panels.classes import ClassBars
from lwf_gui.gui.panels.plots import Plots
from lwf_gui.gui.panels.recipe import RecipePanel
from lwf_gui.gui.panels.status import StatusLine
from lwf_gui.gui.session import Session, State
from lwf_gui.recipe import load_preset, preset_names
from lwf_gui.runs import files
from lwf_gui.runs.metrics import PROTOCOL_HELP, PROTOCOLS, ProtocolName

PACES: dict[str, float | None] = {
    "Full speed": None,
    "100 steps/s": 100,
    "20 steps/s": 20,
    "5 steps/s": 5,
    "1 step/s": 1,
}
PRESENT_SCALE = 1.35
"""How much bigger type is in Present mode."""

DESCRIBE_SECONDS = 1.0
"""How often the panels' descriptions for screen readers follow a live run."""

LAST_RUN = "last.lwfrun"

LOG_HEIGHT = 130
"""Pixels of the log when it first appears; the user can pull it higher."""


class Window(QMainWindow):
    """The window of one session."""

    painted = Signal()
    """Once, after the first paint: heavy work may begin, `complete` first."""

    def __init__(self, session: Session, preferences: QSettings) -> None:
        super().__init__()
        self.session = session
        self.protocol: ProtocolName = "task_aware"
        self.actions_by_id: dict[str, QAction] = {}
        self._preferences = preferences
        self._base_points = QApplication.font().pointSizeF()
        self._scale = min(2.0, max(0.7, float(str(preferences.value("scale", 1.0)))))
        chosen = str(preferences.value("theme", "system"))
        self.theme_name: theme.ThemeName = next((name for name in theme.THEMES if name == chosen), "system")
        self._was_painted = False
        self._described = 0.0
        self.setWindowTitle("LwF Lab: Learning without Forgetting, live")
        self.resize(1280, 720)
        self._set_type_size()
        self.banner, self.plots, self.cards, self.classes = Banner(), Plots(), Cards(), ClassBars()
        self.recipe = RecipePanel(session)
        self.log = QPlainTextEdit()
        self._panels = (self.plots, self.cards, self.classes)
        self._make_actions()
        self._lay_out()
        self.apply_theme()
        self._connect()
        self._show_record()
        self._follow_state()

    # What the actions do; the table in `actions` names these methods.

    def run_or_pause(self) -> None:
        """Start, pause or resume."""
        self.session.run_or_pause()

    def step(self) -> None:
        """Train one step."""
        self.session.step()

    def stop(self) -> None:
        """End the run."""
        self.session.stop()

    def reset(self) -> None:
        """Rewind to the moment after surgery."""
        self.session.reset()

    def switch_protocol(self) -> None:
        """Go to the other protocol."""
        names = list(PROTOCOLS)
        self.set_protocol(names[(names.index(self.protocol) + 1) % len(names)])

    def set_protocol(self, protocol: ProtocolName) -> None:
        """Show all figures under a protocol."""
        self.protocol = protocol
        for name, button in self._protocol_buttons.items():
            button.setChecked(name == protocol)
        self.refresh()

    def show_settings(self) -> None:
        """Show or hide the recipe panel."""
        self.recipe.setVisible(self.actions_by_id["settings"].isChecked())

    def show_log(self) -> None:
        """Show or hide the log."""
        self._log_dock.setVisible(self.actions_by_id["log"].isChecked())

    def present(self) -> None:
        """Enter or leave Present mode."""
        presenting = self.actions_by_id["present"].isChecked()
        for part in (self.menuBar(), self._choices):
            part.setVisible(not presenting)
        self.recipe.setVisible(not presenting and self.actions_by_id["settings"].isChecked())
        (self.showFullScreen if presenting else self.showNormal)()
        self._set_type_size()
        self.apply_theme()

    def next_theme(self) -> None:
        """Go to the next of system, light and dark."""
        names = theme.THEMES
        self.set_theme(names[(names.index(self.theme_name) + 1) % len(names)])
        self.statusBar().showMessage(f"Theme: {self.theme_name}", 2000)

    def set_theme(self, name: theme.ThemeName) -> None:
        """Take a theme and remember it."""
        self.theme_name = name
        self._preferences.setValue("theme", name)
        self.apply_theme()

    def bigger_type(self) -> None:
        """Make all type bigger."""
        self._scale_type(1.1)

    def smaller_type(self) -> None:
        """Make all type smaller."""
        self._scale_type(1 / 1.1)

    def open_run(self) -> None:
        """Ask for a run file and show it."""
        name, _ = QFileDialog.getOpenFileName(self, "Open a recorded run", "", f"Runs (*{files.SUFFIX})")
        if name:
            self.open_file(Path(name))

    def open_file(self, path: Path) -> None:
        """Show a recorded run, or say why not."""
        if self.session.busy:
            self.banner.say("Stop the run before you open another one.")
            return
        try:
            self.session.show_record(files.load(path))
        except InputError as error:
            self.banner.say(str(error), error=True)

    def save_run(self) -> None:
        """Ask for a file name and save the run."""
        if self.session.record.task2 is None:
            self.banner.say("There is no run to save yet.")
            return
        name, _ = QFileDialog.getSaveFileName(self, "Save this run", f"run{files.SUFFIX}", f"Runs (*{files.SUFFIX})")
        if name:
            self._save(lambda: files.save(self.session.record, Path(name).with_suffix(files.SUFFIX)), name)

    def save_picture(self) -> None:
        """Ask for a file name and save a picture of the window."""
        name, _ = QFileDialog.getSaveFileName(self, "Save a picture of the window", "lwf-lab.png", "Pictures (*.png)")
        if name:
            self._save(lambda: self.write_picture(Path(name)), name)

    def write_picture(self, path: Path) -> None:
        """Write the window's contents as a PNG.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        self.complete()
        self.refresh()
        picture = self.grab()

        def write(part: Path) -> None:
            if not picture.save(str(part), "PNG"):
                raise OSError(f"{path} cannot be written")

        paths.write_atomically(path, write)

    def show_shortcuts(self) -> None:
        """List all keys, from the table of actions."""
        rows = "".join(
            f"<tr><td><b>{' or '.join(action.shortcuts)}</b>&nbsp;&nbsp;</td><td><b>{action.text}</b>: {action.help}"
            "</td></tr>"
            for action in ACTIONS
            if action.shortcuts
        )
        QMessageBox.information(self, "Keyboard shortcuts", f"<table cellspacing='4'>{rows}</table>")

    def show_about(self) -> None:
        """Say what this is."""
        QMessageBox.about(
            self,
            "About LwF Lab",
            f"<h3>LwF Lab {__version__}</h3><p>Catastrophic forgetting and Learning without Forgetting, live and side "
            "by side.</p><p>Z. Li and D. Hoiem, <i>Learning without Forgetting</i>, 2016.<br>G. Hinton, O. Vinyals and "
            "J. Dean, <i>Distilling the Knowledge in a Neural Network</i>, 2015.</p>",
        )

    # Painting

    def refresh(self) -> None:
        """Let every panel show what is new, and say it."""
        for panel in self._panels:
            panel.refresh(self.protocol)
        self._describe()

    def complete(self) -> None:
        """Make the plots: after the first paint, for they take longer than all the rest."""
        if not self.plots.made:
            self.plots.make()
            self.refresh()

    def _follow_rows(self, probes: bool) -> None:
        """Paint what grew; nothing while nobody can see it."""
        if self.isMinimized():
            return
        if probes:
            for panel in self._panels:
                panel.refresh(self.protocol)
        else:
            self.plots.refresh_losses()
        if time.monotonic() - self._described > DESCRIBE_SECONDS:
            self._describe()

    def _describe(self) -> None:
        """Let every panel say in words what it shows: at most once a second, for words are slow."""
        self._described = time.monotonic()
        for panel in self._panels:
            panel.describe()

    def changeEvent(self, event: QEvent) -> None:
        """Catch up when the window is shown again."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange and not self.isMinimized():
            self.refresh()

    def apply_theme(self) -> None:
        """Dress everything in the colours of the theme."""
        colours = theme.resolve(self.theme_name)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, colours)
        for panel in self._panels:
            panel.set_theme(colours)
        self.recipe.set_theme(colours)
        self._draw_icons(colours)
        self.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell once that the window is on the screen."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hide at once, stop the engine, then go."""
        self.hide()
        self.session.close()
        super().closeEvent(event)

    # Making the window

    def _make_actions(self) -> None:
        for spec in ACTIONS:
            action = QAction(spec.text, self)
            action.setShortcuts([QKeySequence(keys) for keys in spec.shortcuts])
            action.setCheckable(spec.checkable)
            keys = f" ({', '.join(spec.shortcuts)})" if spec.shortcuts else ""
            action.setToolTip(f"<p>{spec.help}{keys}</p>")
            action.setStatusTip("")
            slot: Callable[[], object] = getattr(self, spec.slot)
            action.triggered.connect(lambda _checked=False, slot=slot: slot())
            self.actions_by_id[spec.id] = action
            self.addAction(action)
        for menu in dict.fromkeys(spec.menu for spec in ACTIONS):
            bar = self.menuBar().addMenu(menu)
            bar.addActions([self.actions_by_id[spec.id] for spec in ACTIONS if spec.menu == menu])
        self.actions_by_id["settings"].setChecked(True)
        escape = QShortcut(QKeySequence("Esc"), self)
        escape.activated.connect(self._leave_present)

    def _lay_out(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(4, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.cards)
        column.addWidget(self.classes, 1)
        right.setMinimumWidth(330)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        for widget, stretch in ((self.recipe, 0), (self.plots, 5), (right, 3)):
            self.split.addWidget(widget)
            self.split.setStretchFactor(self.split.count() - 1, stretch)
            self.split.setCollapsible(self.split.count() - 1, False)
        self.recipe.setMinimumWidth(230)
        self.split.setSizes([250, 650, 380])
        self.plots.setContentsMargins(4, 8, 4, 8)
        body = QWidget()
        stack = QVBoxLayout(body)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        stack.addWidget(self._action_bar())
        stack.addWidget(self.banner)
        stack.addWidget(self.split, 1)
        self.setCentralWidget(body)
        self.setStatusBar(StatusLine(self.session))
        self.log.setReadOnly(True)
        self.log.setMaximumBlockCount(5000)
        self.log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.log.setAccessibleName("Log: the lines that the notebook prints")
        self.log.setPlaceholderText("With train.log = notebook, the lines that the notebook prints appear here.")
        self._log_dock = QDockWidget("Log", self)
        self._log_dock.setObjectName("log")
        self._log_dock.setWidget(self.log)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self._log_dock)
        self.resizeDocks([self._log_dock], [LOG_HEIGHT], Qt.Orientation.Vertical)
        self._log_dock.hide()
        self._log_dock.visibilityChanged.connect(self.actions_by_id["log"].setChecked)

    def _action_bar(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(8, 5, 8, 5)
        row.setSpacing(4)
        buttons = {spec.id: self._button(spec) for spec in ACTIONS if spec.in_bar}
        for name in ("run", "step", "stop", "reset"):
            row.addWidget(buttons[name])
        row.addSpacing(12)
        self._choices = QWidget()  # of what to run: nothing to choose while presenting
        choices = QHBoxLayout(self._choices)
        choices.setContentsMargins(0, 0, 0, 0)
        choices.setSpacing(4)
        row.addWidget(self._choices)
        self.preset_box = self._choice("Preset", list(preset_names()), "Preset: a complete recipe.", choices)
        self.preset_box.activated.connect(lambda _index: self._choose_preset(self.preset_box.currentText()))
        for index, name in enumerate(preset_names()):
            self.preset_box.setItemData(index, load_preset(name).about, Qt.ItemDataRole.ToolTipRole)
        self.data_box = self._choice("Data", ["auto", "fashion-mnist", "digits", "folder..."], "Which images.", choices)
        self.data_box.activated.connect(lambda _index: self._choose_data(self.data_box.currentText()))
        self.pace_box = self._choice("Speed", list(PACES), "Slow training down to follow it by eye.", choices)
        self.pace_box.activated.connect(lambda _index: self.session.set_pace(PACES[self.pace_box.currentText()]))
        row.addStretch(1)
        self._protocol_buttons: dict[ProtocolName, QToolButton] = {}
        for protocol, label in PROTOCOLS.items():
            button = QToolButton()
            button.setObjectName("segment")
            button.setText(label.capitalize())
            button.setCheckable(True)
            button.setChecked(protocol == self.protocol)
            button.setToolTip(f"<p>{PROTOCOL_HELP[protocol]} (P)</p>")
            button.clicked.connect(lambda _checked=False, protocol=protocol: self.set_protocol(protocol))
            self._keep_space(button)
            self._protocol_buttons[protocol] = button
            row.addWidget(button)
        row.addSpacing(12)
        row.addWidget(buttons["present"])
        return bar

    def _button(self, spec: Action) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self.actions_by_id[spec.id])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setAccessibleName(spec.text)
        button.setAccessibleDescription(spec.help)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if spec.id == "run":
            button.setObjectName("primary")
        return button

    def _choice(self, name: str, items: list[str], text: str, row: QHBoxLayout) -> QComboBox:
        label, box = QLabel(name), QComboBox()
        box.addItems(items)
        box.setAccessibleName(name)
        box.setToolTip(f"<p>{text}</p>")
        box.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        label.setBuddy(box)
        self._keep_space(box)
        row.addWidget(label)
        row.addWidget(box)
        row.addSpacing(8)
        return box

    def _keep_space(self, widget: QWidget) -> None:
        widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        widget.installEventFilter(SpaceGuard(widget))

    def _draw_icons(self, colours: theme.Theme) -> None:
        running = self.session.state is State.RUNNING
        for spec in ACTIONS:
            if spec.icon:
                name = "pause" if spec.id == "run" and running else spec.icon
                action = self.actions_by_id[spec.id]
                action.setIcon(theme.icon(name, colours, on_accent=spec.id == "run" or action.isChecked()))

    # Following the session

    def _connect(self) -> None:
        session = self.session
        session.stateChanged.connect(self._follow_state)
        session.recordChanged.connect(self._show_record)
        session.rowsArrived.connect(self._follow_rows)
        session.recipeChanged.connect(self._follow_recipe)
        session.logArrived.connect(self.log.appendPlainText)
        session.noticed.connect(self.banner.say)
        session.failed.connect(self._show_failure)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._follow_desktop)
        self._follow_recipe()

    def _follow_desktop(self) -> None:
        if self.theme_name == "system":
            self.apply_theme()

    def _follow_state(self) -> None:
        state = self.session.state
        run = self.actions_by_id["run"]
        run.setText({State.RUNNING: "Pause", State.PAUSED: "Resume"}.get(state, "Run"))
        idle_or_training = state not in (State.STOPPING, State.FETCHING)
        run.setEnabled(idle_or_training)
        self.actions_by_id["step"].setEnabled(idle_or_training)
        self.actions_by_id["stop"].setEnabled(self.session.busy and state is not State.STOPPING)
        self.actions_by_id["reset"].setEnabled(state is not State.FETCHING)
        self._describe()
        self._draw_icons(theme.resolve(self.theme_name))

    def _follow_recipe(self) -> None:
        index = self.preset_box.findText(self.session.preset)
        self.preset_box.setCurrentIndex(index)
        spec = self.session.recipe.data.dataset
        index = self.data_box.findText(spec)
        self.data_box.setCurrentIndex(index if index >= 0 else self.data_box.count() - 1)
        self.data_box.setToolTip(f"<p>Which images. Now: {spec}</p>")

    def _show_record(self) -> None:
        record = self.session.record
        self.plots.show_record(record)
        self.cards.show_record(record, self.session.recipe.learners)
        self.classes.show_record(record)
        self.log.setPlainText("\n".join(record.log))
        if self.session.recipe.train.log == "notebook" and self.session.busy:
            self._log_dock.show()
        if record.data is not None and record.data.note and self.session.busy:
            self._offer_data(record.data.note)
        self.refresh()

    def _offer_data(self, note: str) -> None:
        self.banner.say(
            f"{note} On Debian the package {paths.DEBIAN_PACKAGE} brings the real data.",
            (
                ("Download", self.session.fetch_data),
                ("Choose folder...", self._choose_folder),
                ("Stay with the digits", lambda: None),
            ),
        )

    def _show_failure(self, cause: str, details: str) -> None:
        choices: list[tuple[str, Callable[[], object]]] = []
        if details:
            choices = [
                ("Details...", lambda: self._show_details(cause, details)),
                ("Copy", lambda: QGuiApplication.clipboard().setText(details)),
            ]
        self.banner.say(cause, choices, error=True, closes=False)

    def _show_details(self, cause: str, details: str) -> None:
        box = QMessageBox(QMessageBox.Icon.Warning, "What went wrong", cause, QMessageBox.StandardButton.Close, self)
        box.setDetailedText(details)
        box.exec()

    # What the user chooses

    def _choose_preset(self, name: str) -> None:
        data = self.session.recipe.data.dataset
        recipe = load_preset(name).recipe
        if recipe.data.dataset == "auto" and data not in ("auto", "digits"):
            recipe = recipe.with_settings({"data.dataset": data})  # the user's folder goes with every preset
        self.session.set_recipe(recipe, name)

    def _choose_data(self, name: str) -> None:
        if name == "folder...":
            self._choose_folder()
        else:
            self.session.use_data(name)

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Choose a folder with IDX files")
        if folder:
            paths.remember_user_data_dir(Path(folder))
            self.session.use_data(folder)
        self._follow_recipe()

    def _scale_type(self, factor: float) -> None:
        self._scale = min(2.0, max(0.7, self._scale * factor))
        self._preferences.setValue("scale", self._scale)
        self._set_type_size()
        self.apply_theme()

    def _set_type_size(self) -> None:
        present = self.actions_by_id.get("present")
        factor = PRESENT_SCALE if present is not None and present.isChecked() else 1.0
        font = QApplication.font()
        font.setPointSizeF(self._base_points * self._scale * factor)
        QApplication.setFont(font)

    def _leave_present(self) -> None:
        if self.actions_by_id["present"].isChecked():
            self.actions_by_id["present"].trigger()

    def _save(self, write: Callable[[], object], name: str) -> None:
        try:
            write()
        except OSError as error:
            self.banner.say(f"{name} was not written: {error.strerror or error}.", error=True)
        else:
            self.statusBar().showMessage(f"Saved {name}", 4000)
