"""The learners of a run in words: who they are, what each is called, alone and beside others, and what it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from lwf_gui.branches import least_label, parsed
from lwf_gui.methods import method_of
from lwf_gui.recipe import settings
from lwf_gui.runs.record import Record

Names = Mapping[str, str]
"""Names by learner."""

_SIGNS = {
    "o": "●",
    "t": "▼",
    "t1": "▲",
    "t2": "▶",
    "t3": "◀",
    "d": "◆",
    "p": "⬟",
    "h": "⬢",
    "star": "★",
    "+": "✚",
    "x": "✖",
}
"""Letters that look like marks, for places where there are letters alone."""


def label_of(learner: str) -> str:
    """Return a learner's name for people."""
    method = method_of(learner)
    return method.label if method else learner.capitalize()


def short_label_of(learner: str) -> str:
    """Return a learner's name for narrow places."""
    method = method_of(learner)
    return method.short if method else learner.capitalize()


def sign_of(learner: str) -> str:
    """Return a letter that looks like the mark of a learner's method."""
    method = method_of(learner)
    return _SIGNS.get(method.symbol if method is not None else "s", "■")


def names_of(learners: Iterable[str]) -> tuple[Names, Names, Names]:
    """Return the names of learners in full, for narrow places, and as short as can be: of branches what differs.

    No two of one length are alike.
    """
    return _names_of(tuple(learners))


@lru_cache(maxsize=64)  # several panels ask with every picture
def _names_of(known: tuple[str, ...]) -> tuple[Names, Names, Names]:
    least = {learner: least_label(name) if (name := parsed(learner)) else short_label_of(learner) for learner in known}
    return (
        _apart({learner: label_of(learner) for learner in known}),
        _apart({learner: short_label_of(learner) for learner in known}),
        _apart(least),
    )


def _apart(names: Names) -> Names:
    """Return the names with the step of a branch, and then its number, where two would be alike without."""
    for form in ("@{name.step:,}", "#{name.number}"):
        often = Counter(names.values())
        for learner, said in names.items():
            name = parsed(learner)
            if name is not None and often[said] > 1 and (more := form.format(name=name)) not in said:
                names = {**names, learner: f"{said} {more}"}
    return names


def learners_of(record: Record) -> tuple[str, ...]:
    """Return the names of the learners of task 2, also before it began."""
    if record.incremental is not None:
        return record.incremental.started.learners
    return record.data.recipe.names if record.data else ()


def class_name(record: Record, unit: int) -> str:
    """Return a class by the first of its names."""
    assert record.data is not None, "classes come with the data"
    return record.data.classes[unit].partition("/")[0]


def about_learner(record: Record, learner: str) -> str:
    """Say what a learner is; of a branch also which settings are its own."""
    method = method_of(learner)
    assert method is not None, "only learners of task 2 follow a method"
    branch = record.branches.get(learner)
    if branch is None or not branch.overrides:
        return method.help
    labels = {setting.live: setting.label for setting in settings().values() if setting.live}
    own = [
        backbone_words(value) if name == "backbone_frozen" else f"{labels[name]} = {value}"
        for name, value in branch.overrides.items()
    ]
    return f"{method.help} Its own settings: {', '.join(own)}."


def backbone_words(frozen: bool) -> str:
    """Return the words for a backbone that is trained, or not: a live setting that no recipe has."""
    return "backbone frozen" if frozen else "backbone unfrozen"
