"""What stands in the place of a panel that cannot show its figures, and how an exception gets there.

An exception in one of Qt's handlers surfaces in whatever Python code made Qt call it: in another panel, in the window,
or nowhere. So every panel catches its own: where Qt calls, in `event`; where the window does, in guarded methods.
"""

from __future__ import annotations

import inspect
import logging
import re
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainterPath
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from lwf_gui.gui import theme

_log = logging.getLogger(__name__)
_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
_CALLED = re.compile(r"^(Error calling Python override of [\w:]+\(\): )+")

WAITING = frozenset({"refresh", "describe", "point_at", "set_x_range"})
"""Methods of all kinds of panels that the window calls, and that are of no use to a panel that shows nothing."""
GUARDED = WAITING | {"set_theme", "show_record"}
"""These, and those that are."""
ITEM_METHODS: dict[str, Callable[[], Any]] = {"paint": lambda: None, "boundingRect": QRectF, "shape": QPainterPath}
"""What Qt asks of an item while it paints, and what it is told where that goes wrong."""


class ErrorCard(QFrame):
    """Covers a panel: that it cannot be shown, why in a sentence, the details to copy, and another try."""

    again = Signal()
    """The user wants the panel to try again."""

    def __init__(self, panel: QWidget, error: Exception) -> None:
        super().__init__(panel)
        self.setObjectName("panel")
        name = panel.windowTitle() or "This panel"
        self.title = _label(f"{name} cannot be shown")
        self.title.setFont(theme.font(1.0, bold=True))
        self.sentence = _label(f"The program has a fault here ({_cause(error)}); the run and the other panels go on.")
        self.details = f"{self.title.text()}\n{''.join(traceback.format_exception(error))}"
        buttons = QHBoxLayout()
        for text, act in (("Copy details", self._copy), ("Try again", self.again.emit)):
            button = QPushButton(text)
            button.clicked.connect(act)
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        for label in (self.title, self.sentence):
            column.addWidget(label)
        column.addLayout(buttons)
        column.addStretch(1)
        self.setAccessibleName(self.title.text())
        self.setAccessibleDescription(self.sentence.text())

    def minimumSizeHint(self) -> QSize:
        """Return nothing: the panel's size is its own."""
        return QSize(0, 0)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details)


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)  # the message of an exception may quote a name from a file
    label.setWordWrap(True)
    return label


def _cause(error: Exception) -> str:
    """Return the exception's name and the first line of what it says, without what Qt for Python puts before it."""
    said = _CALLED.sub("", str(error.args[0]) if error.args else "").strip().partition("\n")[0].rstrip(".")
    return f"{type(error).__name__}: {said[:200]}" if said else type(error).__name__


def _guarded(method: Callable[..., None]) -> Callable[..., None]:
    """Return a method of a `Fallible` that shows in its place what goes wrong in it, or waits while that stands."""

    @wraps(method)
    def safe(panel: Fallible, *args: object, **kwargs: object) -> None:
        if panel.failure is not None and method.__name__ in WAITING:
            panel.missed[method.__name__] = args
            return
        try:
            method(panel, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - whatever went wrong is shown and logged
            panel.fail(error)

    return safe


class Fallible(QFrame):
    """A frame that survives whatever goes wrong in it: a card says so in its place, and it is logged once."""

    def __init__(self) -> None:
        super().__init__()
        self.failure: Exception | None = None
        """What went wrong, while the card that says so is there."""
        self.card: ErrorCard | None = None
        self._hidden: list[QWidget] = []
        self.missed: dict[str, tuple[Any, ...]] = {}
        """With what the window called, for the last time, while nothing could be shown."""

    def __init_subclass__(cls) -> None:
        """Guard what the window calls, in every subclass that has its own."""
        super().__init_subclass__()
        for name in GUARDED & vars(cls).keys():
            setattr(cls, name, _guarded(vars(cls)[name]))

    def event(self, event: QEvent) -> bool:
        """Do what Qt asks: it paints, and calls all other handlers, from here."""
        try:
            if event.type() is QEvent.Type.Resize and self.card is not None:
                self.card.setGeometry(self.rect())
            return self.handled(event)
        except Exception as error:  # noqa: BLE001 - whatever went wrong is shown and logged
            self.fail(error)
            return True

    def handled(self, event: QEvent) -> bool:
        """Do what Qt asks, and return whether it was recognised."""
        return super().event(event)

    def fail(self, error: Exception) -> None:
        """Show that nothing can be shown; of several exceptions the first one."""
        if self.failure is not None:
            return
        self.failure = error
        _log.error("%s cannot be shown", self.windowTitle() or type(self).__name__, exc_info=error)
        self._hidden = [each for each in self.findChildren(QWidget, options=_DIRECT) if each.isVisibleTo(self)]
        for each in self._hidden:
            each.hide()
        self.card = ErrorCard(self, error)
        self.card.again.connect(self.retry)
        self.card.setGeometry(self.rect())
        self.card.show()
        self.setAccessibleDescription(self.card.sentence.text())

    def recover(self) -> None:
        """Take the card away, before another try."""
        self.failure = None
        if self.card is not None:
            self.card.hide()
            self.card.deleteLater()
            self.card = None
            for each in self._hidden:
                each.show()
            self._hidden.clear()

    def retry(self) -> None:
        """Try again."""
        self.recover()
        self.update()


class GuardedView:
    """Mixed into a view within a panel: what goes wrong in it is shown in place of the panel."""

    caught: list[Exception] | None = None
    """What went wrong in items so far, while Qt is at work in the view."""

    def viewportEvent(self, event: QEvent) -> bool:
        """Paint, or follow the mouse; what went wrong is told when that is over: Qt paints no view that is hidden."""
        outer = self.caught
        self.caught = caught = []
        try:
            return bool(super().viewportEvent(event))  # type: ignore[misc] # the view's own
        except Exception as error:  # noqa: BLE001 - whatever went wrong is shown and logged
            caught.append(error)
            return True
        finally:
            self.caught = outer
            if caught:
                _tell(self, caught[0])  # type: ignore[arg-type]


def guard_items(base: type) -> None:
    """Let all kinds of items that Python paints catch their own exceptions: ``base`` and its subclasses so far.

    Qt paints all items of a scene in one go. While an exception waits for that to end, the next item that raises, or
    only asks Qt for something, ends the process. Kinds that are made later call `guard_items` for themselves.
    """
    own = [(kind, dict(vars(kind))) for kind in [base, *_below(base)]]
    for kind, methods in own:
        for name in ITEM_METHODS.keys() & methods.keys():
            setattr(kind, name, _guarded_item(_bare(methods[name]), ITEM_METHODS[name]))


def _bare(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method without pyqtgraph's `warnOnException` around it, which only warns: the curve would just lack."""
    bare: Callable[..., Any] = inspect.getclosurevars(method).nonlocals.get("func", method)
    return bare if method.__module__ == "pyqtgraph.debug" else method


def _below(base: type) -> set[type]:
    found: set[type] = set()
    below: list[type] = type.__subclasses__(base)
    for each in below:
        found.add(each)
        found.update(_below(each))
    return found


def _guarded_item(method: Callable[..., Any], nothing: Callable[[], Any]) -> Callable[..., Any]:
    @wraps(method)
    def safe(item: Any, *args: object, **kwargs: object) -> Any:
        try:
            return method(item, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - whatever went wrong is shown and logged
            scene = item.scene() if isValid(item) else None  # while a plot is taken apart, items are asked once more
            for view in scene.views() if scene is not None else ():
                if (caught := getattr(view, "caught", None)) is None:
                    _tell(view, error)
                else:
                    caught.append(error)
            return nothing()

    return safe


def _tell(widget: QWidget, error: Exception) -> None:
    """Let the panel around a widget show what went wrong in it."""
    around = widget.parentWidget()
    while around is not None and not isinstance(around, Fallible):
        around = around.parentWidget()
    if around is None:
        _log.error("A picture cannot be shown", exc_info=error)
    else:
        around.fail(error)
