"""Writing a file of the user's from the window: it is done, and said; or not, and why is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lwf_gui import untrusted
from lwf_gui.gui.beside import beside
from lwf_gui.gui.widgets.banner import Banner, Cause
from lwf_gui.reasons import reason


class Saving:
    """Says what was written.

    Parameters
    ----------
    done : says for a moment what is done
    written : is told each file that was
    """

    def __init__(
        self, banner: Banner, done: Callable[[str], object], written: Callable[[Path], object] = lambda _path: None
    ) -> None:
        self._banner, self._done, self._written = banner, done, written

    def save(self, path: Path, write: Callable[[], object], begins: str = "") -> bool:
        """Write a file and say so, or why not; return whether it was written.

        ``begins``, such as "Saving": it is written beside the window's own thread, and that is said where it takes
        longer than a moment; only where nothing that is written can change meanwhile.
        """
        name = untrusted.printable(str(path))
        try:
            if begins:
                beside(write, lambda: self._done(f"{begins} {name}"))
            else:
                write()
        except OSError as error:
            self._banner.say(f"{name} was not written: {reason(error)}.", error=True, cause=Cause.FILE)
            return False
        self._banner.settle(Cause.FILE)
        self._written(path)
        self._done(f"Saved {name}")
        return True
