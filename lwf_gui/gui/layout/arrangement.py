"""How plot, panels and sides stand in the window: in the form that fits it, until the user lays it out himself."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QMainWindow, QTabWidget

from lwf_gui.gui.layout.docks import Form
from lwf_gui.gui.layout.placing import Placing, unlaid
from lwf_gui.gui.layout.room import Room
from lwf_gui.gui.layout.shares import Areas, Shares
from lwf_gui.gui.preferences import Mode
from lwf_gui.gui.widgets.banner import Banner

SETTLE_MS = 250
"""How long after the first paint, or a change of mode, docks take their remembered part of the window."""

LONGEST_STILL_MS = 3000
"""How long at most the window stands still while its parts find their places."""


class Arrangement(QObject):
    """Where the docks of a window stand.

    Attributes
    ----------
    form : how they are laid out as long as the user has not done so
    fresh : whether the user has not shared the room out himself yet, in this mode
    """

    settled = Signal()
    """The window has the size that it will be shown at, and its docks their places."""

    def __init__(self, window: QMainWindow, areas: Areas, room: Room, placing: Placing, banner: Banner) -> None:
        super().__init__(window)
        self._window, self._areas, self._room, self._placing, self._banner = window, areas, room, placing, banner
        self._shares = Shares(window, areas, placing)
        self.form: Form = "narrow"
        self.fresh = True
        self._fronts: list[str] = []
        """The panels that were in front when the window was presented last."""
        self._settle_soon = QTimer(self)  # the desktop takes a while to give a full screen its size
        self._settle_soon.setSingleShot(True)
        self._settle_soon.setInterval(SETTLE_MS)
        self._settle_soon.timeout.connect(self._settle)
        self._share_soon = QTimer(self)  # once a caption or a banner has taken its place
        self._share_soon.setSingleShot(True)
        self._share_soon.timeout.connect(self.arrange)
        areas.bars.top.resized.connect(self._share_soon.start)
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(LONGEST_STILL_MS)
        self._still.timeout.connect(self._paint_again)

    def begin(self) -> None:
        """Put every dock where it belongs at first."""
        areas = Qt.DockWidgetArea
        self._window.setDockNestingEnabled(True)
        self._window.setTabPosition(areas.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self._window.setCorner(Qt.Corner.BottomLeftCorner, areas.LeftDockWidgetArea)
        self._window.setCorner(Qt.Corner.BottomRightCorner, areas.RightDockWidgetArea)
        self._place()

    def restore_panels(self) -> None:
        """Put every dock where it was at first, in the form that fits now."""
        self.form, self.fresh = self._shares.fitting_form(), True
        with self._room.undone():
            self._place()
        self.settle_soon()

    def take_first_size(self) -> None:
        """Let the window be as large as at the first start."""
        self._placing.take_first_size()

    # What happens to the window

    def follow_size(self) -> None:
        """Share the room anew while the user has not."""
        if self._shares.fitting_form() == self.form:
            self._share()
        else:  # to place docks anew amid a layout of theirs ends the process
            self._share_soon.start()

    def follow_press(self, place: QPoint) -> None:
        """Leave the room as it is once the user has moved a border."""
        self.fresh = self.fresh and self._window.childAt(place) is not None

    def follow_layout(self) -> None:
        """Fit the screen as soon as the parts let it."""
        if self._placing.can_shrink():
            self.settle_soon()  # Qt lays out in several goes, and asked for more meanwhile

    def settle_soon(self) -> None:
        """Take the form that fits once the window has the size that it will be shown at."""
        self._settle_soon.start()

    def change_unseen(self) -> None:
        """Paint nothing until the docks have taken their places, which they do in several goes; then all at once."""
        if self._window.isVisible():
            self._window.setUpdatesEnabled(False)
            self._still.start()
            self.settle_soon()

    def _paint_again(self) -> None:
        self._still.stop()
        if not self._window.updatesEnabled():
            self._window.setUpdatesEnabled(True)
            for dock in self._areas.docks.by_key.values():  # one that was torn off meanwhile is a window, and left out
                dock.setUpdatesEnabled(True)
            # At once: what was to be painted meanwhile is noted as asked for still, and Qt would never ask again.
            self._window.repaint()

    @property
    def waits(self) -> bool:
        """Whether docks are still to take their places."""
        return self._settle_soon.isActive() or self._share_soon.isActive()

    @property
    def teaches(self) -> bool:
        """Whether a lesson's page takes its part of the height."""
        return not self._areas.strip.isHidden()

    @property
    def plot_width(self) -> int:
        """Pixels that are left to the plot between what stands beside it."""
        return self._areas.plot.width()

    def rest(self) -> None:
        """Do nothing any more: the window closes."""
        self._settle_soon.stop()
        self._share_soon.stop()
        self._still.stop()

    # What is remembered

    def keep(self, mode: Mode) -> None:
        """Remember where the docks are."""
        with self._room.undone():
            self._placing.keep(mode, "own" if self._is_laid_out_by_the_user() else self.form)

    def keep_geometry(self) -> None:
        """Remember where the window is."""
        self._placing.keep_geometry()

    def restore(self, mode: Mode) -> bool:
        """Put the docks where they were left in a mode; return whether there was anything to go by."""
        layout = self._placing.restore(mode)
        if layout is None:
            return False
        self.fresh = layout.form != "own"
        if layout.form != "own":
            self.form = layout.form
        return True

    def change_to(self, mode: Mode) -> None:
        """Put the docks where they were left in another mode; at first the recipe is not seen while presenting.

        What came to the front since the window was last presented is what one talks about: it stays in front.
        """
        fronts = self._areas.docks.fronts() if mode == "present" else []
        if not self.restore(mode) and mode == "present":
            self._areas.sides.recipe.hide()
            self.fresh = True
        if mode == "present":
            self._areas.docks.put_in_front(key for key in fronts if key not in self._fronts)
            self._fronts = fronts

    # Places

    def arrange(self) -> None:
        """Put panels beside, or behind, each other as there is room while the user has not laid them out; share it."""
        form = self._shares.fitting_form()
        if form != self.form and not self._placing.unsettled and not self._is_laid_out_by_the_user():
            self.form = form
            with self._room.undone():
                docks = (*self._areas.docks.by_key.values(), self._areas.sides.log)
                hidden, fronts = [dock for dock in docks if dock.isHidden()], self._areas.docks.fronts()
                self._place_panels()
                for dock in docks:  # also one that is closed at first, and was opened
                    dock.setVisible(dock not in hidden)
                self._areas.docks.put_in_front(fronts)
            self.settle_soon()
            if self._banner.isVisible():  # docks that are placed come on top
                self._banner.follow()
        self._share()

    def _settle(self) -> None:
        """Take the form that fits the size which the window has in the end."""
        self._placing.settle()
        self.arrange()
        self._placing.take_least()
        self._paint_again()
        self._window.update()  # where a border between docks was, Qt leaves its line
        self.settled.emit()

    def _place(self) -> None:
        with unlaid(self._window):
            self._areas.sides.place()
            self._place_panels()
        self._share()

    def _place_panels(self) -> None:
        docks = self._areas.docks
        with unlaid(self._window):
            docks.place(self.form)
            self._window.tabifyDockWidget(docks.by_key["weights"], self._areas.sides.log)

    def _is_laid_out_by_the_user(self) -> bool:
        return not self.fresh or not self._areas.docks.stand_in(self.form)

    def _share(self) -> None:
        """Let give way what must; give the docks their first share of the window while the user has not."""
        self._room.share()
        if self.fresh:
            self._shares.give(self.form)
