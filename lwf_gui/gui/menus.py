"""Menus and keys, made from the table of actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import get_args

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QMenuBar, QWidget

from lwf_gui.gui.actions import ACTIONS, Action, Menu
from lwf_gui.gui.commands import Commands
from lwf_gui.gui.explaining import Explains
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.widgets.fields import commit_focused


def make_actions(window: QWidget, commands: Callable[[], Commands]) -> dict[str, QAction]:
    """Return all actions by their ids; their keys work wherever the focus is in the window.

    Parameters
    ----------
    commands : returns what the actions do, once the window is there
    """
    actions = {spec.id: _action(spec, window, commands) for spec in ACTIONS}
    window.addActions(list(actions.values()))
    actions["settings"].setChecked(True)
    return actions


def make_menus(actions: Mapping[str, QAction]) -> QMenuBar:
    """Return the menus with all actions."""
    menus = QMenuBar()
    for menu in get_args(Menu):
        bar = menus.addMenu("T&each" if menu == "Teach" else f"&{menu}")  # Alt+T is Time
        bar.setToolTipsVisible(True)
        Explains(bar)
        inner: dict[str, QMenu] = {}
        for spec in ACTIONS:
            if spec.menu == menu:
                _place(spec, bar, inner).addAction(actions[spec.id])
    return menus


def _place(spec: Action, menu: QMenu, inner: dict[str, QMenu]) -> QMenu:
    """Return where an action stands in a menu: within a menu in it, which is made when it is first needed."""
    if not spec.submenu:
        return menu
    if spec.submenu not in inner:
        inner[spec.submenu] = menu.addMenu(spec.submenu)
        inner[spec.submenu].setToolTipsVisible(True)
        Explains(inner[spec.submenu])
    return inner[spec.submenu]


def help_of(spec: Action) -> str:
    """Return what an action's tooltip says: what it does, and its keys."""
    return f"{spec.help} ({', '.join(spec.shortcuts)})" if spec.shortcuts else spec.help


def menu_row(menus: QMenuBar, note: QWidget) -> QWidget:
    """Return the row of the menus with a note beside them: there is always room, and nothing moves when it comes."""
    widget = QWidget()
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 8, 0)
    row.addWidget(menus)
    row.addWidget(note, 1)
    return widget


def _action(spec: Action, window: QWidget, commands: Callable[[], Commands]) -> QAction:
    action = QAction(spec.text, window)
    action.setShortcuts([QKeySequence(keys) for keys in spec.shortcuts])
    action.setCheckable(spec.checkable)
    action.setAutoRepeat(spec.repeats)
    action.setToolTip(tooltip(help_of(spec)))
    action.setStatusTip("")
    action.triggered.connect(commit_focused)
    action.triggered.connect(lambda _checked=False: spec.do(commands()))
    return action
