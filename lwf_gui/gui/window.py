"""The main window: what its actions do, where its parts stand, and how they follow the session.

It passes events on and holds the look that all panels share; panels and actions come from their tables.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args
from weakref import WeakKeyDictionary

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QFontDatabase,
    QFontMetrics,
    QGuiApplication,
    QKeySequence,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDockWidget,
    QFileDialog,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QMenuBar,
    QMessageBox,
    QPlainTextEdit,
    QSizePolicy,
    QTabWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from lwf_gui import InputError, __version__, lessons, paths, untrusted
from lwf_gui.documents import files
from lwf_gui.gui import theme
from lwf_gui.gui.actions import ACTIONS, Menu
from lwf_gui.gui.layout.docks import Docks, Form
from lwf_gui.gui.layout.placing import Placing
from lwf_gui.gui.layout.room import Room
from lwf_gui.gui.panels.cards import Cards
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.plots import AccuracyPanel, PlotPanel, Plots
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.preferences import LEAST_SCALE, MOST_SCALE, Mode, Preferences
from lwf_gui.gui.session import Session, State
from lwf_gui.gui.teaching.bar import LessonBar
from lwf_gui.gui.teaching.blank import Blank
from lwf_gui.gui.teaching.course import Teaching
from lwf_gui.gui.teaching.prediction import Prediction
from lwf_gui.gui.teaching.tour import Tour
from lwf_gui.gui.time.fork import ForkDialog
from lwf_gui.gui.time.timeline import FAR, Timeline
from lwf_gui.gui.widgets.action_bar import ActionBar
from lwf_gui.gui.widgets.banner import Banner, Cause
from lwf_gui.gui.widgets.dialogs import FileDialogs
from lwf_gui.gui.widgets.fields import commit_focused
from lwf_gui.gui.widgets.focus import go_on_from_left_field, tab_to_what_is_seen
from lwf_gui.gui.widgets.next_note import NextNote
from lwf_gui.gui.widgets.recipe import RecipePanel
from lwf_gui.gui.widgets.shortcuts import ShortcutSheet
from lwf_gui.gui.widgets.status import StatusLine
from lwf_gui.lessons import Lesson
from lwf_gui.messages import DataReady
from lwf_gui.recipe import load_preset
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment
from lwf_gui.runs.sketch import Task

PRESENT_SCALE = 1.35
"""How much bigger type is in Present mode."""

PRESENT_LINES = 34
"""Lines of body text that the screen must hold, else Present mode makes type less big: a plot needs room, too."""

DESCRIBE_SECONDS = 1.0
"""How often the panels' descriptions for screen readers follow a live run."""

REST_MS = 200
"""How long the cursor must rest on the timeline before the panels say in words what they show."""

SETTLE_MS = 250
"""How long after the first paint, or a change of mode, docks take their remembered part of the window."""

TITLE = "LwF Lab: Learning without Forgetting, live"
"""Of a window whose run is in no file."""

LAST_RUN = "last.lwfrun"

LOSSES_SHARE = 0.42
"""Part of the width below the plot that the losses take where they stand alone."""

WIDE = 60
"""Widths of the area below the plot, in heights of a line of body text, from which panels stand side by side there."""

LOW = 24
"""Heights of the area between the bars, in lines of body text, below which all panels stand beside the plot."""

RECIPE_WIDTH = 250
"""Pixels of the recipe panel at first."""

RIGHT_SHARE, BELOW_SHARE = 0.31, 0.42
"""Parts of the window's width, and of the height between its bars, that the panels take at first."""

LEAST_BELOW = 9
"""Lines of body text that the panels below the plot take at least, with their heading."""

LEAST_PLOT, LOWEST_BELOW = 11, 7
"""Lines that the plot keeps where a lesson's page takes much room, and those to which the panels below it shrink."""


class Window(QMainWindow):
    """The window of one session."""

    painted = Signal()
    """Once, after the first paint: heavy work may begin, `complete` first."""

    _made = False
    """Whether all the parts are there: Qt sends events as soon as there is a window at all."""

    def __init__(self, session: Session, preferences: Preferences) -> None:
        points = _desktop_points()
        _take_points(points * preferences.scale)  # before there is a widget: those that there are do not all follow
        super().__init__()
        self.session = session
        self.selection = Selection(temperature=session.live_settings.temperature)
        self.actions_by_id: dict[str, QAction] = {}
        self._preferences = preferences
        self._files = FileDialogs(self, preferences.folder, preferences.keep_folder)
        self._base_points = points
        self._scale = preferences.scale
        self.theme_name: theme.ThemeName = preferences.theme
        self._was_painted = False
        self._told: set[str] = set()  # what was said of the data, which is said once
        self._slid = PANELS[0].key
        self._fresh = True
        """Whether the user has not shared the room out himself yet, in this mode."""
        self._form: Form = "narrow"
        self._described = 0.0
        self._soon = QTimer(self)  # words are slow: they follow once the cursor rests
        self._soon.setSingleShot(True)
        self._soon.setInterval(REST_MS)
        self._soon.timeout.connect(self._describe)
        self._settle_soon = QTimer(self)  # the desktop takes a while to give a full screen its size
        self._settle_soon.setSingleShot(True)
        self._settle_soon.setInterval(SETTLE_MS)
        self._file_names = WeakKeyDictionary[Record, str]()
        """Of runs that were opened, or saved as they are."""
        self._name_window()
        self._placing = Placing(self, preferences)
        self._placing.take_first_size()
        self._settle_soon.timeout.connect(self._settle)
        self.banner: Banner = Banner(self)
        self.accuracy: AccuracyPanel = AccuracyPanel()
        self.accuracy.setAccessibleName("Accuracy")
        self.cards: Cards = Cards()
        self.plots = Plots(self.accuracy)
        self.recipe: RecipePanel = RecipePanel(session)
        self.status = StatusLine(session)
        self.log = QPlainTextEdit()
        self._make_actions()
        self.docks = Docks(self, lambda asked: self.look_at(**asked))
        self.docks.made = self._link_plot
        self.bar: ActionBar = ActionBar(self.actions_by_id)
        self.lesson_bar = LessonBar(page_keys=False)
        self.next_note = NextNote(session, self.lesson_bar)
        self.teaching: Teaching = Teaching(self)
        self._spoken_of = (session.record, session.busy)
        """The run that messages are about, and whether it was under way."""
        self._chosen_data = session.recipe.data.dataset
        self._locked = False
        """Whether a lesson has locked controls."""
        self._prediction: Prediction | None = None
        self._to_predict = ""
        self.room = Room(self.docks, self.cards, self._height_between_bars)
        self._share_soon = QTimer(self)  # once a caption or a banner has taken its place
        self._share_soon.setSingleShot(True)
        self._share_soon.timeout.connect(self._arrange)
        self.timeline: Timeline = Timeline(*(self.actions_by_id[name] for name in ("play", "live", "fork")))
        self._lay_out()
        self._made = True
        self.apply_theme()
        self._connect()
        self._show_record()
        self._follow_state()
        self._placing.restore_geometry()
        self._restore_layout("window")
        if preferences.died_restoring:
            self.banner.say(
                "The program ended last time while it put the window back as you had left it; so that it starts, the "
                "window is now as it was at first.",
                cause=Cause.START,
            )

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

    def skip(self) -> None:
        """Train the old task at full speed and wait at the surgery."""
        self.session.skip()

    def reset(self) -> None:
        """Rewind to the moment after surgery."""
        self.session.reset()

    def undo(self) -> None:
        """Take the last change of a setting back."""
        self.session.undo()

    def redo(self) -> None:
        """Make a change again."""
        self.session.redo()

    def go_back(self) -> None:
        """Look at the probe before."""
        self.timeline.go_by(-1)

    def go_forward(self) -> None:
        """Look at the next probe."""
        self.timeline.go_by(1)

    def go_far_back(self) -> None:
        """Look at a probe long before."""
        self.timeline.go_by(-FAR)

    def go_far_forward(self) -> None:
        """Look at a probe long after."""
        self.timeline.go_by(FAR)

    def play(self) -> None:
        """Play the run back, or stop."""
        self.timeline.play_or_stop()

    def live(self) -> None:
        """Follow the run."""
        self.timeline.stop()
        self.look_at(step=None)
        self.timeline.refresh(self.selection)  # a recorded run is not live, whatever was pressed

    def fork(self) -> None:
        """Ask with which settings to continue from the step that is looked at, and do so."""
        record, at = self.session.record, moment(self.session.record, self.selection.step)
        if at is None or at.track is not record.incremental or record.data is None:
            self.banner.say("A fork continues from a step of task 2: go there on the timeline first.")
            return
        step = at.step
        if step >= at.track.started.steps:
            self.banner.say("After the last step there is nothing left to train: go back on the timeline, then fork.")
            return
        session = self.session
        question = ForkDialog(step, record, self, kept=session.keeps_states)

        def follow() -> None:
            """Say it anew: the run goes on, and may end, while the question is open."""
            question.say_what_it_costs(kept=session.keeps_states)

        for signal in (session.rowsArrived, session.stateChanged):
            signal.connect(follow)
        if question.exec() == QDialog.DialogCode.Accepted:
            self.session.fork(step, question.values, question.learner)
        for signal in (session.rowsArrived, session.stateChanged):
            signal.disconnect(follow)
        question.deleteLater()

    def show_panel(self, key: str) -> None:
        """Bring a panel to the front."""
        self._slid = key
        self.room.want(key)

    def close_panel(self) -> None:
        """Close the panel that was brought to the front last."""
        self.docks.by_key[self._slid].close()

    def tear_off_panel(self) -> None:
        """Give the panel that was brought to the front last a window of its own, or put it back."""
        self.docks.by_key[self._slid].tear_off()

    def restore_panels(self) -> None:
        """Put every panel where it was at first."""
        self._form, self._fresh = self._fitting_form(), True
        with self.room.undone():
            self._place_docks()

    def take_size(self, width: int, height: int) -> None:
        """Take a size that was asked for."""
        self._placing.take_size(width, height)

    def reset_window(self) -> None:
        """Ask, then forget all that is remembered of the window, and let it be as it was at first; the run stays."""
        answers = QMessageBox.StandardButton
        question = "Shall the window, its panels, theme and type be as they were at first? Run and recipe stay."
        asked = QMessageBox.question(self, "Reset window", question, answers.Reset | answers.Cancel)
        if asked is not answers.Reset:
            return
        try:
            self._preferences.reset()
        except OSError as error:
            self.banner.say(f"The settings were not forgotten: {error}.", error=True, cause=Cause.FILE)
        self._leave_present()
        self._scale, self.theme_name = self._preferences.scale, self._preferences.theme
        self._set_type_size()
        self.apply_theme()
        self._placing.take_first_size()
        self.restore_panels()

    def next_slide(self) -> None:
        """Go to the next step of the lesson, else to the next panel of the table."""
        if self.lesson_bar.isVisible():
            self.lesson_bar.next_button.click()
        else:
            self._slide(1)

    def previous_slide(self) -> None:
        """Go to the step of the lesson before, else to the panel before."""
        if self.lesson_bar.isVisible():
            self.lesson_bar.back_button.click()
        else:
            self._slide(-1)

    def choose_lesson(self) -> None:
        """List the lessons; say what is wrong with those that cannot be read."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        good, bad = lessons.available()
        self.teaching.offer(menu)
        for lesson in good.values():
            action = menu.addAction(f"{lesson.title} ({lesson.minutes:g} min)")
            action.setToolTip(tooltip(lesson.about))
            action.triggered.connect(lambda _checked=False, lesson=lesson: self.teach(lesson))
        menu.addSeparator()
        menu.addAction("Open a lesson file...", self._open_lesson)
        if bad:
            self.banner.say(" ".join(bad), error=True, cause=Cause.LESSON)
        menu.aboutToHide.connect(menu.deleteLater)
        button = self.bar.buttons["lessons"]
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def teach(self, lesson: Lesson) -> None:
        """Show a lesson from its beginning; the user's own run and settings come back when it is over."""
        self.banner.settle(Cause.LESSON, Cause.RUN, Cause.FILE, Cause.START, Cause.ASKED)
        self.teaching.begin(lesson)

    def _open_lesson(self) -> None:
        path = self._files.ask_open("Open a lesson", ".toml", "Lessons")
        if path is not None:
            try:
                self.teach(lessons.load_lesson(path))
            except InputError as error:
                self.banner.say(str(error), error=True, cause=Cause.LESSON)

    def _end_lesson(self) -> None:
        self.close_prediction()
        self.room.teach(None)

    def ask_prediction(self) -> None:
        """Begin a run that waits at the surgery, then let the audience draw the first learner's curve."""
        learner = self.session.recipe.names[0]
        track = self.session.record.incremental
        if self.session.state is State.PAUSED and track is not None and track.steps == 0:
            self.predict(learner, "old")
            return
        self.session.reset()
        self._to_predict = learner
        self.session.run_to(0)

    def predict(self, learner: str, task: Task) -> None:
        """Let the audience draw a curve of the run, whose rest is then shown as it comes."""
        self.close_prediction()
        self.look_at(step=None)
        self._prediction = Prediction(self.plots.accuracy, learner, task)
        self.room.draw(True)
        self._prediction.drawn.connect(lambda: self.room.draw(False))
        self._prediction.closed.connect(self._forget_prediction)
        self.refresh()

    def close_prediction(self) -> None:
        """Take a prediction away, if there is one."""
        if self._prediction is not None:
            self._prediction.close_sketch()

    def _settle_prediction(self) -> None:
        """Take a sketch as it is when the lesson goes on; what nobody has drawn is given up."""
        if self._prediction is not None and self._prediction.stage == "drawing":
            if self._prediction.sketch.empty:
                self._prediction.close_sketch()
            else:
                self._prediction.finish()

    def _forget_prediction(self) -> None:
        self._prediction = None

    def greet(self) -> None:
        """Begin the tour if this is the first start."""
        if not self._preferences.toured:
            self._preferences.toured = True
            self.start_tour()

    def start_tour(self) -> None:
        """Go through the parts of the window."""
        Tour(self).start()

    def _slide(self, by: int) -> None:
        """Bring the panel after, or before, the one that was brought last."""
        keys = list(self.docks.by_key)
        self.show_panel(keys[(keys.index(self._slid) + by) % len(keys)])

    def blank(self) -> None:
        """Make the window black until the next key or click."""
        Blank(self)

    def show_whole_run(self) -> None:
        """Show all steps in the plots again."""
        self.plots.show_whole()

    def switch_protocol(self) -> None:
        """Go to the other protocol."""
        names = list(PROTOCOLS)
        self.look_at(protocol=names[(names.index(self.selection.protocol) + 1) % len(names)])

    def look_at(self, **changes: Any) -> None:
        """Look elsewhere: at another step, image, protocol or term; every panel follows."""
        selection = replace(self.selection, **changes)
        before, self.selection = self.selection, selection
        if selection == before:
            return
        if selection.term != before.term:
            self.recipe.point_at(selection.term)
        if selection.step != before.step:
            self.banner.settle(Cause.ASKED)
        self.bar.show_protocol(selection.protocol)
        self.status.look_at(selection.step)
        self._paint()
        self._soon.start()

    def show_settings(self) -> None:
        """Show or hide the recipe panel."""
        self._recipe_dock.setVisible(self.actions_by_id["settings"].isChecked())

    def show_log(self) -> None:
        """Show or hide the log."""
        shown = self.actions_by_id["log"].isChecked()  # not behind another tab either
        self._log_dock.setVisible(shown)
        if shown:
            self._log_dock.raise_()

    def present(self) -> None:
        """Enter or leave Present mode; each has a layout of its own."""
        presenting = self.actions_by_id["present"].isChecked()
        self._keep_layout(_mode(not presenting))
        with self.room.undone():
            for part in (self._menu_row, self.bar.choices):
                part.setVisible(not presenting)
            full = Qt.WindowState.WindowFullScreen  # a maximised window comes back maximised
            self.setWindowState(self.windowState() | full if presenting else self.windowState() & ~full)
            self._set_type_size()
            self.apply_theme()
            if not self._restore_layout(_mode(presenting)) and presenting:
                self._recipe_dock.hide()
                self._fresh = True
        self._arrange()
        self._settle_soon.start()

    def next_theme(self) -> None:
        """Go to the next theme."""
        names = theme.THEMES
        self.set_theme(names[(names.index(self.theme_name) + 1) % len(names)])
        self.status.say(f"Theme: {self.theme_name}")

    def set_theme(self, name: theme.ThemeName) -> None:
        """Take a theme and remember it."""
        self.theme_name = name
        self._preferences.theme = name
        self.apply_theme()

    def bigger_type(self) -> None:
        """Make all type bigger."""
        self._scale_type(1.1)

    def smaller_type(self) -> None:
        """Make all type smaller."""
        self._scale_type(1 / 1.1)

    def open_run(self) -> None:
        """Ask for a run file and show it."""
        path = self._files.ask_open("Open a recorded run", files.SUFFIX, "Runs")
        if path is not None:
            self.open_file(path)

    def open_file(self, path: Path) -> None:
        """Show a recorded run, or say why not."""
        if self.session.busy:
            self.banner.say("Stop the run before you open another one.")
            return
        try:
            record = files.load(path)
            self._file_names[record] = path.name
            self.session.show_record(record)
        except InputError as error:
            self.banner.say(str(error), error=True, cause=Cause.FILE)

    def save_run(self) -> None:
        """Ask for a file name and save the run."""
        if self.session.record.incremental is None:
            self.banner.say("There is no run to save yet.")
            return
        path = self._files.ask_save("Save this run", f"run{files.SUFFIX}", files.SUFFIX, "Runs")
        if path is not None:
            record = self.session.record
            if self._save(lambda: files.save(record, path), path) and not self.session.busy:  # else it grows on
                self._file_names[record] = path.name
                self._name_window()

    def save_picture(self) -> None:
        """Ask for a file name and save a picture of the window."""
        path = self._files.ask_save("Save a picture of the window", "lwf-lab.png", ".png", "Pictures")
        if path is not None:
            self._save(lambda: self.write_picture(path), path)

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
        """List all keys."""
        ShortcutSheet(self).open()

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
        self._paint()
        self._describe()

    def complete(self) -> None:
        """Make the plots: after the first paint, for they take longer than all the rest."""
        if not self.plots.made:
            self.plots.make()
            self.refresh()

    def _paint(self) -> None:
        self.accuracy.refresh(self.selection)
        self.cards.refresh(self.selection)
        self.docks.refresh(self.selection)
        self.timeline.follows = self.session.state is not State.RECORDED
        self.timeline.refresh(self.selection)

    def _follow_rows(self, probes: bool) -> None:
        """Paint what grew; nothing while nobody can see it."""
        if probes:
            self._enable_actions()
        if self.isMinimized():
            return
        if probes:
            self._paint()
            track = self.session.record.incremental
            if self._prediction is not None and track is not None and track.steps:
                self._prediction.reveal()
        else:
            self.docks.refresh(self.selection)
            if self.session.slow:
                self.timeline.refresh(self.selection)
        if time.monotonic() - self._described > DESCRIBE_SECONDS:
            self._describe()

    def _describe(self) -> None:
        """Let every panel say in words what it shows: at most once a second, for words are slow."""
        self._described = time.monotonic()
        for part in (self.accuracy, self.cards, self.docks, self.timeline):
            part.describe()

    def changeEvent(self, event: QEvent) -> None:
        """Catch up when the window is shown again."""
        super().changeEvent(event)
        if self._made and event.type() is QEvent.Type.WindowStateChange and not self.isMinimized():
            self.refresh()

    def apply_theme(self) -> None:
        """Dress everything in the colours of the theme."""
        colours = theme.resolve(self.theme_name)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, colours)
        for part in (self.accuracy, self.cards, self.docks, self.timeline, self.recipe, self.lesson_bar):
            part.set_theme(colours)
        self._draw_icons(colours)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room anew while the user has not."""
        super().resizeEvent(event)
        if not self._made:
            return
        if event.size().height() != event.oldSize().height():
            self.lesson_bar.follow_window()
        if self._fitting_form() == self._form:
            self._share_room()
        else:  # to place docks anew amid a layout of theirs ends the process
            self._share_soon.start()

    def event(self, event: QEvent) -> bool:
        """Leave the room as it is once the user has moved a border; fit the screen as soon as the parts let it."""
        if self._made and isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseButtonPress:
            self._fresh = self._fresh and self.childAt(event.position().toPoint()) is not None
        taken = super().event(event)
        if self._made and event.type() is QEvent.Type.LayoutRequest and self._placing.can_shrink():
            self._settle_soon.start()  # Qt lays out in several goes, and asked for more meanwhile
        return taken

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's name
        """Pass over what lies behind other panels."""
        go = super().focusNextPrevChild
        go_on_from_left_field(self)
        return tab_to_what_is_seen(self, lambda: go(forward))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell once that the window is on the screen."""
        super().paintEvent(event)
        if self._made and not self._was_painted:
            self._was_painted = True
            self._settle_soon.start()
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hide at once, stop the engine, then go."""
        if not self._made:
            return
        self.close_prediction()
        presenting = self.actions_by_id["present"].isChecked()
        self._keep_layout(_mode(presenting))
        if not presenting:
            self._placing.keep_geometry()
        self.timeline.stop()
        self.hide()
        self._soon.stop()
        self._settle_soon.stop()
        self.docks.rest()
        self.session.close()
        super().closeEvent(event)

    # Making the window

    def _make_actions(self) -> None:
        for spec in ACTIONS:
            action = QAction(spec.text, self)
            action.setShortcuts([QKeySequence(keys) for keys in spec.shortcuts])
            action.setCheckable(spec.checkable)
            action.setAutoRepeat(spec.repeats)
            keys = f" ({', '.join(spec.shortcuts)})" if spec.shortcuts else ""
            action.setToolTip(tooltip(f"{spec.help}{keys}"))
            action.setStatusTip("")
            slot: Callable[..., object] = getattr(self, spec.slot)
            given = (spec.argument,) if spec.argument else ()
            action.triggered.connect(commit_focused)
            action.triggered.connect(lambda _checked=False, slot=slot, given=given: slot(*given))
            self.actions_by_id[spec.id] = action
            self.addAction(action)
        self._menus = QMenuBar()
        self._menu_row = QWidget()
        for menu in get_args(Menu):
            bar = self._menus.addMenu("T&each" if menu == "Teach" else f"&{menu}")  # Alt+T is Time
            bar.addActions([self.actions_by_id[spec.id] for spec in ACTIONS if spec.menu == menu])
        self.actions_by_id["settings"].setChecked(True)
        escape = QShortcut(QKeySequence("Esc"), self)
        escape.activated.connect(self._leave_present)

    def _lay_out(self) -> None:
        self._top = top = _Top()
        stack = QVBoxLayout(top)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        row = QHBoxLayout(self._menu_row)
        row.setContentsMargins(0, 0, 8, 0)
        row.addWidget(self._menus)
        row.addWidget(self.next_note, 1)  # there is always room here: nothing moves when it comes
        for part in (self._menu_row, self.bar, self.lesson_bar):
            part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
            stack.addWidget(part)
        stack.addStretch(1)
        top.resized.connect(self._share_soon.start)
        self.setMenuWidget(top)
        self.setCentralWidget(self.accuracy)
        self.setStatusBar(self.status)
        self._bottom = bottom = QToolBar("Timeline")
        bottom.setObjectName("timeline")
        bottom.setMovable(False)
        bottom.addWidget(self.timeline)
        self.addToolBar(Qt.ToolBarArea.BottomToolBarArea, bottom)
        bottom.toggleViewAction().setVisible(False)
        self.log.setReadOnly(True)
        self.log.setMaximumBlockCount(5000)
        self.log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.log.setAccessibleName("Log: the lines that the notebook prints")
        self.log.setPlaceholderText("With train.log = notebook, the lines that the notebook prints appear here.")
        self._recipe_dock = self._dock("Recipe", "settings", self.recipe)
        self._cards_dock = self._dock("Old task", "cards", self.cards)
        self._log_dock = self._dock("Log", "log", self.log)
        self._place_docks()
        self.banner.over(self.accuracy, self.cards)

    def _link_plot(self, panel: Panel) -> None:
        if isinstance(panel, PlotPanel):
            self.plots.link(panel)

    def _dock(self, title: str, name: str, widget: QWidget) -> QDockWidget:
        """Return a dock for a part that is no panel of the table; an action of that name follows it."""
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setWidget(widget)
        dock.setTitleBarWidget(QWidget())  # these speak for themselves
        if name in self.actions_by_id:
            dock.visibilityChanged.connect(self.actions_by_id[name].setChecked)
        return dock

    def _place_docks(self) -> None:
        """Put every dock where it belongs at first."""
        areas = Qt.DockWidgetArea
        self.setDockNestingEnabled(True)
        self.setTabPosition(areas.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setCorner(Qt.Corner.BottomLeftCorner, areas.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, areas.RightDockWidgetArea)
        for dock, area in (
            (self._recipe_dock, areas.LeftDockWidgetArea),
            (self._cards_dock, areas.RightDockWidgetArea),
            (self._log_dock, areas.BottomDockWidgetArea),
        ):
            dock.setFloating(False)
            self.addDockWidget(area, dock)
            dock.setVisible(dock is not self._log_dock)
        self._place_panels()
        self._share_room()

    def _place_panels(self) -> None:
        self.docks.place(self._form)
        self.tabifyDockWidget(self.docks.by_key["weights"], self._log_dock)

    def _fitting_form(self) -> Form:
        line = theme.line_height()
        strip = 0 if self.lesson_bar.isHidden() else self.lesson_bar.height()  # it makes room for itself
        if self._height_between_bars() + strip - self._placing.excess() < LOW * line:
            return "low"
        beside = 0 if self._recipe_dock.isHidden() else RECIPE_WIDTH
        return "wide" if (1 - RIGHT_SHARE) * self.width() - beside >= WIDE * line else "narrow"

    def _settle(self) -> None:
        """Take the form that fits the size which the window has in the end."""
        self._placing.settle()
        self._arrange()

    def _is_laid_out_by_the_user(self) -> bool:
        return not self._fresh or not self.docks.stand_in(self._form)

    def _arrange(self) -> None:
        """Put panels beside, or behind, each other as there is room while the user has not laid them out; share it."""
        form = self._fitting_form()
        if form != self._form and not self._placing.unsettled and not self._is_laid_out_by_the_user():
            self._form = form
            with self.room.undone():
                hidden = [dock for dock in (*self.docks.by_key.values(), self._log_dock) if dock.isHidden()]
                self._place_panels()
                for dock in hidden:
                    dock.hide()
            self._settle_soon.start()
            if self.banner.isVisible():  # docks that are placed come on top
                self.banner.follow()
        self._share_room()

    def _height_between_bars(self) -> int:
        above = self._top.heightForWidth(self.width())
        return self.height() - above - self._bottom.sizeHint().height() - self.status.sizeHint().height()

    def _share_room(self) -> None:
        """Let give way what must; give the docks their first share of the window while the user has not."""
        self.room.share()
        if not self._fresh:
            return
        right, below = (self.docks.by_key[key] for key in ("classes", "losses"))
        widths = [RECIPE_WIDTH, round(RIGHT_SHARE * self.width())]
        self.resizeDocks([self._recipe_dock, right], widths, Qt.Orientation.Horizontal)
        lines = LEAST_BELOW * theme.line_height()
        between = self._height_between_bars()
        height = max(round(BELOW_SHARE * between), lines)
        if not self.lesson_bar.isHidden():
            height = min(height, max(between - LEAST_PLOT * theme.line_height(), LOWEST_BELOW * theme.line_height()))
        if self._form != "low":
            self.resizeDocks([below], [height], Qt.Orientation.Vertical)
        if self._form == "wide":
            beside, width = self.docks.by_key["equation"], self.accuracy.width()
            shares = [round(LOSSES_SHARE * width), round((1 - LOSSES_SHARE) * width)]
            self.resizeDocks([below, beside], shares, Qt.Orientation.Horizontal)

    def _keep_layout(self, mode: Mode) -> None:
        with self.room.undone():
            self._placing.keep(mode, "own" if self._is_laid_out_by_the_user() else self._form)

    def _restore_layout(self, mode: Mode) -> bool:
        """Put the docks where they were left in a mode; return whether there was anything to go by."""
        layout = self._placing.restore(mode)
        if layout is None:
            return False
        self._fresh = layout.form != "own"
        if layout.form != "own":
            self._form = layout.form
        return True

    def _draw_icons(self, colours: theme.Theme) -> None:
        running = self.session.state is State.RUNNING
        for spec in ACTIONS:
            if spec.icon:
                action = self.actions_by_id[spec.id]
                going = running if spec.id == "run" else spec.id == "play" and action.isChecked()
                name = "pause" if going else spec.icon
                action.setIcon(theme.icon(name, colours, on_accent=spec.id == "run" or action.isChecked()))

    # Following the session

    def _connect(self) -> None:
        session = self.session
        session.stateChanged.connect(self._follow_state)
        session.recordChanged.connect(self._show_record)
        session.rowsArrived.connect(self._follow_rows)
        session.recipeChanged.connect(self._follow_recipe)
        session.logArrived.connect(self.log.appendPlainText)
        self.actions_by_id["play"].toggled.connect(self._follow_playing)
        session.noticed.connect(lambda text: self.banner.say(text, cause=Cause.RUN))
        session.done.connect(self.status.say)
        self.recipe.refused.connect(lambda text: self.banner.say(text, cause=Cause.FIELD))
        session.failed.connect(lambda cause, details: self.show_fault(cause, details, Cause.RUN))
        session.engineFailed.connect(lambda cause, details: self.show_fault(cause, details, Cause.ENGINE))
        session.engineReady.connect(lambda: self.banner.settle(Cause.ENGINE))
        session.liveSettingsChanged.connect(lambda: self.look_at(temperature=session.live_settings.temperature))
        self.lesson_bar.next.connect(self._settle_prediction)
        self.teaching.ended.connect(self._end_lesson)
        self.timeline.asked.connect(lambda asked: self.look_at(**asked))
        self.accuracy.asked.connect(lambda asked: self.look_at(**asked))
        self.bar.presetChosen.connect(self._choose_preset)
        self.bar.data.chosen.connect(session.use_data)
        self.bar.data.folderWanted.connect(self._choose_folder)
        self.bar.data.forgotten.connect(session.forget_folder)
        self.bar.paceChosen.connect(session.set_pace)
        self.bar.protocolChosen.connect(lambda protocol: self.look_at(protocol=protocol))
        self.bar.show_protocol(self.selection.protocol)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._follow_desktop)
        self._follow_recipe()

    def _follow_desktop(self) -> None:
        if self.theme_name == "system":
            self.apply_theme()

    def _follow_state(self) -> None:
        state = self.session.state
        if state is State.PAUSED:
            self._paint()  # single steps bring no probe: all that counts steps must say where it stands
        if self._to_predict and state is State.PAUSED and self.session.record.incremental is not None:
            learner, self._to_predict = self._to_predict, ""
            self.predict(learner, "old")
        if state in (State.STOPPED, State.FAILED, State.FINISHED, State.RECORDED):
            self._to_predict = ""
        self._settle_messages()
        run = self.actions_by_id["run"]
        run.setText({State.RUNNING: "Pause", State.PAUSED: "Resume"}.get(state, "Run"))
        self._enable_actions()
        self._describe()
        self._draw_icons(theme.resolve(self.theme_name))

    def _follow_playing(self, _playing: bool) -> None:
        self._draw_icons(theme.resolve(self.theme_name))

    def _settle_messages(self) -> None:
        """Take away what was said of what is over: of another run, or from when another one was under way or none."""
        session, (record, busy) = self.session, self._spoken_of
        self._spoken_of = (session.record, session.busy)
        begins = session.busy and not busy
        if begins:
            self.banner.settle(Cause.START)
        if begins or session.record is not record:
            self.banner.settle(Cause.RUN, Cause.FILE)
        if session.record is not record or session.busy != busy:
            self.banner.settle(Cause.ASKED)

    def lock(self, fields: Sequence[str]) -> None:
        """Lock the controls of these live settings, as a lesson wants, and what would change them otherwise."""
        self._locked = bool(fields)
        self.recipe.lock(fields)
        self._enable_actions()

    def _enable_actions(self) -> None:
        """Enable what can be done now; what would change settings only if no lesson has locked some."""
        session, free = self.session, not self._locked
        ready = session.state not in (State.STOPPING, State.FETCHING)
        for name, enabled in (
            ("run", ready),
            ("step", ready),
            ("stop", session.busy and session.state is not State.STOPPING),
            ("reset", session.state is not State.FETCHING),
            ("undo", session.can_undo and free),
            ("redo", session.can_redo and free),
            ("fork", ready and free),
            ("skip", session.can_skip and free),
            ("predict", ready and free),
        ):
            self.actions_by_id[name].setEnabled(enabled)

    def _follow_recipe(self) -> None:
        self.banner.settle(Cause.FIELD)
        if self.session.recipe.data.dataset != self._chosen_data:
            self._chosen_data = self.session.recipe.data.dataset
            self.banner.settle(Cause.DATA)
        self.bar.show_choice(self.session.choice_text, self.session.recipe.data.dataset)
        self._enable_actions()

    def _show_record(self) -> None:
        record = self.session.record
        self._settle_messages()
        self._name_window()
        self.selection = replace(self.selection, step=None)
        self.status.look_at(None)
        for part in (self.accuracy, self.docks, self.timeline):
            part.show_record(record)
        self.accuracy.show_ghost(self.session.ghost)
        self.cards.show_record(record, self.session.recipe.names)
        self.log.setPlainText("\n".join(record.log))
        if self.session.recipe.train.log == "notebook" and self.session.busy:
            self._log_dock.show()
        if record.data is not None and record.data.note and self.session.busy:
            self._tell_of_data(record.data)
        self.refresh()

    def _name_window(self) -> None:
        """Name the file of the run that is shown, if it has one."""
        name = self._file_names.get(self.session.record, "")
        self.setWindowTitle(f"{untrusted.printable(name)} - LwF Lab" if name else TITLE)

    def _tell_of_data(self, data: DataReady) -> None:
        """Say once what one should know of the data, and offer the full set where it is not at hand."""
        if data.note in self._told:
            return
        self._told.add(data.note)
        offer = (("Download", self.session.fetch_data), ("Choose folder...", self._choose_folder))
        self.banner.say(data.note, offer if data.dataset == "fashion-mnist-part" else (), cause=Cause.DATA)

    def show_fault(self, cause: str, details: str, why: Cause = Cause.FAULT) -> None:
        """Say what went wrong; details are for those who can mend it."""
        choices: list[tuple[str, Callable[[], object]]] = []
        if details:
            choices = [
                ("Details...", lambda: self._show_details(cause, details)),
                ("Copy details", lambda: QGuiApplication.clipboard().setText(details)),
            ]
        self.banner.say(cause, choices, error=True, closes=False, cause=why)

    def _show_details(self, cause: str, details: str) -> None:
        box = QMessageBox(QMessageBox.Icon.Warning, "What went wrong", cause, QMessageBox.StandardButton.Close, self)
        box.setDetailedText(details)
        box.exec()

    # What the user chooses

    def _choose_preset(self, name: str) -> None:
        self.session.take_preset(load_preset(name).recipe, name)

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Choose a folder with IDX files")
        if folder:
            self.session.use_folder(folder)

    def _scale_type(self, factor: float) -> None:
        self._scale = min(MOST_SCALE, max(LEAST_SCALE, self._scale * factor))
        self._preferences.scale = self._scale
        self._set_type_size()
        self.apply_theme()
        self._arrange()

    def _set_type_size(self) -> None:
        present, scale, font = self.actions_by_id.get("present"), self._scale, QApplication.font()
        if present is not None and present.isChecked():
            font.setPointSizeF(self._base_points)
            most = self.screen().size().height() / (PRESENT_LINES * QFontMetrics(font).height())
            scale = max(scale, min(PRESENT_SCALE * scale, most))
        _take_points(self._base_points * scale)

    def _leave_present(self) -> None:
        if self.actions_by_id["present"].isChecked():
            self.actions_by_id["present"].trigger()
        elif self.lesson_bar.isVisible():
            self.status.say("Esc leaves Present mode; the lesson is left with ✕, or under Lessons (Ctrl+E)")

    def _save(self, write: Callable[[], object], path: Path) -> bool:
        """Write a file and say so, or why not; return whether it was written."""
        name = untrusted.printable(str(path))
        try:
            write()
        except OSError as error:
            self.banner.say(f"{name} was not written: {error.strerror or error}.", error=True, cause=Cause.FILE)
        else:
            self.banner.settle(Cause.FILE)
            self.status.say(f"Saved {name}")
            return True
        return False


class _Top(QWidget):
    """What stands above the docks."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell it: what stands below has more room, or less."""
        super().resizeEvent(event)
        self.resized.emit()

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Return the height at the width that there is: Qt asks for the least, where captions take twice the lines."""
        height = super().heightForWidth(max(width, self.width()))
        return height if height >= 0 else self.sizeHint().height()  # no text is there that could be wrapped

    def minimumSizeHint(self) -> QSize:
        """Return no more height than is needed, for the same reason."""
        size = super().minimumSizeHint()
        return size.boundedTo(QSize(size.width(), self.heightForWidth(size.width())))


def _desktop_points() -> float:
    """Return the size of type that the desktop gives, in points, however large the last window had it."""
    app = QApplication.instance()
    assert app is not None, "there is an application before there are windows"
    if app.property("points") is None:
        app.setProperty("points", QApplication.font().pointSizeF())
    return float(app.property("points"))


def _take_points(points: float) -> None:
    font = QApplication.font()
    font.setPointSizeF(points)
    QApplication.setFont(font)


def _mode(presenting: bool) -> Mode:
    return "present" if presenting else "window"
