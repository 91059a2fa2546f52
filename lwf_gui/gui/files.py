"""Files of a window: runs that are opened and saved, pictures of it, the user's images, and the name of the run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from weakref import WeakKeyDictionary

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from lwf_gui import InputError, paths, untrusted
from lwf_gui.documents import files
from lwf_gui.gui.session import Session
from lwf_gui.gui.widgets.banner import Banner, Cause
from lwf_gui.gui.widgets.dialogs import FileDialogs
from lwf_gui.gui.widgets.status import StatusLine
from lwf_gui.reasons import reason
from lwf_gui.runs.record import Record

BUSY = "Stop the run before you open another one."
TITLE = "LwF Lab: Learning without Forgetting, live"
"""Of a window whose run is in no file."""


class Files:
    """Opens, saves and names.

    Parameters
    ----------
    picture : returns the window's contents
    """

    def __init__(
        self,
        window: QWidget,
        session: Session,
        dialogs: FileDialogs,
        banner: Banner,
        status: StatusLine,
        picture: Callable[[], QPixmap],
    ) -> None:
        self._window, self._session, self._dialogs = window, session, dialogs
        self._banner, self._status, self._picture = banner, status, picture
        self.saved: Callable[[Record], object] = lambda _record: None
        """Called with a run that is in a file of the user's from now on, as it is."""
        self._names = WeakKeyDictionary[Record, str]()
        """Of runs that were opened, or saved as they are."""

    def open_run(self) -> None:
        """Ask for a run file and show it; while one trains, say first why none can be opened."""
        if self._session.busy:
            self._banner.say(BUSY)
            return
        path = self._dialogs.ask_open("Open a recorded run", files.SUFFIX, "Runs")
        if path is not None:
            self.open(path)

    def open(self, path: Path) -> None:
        """Show a recorded run, or say why not."""
        if self._session.busy:
            self._banner.say(BUSY)
            return
        try:
            record = files.load(path)
            self.remember(record, path.name)
            self._session.show_record(record)
        except InputError as error:
            self._banner.say(str(error), error=True, cause=Cause.FILE)

    def save_run(self) -> None:
        """Ask for a file name and save the run."""
        if self._session.record.incremental is None:
            self._banner.say("There is no run to save yet.")
            return
        self.save_record(self._session.record)

    def save_record(self, record: Record) -> bool:
        """Ask for a file name and save a run; return whether it is in a file now."""
        path = self._dialogs.ask_save("Save this run", f"run{files.SUFFIX}", files.SUFFIX, "Runs")
        if path is None or not self._save(lambda: files.save(record, path), path):
            return False
        if not self._session.busy or self._session.record is not record:  # else it grows on
            self.remember(record, path.name)
            self.name_window()
            self.saved(record)
        return True

    def save_picture(self) -> None:
        """Ask for a file name and save a picture of the window."""
        path = self._dialogs.ask_save("Save a picture of the window", "lwf-lab.png", ".png", "Pictures")
        if path is not None:
            self._save(lambda: self.write_picture(path), path)

    def export_figures(self) -> None:
        """Ask for a file name and write the run's figures, as a table or as JSON by the name's ending."""
        from lwf_gui.exports import numbers  # the first paint does not wait for it

        path = self._dialogs.ask_save("Export the figures of this run", "figures.csv", numbers.ENDINGS, "Figures")
        if path is None:
            return
        try:
            text = numbers.text_of(self._session.record, path.suffix.lower())
        except InputError as error:
            self._banner.say(str(error))
            return
        self._save(lambda: paths.write_atomically(path, lambda part: part.write_text(text, "utf-8")), path)

    def write_picture(self, path: Path) -> None:
        """Write the window's contents as a PNG.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        picture = self._picture()

        def write(part: Path) -> None:
            if not picture.save(str(part), "PNG"):
                raise OSError(f"{path} cannot be written")

        paths.write_atomically(path, write)

    def remember(self, record: Record, name: str) -> None:
        """Call the window after the file that a run is in, whenever that is shown."""
        self._names[record] = name

    def name_window(self) -> None:
        """Name the file of the run that is shown, if it has one."""
        name = self._names.get(self._session.record, "")
        self._window.setWindowTitle(f"{untrusted.printable(name)} - LwF Lab" if name else TITLE)

    def choose_folder(self) -> None:
        """Ask for a folder of images, and use them for the next run."""
        folder = self._dialogs.ask_folder("Choose a folder with IDX files")
        if folder:
            self._session.use_folder(folder)

    def quit(self) -> None:
        """Close the window, which stops the run."""
        self._window.close()

    def _save(self, write: Callable[[], object], path: Path) -> bool:
        """Write a file and say so, or why not; return whether it was written."""
        name = untrusted.printable(str(path))
        try:
            write()
        except OSError as error:
            self._banner.say(f"{name} was not written: {reason(error)}.", error=True, cause=Cause.FILE)
        else:
            self._banner.settle(Cause.FILE)
            self._status.say(f"Saved {name}")
            return True
        return False
