"""The table of all settings, as panels, help texts and error sentences see them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from lwf_gui import InputError, untrusted
from lwf_gui.groups import Group
from lwf_gui.learners import told
from lwf_gui.recipe.fields import Fields

Kind = Literal["number", "integer", "switch", "choice", "text", "list"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as panels, help texts and error sentences see it."""

    key: str
    label: str
    unit: str
    help: str
    default: Any
    live: str
    slider: tuple[float, float] | None
    kind: Kind
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    allowed: str = ""
    plain: str = ""

    @property
    def group(self) -> str:
        """Return the part of the key before the dot, empty for top-level settings."""
        return self.key.rpartition(".")[0]


def _describe(key: str, field: FieldInfo) -> Setting:
    shown = field.json_schema_extra
    assert isinstance(shown, dict)
    bounds: dict[type, float] = {}
    for limit in field.metadata:
        for bound, name in ((Ge, "ge"), (Gt, "gt"), (Le, "le"), (Lt, "lt")):
            if isinstance(limit, bound):
                bounds[bound] = getattr(limit, name)
    choices = tuple(get_args(field.annotation)) if get_origin(field.annotation) is Literal else ()
    kinds: dict[Any, Kind] = {float: "number", int: "integer", bool: "switch", str: "text"}
    kind: Kind = "choice" if choices else kinds.get(field.annotation, "text" if key == "engine.threads" else "list")
    return Setting(
        key=key,
        label=str(shown["label"]),
        unit=str(shown["unit"]),
        help=field.description or "",
        default=told(field.default) if key == "learners" else field.default,
        live=str(shown["live"]),
        slider=shown["slider"],  # type: ignore[arg-type]
        kind=kind,
        choices=choices,
        low=bounds.get(Ge, bounds.get(Gt)),
        high=bounds.get(Le, bounds.get(Lt)),
        allowed=str(shown["allowed"]) or _allowed(kind, choices, bounds),
        plain=str(shown.get("plain", "")),
    )


def _allowed(kind: str, choices: tuple[str, ...], bounds: Mapping[type, float]) -> str:
    if choices:
        return " or ".join(choices)
    if kind == "switch":
        return "true or false"
    if kind not in ("number", "integer"):
        return "as in the presets"
    low = f"from {bounds[Ge]:,.12g}" if Ge in bounds else f"above {bounds[Gt]:,.12g}"
    high = f"to {bounds[Le]:,.12g}" if Le in bounds else f"to below {bounds[Lt]:,.12g}"
    return f"a {'whole ' if kind == 'integer' else ''}number {low} {high}"


def _all_settings() -> dict[str, Setting]:
    found: dict[str, Setting] = {}
    for name, item in Fields.model_fields.items():
        if isinstance(item.annotation, type) and issubclass(item.annotation, Group):
            for inner, subfield in item.annotation.model_fields.items():
                found[f"{name}.{inner}"] = _describe(f"{name}.{inner}", subfield)
        else:
            found[name] = _describe(name, item)
    return found


_SETTINGS = _all_settings()


def settings() -> dict[str, Setting]:
    """Return every setting by its dotted key, in the order of the recipe."""
    return dict(_SETTINGS)


def live_keys() -> dict[str, str]:
    """Return the dotted key of each live setting by its field of `LiveSettings`; a frozen backbone has none."""
    return {setting.live: key for key, setting in _SETTINGS.items() if setting.live}


def require_setting(key: str) -> None:
    """Raise `InputError` for a key that is no setting, with those that may have been meant."""
    if key in _SETTINGS:
        return
    near = _nearest(key)
    hint = (
        f"did you mean {' or '.join(near)}?"
        if near
        else f"settings are {', '.join(_SETTINGS)}; `lwf-gui settings` explains them."
    )
    raise InputError(f"{untrusted.shortened(key) or 'an empty key'} is not a setting; {hint}")


def _nearest(key: str) -> list[str]:
    """Return the settings that somebody may have meant by a key that is none, the likeliest ones, at most three."""
    wanted = key[:80].lower().replace("-", "_").replace(" ", "_")
    names = {known: known.rpartition(".")[2] for known in _SETTINGS}
    exact = [known for known, name in names.items() if wanted.rpartition(".")[2] == name]
    labelled = [known for known, setting in _SETTINGS.items() if wanted.replace("_", " ") == setting.label.lower()]
    whole = difflib.get_close_matches(wanted, _SETTINGS, n=1)
    close = difflib.get_close_matches(wanted.rpartition(".")[2], names.values(), n=1)
    return (exact or labelled or whole or [known for known, name in names.items() if name in close])[:3]
