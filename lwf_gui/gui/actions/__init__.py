"""The table of actions: menus, action bar, shortcut sheet and tests all come from it."""

from __future__ import annotations

from lwf_gui.gui.actions.action import Action, Menu
from lwf_gui.gui.actions.look import PANEL, VIEW
from lwf_gui.gui.actions.run import RUN, TIME
from lwf_gui.gui.actions.teach import FILE, HELP, TEACH

__all__ = ["ACTIONS", "Action", "Menu"]

ACTIONS: tuple[Action, ...] = (*RUN, *TIME, *PANEL, *VIEW, *TEACH, *FILE, *HELP)
