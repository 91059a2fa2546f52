"""Names of classes, data and files are shown as they are: no markup in them is ever obeyed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6 import QtGui
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from lwf_gui.messages import DataReady
from lwf_gui.runs.selection import Selection
from tests.gui.conftest import Lab
from tests.runs import synthetic

NAME = "<u>x</u>"
"""A name that is markup, and that Qt would take for it."""


def offenders(window: QWidget) -> list[str]:
    """Return the texts of a window in which Qt would obey the markup of a name."""
    found = []
    for widget in (window, *window.findChildren(QWidget)):
        texts = [widget.toolTip(), *(action.toolTip() for action in widget.actions())]
        if isinstance(widget, QLabel) and widget.textFormat() is not Qt.TextFormat.PlainText:
            texts.append(widget.text())
        marked = [text for text in texts if NAME in text and QtGui.Qt.mightBeRichText(text)]
        found += [f"{type(widget).__name__}: {text}" for text in marked]
    return found


@pytest.mark.parametrize("step", [None, -10, 0, 15])
def test_names_from_a_file_are_plain_text_everywhere(quiet_lab: Lab, step: int | None) -> None:
    record = synthetic.record()
    assert isinstance(record.data, DataReady)
    names = {"classes": (NAME,) * 5, "dataset": NAME, "source": NAME, "note": NAME, "device": NAME}
    record.data = replace(record.data, **names)  # type: ignore[arg-type]
    quiet_lab.session.show_record(record)
    for key in quiet_lab.window.docks.by_key:
        quiet_lab.window.show_panel(key)
        quiet_lab.window.look_at(**{"step": step, "image": Selection().image})
    quiet_lab.window.showing.refresh()
    assert any(NAME in label.text() for label in quiet_lab.window.findChildren(QLabel)), "it stands somewhere"
    assert offenders(quiet_lab.window) == []


@pytest.mark.parametrize("say", ["banner", "status"])
def test_the_name_of_a_file_is_plain_text_in_messages(quiet_lab: Lab, say: str) -> None:
    getattr(quiet_lab.window, say).say(f"Saved {NAME}")
    assert offenders(quiet_lab.window) == []
