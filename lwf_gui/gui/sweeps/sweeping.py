"""The window's hand on sweeps: which one is shown, what is done of it, and which of its actions are possible now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from lwf_gui import paths
from lwf_gui.documents.files import SUFFIX
from lwf_gui.gui.session import Session
from lwf_gui.gui.showing import Showing
from lwf_gui.gui.sweeps.opening import SweepOpening
from lwf_gui.gui.sweeps.process import SweepProcess
from lwf_gui.gui.sweeps.reader import SweepReader
from lwf_gui.numbers import counted
from lwf_gui.runs.sweep_view import SweepView
from lwf_gui.sweeps.folder import RUNS as RUNS
from lwf_gui.sweeps.folder import free


class Sweeping(QObject):
    """Shows a sweep, also while it is done; starts, cancels and resumes one; opens its runs."""

    def __init__(
        self, opening: SweepOpening, session: Session, showing: Showing, actions: Mapping[str, QAction]
    ) -> None:
        super().__init__(opening.window)
        self._opening, self._session, self._showing, self._actions = opening, session, showing, actions
        self.reader, self.process = SweepReader(self), SweepProcess(self)
        self._shown: Path | None = None
        """The folder whose sweep was brought to the front."""
        self.reader.opened.connect(self._show)
        self.reader.refused.connect(self._refuse)
        self.reader.looked.connect(self._follow)
        self.process.ended.connect(self._end)
        showing.looked.connect(lambda _before, _now: self.enable())
        session.stateChanged.connect(self.enable)
        self.enable()

    # Showing one

    def choose_folder(self) -> None:
        """Ask for the folder of a sweep, and show it."""
        folder = self._opening.ask_folder()
        if folder:
            self.open(Path(folder))

    def open(self, folder: Path) -> None:
        """Show the sweep of a folder, or say why not."""
        self._shown = None
        self.reader.open(folder)

    def _show(self, view: SweepView) -> None:
        """Show a sweep of which nothing is known yet."""
        self._mark(view)
        self._showing.look_at(sweep=view, sweep_runs=())
        if self._shown != self.reader.folder:  # not again where its plan was only replaced
            self._shown = self.reader.folder
            self._opening.bring()
        self.enable()

    def _refuse(self, sentence: str) -> None:
        self._opening.complain(sentence)
        self.enable()

    def _follow(self) -> None:
        """Paint what is new."""
        view = self.reader.view
        if view is not None:
            self._mark(view)
            self._showing.follow_rows(False)
            self.enable()

    def _mark(self, view: SweepView) -> None:
        own = self.process.folder is not None and self.process.folder == self.reader.folder
        view.work(running=view.running or own, own=own and not self.process.cancelled, left=view.left)

    def open_runs(self) -> None:
        """Show the runs of the cell that was chosen last."""
        folder = self.reader.folder
        if folder is not None:
            names = self._showing.selection.sweep_runs
            self._opening.open_runs([folder / RUNS / f"{name}{SUFFIX}" for name in names])

    # Doing one

    def ask(self) -> None:
        """Ask which settings shall vary, and train the sweep."""
        from lwf_gui.gui.sweeps.dialog import SweepDialog  # the first paint does not wait for it

        recipe = self._session.recipe
        dialog = SweepDialog(self._opening.window, recipe, free(paths.sweeps_dir()), self._opening.ask_place)
        dialog.wanted.connect(self._start)
        dialog.open()

    def go_on(self) -> None:
        """Do what is missing of the sweep that is shown."""
        from lwf_gui.sweeps import asked

        if self.reader.folder is not None:
            self._start(asked.resumed(self.reader.folder), self.reader.folder)

    def cancel(self) -> None:
        """End the sweep that this window does."""
        self.process.cancel()
        self._session.done.emit("The sweep ends; runs that are done stay")
        self._follow()
        self.enable()

    def _start(self, words: Sequence[str], folder: Path) -> None:
        self.process.start(words, folder)
        if self.reader.folder != folder or self.reader.view is None:
            self._shown = None
            self.reader.open(folder, begins=True)
        self._session.done.emit("The sweep begins: its workers start")
        self._follow()
        self.enable()

    def _end(self, sentence: str) -> None:
        view = self.reader.view
        if sentence:
            self._opening.complain(sentence)
        elif view is not None and self._own_is_over(view):
            self._session.done.emit(f"The sweep is over: {counted(len(view.runs), 'run')}")
        if view is None:  # it failed before there was anything to see
            self.reader.rest()
        else:
            view.work(running=False, own=False)
        self._follow()
        self.enable()

    def _own_is_over(self, view: SweepView) -> bool:
        return view.own and not self.process.cancelled

    def rest(self) -> None:
        """End all of it: the window closes."""
        self.reader.rest()
        self.process.rest()

    # What can be done now

    def enable(self) -> None:
        """Enable the actions that can be done with what is shown."""
        view, busy = self.reader.view, self.process.folder is not None
        missing = view is not None and len(view.done) < len(view.runs)
        self._actions["sweep"].setEnabled(not busy)
        self._actions["sweep_cancel"].setEnabled(busy and not self.process.cancelled)
        self._actions["sweep_go_on"].setEnabled(missing and not busy and view is not None and not view.running)
        self._actions["sweep_open_runs"].setEnabled(view is not None and bool(self._showing.selection.sweep_runs))
