"""What the template of a script needs: which of its parts, and the settings and seeds that stand in them.

Nothing that somebody else wrote goes into a script but as the `repr` of plain data.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from lwf_gui import paths
from lwf_gui.data.digits import DIGITS, PEAK
from lwf_gui.data.fashion_mnist import DEBIAN_DIRECTORY, FASHION_MNIST, FASHION_MNIST_PART
from lwf_gui.data.grey import BYTE
from lwf_gui.exports.template import WIDTH, Plain, assigned, literal
from lwf_gui.method_rows.distillation import Lwf
from lwf_gui.method_rows.rehearsal import Replay
from lwf_gui.numbers import counted
from lwf_gui.recipe import Recipe, Task1, Task2
from lwf_gui.streams import DRAWN_IMAGES, EARLIER_IMAGES, STORED_IMAGES, STREAMS, entropy, seed_of

METHODS = ("fine-tune", "lwf", "replay", "joint")
"""What a script can do."""

_DATA = {
    FASHION_MNIST: "Fashion-MNIST",
    FASHION_MNIST_PART: "the part of Fashion-MNIST that comes with LwF Lab, in resources/data/fashion-mnist-part",
    DIGITS: "the 8x8 digits of scikit-learn",
}

_UNITS = {
    False: ", which are the numbers of output units too",
    True: ", in whose order the output units are numbered",
}

Right = Mapping[str, Mapping[str, tuple[int, ...]]]
"""Right answers on the full test sets, by learner and protocol, task by task."""


@dataclass(frozen=True)
class Ran:
    """What is known of a run beside its recipe: its data, training and test images of each task, what it came to."""

    dataset: str
    peak: int
    images: tuple[tuple[int, int], ...]
    right: Right


@dataclass(frozen=True)
class Asked:
    """What a script is to do: of which recipe, which learners by name, and with how many threads, None: with all.

    ``left_out`` says of each learner that it has not who that is, and why.
    """

    recipe: Recipe
    learners: tuple[str, ...]
    left_out: tuple[str, ...]
    threads: int | None
    ran: Ran | None = None

    @property
    def dataset(self) -> str:
        """The data by name: what the run had, or the recipe wants."""
        return self.ran.dataset if self.ran else self.recipe.data.dataset

    @property
    def peak(self) -> int:
        """The grey value that becomes 1; 0 where it is not known, as of images that may be anyone's."""
        known = {DIGITS: PEAK, "auto": BYTE, FASHION_MNIST: BYTE, FASHION_MNIST_PART: BYTE}
        return self.ran.peak if self.ran else known.get(self.recipe.data.dataset, 0)

    @property
    def renumbered(self) -> bool:
        """Whether output units have other numbers than the labels of their classes."""
        labels = [label for task in self.recipe.data.tasks for label in task]
        return labels != list(range(len(labels)))


def cases(asked: Asked) -> frozenset[str]:
    """Return the parts of the template that a script has."""
    recipe, table = asked.recipe, learners(asked)
    task1, task2, methods = recipe.task1, recipe.task2, {row["method"] for row in table.values()}
    restarted, warmup = task2.optimizer == "restarted", task2.warmup_epochs > 0
    held = {
        "digits": asked.dataset == DIGITS,
        "idx": asked.dataset != DIGITS,
        "unknown_peak": not asked.peak,
        "subset": recipe.data.train_images > 0,
        "renumbered": asked.renumbered,
        "t2": any(own.scale_t2 for own in _of_lwf(asked)),
        recipe.model.network: True,
        recipe.model.growth: True,
        "inserted": recipe.model.growth != "none",
        "epochs": not (task1.steps and task2.steps),
        "steps": bool(task1.steps or task2.steps),
        "warmup": warmup,
        "restarted": restarted,
        "groups": warmup and not restarted and task2.algorithm == "sgd",
        "longest": task2.max_step > 0,
        "fine": "fine-tune" in methods,
        "lwf": "lwf" in methods,
        "replay": "replay" in methods,
        "joint": "joint" in methods,
        "earlier": not methods.isdisjoint({"replay", "joint"}),
        "aliased": any(row.get("teacher") == "aliased" for row in table.values()),
        "scope": any(row.get("ce") == "new" for row in table.values()),
        "share": any(row.get("mix") == "share" for row in table.values()),
        "notes": bool(_notes(asked)),
        "threads": asked.threads is not None,
        "run": asked.ran is not None,
        "two": len(recipe.data.tasks) == 2,
    }
    return frozenset(case for case, holds in held.items() if holds)


def learners(asked: Asked) -> dict[str, dict[str, Plain]]:
    """Return the method of every learner, by name, with those of its settings that the script must know.

    A setting that all of them leave at what is usual is none of these. LwF with alpha 0 is fine-tuning to the last bit.
    """
    recipe, found = asked.recipe, dict[str, dict[str, Plain]]()
    for name in asked.learners:
        method, own = recipe.learner(name).method, recipe.settings_of(name)
        row: dict[str, Plain] = {"method": method}
        if isinstance(own, Replay):
            row |= {"stored": own.per_class, "mix": own.mix}
        if method == "lwf" and isinstance(own, Lwf) and own.alpha > 0:
            row |= {"alpha": own.alpha, "T": own.temperature, "t2": own.scale_t2, "teacher": own.teacher}
        elif isinstance(own, Lwf):
            row["method"] = "fine-tune"
        if isinstance(own, Lwf):
            row["ce"] = own.ce_scope
        found[name] = row
    usual = ("mix", "half"), ("teacher", "frozen"), ("ce", "all"), ("t2", True), ("t2", False)
    for key, value in usual:
        if all(row.get(key, value) == value for row in found.values()):
            found = {name: {k: v for k, v in row.items() if k != key} for name, row in found.items()}
    return found


def values(asked: Asked) -> dict[str, str]:
    """Return what stands in the template for each of its names."""
    recipe, tasks, ran = asked.recipe, asked.recipe.data.tasks, asked.ran
    return {
        "arithmetic": ": float32" + ("" if asked.threads is None else f" on {counted(asked.threads, 'thread')}"),
        "threads": str(asked.threads),
        "debian": DEBIAN_DIRECTORY.as_posix(),
        "variable": paths.DATA_DIR_VARIABLE,
        "notes": _notes(asked),
        "tasks": assigned("TASKS", tasks),
        "seen": assigned("SEEN", (0, *accumulate(map(len, tasks)))),
        "units_told": _UNITS[asked.renumbered],
        "learners": assigned("LEARNERS", learners(asked), spread=True),
        "width": str(max(map(len, asked.learners))),
        "peak": str(asked.peak) if asked.peak else "WHITE",
        "seed": str(recipe.seed),
        **_training(recipe),
        **_seeds(asked),
        **_distillation(asked),
        "limit": str(recipe.data.train_images),
        "chosen": ", sample" if recipe.data.train_images else "",
        "images": assigned("IMAGES", ran.images) if ran else "",
        "accuracies": assigned("RUN", ran.right, spread=True) if ran else "",
    }


def _training(recipe: Recipe) -> dict[str, str]:
    """Return how both kinds of task are trained."""
    task1, task2 = recipe.task1, recipe.task2
    some_epochs = not (task1.steps and task2.steps)
    return {
        "batch": str(recipe.train.batch_size),
        "hidden": str(recipe.model.hidden),
        "epochs": assigned("EPOCHS", (task1.epochs, task2.epochs)),
        "steps": assigned("STEPS", (task1.steps, task2.steps)),
        "steps_told": "; 0: by epochs" if some_epochs else "",
        "or_epochs": " or EPOCHS[task > 0] * per_epoch" if some_epochs else "",
        "warmup": assigned("WARM_UP", task2.warmup_epochs),
        "optimizers": "OPTIMIZERS = (  # of task 1, and of every later task\n"
        f"    {_optimizer(task1)},\n    {_optimizer(task2)},\n)",
        "longest": assigned("LONGEST", task2.max_step),
    }


def _optimizer(task: Task1 | Task2) -> str:
    momentum: dict[str, Plain] = {"momentum": task.momentum} if task.algorithm == "sgd" else {}
    name = "SGD" if task.algorithm == "sgd" else "Adam"
    return f"(torch.optim.{name}, {literal({'lr': task.lr, **momentum, 'weight_decay': task.weight_decay})})"


def _seeds(asked: Asked) -> dict[str, str]:
    """Return the seeds of all streams, as the engine draws them."""
    recipe, seed = asked.recipe, asked.recipe.seed
    tasks = range(len(recipe.data.tasks))
    order = (seed_of(seed, "task1 order"), *(seed_of(seed, "task2 order", task) for task in tasks[1:]))
    earlier = tuple(
        tuple(entropy(seed, EARLIER_IMAGES, task, epoch) for epoch in range(_epochs(asked, task))) for task in tasks[1:]
    )
    return {
        "weights": assigned("WEIGHTS", seed_of(seed, "teacher")),
        "order": assigned("ORDER", order),
        "inserted": assigned("INSERTED", seed_of(seed, "head expansion")),
        "stored": assigned("STORED", tuple(entropy(seed, STORED_IMAGES, task) for task in tasks)),
        "drawn": assigned("DRAWN", entropy(seed, DRAWN_IMAGES)),
        "earlier": assigned("EARLIER", earlier, spread=True),
        "stream": f"{seed}, {STREAMS['training images']}",
    }


def _epochs(asked: Asked, task: int) -> int:
    """Return how many epochs a later task has, the last of which may be cut."""
    settings = asked.recipe.task2
    if not settings.steps or asked.ran is None:
        return settings.epochs
    per_epoch = -(-asked.ran.images[task][0] // asked.recipe.train.batch_size)
    return -(-settings.steps // per_epoch)


def _distillation(asked: Asked) -> dict[str, str]:
    """Return how KD is weighed: by T squared, or not, or as each learner says."""
    scaled = {own.scale_t2 for own in _of_lwf(asked)}
    by_learner = '(kd * (learner["T"] ** 2 if learner["t2"] else 1))'
    kd = by_learner if len(scaled) > 1 else '(kd * learner["T"] ** 2)' if True in scaled else "kd"
    return {"kd": kd, "t2_told": " T^2" if True in scaled else ""}


def _of_lwf(asked: Asked) -> list[Lwf]:
    """Return the settings of all learners that distil."""
    names = [name for name in asked.learners if asked.recipe.learner(name).method == "lwf"]
    return [own for name in names if isinstance(own := asked.recipe.settings_of(name), Lwf) and own.alpha > 0]


def _notes(asked: Asked) -> str:
    """Return comments: which data the run had, and who is left out. A name in them is its `repr`, in one line."""
    told = []
    if asked.ran:
        dataset = asked.ran.dataset
        told.append(f"The run had {_DATA.get(dataset, f'other IDX files, of a folder named {dataset!r}')}.")
    if asked.left_out:
        told.append(f"Left out: {'; '.join(asked.left_out)}.")
    wrapped = [textwrap.wrap(text, WIDTH - 2, break_on_hyphens=False) for text in told]
    return "\n".join(f"# {line}" for lines in wrapped for line in lines)
