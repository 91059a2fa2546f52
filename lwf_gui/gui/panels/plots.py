"""The plots of all panels together: one x-axis, and one cursor under the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.plot_panels import AccuracyPanel, PlotPanel
from lwf_gui.gui.panels.stretched import Stretched

if TYPE_CHECKING:
    from lwf_gui.gui.panels.curves import AccuracyPlot, LossPlot


class Plots:
    """The panels whose plots go together."""

    def __init__(self, accuracy: AccuracyPanel) -> None:
        self.panels: list[PlotPanel] = []
        self._painted: list[Stretched] = []
        self.by_task, self.stretches, self.close = False, True, False
        self.link(accuracy)

    def link(self, panel: Panel) -> None:
        """Let a panel, if it has a plot, share axis and cursor; once there are plots it gets its own.

        One that paints curves over all steps itself shares how wide the first ones are.
        """
        if isinstance(panel, Stretched):
            self._painted.append(panel)
            panel.stretch(self.stretches)
        if not isinstance(panel, PlotPanel):
            return
        if self.panels and self.made:
            panel.make()
        panel.by_task, panel.stretches, panel.close_up = self.by_task, self.stretches, self.close
        self.panels.append(panel)
        panel.hovered.connect(self._point_at)
        panel.ranged.connect(self._set_x_range)

    def _point_at(self, step: float) -> None:
        for panel in self.panels:
            panel.point_at(step)

    def _set_x_range(self, low: float, high: float) -> None:
        for panel in self.panels:
            panel.set_x_range(low, high)

    def show_whole(self) -> None:
        """Show all steps again, in all panels."""
        for panel in self.panels:
            panel.show_whole()

    def show_by_task(self, by_task: bool) -> None:
        """Show every task's own curve, or the earlier tasks together and the current one again."""
        if by_task != self.by_task:
            self.by_task = by_task
            for panel in self.panels:
                panel.show_by_task(by_task)

    def stretch(self, stretches: bool) -> None:
        """Give the first steps of a task more room than others, or the same again."""
        if stretches != self.stretches:
            self.stretches = stretches
            for panel in self.panels:
                panel.stretch(stretches)
            for painted in self._painted:
                painted.stretch(stretches)

    def look_close(self, close: bool) -> None:
        """Show the first steps of the first later task alone, while they are trained slowly; or all again."""
        if close != self.close:
            self.close = close
            for panel in self.panels:
                panel.close_up = close

    def make(self) -> None:
        """Make the plots of all panels that there are: imports pyqtgraph."""
        for panel in self.panels:
            panel.make()

    @property
    def made(self) -> bool:
        """Whether there are plots yet."""
        return self.panels[0].made

    @property
    def accuracy(self) -> AccuracyPlot:
        """The plot of accuracies."""
        return self.panels[0].plot  # type: ignore[return-value]

    @property
    def loss(self) -> LossPlot:
        """The plot of losses; it must have been seen."""
        return self.panels[1].plot  # type: ignore[return-value]
