"""Compare: pinned runs beside the one that is shown, in one table of differences."""

from lwf_gui.gui.panels.compare.panel import ComparePanel as ComparePanel
