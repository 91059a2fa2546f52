"""The program itself, with one addition: on SIGUSR1 it writes down which widgets stand where on the screen.

Tests that use the program from outside, with a real mouse and keyboard, aim and read by it; it changes nothing.
"""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from threading import Thread
from typing import Any

VARIABLE = "LWF_GUI_SPY"
"""Environment variable that names the file to write."""


def main() -> None:
    """Run the program as its command does."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # what is not the program's own ends without a word
    if VARIABLE in os.environ:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})  # in all threads to come, too
        Thread(target=_listen, args=(Path(os.environ[VARIABLE]),), daemon=True).start()
    from lwf_gui.__main__ import main as program

    signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a terminal, however the tests were started
    program()


def _listen(target: Path) -> None:
    """Let the window's thread answer each signal at once: a handler would wait until Python code runs there."""
    while True:
        signal.sigwait({signal.SIGUSR1})
        from PySide6.QtCore import QCoreApplication, QTimer

        app = QCoreApplication.instance()
        assert app is not None
        QTimer.singleShot(0, app, lambda: _tell(target))


def _tell(target: Path) -> None:
    """Write all visible widgets, in screen pixels."""
    from PySide6.QtWidgets import QApplication

    widgets = [_about(widget) for widget in QApplication.allWidgets() if widget.isVisible() and widget.width() > 1]
    part = target.with_name(f"{target.name}.part")
    part.write_text(json.dumps(widgets), "utf-8")
    part.replace(target)


def _about(widget: Any) -> dict[str, Any]:
    """Return what a person sees of a widget: where it is, what it says."""
    corner = widget.mapToGlobal(widget.rect().topLeft())
    seen = widget.visibleRegion().boundingRect().translated(corner)
    ratio = widget.devicePixelRatioF()
    return {
        "kind": type(widget).__name__,
        "name": widget.accessibleName() or widget.objectName(),
        "text": _text(widget),
        "window": widget.window().windowTitle(),
        "place": [round(ratio * value) for value in (seen.x(), seen.y(), seen.width(), seen.height())],
        "whole": [round(ratio * value) for value in (corner.x(), corner.y(), widget.width(), widget.height())],
        "focus": widget.hasFocus(),
        "enabled": widget.isEnabled(),
        "top": widget.isWindow(),
        "maximised": widget.isMaximized(),
    }


def _text(widget: Any) -> str:
    for name in ("text", "currentText", "toPlainText", "title", "windowTitle"):
        if name == "windowTitle" and not widget.isWindow():
            continue
        method = getattr(widget, name, None)
        if callable(method):
            try:
                return str(method())
            except TypeError:  # a method of that name with another meaning
                continue
    return ""


if __name__ == "__main__":
    main()
