"""What a run is: every setting once, with its default, unit, range and help.

The control panel, ``--set key=value``, preset files, the run file and the teacher cache all read this module.
It knows nothing of torch or of windows.
"""

from __future__ import annotations

import difflib
import functools
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, make_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import Field, ValidationError, create_model, field_serializer, field_validator, model_validator
from pydantic.fields import FieldInfo

from lwf_gui import InputError, paths, untrusted
from lwf_gui import learners as learners_module
from lwf_gui.branches import root_of
from lwf_gui.groups import Group, extra
from lwf_gui.learners import LearnerSpec
from lwf_gui.method_rows.distillation import Lwf
from lwf_gui.methods import DEFAULT_LEARNERS, METHODS, call
from lwf_gui.reasons import reason

DEFAULT_PRESET = "classroom"

DATA_SETS = {
    "auto": "the best at hand: your folder, Fashion-MNIST, or a part of it",
    "fashion-mnist": "Fashion-MNIST (60,000 + 10,000 images)",
    "fashion-mnist-part": "Fashion-MNIST, a part (10,000 + 2,000 images)",
    "digits": "8x8 digits (1,347 + 450 images)",
}
"""Names of data, and what people call them; any other name is a folder."""


_DATA_ALLOWED = ", ".join(DATA_SETS) + ", or a directory"
_TASKS_ALLOWED = "two or more lists of class labels, none empty and no label twice, as in [[0,1,2,3,4,5],[6,7,8,9]]"
_THREADS_ALLOWED = "auto, or a whole number from 1 to 256"


class Data(Group):
    """Which images, and how their classes are split into tasks."""

    dataset: str = Field(
        "auto",
        min_length=1,
        description=f"{_DATA_ALLOWED} with IDX files. auto takes your own directory if one is set and sound, else the "
        "full Fashion-MNIST if it is on this machine, else the part of it that comes along; nothing is downloaded.",
        json_schema_extra=extra("Data set", allowed=_DATA_ALLOWED),
    )
    tasks: tuple[tuple[Annotated[int, Field(ge=0)], ...], ...] = Field(
        ((0, 1, 2, 3, 4, 5), (6, 7, 8, 9)),
        description="Classes of the old task and of the new task, or of any number of tasks; every class at most once.",
        json_schema_extra=extra("Tasks", "class labels", allowed=_TASKS_ALLOWED),
    )
    train_images: int = Field(
        0,
        ge=0,
        le=1_000_000,
        description="At most so many training images per task, drawn by the seed, the same number of each class as far "
        "as there are so many; 0 takes all. Fewer make a run shorter.",
        json_schema_extra=extra("Training images", "images per task, 0: all"),
    )

    @field_validator("tasks")
    @classmethod
    def _disjoint_tasks(cls, tasks: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
        flat = [label for task in tasks for label in task]
        if len(tasks) < 2 or min(map(len, tasks)) < 1 or len(set(flat)) != len(flat):
            raise ValueError(_TASKS_ALLOWED)
        return tasks


class Model(Group):
    """The network and how its head grows."""

    network: Literal["mlp", "cnn"] = Field(
        "mlp",
        description="mlp: two hidden layers; cnn: two 3x3 convolutions, max pooling and one hidden layer.",
        json_schema_extra=extra("Network"),
    )
    hidden: int = Field(
        512,
        ge=1,
        le=4096,
        description="Width of the hidden layers, and of the inserted one.",
        json_schema_extra=extra("Hidden width", "units"),
    )
    growth: Literal["none", "random", "identity"] = Field(
        "none",
        description="Layer inserted before the head as it first grows: none; random, as in the notebook, behind which "
        "the copied old rows mean nothing; or identity, which changes no output.",
        json_schema_extra=extra("Inserted layer"),
    )


class Task1(Group):
    """Training of the teacher on the old task."""

    epochs: int = Field(
        3,
        ge=1,
        le=1000,
        description="Passes over the old task's training images.",
        json_schema_extra=extra("Epochs", "epochs"),
    )
    lr: float = Field(
        0.01,
        gt=0,
        le=10,
        description="SGD step size: w <- w - lr x v.",
        json_schema_extra=extra("Learning rate"),
    )
    momentum: float = Field(
        0.9,
        ge=0,
        lt=1,
        description="SGD momentum: v <- momentum x v + gradient.",
        json_schema_extra=extra("Momentum"),
    )
    weight_decay: float = Field(
        5e-4,
        ge=0,
        le=1,
        description="L2 penalty: gradient <- gradient + weight_decay x w.",
        json_schema_extra=extra("Weight decay"),
    )


class Task2(Group):
    """Training of every learner on the new task."""

    epochs: int = Field(
        3,
        ge=1,
        le=1000,
        description="Passes over the new task's training images.",
        json_schema_extra=extra("Epochs", "epochs"),
    )
    warmup_epochs: int = Field(
        0,
        ge=0,
        le=1000,
        description="First epochs with the backbone frozen: only the head and an inserted layer train.",
        json_schema_extra=extra("Warm-up", "epochs"),
    )
    lr: float = Field(
        0.01,
        gt=0,
        le=10,
        description="SGD step size: w <- w - lr x v. A change keeps the momentum.",
        json_schema_extra=extra("Learning rate", live="lr", slider=(1e-5, 0.1)),
    )
    momentum: float = Field(
        0.9,
        ge=0,
        lt=1,
        description="SGD momentum: v <- momentum x v + gradient.",
        json_schema_extra=extra("Momentum"),
    )
    weight_decay: float = Field(
        5e-4,
        ge=0,
        le=1,
        description="L2 penalty: gradient <- gradient + weight_decay x w, for parameters that train.",
        json_schema_extra=extra("Weight decay"),
    )
    max_step: float = Field(
        0.0,
        ge=0,
        le=1000,
        description="Longest step: where learning rate x length of the gradient of all weights is above this, the "
        "gradient is cut back (gradient clipping); 0 never cuts. So large alpha, T or learning rate cannot explode.",
        json_schema_extra=extra("Longest step", "L2 length, 0: no limit"),
    )
    optimizer: Literal["kept", "restarted"] = Field(
        "kept",
        description="kept: one SGD for the whole task; restarted: a new one, without weight decay, at every epoch "
        "from the unfreeze on, as in the notebook, so that momentum is lost.",
        json_schema_extra=extra("Optimiser"),
    )


class Train(Group):
    """What both tasks share: batches, probes and the log."""

    batch_size: int = Field(
        64,
        ge=1,
        le=4096,
        description="Images per step; all learners see the same ones.",
        json_schema_extra=extra("Batch size", "images"),
    )
    probe_every: int = Field(
        20,
        ge=1,
        le=100_000,
        description="Steps between two looks at the probe images; the first steps are looked at more often.",
        json_schema_extra=extra("Probe every", "steps"),
    )
    probe_images: int = Field(
        300,
        ge=1,
        le=10_000,
        description="Test images per task that each probe classifies; fixed for the whole run.",
        json_schema_extra=extra("Probe images", "images per task"),
    )
    log: Literal["none", "notebook"] = Field(
        "none",
        description="notebook: the log lines that the notebook prints, its own test loss included.",
        json_schema_extra=extra("Log"),
    )


class Engine(Group):
    """The compute configuration."""

    device: Literal["auto", "cpu", "cuda", "mps"] = Field(
        "auto",
        description="Where to train; auto takes cuda where there is one, else the processor.",
        json_schema_extra=extra("Device"),
    )
    precision: Literal["auto", "fp32", "bf16"] = Field(
        "auto",
        description="Arithmetic of the networks; auto takes bf16 where the device has instructions for it and the "
        "network is large enough for them to pay.",
        json_schema_extra=extra("Precision"),
    )
    threads: int | Literal["auto"] = Field(
        "auto",
        description="Processor threads, 1 to 256; auto: all cores up to 8; a small network takes one a learner.",
        json_schema_extra=extra("Threads", "threads", allowed=_THREADS_ALLOWED),
    )

    @field_validator("threads")
    @classmethod
    def _some_threads(cls, threads: int | str) -> int | str:
        if isinstance(threads, int) and not 1 <= threads <= 256:
            raise ValueError(_THREADS_ALLOWED)
        return threads


class _Parts(Group):
    """What a run has whatever its methods are."""

    seed: int = Field(
        0,
        ge=0,
        le=2**31 - 1,
        description="Fixes the first weights, the order of the batches, the probe images and which images a smaller "
        "training set has.",
        json_schema_extra=extra("Seed"),
    )
    learners: tuple[LearnerSpec, ...] = Field(
        learners_module.read(DEFAULT_LEARNERS),
        description="Methods that learn the new task in lockstep: " + ", ".join(METHODS) + ". In place of a name "
        "may stand a table with a name and settings of its own, so that one method can learn twice.",
        json_schema_extra=extra("Learners", allowed=learners_module.ALLOWED),
    )
    data: Data = Data()
    model: Model = Model()
    task1: Task1 = Task1()
    task2: Task2 = Task2()
    train: Train = Train()


_OF_METHODS = {row.key: row.settings for row in METHODS.values() if row.settings}
"""The methods' own settings, by group, in the order of their rows."""

if TYPE_CHECKING:

    class _PartsAndMethods(_Parts):
        """One field for every group of ``_OF_METHODS``; here those that are read by name."""

        lwf: Lwf = Lwf()

else:
    _PartsAndMethods = create_model(
        "_PartsAndMethods", __base__=_Parts, **{key: (group, group()) for key, group in _OF_METHODS.items()}
    )


class Recipe(_PartsAndMethods):
    """One run, complete: the same recipe and seed give the same numbers to the last digit."""

    engine: Engine = Engine()

    @field_validator("learners", mode="before")
    @classmethod
    def _learners_read(cls, learners: object) -> object:
        return learners_module.read(learners)

    @field_serializer("learners")
    def _learners_told(self, learners: tuple[LearnerSpec, ...]) -> tuple[str | dict[str, Any], ...]:
        return _told(learners)

    @model_validator(mode="after")
    def _learners_called(self) -> Recipe:
        call((learner.name, learner.method) for learner in self.learners)
        return self

    @model_validator(mode="after")
    def _warmup_fits(self) -> Recipe:
        if self.task2.warmup_epochs > self.task2.epochs:
            raise ValueError(
                f"task2.warmup_epochs = {self.task2.warmup_epochs} is not allowed: "
                f"it must be at most task2.epochs, here {self.task2.epochs}."
            )
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The learners by name, in their order."""
        return tuple(learner.name for learner in self.learners)

    def learner(self, name: str) -> LearnerSpec:
        """Return a learner by its name; for a branch the one that it descends from.

        Raises
        ------
        KeyError
            For a name that is no learner's.
        """
        found = {learner.name: learner for learner in self.learners}
        return found[name if name in found else root_of(name)]

    def settings_of(self, name: str) -> Group | None:
        """Return the settings of a learner's method, with what it has for itself; None if the method has none."""
        spec = self.learner(name)
        row = METHODS[spec.method]
        shared: Group | None = getattr(self, row.key, None)
        return shared if shared is None else shared.model_copy(update=dict(spec.own))

    def own_live_settings(self, name: str) -> dict[str, Any]:
        """Return the fields of `LiveSettings` that a learner has for itself from the start."""
        spec = self.learner(name)
        keys = {key: field for field, key in live_keys().items()}
        named = {keys.get(f"{METHODS[spec.method].key}.{own}"): value for own, value in spec.own}
        return {field: value for field, value in named.items() if field}

    def live_settings(self) -> LiveSettings:
        """Return the live settings at the first step of task 2."""
        of_methods: dict[str, Any] = {field: self.get(key) for field, key in live_keys().items()}
        return LiveSettings(backbone_frozen=self.task2.warmup_epochs > 0, **of_methods)

    def starts_like(self, other: Recipe) -> bool:
        """Whether both runs are the same up to the head expansion: data, teacher and first weights of the learners."""
        methods = tuple({row.key for row in METHODS.values() if row.settings is not None} - {"lwf"})
        parts = ("seed", "learners", "data", "model", "task1", "train", "engine", *methods)
        return all(getattr(self, part) == getattr(other, part) for part in parts)

    def built_like(self, other: Recipe) -> bool:
        """Whether both differ in live settings at most."""
        return set(self.changes_from(other)) <= set(live_keys().values())

    def changes_from(self, other: Recipe) -> tuple[str, ...]:
        """Return the keys of the settings that differ."""
        return tuple(key for key in _SETTINGS if self.get(key) != other.get(key))

    def get(self, key: str) -> Any:
        """Return the value of a setting by its dotted key."""
        value: Any = self
        for part in key.split("."):
            value = getattr(value, part)
        return _told(value) if key == "learners" else value

    def with_settings(self, changes: Mapping[str, Any]) -> Recipe:
        """Return a copy with settings changed by dotted key.

        Raises
        ------
        InputError
            Naming the key, the value and what is allowed.
        """
        tree = self.model_dump()
        for key, value in changes.items():
            _require_setting(key)
            *groups, name = key.split(".")
            branch = tree
            for group in groups:
                branch = branch[group]
            branch[name] = value
        return _validated(tree)


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """The settings that a running experiment reads at the top of every step.

    A live setting of any other method is a field beside these: its group, _ and its name.
    """

    alpha: float
    temperature: float
    scale_t2: bool
    ce_scope: Literal["all", "new"]
    lr: float
    backbone_frozen: bool

    @property
    def kd_factor(self) -> float:
        """What KD is multiplied by beside alpha: T**2 where that switch is on, else 1."""
        return self.temperature**2 if self.scale_t2 else 1.0


_MORE_LIVE = [
    (live, item.annotation, field(default=item.default))
    for group in _OF_METHODS.values()
    for item in group.model_fields.values()
    if isinstance(item.json_schema_extra, dict)
    and (live := str(item.json_schema_extra["live"]))
    and live not in LiveSettings.__dataclass_fields__
]
if not TYPE_CHECKING and _MORE_LIVE:
    LiveSettings = make_dataclass("LiveSettings", _MORE_LIVE, bases=(LiveSettings,), frozen=True, slots=True)
    LiveSettings.__module__ = __name__


BACKBONE_FROZEN_HELP = (
    "Freezes the layers below the head, of every learner, from the next step on; the warm-up's end unfreezes them."
)


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

    @property
    def group(self) -> str:
        """Return the part of the key before the dot, empty for top-level settings."""
        return self.key.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Preset:
    """A named recipe with a title and one sentence about it."""

    name: str
    title: str
    about: str
    recipe: Recipe


def settings() -> dict[str, Setting]:
    """Return every setting by its dotted key, in the order of the recipe."""
    return dict(_SETTINGS)


def live_keys() -> dict[str, str]:
    """Return the dotted key of each live setting by its field of `LiveSettings`; a frozen backbone has none."""
    return {setting.live: key for key, setting in _SETTINGS.items() if setting.live}


@functools.cache
def preset_names() -> tuple[str, ...]:
    """Return the names of the presets that ship with the program, the default first."""
    names = sorted(file.stem for file in (paths.resources() / "presets").glob("*.toml"))
    return tuple(sorted(names, key=lambda name: name != DEFAULT_PRESET))


def load_preset(name_or_file: str) -> Preset:
    """Read a preset by name, or a TOML file of the same form by path.

    Raises
    ------
    InputError
        For an unknown name, an unreadable or malformed file, or a setting out of range.
    """
    where = f"--preset {untrusted.shortened(name_or_file, 300)}"
    if name_or_file in preset_names():
        return _shipped(name_or_file)
    return _read_preset(Path(os.path.expanduser(name_or_file)), where)


@functools.cache
def _shipped(name: str) -> Preset:
    """Return a preset that ships with the program: read once, for it does not change while the program runs."""
    return _read_preset(paths.resources() / "presets" / f"{name}.toml", f"--preset {name}")


def _read_preset(file: Path, where: str) -> Preset:
    """Return the preset of a TOML file, or raise `InputError` with where it was asked for."""
    try:
        if not file.is_file():
            known = ", ".join(preset_names())
            raise InputError(f"{where}: there is no such preset or file; presets are {known}.")
        tree = untrusted.parse_toml(untrusted.read_text(file))
    except OSError as error:
        raise InputError(f"{where}: the file cannot be read ({reason(error)}).") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{where}: the file is not valid TOML: {untrusted.shortened(str(error), 200)}.") from error
    except untrusted.Unsound as error:
        raise InputError(f"{where}: the file cannot be read: {error}.") from error
    title, about = str(tree.pop("title", file.stem)), str(tree.pop("about", ""))
    try:
        recipe = _validated(tree)
    except InputError as error:
        raise InputError(f"{file.name}: {error}") from error
    return Preset(file.stem, title, about, recipe)


def parse_assignment(text: str) -> tuple[str, Any]:
    """Read ``key=value`` as typed after ``--set``; the value is TOML, or else a bare word.

    Raises
    ------
    InputError
        Without an equals sign, or for a key that is no setting.
    """
    key, equals, value = (part.strip() for part in text.partition("="))
    if not equals:
        raise InputError(f"--set {untrusted.shortened(text)}: write it as KEY=VALUE, for example lwf.alpha=2.")
    _require_setting(key)
    try:
        tree = untrusted.parse_toml(f"value = {value}")
    except tomllib.TOMLDecodeError:
        return key, value
    except untrusted.Unsound as error:
        raise InputError(f"{key} = {_shown(value)} is not allowed: {error}.") from error
    return key, tree["value"] if len(tree) == 1 else value  # of several lines none is the value


def compose(preset: str, assignments: Iterable[str] = (), *, data: str = "", seed: int | None = None) -> Recipe:
    """Return the recipe of a preset with command-line changes on top.

    Raises
    ------
    InputError
        For any part that cannot be used.
    """
    changes = dict(map(parse_assignment, assignments))
    if data:
        changes["data.dataset"] = data
    if seed is not None:
        changes["seed"] = seed
    return load_preset(preset).recipe.with_settings(changes)


def _told(learners: Iterable[LearnerSpec]) -> tuple[str | dict[str, Any], ...]:
    """Return learners as a recipe says them."""
    return tuple(learner.told for learner in learners)


def _require_setting(key: str) -> None:
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


def _validated(tree: Mapping[str, Any]) -> Recipe:
    try:
        return Recipe.model_validate(tree)
    except ValidationError as error:
        raise InputError(_sentence(error, tree)) from error


def _sentence(error: ValidationError, tree: Mapping[str, Any]) -> str:
    """Say the first fault of a recipe in one sentence: field, value, what is allowed."""
    fault = error.errors()[0]
    names = [str(part) for part in fault["loc"] if isinstance(part, str)]
    key = next((k for n in range(len(names), 0, -1) if (k := ".".join(names[:n])) in _SETTINGS), "")
    if not key:
        if fault["type"] == "extra_forbidden":
            try:
                _require_setting(".".join(names))
            except InputError as unknown:
                return str(unknown)
        if fault["type"] in ("model_type", "model_attributes_type"):
            name = ".".join(names)
            return f"{name} = {_shown(fault['input'])} is not allowed: it must be a group of settings, as in [{name}]."
        return str(fault.get("ctx", {}).get("error", fault["msg"]))
    # Items of lists and branches of unions add to `loc`: what people typed is the whole setting's value.
    value: Any = tree
    for part in key.split("."):
        value = value[part]
    allowed = str(fault["ctx"]["error"]) if fault["type"] == "value_error" else _SETTINGS[key].allowed
    if isinstance(value, str) and re.fullmatch(r"[0-9]+,[0-9]+", value) and _SETTINGS[key].kind == "number":
        allowed = f"{allowed.rstrip('.')}, with a point before the decimals: {value.replace(',', '.')}"
    return f"{key} = {_shown(value)} is not allowed: it must be {allowed.rstrip('.')}."


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) and value else repr(value).replace("(", "[").replace(")", "]")
    text = str(value).lower() if isinstance(value, bool) else text
    return untrusted.shortened(text)


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
        default=_told(field.default) if key == "learners" else field.default,
        live=str(shown["live"]),
        slider=shown["slider"],  # type: ignore[arg-type]
        kind=kind,
        choices=choices,
        low=bounds.get(Ge, bounds.get(Gt)),
        high=bounds.get(Le, bounds.get(Lt)),
        allowed=str(shown["allowed"]) or _allowed(kind, choices, bounds),
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
    for name, item in Recipe.model_fields.items():
        if isinstance(item.annotation, type) and issubclass(item.annotation, Group):
            for inner, subfield in item.annotation.model_fields.items():
                found[f"{name}.{inner}"] = _describe(f"{name}.{inner}", subfield)
        else:
            found[name] = _describe(name, item)
    return found


_SETTINGS = _all_settings()
