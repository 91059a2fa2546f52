"""The living equation: the loss with its numbers."""

from lwf_gui.gui.panels.equation.panel import Equation as Equation
