"""What is chosen for the next run: a recipe, the preset that it came from, and a backbone frozen or free by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lwf_gui.recipe import LiveSettings, Recipe, live_keys
from lwf_gui.runs.record import Record


class Chosen:
    """The next run's settings, which change as the user chooses.

    Attributes
    ----------
    backbone : whether the next run's backbone is frozen by hand; None where its recipe says it
    """

    def __init__(self, recipe: Recipe, preset: str) -> None:
        self.take(recipe, preset)

    def take(self, recipe: Recipe, preset: str, backbone: bool | None = None) -> None:
        """Take another recipe."""
        self.recipe, self.preset, self.backbone = recipe, preset, backbone

    def change(self, values: Mapping[str, Any]) -> None:
        """Change fields of `LiveSettings`, as a change of a live setting does for the next run."""
        keys = live_keys()
        self.recipe = self.recipe.with_settings({keys[name]: new for name, new in values.items() if name in keys})
        self.backbone = values.get("backbone_frozen", self.backbone)

    def hold(self, held: LiveSettings) -> None:
        """Take all live settings that are the recipe's from a run."""
        self.recipe = self.recipe.with_settings({key: getattr(held, name) for name, key in live_keys().items()})

    def live_settings(self, backbone: bool | None) -> LiveSettings:
        """Return the recipe's live settings; the backbone is frozen or free by hand, or as the recipe has it."""
        live_settings = self.recipe.live_settings()
        return live_settings if backbone is None else replace(live_settings, backbone_frozen=backbone)

    def is_built_like(self, record: Record) -> bool:
        """Return whether the next run would be the record's again but for live settings; any is like none yet."""
        return record.data is None or record.data.recipe.built_like(self.recipe)

    def starts_like(self, record: Record) -> bool:
        """Return whether the next run would be the same as the record's up to the head expansion."""
        data = record.data
        if data is None or self.recipe.data.dataset not in ("auto", data.dataset, data.recipe.data.dataset):
            return False
        return data.recipe.starts_like(self.recipe.with_settings({"data.dataset": data.recipe.data.dataset}))
