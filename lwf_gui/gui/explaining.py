"""Terms under the mouse: a text's own tip, and below it what the glossary says of the terms that stand in the text.

Nothing is looked up before the mouse rests somewhere. Painted panels do the same for what they write, see `Panel`.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QHelpEvent, QTextDocument
from PySide6.QtWidgets import (
    QComboBox,
    QGraphicsTextItem,
    QGraphicsView,
    QGroupBox,
    QMenu,
    QTabBar,
    QToolTip,
    QWidget,
)

from lwf_gui.gui.panels.text import with_words
from lwf_gui.terms import terms_in


def text_at(part: QWidget, place: QPoint) -> str:
    """Return what a widget itself says at a place of it: of tabs and entries the one there; empty where it is none."""
    match part:
        case QTabBar():
            return part.tabText(part.tabAt(place))
        case QMenu():
            action = part.actionAt(place)
            return "" if action is None else action.text().replace("&", "")
        case QComboBox():
            return part.currentText()
        case QGroupBox():
            return part.title()
    said = getattr(part, "text", None)
    return _plain(said()) if callable(said) else ""


def text_of(part: QWidget) -> str:
    """Return all that a widget itself says, wherever the mouse is."""
    match part:
        case QTabBar():
            return "\n".join(map(part.tabText, range(part.count())))
        case QGraphicsView():
            items = (item for item in part.items() if isinstance(item, QGraphicsTextItem) and item.isVisible())
            return "\n".join(item.toPlainText() for item in items)
    return text_at(part, QPoint())


def words_of(part: QWidget | None) -> tuple[str, tuple[str, ...]]:
    """Return the name of what has the keys, a panel or a control, and the terms that stand in it."""
    around = part
    while around is not None:
        all_said = getattr(around, "all_said", None)  # a panel's
        if all_said is not None:
            return around.windowTitle() or around.accessibleName(), terms_in(all_said())
        around = None if around.isWindow() else around.parentWidget()
    named = "" if part is None or part.isWindow() else part.accessibleName()
    return named, terms_in(named)


def tip_at(part: QWidget, place: QPoint) -> str:
    """Return what is said at a place of a widget: its own tip, or that of what it lies in, then terms."""
    return with_words(_own_tip(part, place), text_at(part, place))


def explain(part: QWidget, event: QEvent) -> bool:
    """Show what is said at the place of an event that asks for a tip; return whether that was all there is to do."""
    if event.type() is not QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
        return False
    said = tip_at(part, event.pos())
    if said:
        QToolTip.showText(event.globalPos(), said, part)
    return bool(said)


def explain_below(around: QWidget, event: QEvent) -> bool:
    """Do so for the widget at the mouse, which itself had nothing to say."""
    if event.type() is not QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
        return False
    part = around.childAt(event.pos())
    while part is not None and part is not around:
        place = part.mapFrom(around, event.pos())
        if text_at(part, place):
            said = tip_at(part, place)
            QToolTip.showText(event.globalPos(), said, part)
            return bool(said)
        part = part.parentWidget()
    return False


class Explained:
    """Mixed into a widget with a text of its own: the terms in it are explained under the mouse."""

    def event(self, event: QEvent) -> bool:
        """Explain the terms of its text; else do what Qt asks."""
        return explain(self, event) or bool(super().event(event))  # type: ignore[arg-type, misc] # the widget's own


class Explains(QObject):
    """Explains the terms of a widget's text, of a kind that is Qt's own; the widget is its parent."""

    def __init__(self, part: QWidget) -> None:
        super().__init__(part)
        part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Explain the terms, and leave everything else as it is."""
        assert isinstance(watched, QWidget)
        return explain(watched, event) or super().eventFilter(watched, event)


def _own_tip(part: QWidget, place: QPoint) -> str:
    """Return the tip of a widget, or of the nearest that it lies in."""
    if isinstance(part, QTabBar):
        return part.tabToolTip(part.tabAt(place))
    if isinstance(part, QMenu):
        action = part.actionAt(place) if part.toolTipsVisible() else None
        return "" if action is None else action.toolTip()
    return next((each.toolTip() for each in _up(part) if each.toolTip()), "")


def _up(part: QWidget) -> Iterator[QWidget]:
    """Yield a widget and all that it lies in, up to its window."""
    at: QWidget | None = part
    while at is not None:
        yield at
        at = None if at.isWindow() else at.parentWidget()


def _plain(text: str) -> str:
    """Return a label's text as it is read: markup is left out."""
    if "<" not in text:
        return text
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()
