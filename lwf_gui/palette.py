"""Colours of all that shows a run, light, dark and of high contrast: the one place for each.

Learners' colours come from ``lwf_gui.methods``. Imports no Qt: a page for a browser has these colours, too.
"""

from __future__ import annotations

from dataclasses import dataclass

from lwf_gui.colours import between, darker, of_hue
from lwf_gui.methods import method_of

WORDS = 1.18
"""How much darker a learner's name is on light than its curve."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours, as ``#rrggbb``."""

    dark: bool
    window: str
    surface: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    warning: str
    warning_text: str
    error: str
    teacher: str
    border: int = 1
    """Pixels of the frames around what can be used."""

    def learner(self, name: str) -> str:
        """Return the colour of a learner; the teacher and unknown ones are grey."""
        method = method_of(name)
        if method is None:
            return self.teacher
        return method.dark_colour if self.dark else method.colour

    @property
    def wrong(self) -> str:
        """The colour of what is wrong: the error's hue, strong enough for lines and letters."""
        return of_hue(self.error, 0.75, 0.68 if self.dark else 0.4)

    def words(self, name: str) -> str:
        """Return the colour of a learner's name and figures in body type, which must stand out more than a curve."""
        colour = self.learner(name)
        return colour.lower() if self.dark else darker(colour, WORDS)


RAMP = ("#232a5e", "#ffe27a")
"""Ends of the scale of a heat map, low and high, in all themes: dark to light, so that every eye tells them apart."""


def ramp(share: float) -> str:
    """Return the colour at a share of the scale of a heat map, from 0 to 1: equal steps look equally far."""
    return between(*RAMP, round(share, 3))


LIGHT = Theme(
    dark=False,
    window="#f3f4f6",
    surface="#ffffff",
    raised="#e8ebf0",
    line="#cfd4dc",
    text="#15181d",
    muted="#545c69",
    accent="#0a5fb4",
    on_accent="#ffffff",
    warning="#fff3cd",
    warning_text="#4d3800",
    error="#fbdcdc",
    teacher="#5b6470",
)
DARK = Theme(
    dark=True,
    window="#17191d",
    surface="#1f2227",
    raised="#2b2f37",
    line="#41464f",
    text="#eceff4",
    muted="#a7afbc",
    accent="#4aa3f0",
    on_accent="#0b1017",
    warning="#4a3b12",
    warning_text="#ffe9ae",
    error="#562525",
    teacher="#a7afbc",
)
CONTRAST = Theme(
    dark=True,
    window="#000000",
    surface="#000000",
    raised="#2b2b2b",
    line="#c4c4c4",
    text="#ffffff",
    muted="#dcdcdc",
    accent="#ffe600",
    on_accent="#000000",
    warning="#3a3300",
    warning_text="#ffe600",
    error="#7a0000",
    teacher="#c8c8c8",
    border=2,
)
"""Every text reaches 7:1 on what is behind it, every learner's colour 4.5:1."""
