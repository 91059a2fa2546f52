"""All panels of a window in their docks: where they are put, which are seen, and what is new for those.

Knows panels by their table alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QMainWindow, QTabBar

from lwf_gui.gui import theme
from lwf_gui.gui.layout.dock import Dock
from lwf_gui.gui.layout.tab_type import letter
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.theme import Theme
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection

AREAS = {"right": Qt.DockWidgetArea.RightDockWidgetArea, "below": Qt.DockWidgetArea.BottomDockWidgetArea}

HELP = {spec.title: spec.help for spec in PANELS}
"""What a panel is for, by its title."""

Form = Literal["narrow", "wide", "low"]
"""How docks are laid out: all panels of an area behind each other; the first one below the plot beside the others; or
all panels beside the plot, which needs the height."""

LAYOUT = 2
"""Version of remembered layouts: raised when docks change their meaning."""


class Docks:
    """All panels of a window in their docks."""

    def __init__(self, window: QMainWindow, on_asked: Callable[[dict[str, Any]], None]) -> None:
        self._window = window
        self._on_asked = on_asked
        self.made: Callable[[Panel], None] = lambda _panel: None
        """Called with every panel that is seen for the first time."""
        self.show_wanted: Callable[[str], None] = lambda _key: None
        """Called with the key of a panel that another one wants to be seen."""
        self.act: Callable[[str], None] = lambda _action: None
        """Called with the id of an action that a panel offers and the user wants."""
        self.tabs_made: Callable[[QTabBar], object] = lambda _bar: None
        """Called with every row of tabs that Qt has made."""
        self.by_key = {spec.key: Dock(spec) for spec in PANELS}
        self.chosen = PANELS[0].key
        """The panel that was chosen last: one talks about it."""
        self.guessed = False
        """Whether a curve of the plot is being guessed: see `Panel.guessed`."""
        self.taught = False
        """Whether a lesson's page is shown: see `Panel.taught`."""
        self._record, self._selection, self._colours = Record(), Selection(), theme.LIGHT
        self._scale = 1.0
        self._soon = QTimer(window)  # docks come and go many times while Qt lays them out: look once it is done
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._catch_up)
        for dock in self.by_key.values():
            dock.made.connect(self._dress)
            dock.visibilityChanged.connect(self._soon.start)

    def place(self, form: Form) -> None:
        """Put every dock where the table says, those of an area behind each other, in the form that there is room for.

        In a wide window one sees the machine beside what new images do to its old answers.
        """
        for area in AREAS:
            alone = 1 if form == "wide" and area == "below" else 0
            where, docks = self._where(area, form), [self.by_key[key] for key in self.of(area)]
            for dock in docks:
                dock.setFloating(False)
                self._window.addDockWidget(where, dock)
                dock.show()
            front = self.by_key[self.of("right")[0]] if form == "low" else docks[alone]
            for dock in docks[alone:]:
                if dock is not front:
                    self._window.tabifyDockWidget(front, dock)
            for dock in docks:
                dock.setVisible(not dock.spec.closed)
            front.raise_()

    def stand_in(self, form: Form) -> bool:
        """Return whether every dock is where it is put in a form: the user has moved none elsewhere."""
        return all(
            not dock.isFloating() and self._window.dockWidgetArea(dock) is self._where(dock.spec.area, form)
            for dock in self.by_key.values()
        )

    def _where(self, area: str, form: Form) -> Qt.DockWidgetArea:
        return AREAS["right" if form == "low" else area]

    def of(self, area: str) -> list[str]:
        """Return the keys of the panels that belong to an area."""
        return [spec.key for spec in PANELS if spec.area == area]

    def bring(self, key: str) -> None:
        """Show a panel in front of the others in its place."""
        dock = self.by_key[key]
        dock.show()
        dock.raise_()

    def fronts(self) -> list[str]:
        """Return the keys of the panels that are in front in the window, the one that was chosen last at the end."""
        keys = [dock.spec.key for dock in self.seen() if not dock.isFloating()]
        return sorted(keys, key=self.chosen.__eq__)

    def put_in_front(self, keys: Iterable[str]) -> None:
        """Put panels in front again, the last before all others in its place; what is closed stays so."""
        for dock in map(self.by_key.__getitem__, keys):
            if not dock.isHidden():
                dock.raise_()

    def panel(self, key: str) -> Panel:
        """Return a panel."""
        return self.by_key[key].make()

    def seen(self) -> list[Dock]:
        """Return the docks on the screen: neither closed nor behind another, which Qt moves out of the window."""
        return [dock for dock in self.by_key.values() if dock.isVisible() and not dock.visibleRegion().isEmpty()]

    def rest(self) -> None:
        """Look at nothing any more: the window closes."""
        self._soon.stop()
        for dock in self.by_key.values():
            dock.rest()

    def set_theme(self, colours: Theme) -> None:
        """Dress all."""
        self._colours = colours
        for dock in self.by_key.values():
            dock.heading.set_theme(colours)
            if dock.panel is not None:
                dock.panel.set_theme(colours)

    def teach(self, taught: bool) -> None:
        """Let panels show first what a lesson speaks of, or no more."""
        if taught != self.taught:
            self.taught = taught
            self._soon.start()

    def magnify(self, scale: float) -> None:
        """Give panels the room that type of this scale wants; they are scrolled where they have less."""
        self._scale = scale
        self._soon.start()
        for dock in self.by_key.values():
            if dock.view is not None:
                dock.view.magnify(scale)

    def show_record(self, record: Record) -> None:
        """Show another record."""
        self._record = record
        for dock in self.by_key.values():
            if dock.panel is not None:
                dock.panel.show_record(record)

    def refresh(self, selection: Selection) -> None:
        """Let every panel on the screen show what is new; others cost nothing."""
        self._selection = selection
        for dock in self.seen():
            self._refresh(dock)

    def describe(self) -> None:
        """Let every panel on the screen say what it shows."""
        for dock in self.seen():
            dock.make().describe()

    def _refresh(self, dock: Dock) -> None:
        panel = dock.make()
        panel.guessed, panel.taught = self.guessed, self.taught
        panel.refresh(self._selection)
        tabbed = any(other.isVisible() for other in self._window.tabifiedDockWidgets(dock))
        dock.heading.say(panel.headings(), named=not tabbed)

    def _want(self, key: str) -> None:
        self.show_wanted(key)

    def _catch_up(self) -> None:
        for bar in self._window.findChildren(QTabBar):  # Qt makes them as docks are put behind each other
            if not bar.accessibleName():
                self.tabs_made(bar)
            apply_input_rules(bar)
            letter(bar, large=self._scale > 1)
            for index in range(bar.count()):
                bar.setTabToolTip(index, tooltip(HELP.get(bar.tabText(index), "")))
            bar.setAccessibleName("Panels: " + ", ".join(bar.tabText(index) for index in range(bar.count())))
        self.refresh(self._selection)
        self.describe()

    def _dress(self, dock: Dock) -> None:
        panel = dock.make()
        panel.set_theme(self._colours)
        self.magnify(self._scale)
        panel.show_record(self._record)
        panel.asked.connect(self._on_asked)
        panel.wanted.connect(self._want)
        panel.acted.connect(lambda action: self.act(action))
        panel.resized.connect(self._soon.start)
        self.made(panel)
