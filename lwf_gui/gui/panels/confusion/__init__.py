"""Confusion matrices: which class is taken for which."""

from lwf_gui.gui.panels.confusion.cell_images import CellImage as CellImage
from lwf_gui.gui.panels.confusion.panel import Confusion as Confusion
