"""Sentences about settings in the words that stand beside the fields: who reads the window knows no keys."""

from __future__ import annotations

import re

from lwf_gui.recipe import settings

_PHASES = {"task1": "task 1", "task2": "task 2"}
"""Groups that have settings of the same label."""

_KEY = re.compile(r"[a-z][a-z0-9_-]*(?:\.[a-z0-9_]+)+|\b[a-z]+(?= = )")
"""What may be a setting's key: words with dots, or one before its value."""


def in_labels(sentence: str, about: str = "") -> str:
    """Return a sentence with labels in place of keys; it begins with that of the setting ``about``, if that is told."""
    known = settings()
    told = _KEY.sub(lambda found: name_of(found[0]) if found[0] in known else found[0], sentence)
    return told if about not in known or name_of(about) in told else f"{name_of(about)}: {told}"


def name_of(key: str) -> str:
    """Return the label of a setting, with its task where another task has the same."""
    setting = settings()[key]
    return f"{setting.label} ({_PHASES[setting.group]})" if setting.group in _PHASES else setting.label
