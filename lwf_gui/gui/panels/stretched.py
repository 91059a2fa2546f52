"""A panel that paints curves over steps itself: its axis gives the first steps the room that the plots' give them."""

from __future__ import annotations

from lwf_gui.gui.panels.panel import Panel


class Stretched(Panel):
    """A panel that paints curves over all steps of the later tasks itself."""

    stretches = True
    """Whether the first steps of a task have more room than others."""

    def stretch(self, stretches: bool) -> None:
        """Give the first steps of a task more room than others, or the same again."""
        self.stretches = stretches
        self.outdate()
        self.update()
