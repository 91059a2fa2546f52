"""The groups of settings that a run has whatever its methods are."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from lwf_gui.groups import Group, extra

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


def _epochs(whose: str) -> Any:
    """Return the field that says how often a task's images are passed over."""
    told = f"Passes over {whose} training images, unless steps are given."
    return Field(3, ge=1, le=1000, description=told, json_schema_extra=extra("Epochs", "epochs"))


def _steps(on: str) -> Any:
    """Return the field that says how long a task is trained, whatever the number of its images."""
    told = (
        f"Steps on {on}, whatever the number of its images: in a new order when these run out; 0 trains whole epochs."
    )
    return Field(0, ge=0, le=1_000_000, description=told, json_schema_extra=extra("Steps", "steps, 0: by epochs"))


def _algorithm() -> Any:
    """Return the field that says which optimiser steps."""
    return Field(
        "sgd",
        description="sgd: stochastic gradient descent with momentum; adam: Adam (Kingma & Ba 2015) with betas 0.9 and "
        "0.999, whose learning rate is usually about 0.001 and which has no use for the momentum below.",
        json_schema_extra=extra("Algorithm"),
    )


def _momentum() -> Any:
    """Return the field of SGD's momentum."""
    return Field(
        0.9,
        ge=0,
        lt=1,
        description="SGD momentum: v <- momentum x v + gradient.",
        json_schema_extra=extra("Momentum"),
    )


class Task1(Group):
    """Training of the teacher on the old task."""

    epochs: int = _epochs("the old task's")
    steps: int = _steps("the old task")
    algorithm: Literal["sgd", "adam"] = _algorithm()
    lr: float = Field(
        0.01,
        gt=0,
        le=10,
        description="Step size: w <- w - lr x v, of SGD; Adam divides v by the gradient's usual size.",
        json_schema_extra=extra("Learning rate"),
    )
    momentum: float = _momentum()
    weight_decay: float = Field(
        5e-4,
        ge=0,
        le=1,
        description="L2 penalty: gradient <- gradient + weight_decay x w.",
        json_schema_extra=extra("Weight decay"),
    )


class Task2(Group):
    """Training of every learner on the new task."""

    epochs: int = _epochs("the new task's")
    steps: int = _steps("each new task")
    algorithm: Literal["sgd", "adam"] = _algorithm()
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
        description="Step size: w <- w - lr x v, of SGD; Adam divides v by the gradient's usual size. A change keeps "
        "the momentum.",
        json_schema_extra=extra("Learning rate", live="lr", slider=(1e-5, 0.1), plain="length of a step"),
    )
    momentum: float = _momentum()
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
        description="kept: one optimiser for the whole task; restarted: a new one, without weight decay, at every "
        "epoch from the unfreeze on, as in the notebook, so that momentum is lost.",
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
