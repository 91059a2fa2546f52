"""A recipe as a short text to send and paste: a preset, and what differs from it.

    lwf:1:classroom+seed=3+lwf.alpha=0.5+engine.precision=fp32@k2vq7ha

It can be read, and typed; it has no sign that a shell, a chat or a mail gives a meaning to, and may be broken over
lines. What stands behind the @ is a checksum of the whole recipe: so a text that was damaged, or that another version
with other presets would take for another recipe, is refused. The precision is always said, for digits hang on it. A
folder of images is of one machine, and is left out.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

from lwf_gui import InputError, untrusted
from lwf_gui.methods import METHODS
from lwf_gui.recipe.recipe import Recipe
from lwf_gui.recipe.sections import DATA_SETS
from lwf_gui.recipe.table import require_setting, settings

PREFIX, VERSION = "lwf:", 1

LONGEST = 20_000
"""Characters of a text that is looked at; one of five learners with names and settings of their own has about 300."""

_PRECISION = "engine.precision"

_TEXT = re.compile(
    r"lwf:([0-9]{1,4}):([a-z0-9-]{1,60})((?:\+[a-z0-9_.]{1,60}=[a-z0-9_.,/%=-]*)*)@([a-z2-7]{7})", re.IGNORECASE
)
_QUOTED = re.compile(r"^[>|\s]+", re.MULTILINE)
"""What a mail puts in front of the lines of an answer."""

_BETWEEN = re.compile("[\\s\u00ad\u200b-\u200f\u2060\ufeff]+")
"""What comes into a text that is broken over lines, and characters without width."""


def is_shared(text: str) -> bool:
    """Whether a text is meant for a recipe to be read by `read_shared`."""
    return text.lstrip().lower().startswith(PREFIX)


def shared_text(recipe: Recipe, presets: Mapping[str, Recipe], precision: str = "") -> str:
    """Return a recipe as the shortest text that one of these presets makes of it.

    ``precision`` is that of a run of the recipe, where one is known, for "auto" may be another on another machine.
    """
    changes = {_PRECISION: precision} if precision else {}
    if recipe.data.dataset not in DATA_SETS:
        changes["data.dataset"] = "auto"
    recipe = recipe.with_settings(changes)
    texts = [_differing(recipe, name, preset) for name, preset in presets.items()]
    return f"{PREFIX}{VERSION}:{min(texts, key=len)}@{_checksum(recipe)}"


def read_shared(text: str, presets: Mapping[str, Recipe]) -> tuple[str, Recipe]:
    """Return the name of the preset and the recipe of a text, which may stand among other words and over lines.

    Raises
    ------
    InputError
        If there is none, or it is damaged, of a later version, or has a setting that is not allowed.
    """
    version, name, told, checksum = _found(text)
    if version != VERSION:
        raise InputError(
            f"This recipe begins with {PREFIX}{version}: it was copied from another version of this program."
        )
    if name not in presets:
        raise InputError(f"This recipe is made from the preset {name}, which is not here: {', '.join(presets)}.")
    recipe = presets[name].with_settings(dict(_changes(told)))
    if _checksum(recipe) != checksum:
        raise InputError(
            "This recipe is not whole, or was copied from a version of this program with other presets: its checksum "
            "is another."
        )
    return name, recipe


def _found(text: str) -> tuple[int, str, str, str]:
    """Return version, preset, changes and checksum of the first text of a recipe that is in a longer one."""
    if len(text) > LONGEST:
        raise InputError(f"A recipe has at most {LONGEST:,} characters, and this has {len(text):,}.")
    found = _TEXT.search(_BETWEEN.sub("", _QUOTED.sub("", text)))
    if found is None:
        raise InputError(
            f"There is no whole recipe in this text: one is as {PREFIX}{VERSION}:classroom+lwf.alpha=0.5@, and then "
            "seven letters."
        )
    version, name, told, checksum = found.groups()
    return int(version), name.lower(), told, checksum.lower()


def _differing(recipe: Recipe, name: str, preset: Recipe) -> str:
    """Return a preset's name and the settings that differ from it; the precision always, for digits hang on it."""
    keys = [key for key in recipe.changes_from(preset) if key != _PRECISION]
    parts = [f"+{key}={_written(key, recipe.get(key))}" for key in (*keys, _PRECISION)]
    return name + "".join(parts)


def _changes(told: str) -> Iterator[tuple[str, Any]]:
    """Yield the settings of a text, each once, as `Recipe.with_settings` takes them."""
    seen = set()
    for part in told.split("+")[1:]:
        key, _, value = part.partition("=")
        require_setting(key)
        if key in seen:
            raise InputError(f"This recipe says {key} twice.")
        seen.add(key)
        yield key, _read(key, value)


def canonical(recipe: Recipe) -> str:
    """Return one text for one recipe: JSON of every setting that is not at its default, by name."""
    return json.dumps(recipe.model_dump(mode="json", exclude_defaults=True), sort_keys=True)


def _checksum(recipe: Recipe) -> str:
    """Return seven letters that hang on every setting that is not at its default."""
    digest = zlib.crc32(canonical(recipe).encode("utf-8")).to_bytes(4, "big")
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()


# Values


def _written(key: str, value: Any) -> str:
    """Return a setting's value; lists have commas, and slashes between tasks or a learner's own settings."""
    if key == "data.tasks":
        return "/".join(",".join(map(str, task)) for task in value)
    if key == "learners":
        return ",".join(map(_learner_written, value))
    return _plain(value)


def _read(key: str, text: str) -> Any:
    """Return a value as the recipe's own validation takes it: what is no number where one should be stays a text."""
    if key == "data.tasks":
        return [[_number(label) for label in task.split(",")] for task in text.split("/")]
    if key == "learners":
        return [_learner_read(each) for each in text.split(",")]
    return _of_kind(key, text)


def _learner_written(told: str | Mapping[str, Any]) -> str:
    if isinstance(told, str):
        return _plain(told)
    return "/".join(
        [_plain(told["method"]), *(f"{name}={_plain(value)}" for name, value in told.items() if name != "method")]
    )


def _learner_read(text: str) -> str | dict[str, Any]:
    first, *own = text.split("/")
    method = _unquoted(first)  # it may have a +
    if not own:
        return method
    row = METHODS.get(method)
    keys = row.may_own() if row is not None else {}
    found: dict[str, Any] = {"method": method}
    for part in own:
        name, _, value = part.partition("=")
        found[name] = _of_kind(keys[name], value) if name in keys else _unquoted(value)
    return found


def _of_kind(key: str, text: str) -> Any:
    """Return the value of a setting of one number, switch, choice or name."""
    kind = settings()[key].kind
    if kind == "switch":
        return {"true": True, "false": False}.get(text, text)
    if kind == "integer" or key == "engine.threads":
        return _number(text)
    if kind == "number":
        return _decimal(text)
    return _unquoted(text)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value).removesuffix(".0").replace("e+", "e")
    return quote(str(value), safe="").replace("~", "%7E")


def _number(text: str) -> int | str:
    number = untrusted.whole_number(text)
    return text if number is None else number


def _decimal(text: str) -> float | str:
    return float(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?(e-?[0-9]{1,3})?", text) else text


def _unquoted(text: str) -> str:
    return unquote(text, errors="replace")
