"""Groups of settings: the base of every table in a recipe, and how a setting says what people see of it.

Methods of other packages declare their own settings with these two names.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError


class Group(BaseModel):
    """Settings that belong together; they never change, and none is unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)

    def fault(self, network: str) -> str:
        """Say why these settings do not go with a network, as "setting = value is not allowed: ..."; empty: they do."""
        return ""

    @field_validator("*", mode="before")
    @classmethod
    def _no_switch_is_a_number(cls, value: object, info: ValidationInfo) -> object:
        """Refuse true and false where a number is wanted: pydantic takes them for 1 and 0."""
        field = cls.model_fields[info.field_name or ""]
        if isinstance(value, bool) and field.annotation is not bool:
            raise PydanticCustomError("switch", "not true or false")
        return value


def extra(
    label: str,
    unit: str = "",
    *,
    live: str = "",
    slider: tuple[float, float] | None = None,
    allowed: str = "",
    plain: str = "",
) -> dict[str, Any]:
    """Say how people see a setting, for ``json_schema_extra`` of its field.

    ``live`` names the field of `lwf_gui.recipe.LiveSettings` that a running experiment reads; ``group_setting`` makes
    one of its own, as those of other packages must have. ``slider`` is the part of the range that a logarithmic slider
    covers; ``allowed`` completes "it must be ..." where no range says it; ``plain`` stands beside the label of one with
    a slider: what turning it does, in two or three words of every day.
    """
    return {"label": label, "unit": unit, "live": live, "slider": slider, "allowed": allowed, "plain": plain}
