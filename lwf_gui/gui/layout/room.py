"""Who gives way where a lesson leaves the panels little room: what a page does not speak of is put away for a while.

What the user has closed stays closed, and what was put away comes back as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtWidgets import QDockWidget

from lwf_gui.gui import theme
from lwf_gui.gui.layout.docks import Docks
from lwf_gui.gui.layout.enlarging import Enlarging
from lwf_gui.gui.panels.cards import Cards
from lwf_gui.gui.panels.story import StoryPanel

CRAMPED = 30
"""Lines of body text between the window's bars below which a lesson's page shows only panels that it names below."""

LEAST_PANEL = 13
"""Lines of body text, with tab and heading, that a panel beside the plot needs; else the cards above it give way."""

STORY = ((28, 4), (24, 3), (15, 2))
"""Lines of body text between the bars from which on the story over all has so many lines; below, it has none."""

TIGHT = 12
"""Lines of body text between the bars below which the cards say on one line what their figures are."""

LARGE, LEAST_LARGE = frozenset({"image_grid", "confusion", "soft_targets"}), 20
"""Panels that say little where they are small, and the lines that they need while a lesson's page speaks of them."""


class Room:
    """The room of a window's panels.

    Parameters
    ----------
    height : returns the pixels between the window's bars
    beside : the dock beside the plot that gives way on a small screen
    enlarging : lets the plot give way to the panels below it
    """

    def __init__(
        self,
        docks: Docks,
        cards: Cards,
        story: StoryPanel,
        height: Callable[[], int],
        beside: QDockWidget,
        enlarging: Enlarging,
    ) -> None:
        self._beside, self._beside_is_away = beside, False
        self._docks, self._cards, self._story, self._height = docks, cards, story, height
        self._drawing = self._teaching = self._undone = False
        self._enlarging, self._enlarged, self._hero = enlarging, False, False
        self._moving = False
        """Whether docks are put elsewhere: until they stand, the plot keeps its place."""
        self._named: tuple[str, ...] = ()
        self._away: list[str] = []
        self._front: list[str] = []

    def draw(self, drawing: bool) -> None:
        """Make room for a large plot, on which one draws better; or no more."""
        self._drawing = drawing
        if not self._teaching:
            self._named = ()  # what was wanted while one drew
        self.share()

    def teach(self, named: Sequence[str] | None, *, hero: bool = False) -> None:
        """Make room for a lesson's page and the panels that it names; None ends the lesson.

        With a ``hero`` among these the plot gives way.
        """
        self._teaching, self._named, self._hero = named is not None, tuple(named or ()), hero
        self._docks.teach(self._teaching)
        self.share()

    def enlarge(self) -> bool:
        """Let the plot give way to the panels below it, or come back; return whether it has given way."""
        self._enlarged = not self._enlarging.on
        self._hero = False
        self.share()
        return self._enlarging.on

    def want(self, key: str) -> None:
        """Bring a panel to the front, whatever gives way."""
        if self._drawing or self._teaching:
            self._drawing, self._named = False, (*self._named, key)
            self.share()
        self._docks.bring(key)

    def put_away_beside(self) -> None:
        """Put away what stands beside the plot, until the user shows it."""
        self._beside_is_away = True
        self._beside.hide()

    def forget_beside(self) -> None:
        """Let what stands beside the plot be where the layout of another mode has it."""
        self._beside_is_away = False

    def share(self) -> None:
        """Put away what there is no room for, and bring back what there is room for again."""
        if self._undone:
            return
        line = theme.line_height()
        self._tell(line)
        self._enlarging.turn(False)  # what is put away, or comes back, does so beside the plot
        below = self._docks.of("below")
        cramped = self._teaching and self._height() < CRAMPED * line and not set(below) & set(self._named)
        if self._drawing or cramped:
            self._put_away(below)
        else:
            self._bring_back()
        self._enlarging.turn((self._enlarged or self._hero) and not (self._drawing or self._moving))
        lines = LEAST_LARGE if self._teaching and LARGE & set(self._named) else LEAST_PANEL
        self._cards.set_compact(self._height() < self._cards.full_height() + lines * line)
        self._cards.caption.set_lines(1 if self._height() < TIGHT * line else 2)

    def _tell(self, line: int) -> None:
        """Give the story as many lines as there is room for: none in a lesson, whose pages tell it themselves."""
        whole = self._height() + (0 if self._story.isHidden() else self._story.height())
        lines = 0 if self._teaching else next((lines for least, lines in STORY if whole >= least * line), 0)
        self._story.take_lines(lines)

    def settle(self) -> None:
        """Share the room once all docks stand where they were put."""
        if self._moving:
            self._moving = False
            self.share()

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Let everything stand where the user has put it, for a moment: that is what is remembered."""
        self._moving = True
        self._enlarging.turn(False)
        self._bring_back()
        before, self._undone = self._undone, True
        away = self._beside_is_away and self._beside.isHidden()
        if away:
            self._beside.show()
        try:
            yield
        finally:
            self._undone = before
            self._beside_is_away = away = away and self._beside_is_away
            if away:
                self._beside.hide()
            self.share()
            for key in self._named:
                self._docks.bring(key)

    def _put_away(self, keys: list[str]) -> None:
        docks = (self._docks.by_key[key] for key in keys)
        shown = [dock.spec.key for dock in docks if not (dock.isHidden() or dock.isFloating())]
        if not shown:
            return
        front = [dock.spec.key for dock in self._docks.seen()]
        self._front = [key for key in shown if key in front]
        self._away += shown
        for key in shown:
            self._docks.by_key[key].hide()

    def _bring_back(self) -> None:
        away, self._away = self._away, []
        for key in away:
            self._docks.by_key[key].show()
        for key in self._front if away else ():
            self._docks.bring(key)
