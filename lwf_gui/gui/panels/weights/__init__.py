"""Weights: the first layer's filters, and how far each layer moved."""

from lwf_gui.gui.panels.weights.filters import DARK_SHADES as DARK_SHADES
from lwf_gui.gui.panels.weights.filters import LIGHT_SHADES as LIGHT_SHADES
from lwf_gui.gui.panels.weights.panel import Weights as Weights
