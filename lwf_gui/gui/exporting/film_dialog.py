"""The questions before a film: of what, how long, how fast and how large."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QSpinBox, QWidget

from lwf_gui.gui.exporting.figures import FIGURES, TOGETHER
from lwf_gui.gui.exporting.film import FPS, HOLD, MOST_BYTES, SECONDS, WIDTH, Film
from lwf_gui.gui.widgets.input_rules import apply_input_rules

ABOUT = (
    "The run from the head expansion on: the first steps of a task, in which it is forgotten, have a third of its "
    f"time, and the last frame stays {HOLD:g} seconds. A film of more than {MOST_BYTES / 1e6:g} MB is made smaller."
)


class FilmDialog(QDialog):
    """Asks what a film shows, and how."""

    def __init__(self, parent: QWidget, key: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Film of the run")
        film, form = Film(), QFormLayout(self)
        self.what = QComboBox()
        self.what.addItem("Story, accuracy, cards and memory wall", TOGETHER)
        for figure in FIGURES.values():
            if figure.key != TOGETHER:
                self.what.addItem(figure.title, figure.key)
        self.what.setCurrentIndex(max(0, self.what.findData(key)))
        self.seconds = _number(round(film.seconds), SECONDS, " s")
        self.fps = _number(round(film.fps), FPS, " a second")
        self.pixels = _number(film.width, WIDTH, " pixels")
        about = QLabel(ABOUT)
        about.setWordWrap(True)
        form.addRow(about)
        for name, field in (("&Shows", self.what), ("&Length", self.seconds), ("&Frames", self.fps)):
            form.addRow(name, field)
        form.addRow("&Width", self.pixels)
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        buttons.button(kinds.Ok).setText("Choose file...")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)
        for field in (self.what, self.seconds, self.fps, self.pixels):
            apply_input_rules(field)

    @property
    def chosen(self) -> tuple[str, Film]:
        """The key of the figure, and what the film is like."""
        return str(self.what.currentData()), Film(self.seconds.value(), self.fps.value(), self.pixels.value())


def ask_film(parent: QWidget, key: str) -> tuple[str, Film] | None:
    """Ask of what a film shall be, and how; None if the user cancels."""
    dialog = FilmDialog(parent, key)
    chosen = dialog.chosen if dialog.exec() else None
    dialog.deleteLater()
    return chosen


def _number(value: int, limits: tuple[float, float], unit: str) -> QSpinBox:
    field = QSpinBox()
    field.setRange(*map(int, limits))
    field.setValue(value)
    field.setSuffix(unit)
    return field
