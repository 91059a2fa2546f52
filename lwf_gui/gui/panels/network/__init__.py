"""Network: the machine as a drawing, a lane a learner: its parts, what trains them, and what pulls at them."""

from lwf_gui.gui.panels.network.panel import NetworkPanel as NetworkPanel
