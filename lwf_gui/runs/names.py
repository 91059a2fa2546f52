"""Names of learners that stand side by side, from the longest to the shortest: no two of one length are alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from lwf_gui.branches import least_label, parsed
from lwf_gui.runs.views import label_of, short_label_of

Names = Mapping[str, str]
"""Names by learner."""


def names_of(learners: Iterable[str]) -> tuple[Names, Names, Names]:
    """Return the names of learners in full, for narrow places, and as short as can be: of branches what differs."""
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
