"""Gradient conflict: where old and new task pull each layer of each learner."""

from lwf_gui.gui.panels.gradient_conflict.panel import GradientConflictPanel as GradientConflictPanel
from lwf_gui.gui.panels.gradient_conflict.words import force_text as force_text
