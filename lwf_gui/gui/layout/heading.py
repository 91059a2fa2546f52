"""The heading of a panel's dock: its name, what its figures are, and buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QToolButton, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.measuring import metrics_of
from lwf_gui.gui.panels.line import Line
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.theme import Theme


class Heading(QWidget):
    """A dock's title bar: its name, what its figures are, and buttons to tear it off and close it."""

    def __init__(self, dock: QDockWidget, tear_off: Callable[[], object]) -> None:
        super().__init__(dock)
        self._dock = dock
        self._said: tuple[tuple[str, ...], bool] = ((), False)
        self._colours = theme.LIGHT
        self.line = Line(theme.font(1.0), theme.LIGHT.text)
        self._buttons = (
            self._button(f"Tear {dock.windowTitle()} off", tear_off),
            self._button(f"Close {dock.windowTitle()}", dock.close),
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 2, 2)
        row.setSpacing(0)
        row.addWidget(self.line, 1)
        for button in self._buttons:
            row.addWidget(button)

    def set_theme(self, colours: Theme) -> None:
        """Dress the heading."""
        self.line.dress(theme.font(1.0), colours.muted)
        for button, name in zip(self._buttons, ("float", "close"), strict=True):
            button.setIcon(theme.icon(name, colours))
        self._colours = colours
        self._fit()

    def say(self, captions: tuple[str, ...], *, named: bool) -> None:
        """Show what the dock's figures are, in the first wording that fits; its name too where no tab says it."""
        if (captions, named) != self._said:
            self._said = (captions, named)
            self.setToolTip(tooltip(captions[0]) if captions else "")
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as fits now."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        captions, named = self._said
        name = f"{self._dock.windowTitle()}  " if named else ""
        room = self.line.width() - metrics_of(theme.font(1.0, bold=True)).horizontalAdvance(name)
        metrics = metrics_of(theme.font(1.0))
        said = next((text for text in captions if metrics.horizontalAdvance(text) <= room), "")  # all is in the tooltip
        self.line.set_segments((*(((name, self._colours.text),) if name else ()), (said, "")))

    def minimumSizeHint(self) -> QSize:
        """Return little: the caption is said shorter rather than the dock widened."""
        return QSize(60, self.sizeHint().height())

    def _button(self, name: str, act: object) -> QToolButton:
        button = QToolButton()
        button.setObjectName("small")
        button.setAccessibleName(name)
        button.setToolTip(tooltip(name))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(act)
        return button
