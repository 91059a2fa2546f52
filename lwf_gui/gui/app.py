"""The application around the window: start, first paint, crash traces, and the options of the command line."""

from __future__ import annotations

import faulthandler
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from lwf_gui import InputError, __version__, paths
from lwf_gui.gui.session import Engine, Session
from lwf_gui.gui.theme import ThemeName
from lwf_gui.gui.window import LAST_RUN, Window
from lwf_gui.protocol import Failed, Finished
from lwf_gui.recipe import Recipe
from lwf_gui.runs import files
from lwf_gui.runs.record import Record

BUNDLED_RUN = "runs/classroom.lwfrun"
SWITCH_SECONDS = 0.0005
"""How soon the engine's threads hand the interpreter over when the window wants it."""

SETTLE_MS = 300
"""Between the end of a run and its picture: time for the last paint."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for beside the recipe."""

    preset: str
    chosen: bool = True
    """Whether the recipe was asked for; else a run that is shown brings its own."""
    record: Record | None = None
    """A recorded run to show."""
    autorun: bool = False
    present: bool = False
    screenshot: Path | None = None
    exit_after_run: bool = False
    theme: ThemeName | None = None
    size: tuple[int, int] | None = None
    started: float = 0.0
    """Seconds since the epoch when the process began, or 0: do not tell when the first paint was."""


def run(engine: Engine, recipe: Recipe, options: Options) -> int:
    """Show the window until it is closed; return the exit code: 1 if the last run failed, 2 on bad input."""
    sys.setswitchinterval(SWITCH_SECONDS)
    app = _application()
    window = make_window(engine, recipe, options)
    crash = _CrashTrace()
    if crash.earlier:
        text = crash.earlier
        window.banner.say(
            "The program ended unexpectedly last time.", (("Copy the trace", lambda: _copy(text)),), error=True
        )
    code = [0]

    def after_run() -> None:
        terminal = window.session.record.terminal
        if isinstance(terminal, Finished):
            _remember(window.session)
        code[0] = 0
        if isinstance(terminal, Failed):
            code[0] = 2 if terminal.bad_input else 1
            if options.exit_after_run:  # nobody will read the banner
                _complain(terminal.cause)
        if options.screenshot or options.exit_after_run:
            QTimer.singleShot(SETTLE_MS, finish)

    def finish() -> None:
        if options.screenshot:
            try:
                window.write_picture(options.screenshot)
            except OSError as error:
                _complain(f"--screenshot: {error}")
                code[0] = 2
        if options.exit_after_run:
            window.close()

    window.session.after_run = after_run
    window.painted.connect(lambda: _after_first_paint(window, options, finish))
    _close_on_signals(app, window)
    window.show()
    app.exec()
    crash.close()
    return code[0]


def make_window(engine: Engine, recipe: Recipe, options: Options) -> Window:
    """Return the window with something meaningful in it: the run file, the last run, or the bundled one."""
    session = Session(engine, recipe, options.preset)
    preferences = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "lwf-gui", "window")
    window = Window(session, preferences)
    session.setParent(window)
    if options.theme is not None:
        window.theme_name = options.theme
        window.apply_theme()
    if options.size is not None:
        window.resize(*options.size)
    if options.record is not None:
        session.show_record(options.record, choose=not options.chosen)
    elif not options.autorun:
        _show_an_earlier_run(session, choose=not options.chosen)
    if options.present:
        window.actions_by_id["present"].trigger()
    return window


def _application() -> QApplication:
    app = QApplication.instance() or QApplication(["lwf-gui"])
    assert isinstance(app, QApplication)
    app.setApplicationName("LwF Lab")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("lwf-gui")
    app.setStyle("Fusion")
    app.setWindowIcon(QIcon(str(paths.resources() / "icons" / "lwf-gui.svg")))
    return app


def _show_an_earlier_run(session: Session, *, choose: bool) -> None:
    for path in (paths.state_dir() / LAST_RUN, paths.resources() / BUNDLED_RUN):
        if path.is_file():
            try:
                session.show_record(files.load(path), choose=choose and path.name == LAST_RUN)
            except InputError:
                continue  # of another version, or cut short: the next one will do
            return


def _remember(session: Session) -> None:
    """Keep the finished run for the next start; without room for it the next start shows another."""
    try:
        files.save(session.record, paths.state_dir() / LAST_RUN)
    except OSError as error:
        session.noticed.emit(f"The run was not kept for the next start: {error}.")


def _after_first_paint(window: Window, options: Options, finish: object) -> None:
    if options.started:
        _tell_time("first paint", options.started)
        window.session.engineReady.connect(lambda: _tell_time("ready to train", options.started))
    window.complete()
    window.session.start_engine()
    if options.autorun:
        window.session.run_or_pause()
    elif options.screenshot or options.exit_after_run:  # a picture of what is shown, without a run
        QTimer.singleShot(SETTLE_MS, finish)  # type: ignore[call-overload]
    elif not options.present:  # who presents at the first start has an audience
        window.greet()


def _close_on_signals(app: QApplication, window: Window) -> None:
    """Let Ctrl+C and a polite kill close the window as a click would."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.close())
    tick = QTimer(app)
    tick.timeout.connect(lambda: None)  # Python handles signals only while Python code runs
    tick.start(200)


def _tell_time(what: str, started: float) -> None:
    sys.stderr.write(f"{what} {time.time() - started:.2f} s after the start\n")
    sys.stderr.flush()


def _complain(sentence: str) -> None:
    sys.stderr.write(f"lwf-gui: {sentence}\n")


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


class _CrashTrace:
    """A file that gets the stack if the process dies; what an earlier process left there is shown once."""

    def __init__(self) -> None:
        self.earlier = ""
        self._file = None
        path = paths.state_dir() / "crash.txt"
        try:
            if path.is_file():
                self.earlier = path.read_text("utf-8", errors="replace").strip()
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8")
            faulthandler.enable(self._file)
        except OSError:
            pass  # no place for it: the trace goes to the terminal as usual

    def close(self) -> None:
        """Leave nothing behind: the program ends well."""
        if self._file is not None:
            faulthandler.disable()
            self._file.close()
            Path(self._file.name).unlink(missing_ok=True)
