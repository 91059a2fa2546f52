"""Terms in texts of the window: which of the glossary, and which methods, stand there, and what is said of them."""

from __future__ import annotations

import re
from functools import lru_cache

from lwf_gui.methods import METHODS
from lwf_gui.words import WORDS

SPELT: dict[str, tuple[str, ...]] = {
    "Accuracy matrix R": ("accuracy matrix", "matrix R"),
    "Alpha": ("alpha", "\N{GREEK SMALL LETTER ALPHA}"),
    "Average accuracy": ("average accuracy", "average"),
    "Bias (for new classes)": ("bias", "bias curve"),
    "CE, cross-entropy": ("CE", "cross-entropy"),
    "Catastrophic forgetting": ("catastrophic forgetting",),
    "Distillation, KD": ("distillation", "distillation loss", "distil", "distils", "KD"),
    "Expansion of the head": ("head expansion", "expansion", "head grows", "grown head"),
    "Fisher information": ("Fisher",),
    "Fine-tuning": ("fine-tuning", "fine-tuned"),
    "Forgetting": ("forgetting", "forgotten", "forgets", "forgot"),
    "Fork": ("fork", "forked"),
    "Freezing": ("freezing", "frozen", "freeze", "unfreeze"),
    "Gradient": ("gradient", "grad", "tug of war"),
    "Layer (fc1, conv1)": ("layer", "hidden layer", "inserted layer", "fc1", "fc2", "conv1", "conv2", "classifier"),
    "Learning rate": ("learning rate", "lr"),
    "Learning without Forgetting, LwF": ("Learning without Forgetting", "LwF"),
    "Old, new": (
        *("old task", "new task", "old class", "new class", "old kind", "new kind", "old image", "new image"),
        *("old answer", "new answer", "old score", "old, new", "old and new", "old / new"),
    ),
    "Old network": ("old network", "old net"),
    "Pin": ("pin", "pinned"),
    "Points": ("points",),
    "Precision (fp32, bf16)": ("precision", "fp32", "bf16"),
    "Probe": ("probe", "probe image"),
    "Rehearsal, replay": ("rehearsal", "replay"),
    "Soft targets": ("soft target", "soft targets"),
    "Stored": ("stored", "it stores"),
    "Straight path": ("straight path",),
    "Temperature T": ("temperature", "T", "T²"),
    "Training, test images": ("training image", "test image", "test set"),
    "Unit": ("units", "hidden unit", "output unit"),
    "Worst-case accuracy, WC-ACC": ("worst-case accuracy", "WC-ACC"),
}
"""How terms stand in texts, where that is not their own name; small letters may be large, and have an s."""

COMMON = frozenset(
    (
        *("Accuracy", "Class, kind", "Epoch", "Layer (fc1, conv1)", "Learner", "Old, new", "Points", "Score", "Step"),
        *("Stored", "Task", "Training, test images", "Weight"),
    )
)
"""Terms that stand nearly everywhere: they are explained after others."""

MOST = 3
"""Terms that are explained under the mouse at most: Help > Words has all of them."""


def spellings(term: str) -> tuple[str, ...]:
    """Return how a term stands in texts."""
    return SPELT.get(term) or tuple(part.lower() if part[1:].islower() else part for part in _bare(term).split(", "))


def _bare(term: str) -> str:
    return re.sub(r" \(.*\)", "", term)


def _pattern(spelt: str) -> str:
    """Return a pattern for a spelling: of small letters also with a capital, and in the plural."""
    if not spelt.islower() or len(spelt) < 2:
        return re.escape(spelt)
    first, rest = spelt[0], re.escape(spelt[1:])
    return f"[{first}{first.upper()}]{rest}(?:e?s)?"


_OF_WORDS = {spelt: term for term in WORDS for spelt in spellings(term)}
_METHODS = {row.label: row for row in METHODS.values() if not {row.label, row.label.lower()} & _OF_WORDS.keys()}
"""Methods whose name is no term of the glossary anyway."""

_TERM_OF = _OF_WORDS | {name: label for label, row in _METHODS.items() for name in (row.label, row.short)}

TOLD: dict[str, str] = dict(
    sorted((WORDS | {label: row.help for label, row in _METHODS.items()}).items(), key=lambda each: each[0].lower())
)
"""What is said of every term: the glossary's sentence, or what a method does, as its box among the learners says."""

_LONGEST_FIRST = sorted(_TERM_OF, key=lambda spelt: (-len(spelt), spelt))


@lru_cache(maxsize=1)
def _any() -> re.Pattern[str]:
    """Return a pattern for all spellings, one group each: made when first asked for, for that takes long."""
    spelt = "|".join(f"({_pattern(each)})" for each in _LONGEST_FIRST)
    return re.compile(rf"(?<![\w-])(?:{spelt})(?![\w-])")


@lru_cache(maxsize=1024)
def terms_in(text: str) -> tuple[str, ...]:
    """Return the terms that stand in a text, each once: those that stand nearly everywhere come last."""
    found = dict.fromkeys(
        _TERM_OF[_LONGEST_FIRST[match.lastindex - 1]] for match in _any().finditer(text) if match.lastindex
    )
    return tuple(sorted(found, key=COMMON.__contains__))


def explained(text: str, said: str = "", most: int = MOST) -> tuple[str, ...]:
    """Return a line with term and sentence for terms that stand in a text, but for sentences that are ``said``."""
    lines = (f"{term}: {TOLD[term]}" for term in terms_in(text) if TOLD[term] not in said)
    return tuple(lines)[:most]
