"""Classes: an image of each, and how many of its probe images every learner gets right."""

from lwf_gui.gui.panels.classes.panel import ClassBars as ClassBars
