"""Which learners a run trains: one box a method, of which at least one stays checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRect, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QCheckBox, QToolButton, QVBoxLayout

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import mark
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.theme import Theme
from lwf_gui.gui.widgets.controls import SettingControl
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.methods import METHODS, Method

More = Callable[[], Any | None]
"""Asks for one more learner of a method that is there already, with a name and settings of its own; None: no."""

ONE = "At least one learner must stay: without any there is nothing to see."


class LearnersControl(SettingControl):
    """The learners of a recipe, in the order of the table of methods.

    A learner is the name of its method, or a table that has a ``method``; those are kept as they are, also while their
    box is not checked: checked again, it brings the same learners back.

    Parameters
    ----------
    more : what the button "+" does; there is no such button without it
    """

    def __init__(self, more: More | None = None) -> None:
        super().__init__()
        self._learners: tuple[Any, ...] = ()
        self._taken: dict[str, list[Any]] = {}
        """Learners that were taken away, by method."""
        self.boxes = {name: self._box(method) for name, method in METHODS.items()}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for box in self.boxes.values():
            layout.addWidget(box)
        self.field = next(iter(self.boxes.values()))
        self.setFocusProxy(self.field)
        if more is not None:
            layout.addWidget(self._plus(more), 0, Qt.AlignmentFlag.AlignLeft)

    def set_value(self, value: Any) -> None:
        """Show learners."""
        self._learners = tuple(value)
        count = [method_name(learner) for learner in self._learners]
        for name, box in self.boxes.items():
            with QSignalBlocker(box):
                box.setChecked(name in count)
                these = [learner for learner in self._learners if method_name(learner) == name]
                box.setText(box_text(name, these))
                box.setToolTip(tooltip(box_tip(name, these)))

    def set_theme(self, colours: Theme) -> None:
        """Draw the marks in the colours of the theme."""
        side = theme.line_height()
        for name, box in self.boxes.items():
            box.setIconSize(QSize(side, side))
            box.setIcon(_mark(name, colours))

    def _box(self, method: Method) -> QCheckBox:
        box = QCheckBox(method.label)
        box.setToolTip(tooltip(method.help))
        box.setAccessibleName(f"Learner {method.label}")
        box.setAccessibleDescription(method.help)
        box.toggled.connect(lambda checked, name=method.name: self._toggle(name, checked))
        apply_input_rules(box)
        return box

    def _toggle(self, name: str, checked: bool) -> None:
        """Add a method's learners as they last were, or take all of them away; the last one stays."""
        left = [learner for learner in self._learners if method_name(learner) != name]
        gone = [learner for learner in self._learners if method_name(learner) == name]
        chosen = [*left, *self._back(name, left)] if checked else left
        if not chosen:
            self.set_value(self._learners)
            self.refused.emit(ONE)
            return
        if gone:
            self._taken[name] = gone
        self._take(chosen)

    def _back(self, name: str, left: list[Any]) -> list[Any]:
        """Return the learners of a method that were taken away, one with its name at first; no name stands twice."""
        names = {learner_name(learner) for learner in left}
        return [each for each in self._taken.get(name, [name]) if learner_name(each) not in names] or [name]

    def _take(self, learners: list[Any]) -> None:
        order = list(METHODS)
        self.set_value(sorted(learners, key=lambda learner: order.index(method_name(learner))))
        self.changed.emit(self._learners)

    def _plus(self, more: More) -> QToolButton:
        def add() -> None:
            learner = more()
            if learner is not None:
                self._take([*self._learners, learner])

        button = QToolButton()
        button.setObjectName("segment")
        button.setText("+")
        button.setAccessibleName("Add a learner")
        button.setToolTip(tooltip("Add one more learner of a method, with a name and settings of its own."))
        button.clicked.connect(add)
        apply_input_rules(button)
        return button


def method_name(learner: Any) -> str:
    """Return the name of the method that a learner of a recipe follows."""
    return learner if isinstance(learner, str) else str(learner["method"])


def learner_name(learner: Any) -> str:
    """Return the name of a learner of a recipe."""
    return learner if isinstance(learner, str) else str(learner.get("name", learner["method"]))


def box_text(method: str, learners: list[Any]) -> str:
    """Return what stands beside a method's box: its label, how often it learns, or the name of its only learner."""
    label = METHODS[method].label
    if len(learners) != 1 or learner_name(learners[0]) == method:
        return f"{label} ({len(learners)})" if len(learners) > 1 else label
    return learner_name(learners[0])


def box_tip(method: str, learners: list[Any]) -> str:
    """Return what a method does, and which of its learners have which settings for themselves."""
    told = [f"{learner_name(each)} has its own {_own_of(each)}." for each in learners if _own_of(each)]
    return " ".join((METHODS[method].help, *told))


def _own_of(learner: Any) -> str:
    """Return "strength 3000, xi 0.1"."""
    own = {} if isinstance(learner, str) else {k: v for k, v in learner.items() if k not in ("method", "name")}
    return ", ".join(f"{key.replace('_', ' ')} {f'{v:g}' if isinstance(v, float) else v}" for key, v in own.items())


def _mark(name: str, colours: Theme) -> QIcon:
    """Return the mark of a learner's curves in its colour."""
    side = theme.line_height()
    picture = QPixmap(side, side)
    picture.fill(QColor(Qt.GlobalColor.transparent))
    with QPainter(picture) as painter:
        edge = side // 5
        mark(painter, QRect(0, 0, side, side).adjusted(edge, edge, -edge, -edge).toRectF(), name, colours)
    return QIcon(picture)
