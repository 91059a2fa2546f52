"""What leaves the window of a whole run: page, script, tables, folder; they are written beside the window's thread."""

from __future__ import annotations

from collections.abc import Callable

from lwf_gui import InputError
from lwf_gui.exports.kinds import KINDS
from lwf_gui.gui.saving import Saving
from lwf_gui.gui.session import Session
from lwf_gui.gui.widgets.banner import Banner, Cause
from lwf_gui.gui.widgets.dialogs import FileDialogs


class RunExports:
    """Exports the run that is shown.

    Parameters
    ----------
    done : says for a moment what is done
    """

    def __init__(self, session: Session, dialogs: FileDialogs, banner: Banner, done: Callable[[str], object]) -> None:
        self._session, self._dialogs, self._banner = session, dialogs, banner
        self._saving = Saving(banner, done, dialogs.written)

    def export(self, name: str) -> None:
        """Ask for a file or a folder, and write the run there as a kind."""
        kind, record = KINDS[name], self._session.record
        try:
            kind.require(record)
        except InputError as error:
            self._banner.say(str(error), cause=Cause.FILE)
            return
        title = kind.title.rstrip(".")
        suggestion = f"run{kind.ending}" if kind.ending else f"run-{name}"
        path = self._dialogs.ask_save(title, suggestion, kind.ending, title)
        if path is None:
            return
        try:  # of a run that trains the record grows meanwhile, on this thread
            self._saving.save(path, lambda: kind.write(record, path), "" if self._session.busy else "Writing")
        except InputError as error:
            self._banner.say(str(error), error=True, cause=Cause.FILE)
