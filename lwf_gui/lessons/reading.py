"""Reading lessons: the shipped ones by name, others by path; every fault is one sentence with file and line."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from lwf_gui import InputError, paths, untrusted
from lwf_gui.lessons.checks import check_lesson
from lwf_gui.lessons.faults import LessonFault, explain
from lwf_gui.lessons.lines import line_of
from lwf_gui.lessons.script import FORMAT, Lesson
from lwf_gui.reasons import reason


def available() -> tuple[dict[str, Lesson], tuple[str, ...]]:
    """Return the shipped lessons by name, in teaching order, and one sentence for each file that cannot be used."""
    good: dict[str, Lesson] = {}
    faults = []
    for file in sorted(_folder().glob("*.toml")):
        try:
            good[file.stem] = load_lesson(file)
        except InputError as error:
            faults.append(str(error))
    return dict(sorted(good.items(), key=lambda item: (item[1].order, item[0]))), tuple(faults)


def load_lesson(name_or_path: str | Path) -> Lesson:
    """Read a shipped lesson by name, or a file of the same form by path.

    Raises
    ------
    InputError
        One sentence naming file and line, for an unknown name, an unreadable file or one with a fault.
    """
    file = _folder() / f"{name_or_path}.toml"
    if isinstance(name_or_path, Path) or not file.is_file():
        file = Path(os.path.expanduser(name_or_path))
        if not file.is_file():
            names = sorted(path.stem for path in _folder().glob("*.toml"))
            near = difflib.get_close_matches(str(name_or_path), names, n=1)
            hint = f"did you mean {near[0]}?" if near else f"lessons are {', '.join(names)}."
            raise InputError(f"{name_or_path}: there is no such lesson or file; {hint}")
    where = untrusted.shortened(f"{file.absolute().parent.name}/{file.name}", 200)
    try:
        text = untrusted.read_text(file)
    except untrusted.Unsound as error:
        raise InputError(f"{where} cannot be read: {error}.") from error
    except OSError as error:
        raise InputError(f"{where}: the file cannot be read ({reason(error)}).") from error
    return _parse(text, where)


def _folder() -> Path:
    return paths.resources() / "lessons"


def _parse(text: str, where: str) -> Lesson:
    try:
        tree = untrusted.parse_toml(text)
    except untrusted.Unsound as error:
        raise InputError(f"{where} cannot be read: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        what, _, place = str(error).partition(" (at ")
        at = re.match(r"line (\d+)", place)
        line = int(at[1]) if at else text.count("\n") + 1
        raise InputError(f"{where}, line {line}: this is not valid TOML: {what[:1].lower()}{what[1:]}.") from error
    written = tree.get("format")
    if type(written) is int and written > FORMAT:
        sentence = f"this was written for a later version of this program (format {written})."
        raise InputError(f"{where}, line {line_of(text, 'format')}: {sentence}")
    try:
        lesson = Lesson.model_validate(_tuples(tree))
        check_lesson(lesson)
    except ValidationError as error:
        path, sentence = explain(error, tree)
    except LessonFault as fault:
        path, sentence = fault.path, fault.sentence
    else:
        return lesson
    raise InputError(f"{where}, line {line_of(text, path)}: {sentence}")


def _tuples(value: Any) -> Any:
    """Return what TOML holds with its lists as tuples, which the models, being strict, ask for."""
    if isinstance(value, dict):
        return {key: _tuples(inner) for key, inner in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
