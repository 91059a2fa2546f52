"""The panel of straight paths between two networks."""

from lwf_gui.gui.panels.straight_path.panel import StraightPathPanel as StraightPathPanel
