"""Reading lessons: the shipped ones by name, others by path."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lwf_gui import paths
from lwf_gui.lessons.checks import check_lesson
from lwf_gui.lessons.script import FORMAT, TABLES, Lesson
from lwf_gui.toml_files import reading
from lwf_gui.toml_files.parts import Form

FORM = Form("lesson", paths.resources() / "lessons", Lesson, lambda lesson: lesson.order, TABLES, FORMAT, check_lesson)

MOMENTS = replace(FORM, noun="moment", folder=FORM.folder / "moments")
"""Lessons of a page or two, each of one thing to see."""


def available() -> tuple[dict[str, Lesson], tuple[str, ...]]:
    """Return the shipped lessons by name, in teaching order, and one sentence for each file that cannot be used."""
    return reading.available(FORM)


def moments() -> tuple[dict[str, Lesson], tuple[str, ...]]:
    """Return the shipped moments by name, as `available` does; `load_lesson` reads "moments/NAME"."""
    return reading.available(MOMENTS)


def load_lesson(name_or_path: str | Path) -> Lesson:
    """Read a shipped lesson by name, or a file of the same form by path; raises as `reading.load` does."""
    return reading.load(name_or_path, FORM)
