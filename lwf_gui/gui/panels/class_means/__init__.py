"""Class means: where the heads have them, where the images are, and where the map moved them."""

from lwf_gui.gui.panels.class_means.panel import ClassMeansPanel as ClassMeansPanel
