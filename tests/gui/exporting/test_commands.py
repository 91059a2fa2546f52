"""Figures and films from the window: by keys, by the menu under the right button, and through dialogs."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from lwf_gui.gui.exporting import film_dialog
from lwf_gui.gui.exporting.commands import FIGURE_ENDINGS, FILM_ENDINGS
from lwf_gui.gui.exporting.film import ENDINGS as FILMED
from lwf_gui.gui.exporting.film import Film
from lwf_gui.gui.exporting.writing import ENDINGS as DRAWN
from lwf_gui.gui.widgets import dialogs
from tests.gui.conftest import Lab


def ask_menu(widget: QWidget) -> QMenu:
    """Return the menu under the right button."""
    place = QPoint(5, 5)
    QApplication.sendEvent(widget, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_ctrl_c_copies_the_panel_that_was_chosen_last_with_its_caption(quiet_lab: Lab) -> None:
    quiet_lab.see("classes")
    quiet_lab.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    data = QGuiApplication.clipboard().mimeData()
    assert data.text().startswith("Classes. Task-aware, 300 old and 300 new probe images of fashion-mnist, step 1,125")
    image = data.imageData()
    assert isinstance(image, QImage)
    assert image.width() == pytest.approx(2 * 178 / 25.4 * 96, abs=2)
    assert "Classes" in quiet_lab.window.status.activity.text()


def test_the_right_button_offers_figures_of_what_it_points_at(
    quiet_lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = quiet_lab.window
    asked: list[str] = []

    def answer(_parent: QWidget, _title: str, begin: str, _kinds: str) -> str:
        asked.append(Path(begin).name)
        return str(tmp_path / "a.svg")

    monkeypatch.setattr(dialogs, "ask_target", answer)
    for part, key in ((window.accuracy, "accuracy"), (window.cards, "cards"), (window.story, "story")):
        menu = ask_menu(part)
        save = menu.actions()[1]
        assert save.text() == "Save figure as..."
        save.trigger()
        menu.close()
        assert asked[-1] == f"{key}.pdf"
        assert (tmp_path / "a.svg").read_bytes().startswith(b"<?xml")


def test_a_film_is_asked_for_written_and_cancelled(
    quiet_lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.gif"
    monkeypatch.setattr(film_dialog, "ask_film", lambda _parent, _key: ("cards", Film(1, 3, 320)))
    monkeypatch.setattr(dialogs, "ask_target", lambda *_: str(path))
    quiet_lab.window.actions_by_id["film"].trigger()
    assert path.read_bytes().startswith(b"GIF89a")
    path.unlink()
    monkeypatch.setattr("lwf_gui.gui.exporting.commands.QProgressDialog.wasCanceled", lambda _bar: True)
    quiet_lab.window.actions_by_id["film"].trigger()
    assert not [each for each in tmp_path.iterdir() if each.is_file()]
    assert "no file was written" in quiet_lab.window.status.activity.text()


def test_the_questions_before_a_film_begin_with_its_defaults(quiet_lab: Lab) -> None:
    dialog = film_dialog.FilmDialog(quiet_lab.window, "accuracy")
    assert dialog.chosen == ("accuracy", Film())
    dialog.deleteLater()


def test_endings_that_are_offered_are_those_that_can_be_written() -> None:
    assert FIGURE_ENDINGS == DRAWN
    assert FILM_ENDINGS == FILMED
