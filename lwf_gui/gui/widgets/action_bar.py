"""The action bar: buttons of the most used actions, what to run, how fast, and the protocol.

It says less, in steps, where it has less room, and at last takes two rows: nothing is ever cut off.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout

from lwf_gui import paths
from lwf_gui.gui.actions import ACTIONS, Action
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.widgets.choices import PACES, SPACING, Choices
from lwf_gui.gui.widgets.gesture import OneGesture
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.runs.metrics import PLAIN_PROTOCOLS, PROTOCOL_HELP, PROTOCOLS, ProtocolName

LEADING = ("run", "step", "stop", "reset")
"""Actions whose buttons stand on the left."""

ICON = 1.0
"""Side of an icon, in heights of a line of text."""

RUN_WORDS = ("Run", "Pause", "Resume")
"""What the Run button says."""


class Segment(QToolButton):
    """One button of a switch: a click asks for it, and what is on is shown from outside.

    A click on the one that is on turns nothing off.
    """

    def __init__(self, label: str) -> None:
        super().__init__()
        self.setObjectName("segment")
        self.setText(label)
        self.setCheckable(True)

    def nextCheckState(self) -> None:  # noqa: N802 - Qt's name
        """Stay as it is: the click is told, and the answer shown."""


class ActionBar(QFrame):
    """A row of buttons and boxes; it says what was chosen, and shows what it is told."""

    presetChosen = Signal(str)  # noqa: N815 - Qt's naming
    paceChosen = Signal(object)  # noqa: N815
    """Steps a second, or None for full speed."""
    protocolChosen = Signal(str)  # noqa: N815

    FORMS = 5
    """In full; without the choices' labels; buttons as icons alone; the protocols by their terms alone; and with the
    choices on a row of their own."""

    _made = False
    """Whether all parts are there."""

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("bar")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._refit)
        self._form, self._fitting = 0, False
        self._needed = [0]
        """Pixels that each form needs, as last measured, with the choices or without."""
        self._stale, self._chose = True, True
        self.buttons = {spec.id: self._button(spec, actions[spec.id]) for spec in ACTIONS if spec.in_bar}
        """The buttons by the id of their action."""
        self.protocols: dict[ProtocolName, QToolButton] = {}
        """The switch between the protocols."""
        self.choices = Choices()  # of what to run: nothing to choose while presenting
        self.preset, self.data, self.pace = self.choices.preset, self.choices.data, self.choices.pace
        self.preset.activated.connect(lambda _index: self.presetChosen.emit(self.preset.currentText()))
        self.pace.activated.connect(lambda _index: self.paceChosen.emit(PACES[self.pace.currentText()]))
        self._first, self._second = QHBoxLayout(), QHBoxLayout()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 5, 8, 5)
        rows.setSpacing(SPACING)
        for row in (self._first, self._second):
            row.setSpacing(SPACING)
            rows.addLayout(row)
        for name in LEADING:
            self._first.addWidget(self.buttons[name])
        self._first.addSpacing(12)
        self._place_of_choices = self._first.count()
        self._first.addWidget(self.choices)
        self._first.addStretch(1)
        for protocol in PROTOCOLS:
            self.protocols[protocol] = self._segment(protocol)
            self._first.addWidget(self.protocols[protocol])
        self._first.addSpacing(12)
        for name, button in self.buttons.items():
            if name not in LEADING:
                self._first.addWidget(button)
        self._made = True
        self._size_icons()

    def show_protocol(self, protocol: ProtocolName) -> None:
        """Show which protocol holds."""
        for name, button in self.protocols.items():
            button.setChecked(name == protocol)

    def show_choice(self, preset: str, data: str) -> None:
        """Show what will run; other data than the listed ones are a folder."""
        width = self.preset.sizeHint().width()
        self.preset.show_choice(preset)
        if self.preset.sizeHint().width() != width:
            self._refit()
        mine = paths.user_data_dir()
        self.data.show_choice(data, str(mine or ""), forget=not os.environ.get(paths.DATA_DIR_VARIABLE))

    # Room

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Fit anew in other type, and when the choices come or go."""
        kind = event.type()
        if self._made and kind in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._size_icons()
            self._soon.start()  # once all the parts have changed too
        answer = super().event(event)
        if kind is QEvent.Type.LayoutRequest:
            self._fit()
        return answer

    def minimumSizeHint(self) -> QSize:
        """Return the width of the shortest form."""
        return QSize(min(self._needed), super().minimumSizeHint().height())

    def _refit(self) -> None:
        """Measure the forms anew."""
        self._size_run()
        self._stale = True
        self._fit()

    def _fit(self) -> None:
        """Take the fullest form that there is room for."""
        if not self._made or self._fitting:  # to take a form may resize the bar, which must not take another meanwhile
            return
        self._fitting = True
        choosing = self.choices.isVisibleTo(self)
        if self._stale or choosing != self._chose:
            self._stale, self._chose = False, choosing
            short = [self._measure(form) for form in range(1, self.FORMS)]
            self._needed = [short[0] + (self._width_of_labels() if choosing else 0), *short]
            self.updateGeometry()
        form = next((form for form, width in enumerate(self._needed) if width <= self.width()), self.FORMS - 1)
        if form != self._form:
            self._take(form)
        self._fitting = False

    def _width_of_labels(self) -> int:
        """Return what the labels add, in pixels: hidden ones do not know their size after a change of type."""
        metrics = self.fontMetrics()
        return sum(metrics.horizontalAdvance(label.text()) + SPACING + 1 for label in self.choices.labels)

    def _measure(self, form: int) -> int:
        """Return the width that a form needs, by taking it."""
        self._take(form)
        return super().minimumSizeHint().width()

    def _take(self, form: int) -> None:
        """Take a form."""
        self._form = form
        for label in self.choices.labels:
            label.setVisible(form in (0, 4))
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if form >= 2 else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for name, button in self.buttons.items():
            if name != "run":
                button.setToolButtonStyle(style)
        for protocol, segment in self.protocols.items():
            segment.setText(_words(protocol, plain=form < 3))
        if form == 4 and self._second.count() == 0:
            self._second.addWidget(self.choices)
        elif form < 4 and self._second.count():
            self._first.insertWidget(self._place_of_choices, self.choices)
        layout = self.layout()
        assert layout is not None
        for part in (self.choices.layout(), self._first, self._second, layout):
            assert part is not None
            part.invalidate()
        self.choices.updateGeometry()  # else the row goes by the size that it had

    def _size_icons(self) -> None:
        """Let icons grow with the type."""
        side = round(ICON * self.fontMetrics().height())
        for button in self.buttons.values():
            if button.iconSize().width() != side:
                button.setIconSize(QSize(side, side))
        self._size_run()

    def _size_run(self) -> None:
        """Let Run be as wide as its longest word needs, so that nothing jumps when it says another."""
        run = self.buttons["run"]
        run.ensurePolished()
        said, widths = run.text(), []
        for word in RUN_WORDS:
            run.setText(word)
            widths.append(run.sizeHint().width())
        run.setText(said)
        if max(widths) != run.minimumWidth():
            run.setFixedWidth(max(widths))

    # Parts

    def _button(self, spec: Action, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setAccessibleName(spec.text)
        button.setAccessibleDescription(spec.help)
        apply_input_rules(button)
        if spec.id == "run":
            button.setObjectName("primary")
            button.installEventFilter(OneGesture(button))
        return button

    def _segment(self, protocol: ProtocolName) -> QToolButton:
        button = Segment(_words(protocol, plain=True))
        button.setToolTip(tooltip(f"{PROTOCOL_HELP[protocol]} (P)"))
        button.setAccessibleName(f"{PROTOCOLS[protocol].capitalize()} accuracy")
        button.setAccessibleDescription(PROTOCOL_HELP[protocol])
        button.clicked.connect(lambda: self.protocolChosen.emit(protocol))
        apply_input_rules(button)
        return button


def _words(protocol: ProtocolName, *, plain: bool) -> str:
    """Return what a button of the switch says; ``plain``: with what that means."""
    term = PROTOCOLS[protocol].capitalize()
    return f"{term}: {PLAIN_PROTOCOLS[protocol]}" if plain else term
