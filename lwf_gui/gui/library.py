"""The runs that this user has: the history, the notes on a run, and the question before a run is lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from lwf_gui import InputError
from lwf_gui.documents import files, history
from lwf_gui.gui.appearance import Appearance
from lwf_gui.gui.files import BUSY, Files
from lwf_gui.gui.keeping import Keeper
from lwf_gui.gui.pinning import Pinning
from lwf_gui.gui.session import Session
from lwf_gui.gui.widgets.banner import Banner, Cause
from lwf_gui.gui.widgets.dialogs import agrees_to_save
from lwf_gui.reasons import reason
from lwf_gui.runs.provenance import provenance_text

if TYPE_CHECKING:
    from lwf_gui.gui.widgets.runs import Listed


class Library:
    """What can be done with the runs that are kept, and with the notes of the one that is shown."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        files: Files,
        keeper: Keeper,
        pinning: Pinning,
        banner: Banner,
        appearance: Appearance,
    ) -> None:
        self._window, self._session, self._files = window, session, files
        self._keeper, self._pinning, self._banner = keeper, pinning, banner
        self._appearance = appearance
        self.asks = True
        """Whether anybody is there to be asked."""
        files.may_leave = self.may_leave

    # The history

    def show_runs(self) -> None:
        """Show the last runs."""
        from lwf_gui.gui.widgets.runs import RunsDialog  # the first paint does not wait for it

        self._keeper.history.settle()
        RunsDialog(self._window, self, lambda: self._appearance.colours, history.MOST).open()

    def listed(self) -> list[Listed]:
        """Return the runs of the history, the newest first."""
        from lwf_gui.exports import outline
        from lwf_gui.gui.widgets.runs import Listed

        found = history.entries(self._keeper.history.folder)
        return [Listed(entry.path, outline.read(entry.about)) for entry in found]

    def open(self, path: Path) -> None:
        """Show a run of the history."""
        if self._session.busy:
            self._banner.say(BUSY)
            return
        if not self.may_leave():
            return
        try:
            record = files.load(path)
        except InputError as error:
            self._banner.say(str(error), error=True, cause=Cause.FILE)
            return
        self._keeper.history.know(record, path)
        self._session.show_record(record)

    def pin(self, path: Path) -> str:
        """Pin a run of the history; return what was done, or why not."""
        try:
            record = files.load(path)
        except InputError as error:
            return str(error)
        return self._pinning.pin_record(record)

    def delete(self, path: Path) -> str:
        """Remove a run from the history; return what was done, or why not."""
        try:
            history.remove(path)
        except OSError as error:
            return f"The run was not deleted: {reason(error)}."
        self._keeper.history.forget(path)
        return "The run was deleted."

    # Notes

    def show_notes(self) -> None:
        """Read and write the notes of the run that is shown."""
        from lwf_gui.gui.widgets.notes import NotesDialog  # the first paint does not wait for it

        record = self._session.record
        dialog = NotesDialog(self._window, record.notes, provenance_text(record))
        kept = dialog.exec() == NotesDialog.DialogCode.Accepted
        notes = dialog.notes
        dialog.deleteLater()
        if kept and notes != record.notes and self._session.record is record:
            self._keeper.note(notes)
            self._files.note_change(record)
            self._session.done.emit("The notes are kept with the run")

    # Leaving a run

    def may_leave(self) -> bool:
        """Return whether the run that is shown may be left: ask where something of it is nowhere else.

        A run that has ended is in the history, and one that was left before its end is offered at the next start, so
        nothing of them is lost. What is asked about is a run that could not be written there, and notes that are not
        in the user's file yet.
        """
        record = self._session.record
        noted = self._files.is_changed(record) and not self._keeper.history.has(record)
        if not self.asks or self._session.busy or not (noted or self._keeper.would_be_lost(record)):
            return True
        what = "The notes of this run are not in its file yet." if noted else "This run is in no file."
        saves = agrees_to_save(self._window, "Save the run?", f"{what} Save it?")
        return saves is False or (saves is True and self._files.save_run())
