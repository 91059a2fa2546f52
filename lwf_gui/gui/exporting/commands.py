"""Figures and films of what the window shows: copied, saved, and offered under the right button of the mouse.

The window's first paint waits for none of what makes them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QProgressDialog, QWidget

from lwf_gui import InputError
from lwf_gui.exports.kinds import FIGURES, FILMS
from lwf_gui.gui.layout.dock import Dock
from lwf_gui.gui.panels.cards import Cards
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.plot_panels import AccuracyPanel
from lwf_gui.gui.panels.story import StoryPanel
from lwf_gui.gui.saving import Saving
from lwf_gui.gui.session import Session
from lwf_gui.gui.showing import Showing, Viewers
from lwf_gui.gui.widgets.banner import Banner
from lwf_gui.gui.widgets.dialogs import FileDialogs

if TYPE_CHECKING:
    from lwf_gui.gui.exporting.film import Film

MENU = ("copy_figure", "save_figure", "film")
"""Actions that are offered of a panel."""

FIGURE_ENDINGS, FILM_ENDINGS = (tuple(f".{kind}" for kind in kinds) for kinds in (FIGURES, FILMS))


class FigureCommands:
    """What leaves the window of one panel: one by its key, else the one that has the keys, or was chosen last.

    Parameters
    ----------
    done : says for a moment what was done
    """

    def __init__(
        self,
        window: QWidget,
        session: Session,
        showing: Showing,
        viewers: Viewers,
        dialogs: FileDialogs,
        banner: Banner,
        done: Callable[[str], object],
    ) -> None:
        self._window, self._session, self._showing, self._viewers = window, session, showing, viewers
        self._dialogs, self._banner, self._done = dialogs, banner, done
        self._saving = Saving(banner, done, dialogs.written)

    def copy(self, key: str = "") -> None:
        """Put the figure of a panel into the clipboard, with its caption as text beside it."""
        from lwf_gui.gui.exporting import writing

        key = key or self._chosen()
        like = self._panel(key)
        try:
            copied = writing.copied(self._session.seen, key, self._showing.selection, like)
        except InputError as error:
            self._banner.say(str(error))
            return
        QGuiApplication.clipboard().setMimeData(copied)
        self._done(f"Copied the figure {_title(key)}.")

    def save(self, key: str = "") -> None:
        """Ask for a file, and write the figure of a panel to it: PNG, SVG or PDF by the name's ending."""
        from lwf_gui.gui.exporting import writing

        key = key or self._chosen()
        like = self._panel(key)
        path = self._dialogs.ask_save(f"Save the figure {_title(key)}", f"{key}.pdf", FIGURE_ENDINGS, "Figures")
        if path is not None:
            kind = path.suffix.lower().removeprefix(".")
            look = self._showing.selection
            self._write(path, lambda: writing.write_like(self._session.seen, path, key, look, kind=kind, like=like))

    def film(self, key: str = "") -> None:
        """Ask of what and how, and write a film of the run."""
        from lwf_gui.gui.exporting.film_dialog import ask_film

        asked = ask_film(self._window, key or self._chosen())
        if asked is None:
            return
        key, film = asked
        path = self._dialogs.ask_save("Save a film of the run", f"{key}.gif", FILM_ENDINGS, "Films")
        if path is not None:
            self._shoot(path, key, film)

    def _shoot(self, path: Path, key: str, film: Film) -> None:
        """Write a film, with a bar that can be cancelled."""
        from lwf_gui.gui.exporting.film import Cancelled, write_film

        bar = QProgressDialog(f"Film of {_title(key)}", "Cancel", 0, 0, self._window)
        bar.setWindowTitle("Film")
        bar.setWindowModality(Qt.WindowModality.WindowModal)
        bar.setMinimumDuration(0)

        def progress(done: int, of: int) -> bool:
            bar.setMaximum(of)
            bar.setValue(done)
            QApplication.processEvents()
            return not bar.wasCanceled() and self._window.isVisible()

        record, look, like = self._session.seen, self._showing.selection, self._panel(key)
        try:
            self._write(
                path, lambda: write_film(record, path, key, film=film, progress=progress, selection=look, like=like)
            )
        except Cancelled:
            self._done("The film was cancelled; no file was written.")
        finally:
            bar.close()
            bar.deleteLater()

    def _write(self, path: Path, write: Callable[[], object]) -> None:
        """Write a file and say so, or why not."""
        try:
            self._saving.save(path, write)
        except InputError as error:
            self._banner.say(str(error))

    # Which panel is meant

    def _chosen(self) -> str:
        """Return the key of the panel that has the keys, or was chosen last."""
        return key_of(QApplication.focusWidget()) or self._viewers.docks.chosen

    def _panel(self, key: str) -> Panel | None:
        """Return a panel of the window; None of what has no view of its own."""
        if key in self._viewers.docks.by_key:
            return self._viewers.docks.by_key[key].panel
        return {"accuracy": self._viewers.accuracy, "story": self._viewers.story}.get(key)


class FigureMenu(QObject):
    """Offers figures where a panel, or its heading, is clicked with the right button, or by the menu key."""

    def __init__(self, window: QWidget, actions: dict[str, QAction], commands: FigureCommands) -> None:
        super().__init__(window)
        self._window = window
        does = (commands.copy, commands.save, commands.film)
        self._entries = [(actions[name], act) for name, act in zip(MENU, does, strict=True)]

    def offer_on(self, widget: QWidget) -> None:
        """Offer them on a panel, or on a dock with all that is in it."""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the menu in place of Qt's."""
        if event.type() is QEvent.Type.ContextMenu and isinstance(event, QContextMenuEvent):
            key = key_of(watched) if isinstance(watched, QWidget) else ""
            if key:
                self._show(key, event.globalPos())
                return True
        return False

    def _show(self, key: str, place: QPoint) -> None:
        menu = QMenu(self._window)
        menu.setToolTipsVisible(True)
        for action, act in self._entries:
            menu.addAction(action.text(), partial(act, key)).setToolTip(action.toolTip())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)


def key_of(widget: QWidget | None) -> str:
    """Return the key of the figure that a part of the window is of; empty where it is of none."""
    while widget is not None:
        match widget:
            case Dock():
                return widget.spec.key
            case AccuracyPanel():
                return "accuracy"
            case StoryPanel():
                return "story"
            case Cards():
                return "cards"
        widget = widget.parentWidget()
    return ""


def _title(key: str) -> str:
    from lwf_gui.gui.exporting.figures import FIGURES

    return FIGURES[key].title
