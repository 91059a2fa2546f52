"""The panel of representations: hidden layers against those of the boundary, old images on axes that stand still."""

from lwf_gui.gui.panels.representation.panel import RepresentationPanel as RepresentationPanel
