"""Qt sends events while a widget is still being made: no handler may stumble over parts that are not there yet."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QWidget
from pytestqt.exceptions import capture_exceptions

from lwf_gui import gui

AT_ONCE = (
    *(QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.PaletteChange, QEvent.Type.EnabledChange),
    *(QEvent.Type.WindowStateChange, QEvent.Type.WindowTitleChange, QEvent.Type.ToolTipChange),
    *(QEvent.Type.LanguageChange, QEvent.Type.LayoutDirectionChange, QEvent.Type.LocaleChange),
    *(QEvent.Type.ActivationChange, QEvent.Type.ApplicationFontChange, QEvent.Type.ThemeChange),
    *(QEvent.Type.LayoutRequest, QEvent.Type.ParentChange, QEvent.Type.DynamicPropertyChange),
)
"""Events that a constructor may set off: `setFont`, `setStyleSheet`, `restoreGeometry`, another window's theme ..."""


def widgets() -> Iterator[type[QWidget]]:
    """Give all the window's own kinds of widget."""
    names = [module.name for module in pkgutil.walk_packages(gui.__path__, f"{gui.__name__}.")]
    for name in names:
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, type) and issubclass(value, QWidget) and value.__module__ == name:
                yield value


def qt_class(kind: type[QWidget]) -> type[QWidget]:
    """Return the nearest class that is Qt's own."""
    return next(base for base in kind.__mro__ if base.__module__.startswith("PySide6."))


KINDS = sorted(set(widgets()), key=lambda kind: f"{kind.__module__}.{kind.__name__}")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_handler_stumbles_over_a_half_made_widget(qapp: QApplication, kind: type[QWidget]) -> None:
    widget = kind.__new__(kind)
    qt_class(kind).__init__(widget)
    other, faults = QWidget(), []
    with capture_exceptions() as caught:
        for event in AT_ONCE:
            try:
                QApplication.sendEvent(widget, QEvent(event))
                widget.eventFilter(other, QEvent(event))
            except AttributeError as error:
                faults.append(f"{event.name}: {error}")
        if issubclass(kind, QMainWindow):
            widget.resize(300, 200)
            widget.show()
            qapp.processEvents()
            widget.close()
    widget.deleteLater()
    other.deleteLater()
    assert faults + [str(error[1]) for error in caught] == []


def test_all_kinds_of_widget_are_looked_at() -> None:
    assert len(KINDS) > 30
    assert {"Window", "Banner", "Dock", "Heading"} <= {kind.__name__ for kind in KINDS}
    assert any(issubclass(kind, QDockWidget) for kind in KINDS)
    assert "lwf_gui.gui.window" in sys.modules
