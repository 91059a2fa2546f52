"""Reading files of a form: shipped ones by name, others by path; every fault is one sentence with file and line."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from lwf_gui import InputError, untrusted
from lwf_gui.reasons import reason
from lwf_gui.toml_files.faults import FileFault, explain
from lwf_gui.toml_files.lines import line_of
from lwf_gui.toml_files.parts import Form, Root


def load(name_or_path: str | Path, form: Form[Root]) -> Root:
    """Read a shipped file by name, or any of the form by path.

    Raises
    ------
    InputError
        One sentence naming file and line, for an unknown name, an unreadable file or one with a fault.
    """
    file = _find(name_or_path, form)
    where = untrusted.shortened(f"{file.absolute().parent.name}/{file.name}", 200)
    try:
        text = untrusted.read_text(file)
    except untrusted.Unsound as error:
        raise InputError(f"{where} cannot be read: {error}.") from error
    except OSError as error:
        raise InputError(f"{where}: the file cannot be read ({reason(error)}).") from error
    return parse(text, where, form)


def available(form: Form[Root]) -> tuple[dict[str, Root], tuple[str, ...]]:
    """Return the shipped files by name, in their order, and one sentence for each that cannot be used."""
    good: dict[str, Root] = {}
    faults = []
    for file in sorted(form.folder.glob("*.toml")):
        try:
            good[file.stem] = load(file, form)
        except InputError as error:
            faults.append(str(error))
    return dict(sorted(good.items(), key=lambda item: (form.order(item[1]), item[0]))), tuple(faults)


def _find(name_or_path: str | Path, form: Form[Root]) -> Path:
    file = form.folder / f"{name_or_path}.toml"
    if not isinstance(name_or_path, Path) and file.is_file():
        return file
    file = Path(os.path.expanduser(name_or_path))
    if file.is_file():
        return file
    names = sorted(path.stem for path in form.folder.glob("*.toml"))
    near = difflib.get_close_matches(str(name_or_path), names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"{form.noun}s are {', '.join(names)}."
    raise InputError(f"{untrusted.shortened(str(name_or_path), 200)}: there is no such {form.noun} or file; {hint}")


def parse(text: str, where: str, form: Form[Root]) -> Root:
    """Return what a file's text holds; ``where`` names the file in a sentence about its faults."""
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
    if type(written) is int and written > form.latest:
        sentence = f"this was written for a later version of this program (format {written})."
        raise InputError(f"{where}, line {line_of(text, 'format')}: {sentence}")
    try:
        found = form.root.model_validate(_tuples(tree))
        form.check(found)
    except ValidationError as error:
        path, sentence = explain(error, tree, form)
    except FileFault as fault:
        path, sentence = fault.path, fault.sentence
    else:
        return found
    raise InputError(f"{where}, line {line_of(text, path)}: {sentence}")


def _tuples(value: Any) -> Any:
    """Return what TOML holds with its lists as tuples, which the models, being strict, ask for."""
    if isinstance(value, dict):
        return {key: _tuples(inner) for key, inner in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
