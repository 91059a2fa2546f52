"""Old scores before and now."""

from lwf_gui.gui.panels.responses.panel import ResponsesPanel as ResponsesPanel
