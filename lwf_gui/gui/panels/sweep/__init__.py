"""Panel of sweeps: heat map, Pareto front and learning curves."""

from lwf_gui.gui.panels.sweep.panel import SweepPanel as SweepPanel
