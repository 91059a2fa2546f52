"""Soft targets of one image: teacher and students at a temperature."""

from lwf_gui.gui.panels.soft_targets.panel import SoftTargetsPanel as SoftTargetsPanel
