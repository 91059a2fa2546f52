"""The application around the window: start, first paint, faults, and the options of the command line."""

from __future__ import annotations

import logging
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QWidget

from lwf_gui import InputError, __version__, paths
from lwf_gui.documents import files, history
from lwf_gui.gui.faults import caught
from lwf_gui.gui.keeping import LAST_RUN
from lwf_gui.gui.preferences import Preferences
from lwf_gui.gui.reading import told
from lwf_gui.gui.session import Engine, Session
from lwf_gui.gui.theme import ThemeName
from lwf_gui.gui.widgets.banner import Cause
from lwf_gui.gui.window import Window
from lwf_gui.messages import Failed, Finished, Stopped
from lwf_gui.reasons import reason
from lwf_gui.recipe import Recipe
from lwf_gui.runs.record import Record

_log = logging.getLogger(__name__)

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
    run_file: str = ""
    """The file that it is in."""
    others: tuple[tuple[str, Record], ...] = ()
    """More runs with their files, to be pinned beside it."""
    sweep: Path | None = None
    """The folder of a sweep to show."""
    problems: tuple[str, ...] = ()
    """Why other files that were named are not shown."""
    more_seeds: int = 0
    """How many more seeds are trained behind the run that is shown, or the first one."""
    autorun: bool = False
    present: bool = False
    screenshot: Path | None = None
    exit_after_run: bool = False
    theme: ThemeName | None = None
    size: tuple[int, int] | None = None
    started: float = 0.0
    """Seconds since the epoch when the process began, or 0: do not tell when the first paint was."""
    crashed: str = ""
    """What an earlier process left that ended unexpectedly."""


def run(engine: Engine, recipe: Recipe, options: Options) -> int:
    """Show the window until it is closed; return the exit code: 1 if the last run failed, 2 on bad input."""
    sys.setswitchinterval(SWITCH_SECONDS)
    app = _application()
    with caught() as faults, _Signals(app) as signals:
        window = make_window(engine, recipe, options)
        faults.show_in(window.announcements.show_fault)
        code = 128 + signals.came if signals.came else _show(app, window, options, signals)
        faults.show_in(None)
        return code


def _show(app: QApplication, window: Window, options: Options, signals: _Signals) -> int:
    """Show a window until it is closed; return the exit code."""
    text = options.crashed
    if text:
        window.banner.say(
            "The program ended unexpectedly last time.",
            (("Copy details", lambda: _copy(text)),),
            error=True,
            cause=Cause.START,
        )
    window.session.failed.connect(_log_failure)
    window.session.engineFailed.connect(_log_failure)
    window.session.noticed.connect(lambda said: _log.info("notice: %s", said))
    code = [0]

    def after_run() -> None:
        record, outcome = window.session.record, window.session.record.outcome
        if isinstance(outcome, Finished | Stopped) and not window.teaching.on:  # a lesson's run is none of the user's
            # once the window shows the end: a large run on a busy disk takes seconds
            QTimer.singleShot(SETTLE_MS, lambda: window.keeper.remember(record))
        code[0] = 0
        if isinstance(outcome, Failed):
            code[0] = 2 if outcome.bad_input else 1
            if options.exit_after_run:  # nobody will read the banner
                _complain(outcome.cause)
        if options.screenshot or options.exit_after_run:
            QTimer.singleShot(SETTLE_MS, finish)

    def finish(stand: bool = False) -> None:
        if window.seeds.going:
            QTimer.singleShot(SETTLE_MS, finish)
            return
        if not stand:  # no picture of docks on their way to their places: Qt lays them out after they were given room
            placed = not window.arrangement.waits
            QTimer.singleShot(SETTLE_MS, lambda: finish(placed))
            return
        if options.screenshot:
            try:
                window.files.write_picture(options.screenshot)
            except OSError as error:
                _complain(f"--screenshot {options.screenshot} was not written: {reason(error)}.")
                code[0] = 2
        if options.exit_after_run:
            window.close()

    if options.exit_after_run:  # nobody watches
        window.session.start_slowly(False)
        window.library.asks = False
    window.session.after_run = after_run
    window.painted.connect(lambda: _after_first_paint(window, options, finish))
    signals.asked = lambda: setattr(window.library, "asks", False)
    signals.close(window)
    window.show()
    app.exec()
    window.session.close()  # the screen may have gone, without a word to the window: its engine would wait for ever
    window.keeper.end()
    window.offers.end()
    return code[0]


def make_window(engine: Engine, recipe: Recipe, options: Options) -> Window:
    """Return the window with something meaningful in it: the run file, the last run, or the bundled one."""
    session = Session(engine, recipe, options.preset)
    window = Window(session, Preferences.of_the_user())
    session.setParent(window)
    if options.theme is not None:
        window.appearance.show_theme(options.theme)
    if options.size is not None:
        window.placing.take_size(*options.size)
    if options.record is not None and not options.run_file:
        session.show_record(options.record, choose=not options.chosen)
    elif options.record is not None:
        runs = [(Path(name), record) for name, record in ((options.run_file, options.record), *options.others)]
        said = told(options.problems, window.files.show(runs, choose=not options.chosen))
        if said:
            window.banner.say(said, error=bool(options.problems), cause=Cause.START)
    elif not options.autorun:
        _show_an_earlier_run(window, choose=not options.chosen)
    if options.sweep is not None:
        window.sweeping.open(options.sweep)
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


def _show_an_earlier_run(window: Window, *, choose: bool) -> None:
    """Show the last run, or the bundled one where there is none, or none that can be read; then say so."""
    sentence, kept, bundled = "", history.newest(paths.history_dir()), paths.resources() / BUNDLED_RUN
    for path in (*([kept] if kept else []), paths.state_dir() / LAST_RUN, bundled):
        if path.exists():
            try:
                record = files.load(path)
                if path == kept:
                    window.keeper.history.know(record, path)
                window.session.show_record(record, choose=choose and path != bundled)
            except InputError as error:  # of another version, or cut short: the next one will do
                _log.info("An earlier run was not shown: %s", str(error))
                sentence = f"An earlier run is not shown: {error}"
                continue
            break
    if sentence:
        window.banner.say(sentence, cause=Cause.START)


def _after_first_paint(window: Window, options: Options, finish: object) -> None:
    if options.started:
        _tell_time("first paint", options.started)
        window.session.engineReady.connect(lambda: _tell_time("ready to train", options.started))
    window.complete()
    window.session.start_engine()
    watched = not (options.screenshot or options.exit_after_run or options.present)
    if watched:
        window.offers.make(paths.interrupted_dir())
    if options.more_seeds:
        window.seeds.await_run(options.more_seeds, shown=bool(options.run_file))
    if options.autorun:
        window.session.run_or_pause()
    elif options.screenshot or options.exit_after_run:  # a picture of what is shown, without a run
        QTimer.singleShot(SETTLE_MS, finish)  # type: ignore[call-overload]
    elif not options.present:  # who presents at the first start has an audience
        window.greet()


class _Signals:
    """Lets Ctrl+C, a polite kill and a closed terminal close the window as a click would; the second one at once."""

    def __init__(self, app: QApplication) -> None:
        self.came = 0
        """The number of the one that came, or 0."""
        self.asked: Callable[[], object] = lambda: None
        """Called at once as one comes."""
        self._window: QWidget | None = None
        self._tick = QTimer(app)
        self._tick.timeout.connect(lambda: None)  # Python handles signals only while Python code runs
        numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
        before = {number: signal.getsignal(number) for number in numbers}
        self._before = {n: handler for n, handler in before.items() if handler is not signal.SIG_IGN}  # nohup, or "&"

    def __enter__(self) -> _Signals:
        for number in self._before:
            signal.signal(number, self._take)
        self._tick.start(200)
        return self

    def __exit__(self, *_: object) -> None:
        self._tick.stop()
        for number, handler in self._before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)

    def close(self, window: QWidget) -> None:
        """Close this window from now on, and if one of them has come already."""
        self._window = window
        self._close_if_asked()

    def _take(self, number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        self.came = number
        self.asked()
        self._close_if_asked()

    def _close_if_asked(self) -> None:
        """Let the event loop close the window: one that is closed before it is shown would be shown all the same."""
        if self.came and self._window is not None:
            QTimer.singleShot(0, self._window.close)


def _tell_time(what: str, started: float) -> None:
    sys.stderr.write(f"{what} {time.time() - started:.2f} s after the start\n")
    sys.stderr.flush()


def _complain(sentence: str) -> None:
    sys.stderr.write(f"lwf-gui: {sentence}\n")


def _log_failure(cause: str, details: str) -> None:
    _log.info("A run or the engine failed: %s\n%s", cause, details)


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
