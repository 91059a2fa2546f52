"""Trade-off of old against new accuracy."""

from lwf_gui.gui.panels.tradeoff.panel import TradeoffPanel as TradeoffPanel
