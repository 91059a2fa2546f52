"""One row of the table of actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lwf_gui.gui.commands import Commands

Menu = Literal["File", "Run", "Time", "Panels", "Teach", "View", "Help"]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the user can do.

    ``do`` does it with a window's commands; ``icon`` names a drawing of the theme.
    """

    id: str
    menu: Menu
    text: str
    help: str
    do: Callable[[Commands], object]
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    in_bar: bool = False
    submenu: str = ""
    """Title of the menu within its menu in which it stands; empty: in the menu itself."""
    repeats: bool = False
    """Whether it is done again and again while its key is held down."""
