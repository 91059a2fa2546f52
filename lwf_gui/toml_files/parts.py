"""The parts that tables of a TOML file are declared with: strict models whose keys say what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

MOST_TEXT = 1000
"""Characters of a text: more nobody could show."""


class Table(BaseModel):
    """A table whose keys are all known and all of their own type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


Root = TypeVar("Root", bound=Table)


@dataclass(frozen=True, slots=True)
class Form(Generic[Root]):
    """A kind of file.

    Attributes
    ----------
    noun : what people call one, as in "lesson"
    folder : where the shipped ones are
    root : what the whole file is
    order : by which the shipped ones are listed, and then by name
    tables : the tables within it, by the key that they stand under
    latest : version of the form, as its key ``format`` says it
    check : raises `FileFault` for what only shows between keys
    """

    noun: str
    folder: Path
    root: type[Root]
    order: Callable[[Root], int]
    tables: Mapping[str, type[Table]]
    latest: int
    check: Callable[[Root], None]

    def table(self, name: str) -> type[Table]:
        """Return a table by its name, the file itself by none."""
        return self.tables[name] if name else self.root


def part(allowed: str, default: Any = ..., **limits: Any) -> Any:
    """Declare a key; ``allowed`` completes "it must be ..."."""
    return Field(default, json_schema_extra={"allowed": allowed}, **limits)


def listed(words: tuple[str, ...]) -> str:
    """Return words as an enumeration whose last one follows "or"."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def among(words: tuple[str, ...]) -> Callable[[str], str]:
    """Return what refuses any word but these."""

    def check(word: str) -> str:
        if word not in words:
            raise ValueError
        return word

    return check


def OneOf(words: tuple[str, ...]) -> AfterValidator:  # noqa: N802 - it stands where types do
    """Return the annotation of a key that is one of these words."""
    return AfterValidator(among(words))


def _flat(value: Any, prefix: str = "") -> Any:
    """Return settings by dotted key, whether written as ``"lwf.alpha" = 1`` or as ``lwf.alpha = 1``."""
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for key, inner in value.items():
        found |= _flat(inner, f"{prefix}{key}.") if isinstance(inner, dict) else {prefix + key: inner}
    return found


Text = Annotated[str, Field(min_length=1, max_length=MOST_TEXT)]
Settings = Annotated[dict[str, Any], BeforeValidator(_flat)]

WORDS = f"some words, {MOST_TEXT:,} characters at most"
SETTINGS = "a table of settings by dotted key, as after --set"
