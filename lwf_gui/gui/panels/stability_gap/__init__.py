"""The stability gap: the first steps of a new task under a lens."""

from lwf_gui.gui.panels.stability_gap.panel import StabilityGapPanel as StabilityGapPanel
