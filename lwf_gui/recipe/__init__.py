"""What a run is: every setting once, with its default, unit, range and help.

The control panel, ``--set key=value``, preset files, the run file and the teacher cache all read this package.
It knows nothing of torch or of windows.
"""

from lwf_gui.recipe.live import BACKBONE_FROZEN_HELP, LiveSettings
from lwf_gui.recipe.presets import (
    DEFAULT_PRESET,
    Preset,
    called,
    compose,
    copied,
    load_preset,
    parse_assignment,
    pasted,
    preset_names,
)
from lwf_gui.recipe.recipe import Recipe
from lwf_gui.recipe.sections import DATA_SETS, Data, Engine, Model, Task1, Task2, Train
from lwf_gui.recipe.sharing import canonical
from lwf_gui.recipe.table import Setting, live_keys, settings

__all__ = [
    "BACKBONE_FROZEN_HELP",
    "DATA_SETS",
    "DEFAULT_PRESET",
    "Data",
    "Engine",
    "LiveSettings",
    "Model",
    "Preset",
    "Recipe",
    "Setting",
    "Task1",
    "Task2",
    "Train",
    "called",
    "canonical",
    "compose",
    "copied",
    "live_keys",
    "load_preset",
    "parse_assignment",
    "pasted",
    "preset_names",
    "settings",
]
