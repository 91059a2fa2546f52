"""Files of a window: runs that are opened and saved, pictures of it, the user's images, and the name of the run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from weakref import WeakKeyDictionary, WeakSet

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from lwf_gui import InputError, paths, untrusted
from lwf_gui.documents import files, folder
from lwf_gui.documents.folder import with_folders_open
from lwf_gui.gui.reading import Read, Reader, told
from lwf_gui.gui.recent import Recent
from lwf_gui.gui.saving import Saving
from lwf_gui.gui.session import Session
from lwf_gui.gui.widgets.banner import Banner, Cause
from lwf_gui.gui.widgets.dialogs import FileDialogs
from lwf_gui.gui.widgets.status import StatusLine
from lwf_gui.runs.pins import MOST_PINS
from lwf_gui.runs.record import Record
from lwf_gui.runs.seed_set import seed_of

BUSY = "Stop the run before you open another one."
MOST_RECENT = 1 + MOST_PINS
"""Files of those that are opened together which are remembered: of a folder of seeds not each."""
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
        self.may_leave: Callable[[], bool] = lambda: True
        """Asks, where the run that is shown would be lost, whether another one may be opened."""
        self.pin: Callable[[Sequence[tuple[str, Record]]], str] = lambda _runs: ""
        """Pins runs with these names beside the one that is shown; returns what is to be said."""
        self.recent = Recent(paths.settings_file())
        self._reader = Reader(window, status.say)
        self._saving = Saving(banner, status.say, dialogs.written)
        self._paths = WeakKeyDictionary[Record, Path]()
        """Of runs that were opened, or saved as they are."""
        self._changed = WeakSet[Record]()
        """Of these, runs with other notes than their files."""

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
        self.open_all([path])

    def open_all(self, paths: Sequence[Path]) -> None:
        """Show the first of several recorded runs and pin the others beside it; say what cannot be opened, and why."""
        if self._session.busy:
            self._banner.say(BUSY)
        elif self.may_leave():
            self._reader.read(with_folders_open(paths), self._show)

    def save_run(self) -> bool:
        """Save the run to the file that it is in; ask for a name where it is in none; return whether it is saved."""
        return self._save_shown(self._paths.get(self._session.record))

    def save_run_as(self) -> None:
        """Ask for a file name and save the run."""
        self._save_shown(None)

    def save_record(self, record: Record, path: Path | None = None) -> bool:
        """Save a run, to a file whose name is asked for where none is given; return whether it is in a file now."""
        known = self._paths.get(record)
        suggestion = f"run{files.SUFFIX}" if known is None else known.name
        path = path or self._dialogs.ask_save("Save this run", suggestion, files.SUFFIX, "Runs")
        grows = self._session.busy and self._session.record is record
        if path is None or not self._saving.save(path, lambda: files.save(record, path), "" if grows else "Saving"):
            return False
        self.recent.add(path)
        if not self._session.busy or self._session.record is not record:  # else it grows on
            self._changed.discard(record)
            self.remember(record, path)
            self.name_window()
            self.saved(record)
        return True

    def save_seeds(self, runs: Sequence[Record]) -> bool:
        """Ask for a folder, and save runs that differ in their seed alone into a new one in it; return whether."""
        if not runs:
            self._banner.say("There are no runs with other seeds yet: Run > Repeat with more seeds... trains some.")
            return False
        parent = self._dialogs.ask_folder("Save the runs of all seeds, in a new folder in")
        if not parent:
            return False
        by_seed = dict(sorted((seed_of(record), record) for record in (*runs, self._session.record)))
        path = folder.new_folder(Path(parent), f"{self._session.shown.preset or 'run'}, {len(by_seed)} seeds")
        return self._saving.save(path, lambda: folder.save(by_seed, path), "Saving")

    def save_picture(self) -> None:
        """Ask for a file name and save a picture of the window."""
        path = self._dialogs.ask_save("Save a picture of the window", "lwf-lab.png", ".png", "Pictures")
        if path is not None:
            self._saving.save(path, lambda: self.write_picture(path))

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
        self._saving.save(path, lambda: paths.write_text_atomically(path, text))

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

    def remember(self, record: Record, path: Path) -> None:
        """Call the window after the file that a run is in, whenever that is shown."""
        self._paths[record] = path

    def note_change(self, record: Record) -> None:
        """Take note that a run has other notes than its file, if it is in one."""
        if record in self._paths:
            self._changed.add(record)
            self.name_window()

    def is_changed(self, record: Record) -> bool:
        """Whether a run has other notes than its file."""
        return record in self._changed

    def name_window(self) -> None:
        """Name the file of the run that is shown, if it has one, with a star where that has other notes."""
        record = self._session.record
        path = self._paths.get(record)
        star = "*" if record in self._changed else ""
        self._window.setWindowTitle(TITLE if path is None else f"{untrusted.printable(path.name)}{star} - LwF Lab")

    def show(self, runs: Sequence[tuple[Path, Record]], *, choose: bool = True) -> str:
        """Show the first of some runs and pin the others beside it; return what is to be said of these."""
        _, record = runs[0]
        for each, read in runs:
            self.remember(read, each)
        self._session.show_record(record, choose=choose)
        for each, _ in reversed(runs[:MOST_RECENT]):
            self.recent.add(each)
        return self.pin([(each.name, read) for each, read in runs[1:]]) if len(runs) > 1 else ""

    def _show(self, read: Read) -> None:
        """Show what was read."""
        if self._session.busy:  # it was begun meanwhile
            self._banner.say(BUSY)
            return
        said = told(read.problems, self.show(read.runs) if read.runs else "")
        if said:
            self._banner.say(said, error=bool(read.problems), cause=Cause.FILE)

    def _save_shown(self, path: Path | None) -> bool:
        if self._session.record.track is None:
            self._banner.say("There is no run to save yet.")
            return False
        return self.save_record(self._session.record, path)

    def choose_folder(self) -> None:
        """Ask for a folder of images, and use them for the next run."""
        chosen = self._dialogs.ask_folder("Choose a folder with IDX files")
        if chosen:
            self._session.use_folder(chosen)

    def quit(self) -> None:
        """Close the window, which stops the run."""
        self._window.close()
