"""Remembered settings of the window: typed, checked as they are read, and at their defaults where they are unsound.

They lie in the one file of the user's settings, under names that begin with "window."; what is put back into Qt byte by
byte carries a version and a checksum. A file that cannot be read or written keeps no window from opening: it is told
once, and what changes holds as long as the window.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Literal

from lwf_gui import paths, settings_file, untrusted
from lwf_gui.display import THEMES, ThemeName
from lwf_gui.gui import restoring
from lwf_gui.gui.earlier_preferences import earlier_preferences
from lwf_gui.gui.layout.kept import Layout, geometry_from, geometry_text, layout_from, layout_text
from lwf_gui.reasons import reason
from lwf_gui.settings_file import number_of, switch_of, text_of

LEAST_SCALE, MOST_SCALE = 0.7, 2.0
"""Limits of the scale of all type."""

Mode = Literal["window", "present"]
MODES: tuple[Mode, ...] = ("window", "present")
"""Each has a layout of its own."""

OURS, TAKEN = "window.", "window.taken_over"
"""How the window's keys begin, and the one that says that an earlier version's settings have been read."""


class Preferences:
    """What one user's windows remember between starts.

    Parameters
    ----------
    file : of the user's settings
    earlier : returns what an earlier version remembered elsewhere; asked once, ever
    """

    def __init__(self, file: Path, earlier: Callable[[], Mapping[str, Any]] = dict) -> None:
        self._file = file
        self._tell: Callable[[str], object] | None = None
        self._unsaid: list[str] = []
        self._unwritten: dict[str, Any] = {}
        """What could not be written yet."""
        self._told = False
        """Whether it was said that nothing can be written."""
        self._values = self._opened()
        if not self._values.get(TAKEN):
            self._take_over(earlier())
        self.died_restoring = self._forget_what_killed()
        """Whether the program ended while it put a remembered layout back, which then has been forgotten."""

    @classmethod
    def of_the_user(cls) -> Preferences:
        """Return those of the user who is logged in."""
        return cls(paths.settings_file(), earlier_preferences)

    def heard_by(self, tell: Callable[[str], object]) -> None:
        """Let ``tell`` say what the user should know of the file: at once what was, later what comes."""
        self._tell = tell
        for text in self._unsaid:
            tell(text)
        self._unsaid.clear()

    @property
    def scale(self) -> float:
        """How much bigger than the desktop's all type is."""
        scale = number_of(self._values, "window.scale")
        return 1.0 if scale is None else min(MOST_SCALE, max(LEAST_SCALE, scale))

    @scale.setter
    def scale(self, scale: float) -> None:
        self._keep(scale=scale)

    @property
    def theme(self) -> ThemeName:
        """The name of the theme."""
        chosen = self._text("theme")
        return next((name for name in THEMES if name == chosen), THEMES[0])

    @theme.setter
    def theme(self, name: ThemeName) -> None:
        self._keep(theme=name)

    @property
    def toured(self) -> bool:
        """Whether the tour was shown."""
        return self._is_on("toured", False)

    @toured.setter
    def toured(self, toured: bool) -> None:
        self._keep(toured=toured)

    @property
    def every_task(self) -> bool:
        """Whether every task's own curve is shown."""
        return self._is_on("every_task", False)

    @every_task.setter
    def every_task(self, shown: bool) -> None:
        self._keep(every_task=shown)

    @property
    def stretch(self) -> bool:
        """Whether the first steps of a task have more room than others in the plots."""
        return self._is_on("stretch", True)

    @stretch.setter
    def stretch(self, stretched: bool) -> None:
        self._keep(stretch=stretched)

    @property
    def slow_start(self) -> bool:
        """Whether the first steps of a task are trained slowly, where training runs at full speed."""
        return self._is_on("slow_start", True)

    @slow_start.setter
    def slow_start(self, slow: bool) -> None:
        self._keep(slow_start=slow)

    @property
    def folder(self) -> str:
        """The folder in which a file was opened or saved last; empty if none was."""
        return self._text("folder")

    def keep_folder(self, folder: str) -> None:
        """Remember the folder in which a file was opened or saved."""
        self._keep(folder=folder)

    def layout(self, mode: Mode) -> Layout | None:
        """Return the docks' layout in a mode; None if there is none, or it is damaged or of another version."""
        return layout_from(self._text(f"layout.{mode}"))

    def keep_layout(self, mode: Mode, layout: Layout) -> None:
        """Remember the docks' layout in a mode."""
        self._keep(**{f"layout.{mode}": layout_text(layout)})

    @property
    def geometry(self) -> bytes | None:
        """Place, size and state of the window, as Qt gives and takes them."""
        return geometry_from(self._text("geometry"))

    @geometry.setter
    def geometry(self, state: bytes) -> None:
        self._keep(geometry=geometry_text(state))

    def restoring(self, what: str) -> AbstractContextManager[None]:
        """Mark for the next start, while it lasts, that ``what`` is being put back: "geometry" or "layout.window"."""
        return restoring.restoring(what)

    def reset(self) -> None:
        """Forget all: the next window is as the first one was.

        Raises
        ------
        OSError
            If they cannot be written.
        """
        gone = {key: None for key in self._values if key.startswith(OURS)}
        self._values = settings_file.change(self._file, {**gone, TAKEN: True}).values
        self._unwritten = {}

    # The file

    def _opened(self) -> dict[str, Any]:
        """Return what is in the file; a damaged one is set aside, and that is said."""
        try:
            found = settings_file.mend(self._file)
        except OSError as error:
            self._say(f"The settings cannot be read ({reason(error)}), so all is as at first: {_named(self._file)}.")
            return {}
        self._say_aside(found)
        return found.values

    def _take_over(self, earlier: Mapping[str, Any]) -> None:
        """Keep what an earlier version remembered; what this one does goes before it."""
        new = {key: value for key, value in earlier.items() if f"{OURS}{key}" not in self._values}
        if new:
            self._keep(**new)

    def _forget_what_killed(self) -> bool:
        """Forget what earlier starts died of; return whether there was anything."""
        died = restoring.died_restoring()
        keys = {"geometry", *(f"layout.{mode}" for mode in MODES)} & set(died)
        if keys:
            self._keep(**dict.fromkeys(keys))
        return bool(died)

    def _keep(self, **changes: Any) -> None:
        """Write values of this window's keys; None forgets one."""
        named = {TAKEN: True, **{f"{OURS}{name}": value for name, value in changes.items()}}
        self._values = {**self._values, **named}
        self._unwritten |= named
        try:
            done = settings_file.change(self._file, self._unwritten)
        except OSError as error:
            if not self._told:
                self._told = True
                self._say(f"Settings are not remembered: {_named(self._file)} cannot be written ({reason(error)}).")
            return
        self._values, self._unwritten, self._told = done.values, {}, False
        self._say_aside(done)

    def _say_aside(self, found: settings_file.Settings) -> None:
        if found.aside:
            self._say(
                f"The settings could not be read ({found.damage}), so all is as at first; the old file is now "
                f"{untrusted.printable(found.aside)}."
            )

    def _say(self, text: str) -> None:
        if self._tell is None:
            self._unsaid.append(text)
        else:
            self._tell(text)

    def _text(self, name: str) -> str:
        return text_of(self._values, f"{OURS}{name}")

    def _is_on(self, name: str, default: bool) -> bool:
        return switch_of(self._values, f"{OURS}{name}", default)


def _named(file: Path) -> str:
    return untrusted.printable(str(file))
