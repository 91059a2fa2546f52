"""Image grid: the same old-task images for every learner, and the history of one of them."""

from lwf_gui.gui.panels.image_grid.grids import Tile as Tile
from lwf_gui.gui.panels.image_grid.panel import CLOSE as CLOSE
from lwf_gui.gui.panels.image_grid.panel import ImageGridPanel as ImageGridPanel
