"""What the session has to say, on the banner: each sentence goes when what it speaks of is over."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

from lwf_gui.gui.preferences import Preferences
from lwf_gui.gui.session import Session
from lwf_gui.gui.widgets.banner import Banner, Cause
from lwf_gui.messages import DataReady

DIED_RESTORING = (
    "The program ended last time while it put the window back as you had left it; so that it starts, the window is now "
    "as it was at first."
)


class Announcements:
    """Writes a window's banner.

    Parameters
    ----------
    choose_folder : asks for a folder of images, where the full set is not at hand
    """

    def __init__(self, banner: Banner, session: Session, choose_folder: Callable[[], object]) -> None:
        self._banner, self._session, self._choose_folder = banner, session, choose_folder
        self._told: set[str] = set()  # what was said of the data, which is said once
        self._spoken_of = (session.record, session.busy)
        """The run that messages are about, and whether it was under way."""
        self._data = session.recipe.data.dataset
        session.noticed.connect(lambda text: banner.say(text, cause=Cause.RUN))
        session.failed.connect(lambda cause, details: self.show_fault(cause, details, Cause.RUN))
        session.engineFailed.connect(lambda cause, details: self.show_fault(cause, details, Cause.ENGINE))
        session.engineReady.connect(lambda: banner.settle(Cause.ENGINE))

    def settle(self) -> None:
        """Take away what was said of what is over: of another run, or from when another one was under way or none."""
        session, (record, busy) = self._session, self._spoken_of
        self._spoken_of = (session.record, session.busy)
        begins = session.busy and not busy
        if begins:
            self._banner.settle(Cause.START)
        if begins or session.record is not record:
            self._banner.settle(Cause.RUN, Cause.FILE)
        if session.record is not record or session.busy != busy:
            self._banner.settle(Cause.ASKED)

    def settle_asked(self) -> None:
        """Take away why something could not be done where one looked before."""
        self._banner.settle(Cause.ASKED)

    def follow_recipe(self) -> None:
        """Take away what was said of other data."""
        if self._session.recipe.data.dataset != self._data:
            self._data = self._session.recipe.data.dataset
            self._banner.settle(Cause.DATA)

    def refuse(self, text: str) -> None:
        """Say why a value that was typed cannot be used; nothing any more once none is."""
        self._banner.settle(Cause.FIELD)
        if text:
            self._banner.say(text, cause=Cause.FIELD)

    def tell_of_data(self, data: DataReady | None) -> None:
        """Say once what one should know of a run's data, and offer the full set where it is not at hand."""
        if data is None or not data.note or data.note in self._told or not self._session.busy:
            return
        self._told.add(data.note)
        offer = (("Download", self._session.fetch_data), ("Choose folder...", self._choose_folder))
        self._banner.say(data.note, offer if data.dataset == "fashion-mnist-part" else (), cause=Cause.DATA)

    def show_fault(self, cause: str, details: str, why: Cause = Cause.FAULT) -> None:
        """Say what went wrong; details are for those who can mend it."""
        choices: list[tuple[str, Callable[[], object]]] = []
        if details:
            choices = [
                ("Details...", lambda: self._show_details(cause, details)),
                ("Copy details", lambda: QGuiApplication.clipboard().setText(details)),
            ]
        self._banner.say(cause, choices, error=True, closes=False, cause=why)

    def _show_details(self, cause: str, details: str) -> None:
        icon, close = QMessageBox.Icon.Warning, QMessageBox.StandardButton.Close
        box = QMessageBox(icon, "What went wrong", cause, close, self._banner.window())
        box.setDetailedText(details)
        box.exec()

    def tell_start(self, preferences: Preferences) -> None:
        """Say what of the user's settings could not be used at this start, and later what cannot be written."""
        if preferences.died_restoring:
            self._banner.say(DIED_RESTORING, cause=Cause.START)
        preferences.heard_by(lambda text: self._banner.say(text, cause=Cause.START))
