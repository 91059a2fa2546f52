"""The board of a split: its classes as tiles in rows, which are dragged, or moved by keys, from place to place.

It changes nothing itself: it says which class shall stand where, and shows the split that it is given.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.theme import Theme
from lwf_gui.gui.widgets.class_list import ClassList
from lwf_gui.gui.widgets.task_keys import move_of, neighbour_of
from lwf_gui.gui.widgets.task_places import GAP, Places, arrange
from lwf_gui.gui.widgets.task_row import REMOVE, RowHead
from lwf_gui.gui.widgets.task_tile import Tile, tile_size
from lwf_gui.runs.splits import Place, Split, name_of

EMPTY = "No class yet: drag one here, or press Ctrl+Up or Ctrl+Down on one."
KEYS = "Arrow keys go from class to class; with Ctrl they move the class; Delete takes it out of the tasks."

SIDE_BY_SIDE, ROWS = 8, 6
"""Tiles, and rows, that the board has room for at first."""


class TaskBoard(QWidget):
    """The tiles of one split."""

    moved = Signal(int, object)
    """A class, and the `Place` where it shall stand."""
    task_asked = Signal(int, str)
    """A task, and what shall be done with it: see `RowHead.asked`."""

    def __init__(self, split: Split, classes: ClassList, colours: Theme) -> None:
        super().__init__()
        self._colours, self.split = colours, split
        self.heads: list[RowHead] = []
        self._unused = RowHead(None, colours, self)
        self.tiles = {
            label: Tile(label, name_of(label, classes.names), classes.images.get(label), classes.peak, colours, self)
            for label in split.classes
        }
        self._current = next(iter(split.classes), None)
        self._pressed: tuple[Tile, QPoint] | None = None
        self._target: Place | None = None
        """Where the tile that is dragged would land."""
        self._places: Places
        self.setAccessibleName("Tasks")
        self.setAccessibleDescription(KEYS)
        for tile in self.tiles.values():
            tile.setAccessibleDescription(KEYS)
            tile.installEventFilter(self)
        self.show_split(split)

    def show_split(self, split: Split) -> None:
        """Show another split of the same classes; the focus stays with its class."""
        self.split = split
        while len(self.heads) < len(split.tasks):
            head = RowHead(len(self.heads), self._colours, self)
            head.asked.connect(self.task_asked)
            self.heads.append(head)
        for task, head in enumerate(self.heads):
            head.setVisible(task < len(split.tasks))
        for head, row in zip(self._row_heads(), split.rows, strict=True):
            head.show_count(len(row), len(split.tasks))
        for at, row in enumerate(split.rows):
            for index, label in enumerate(row):
                self.tiles[label].say_place(self._where(Place(at, index), len(row)))
        self._arrange()

    def go_to(self, label: int) -> None:
        """Give a class the focus."""
        self._current = label
        self.tiles[label].setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll_to(self.tiles[label].geometry())

    def begin(self) -> None:
        """Give the focus to the class that had it last, or to the first one."""
        if self._current is not None:
            self.go_to(self._current)

    def go_to_task(self, task: int, what: str) -> None:
        """Give the focus to a button of a task, or, where there is none, to a class."""
        if what == REMOVE:
            self.begin()
        else:
            self.heads[task].take_focus(what)
            self._scroll_to(self._places.frames[task])

    def go_to_empty(self, task: int) -> None:
        """Show a task without classes, and give the focus to the class that can fill it: one not used, else the first.

        Only a class can be moved by keys; from there Ctrl and an arrow key bring it.
        """
        near = [
            *self.split.unused,
            *(label for row in (*self.split.tasks[:task][::-1], *self.split.tasks[task:]) for label in row),
        ]
        if near:
            self.go_to(near[0])
        self._scroll_to(self._places.frames[task])

    # Places

    def _row_heads(self) -> list[RowHead]:
        return [*self.heads[: len(self.split.tasks)], self._unused]

    def _where(self, place: Place, count: int) -> str:
        if place.row == len(self.split.tasks):
            return "not used"
        return f"task {place.row + 1} of {len(self.split.tasks)}, place {place.column + 1} of {count}"

    def _arrange(self) -> None:
        """Put heads and tiles in their places; only the class chosen last is reached by Tab, the others by arrows."""
        heads = self._row_heads()
        tile = tile_size([tile.name for tile in self.tiles.values()])
        self._places = arrange(self.split, self.width(), [head.sizeHint() for head in heads], tile)
        for head, frame in zip(heads, self._places.frames, strict=True):
            head.setGeometry(QRect(frame.topLeft(), head.sizeHint()))
        for label, each in self.tiles.items():
            chosen = label == self._current
            each.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)
            each.setGeometry(self._places.tile_rect(self.split.place(label)))
        self.setMinimumHeight(self._places.height)
        self.setMinimumWidth(self._places.left + tile.width() + 2 * GAP)
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for all rows, and some more, with as many tiles side by side as a usual task has."""
        tile = self._places.tile + QSize(GAP, 3 * GAP)
        return QSize(self._places.left + SIDE_BY_SIDE * tile.width(), max(self._places.height, ROWS * tile.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the tiles into other columns."""
        super().resizeEvent(event)
        self._arrange()

    def _scroll_to(self, rect: QRect) -> None:
        viewport = self.parentWidget()
        area = viewport.parentWidget() if viewport is not None else None
        if isinstance(area, QScrollArea):
            area.ensureVisible(rect.center().x(), rect.center().y(), 0, rect.height() // 2 + GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, and where a tile that is dragged would land."""
        with QPainter(self) as painter:
            for row, frame in enumerate(self._places.frames):
                here = self._target is not None and self._target.row == row
                painter.fillRect(frame, QColor(self._colours.raised if row < len(self.split.tasks) else "transparent"))
                painter.setPen(QPen(QColor(self._colours.accent if here else self._colours.line), 2 if here else 1))
                painter.drawRect(frame.adjusted(1, 1, -2, -2))
                if not self.split.rows[row] and row < len(self.split.tasks):
                    painter.setPen(QColor(self._colours.muted))
                    painter.setFont(theme.font(1.0))
                    flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
                    painter.drawText(self._places.empty_rect(row), int(flags), EMPTY)
            if self._target is not None and self._target.row < len(self.split.tasks):
                self._paint_mark(painter, self._target)

    def _paint_mark(self, painter: QPainter, place: Place) -> None:
        """Paint a bar in front of a place."""
        rect = self._places.tile_rect(place)
        if place.column and place.column % self._places.across == 0:  # behind the line's last tile, where the mouse is
            rect = self._places.tile_rect(Place(place.row, place.column - 1)).translated(rect.width() + GAP, 0)
        painter.fillRect(QRect(rect.left() - GAP + 1, rect.top(), GAP - 2, rect.height()), QColor(self._colours.accent))

    # Mouse: tiles let it pass to their board

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override] # only of tiles
        """Repaint a tile that gets or loses the focus, and remember it as the one that Tab comes back to."""
        if event.type() is QEvent.Type.FocusIn and isinstance(watched, Tile):
            if self._current is not None:
                self.tiles[self._current].setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            self._current = watched.label
            watched.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a tile."""
        tile = self.childAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and isinstance(tile, Tile):
            self._pressed = (tile, event.position().toPoint() - tile.pos())
            tile.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let the tile follow the mouse."""
        if self._pressed is None:
            return
        tile, grip = self._pressed
        corner = event.position().toPoint() - grip
        far = (corner - self._places.tile_rect(self.split.place(tile.label)).topLeft()).manhattanLength()
        if self._target is None and far < QApplication.startDragDistance():
            return
        tile.raise_()
        tile.setCursor(Qt.CursorShape.ClosedHandCursor)
        tile.move(corner)
        self._target = self._places.place_at(tile.geometry().center() - QPoint(tile.width() // 2, 0))
        self._scroll_to(tile.geometry())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the tile go where it is, or where it was if it was not moved."""
        target, pressed = self._target, self._pressed
        self._let_go()
        if pressed is not None and target is not None:
            self.moved.emit(pressed[0].label, target)

    def _let_go(self) -> None:
        if self._pressed is not None:
            self._pressed[0].setCursor(Qt.CursorShape.OpenHandCursor)
        self._pressed, self._target = None, None
        self._arrange()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from class to class with the arrow keys; with Ctrl, move the class; Delete takes it out of the tasks."""
        tile = QApplication.focusWidget()
        key, control = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key == Qt.Key.Key_Escape and self._target is not None:
            self._let_go()
            return
        if not isinstance(tile, Tile):
            super().keyPressEvent(event)
            return
        to = move_of(self.split, tile.label, key, control=control)
        other = None if control else neighbour_of(self.split, self._places, tile.label, key)
        if to is not None:
            self.moved.emit(tile.label, to)
        elif other is not None:
            self.go_to(other)
        elif key not in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            super().keyPressEvent(event)
