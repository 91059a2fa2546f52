"""What is wrong with a recipe, in one sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from lwf_gui import InputError, untrusted
from lwf_gui.recipe.table import require_setting, settings


def sentence(error: ValidationError, tree: Mapping[str, Any]) -> str:
    """Say the first fault of a recipe in one sentence: field, value, what is allowed."""
    fault = error.errors()[0]
    names = [str(part) for part in fault["loc"] if isinstance(part, str)]
    key = next((k for n in range(len(names), 0, -1) if (k := ".".join(names[:n])) in settings()), "")
    if not key:
        if fault["type"] == "extra_forbidden":
            try:
                require_setting(".".join(names))
            except InputError as unknown:
                return str(unknown)
        if fault["type"] in ("model_type", "model_attributes_type"):
            name = ".".join(names)
            return f"{name} = {shown(fault['input'])} is not allowed: it must be a group of settings, as in [{name}]."
        return str(fault.get("ctx", {}).get("error", fault["msg"]))
    # Items of lists and branches of unions add to `loc`: what people typed is the whole setting's value.
    value: Any = tree
    for part in key.split("."):
        value = value[part]
    allowed = str(fault["ctx"]["error"]) if fault["type"] == "value_error" else settings()[key].allowed
    if isinstance(value, str) and re.fullmatch(r"[0-9]+,[0-9]+", value) and settings()[key].kind == "number":
        allowed = f"{allowed.rstrip('.')}, with a point before the decimals: {value.replace(',', '.')}"
    return f"{key} = {shown(value)} is not allowed: it must be {allowed.rstrip('.')}."


def shown(value: Any) -> str:
    """Return a value as people write it."""
    text = value if isinstance(value, str) and value else repr(value).replace("(", "[").replace(")", "]")
    text = str(value).lower() if isinstance(value, bool) else text
    return untrusted.shortened(text)
