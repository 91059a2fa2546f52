"""Figures in a lesson's words: tokens in braces, each replaced by what the run that is shown says at a moment.

``{lwf.old}`` is LwF's accuracy on the old task, as its card shows it. A token is looked up in a table and is never run
as code. Pure functions of records; it knows nothing of windows.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lwf_gui.methods import METHODS
from lwf_gui.runs.glimpse import Glimpse, source
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.panel_tokens import OF_PANELS, own_images
from lwf_gui.runs.tokens import OF_A_LEARNER, OF_THE_RUN

UNKNOWN = "(not known yet)"
"""What stands in a question for a figure that is not there; elsewhere the sentence is left out."""

_TOKEN = re.compile(r"\{([^{}]*)\}")
_SENTENCES = re.compile(r"(?<=[.?!]) +(?=[^ ])")
_FORM = re.compile(
    r"(?P<name>[^ ]+(?: [^ ]+)*?)(?: (?P<protocol>task-aware|class-incremental))?"
    r"(?: at (?P<at>expansion|end|step [0-9]{1,7}|epoch [1-9][0-9]{0,3}))?(?P<before> before)?"
)
"""A token; a name may have spaces, for learners' names may."""

FORMS = 'each alone or with "task-aware" or "class-incremental", "at expansion", "at step N", "at epoch N" or "at end"'


def names(learners: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the names of all figures, where there may be learners with names of their own."""
    of = dict.fromkeys((*METHODS, *learners))
    return (*(f"{learner}.{what}" for learner in of for what in OF_A_LEARNER), *OF_THE_RUN)


def learners_in(text: str, *, before: bool = False) -> Iterator[str]:
    """Yield the learners whose figures a text asks for: of the run itself, or of the run before."""
    for form in filter(None, map(_FORM.fullmatch, _TOKEN.findall(text))):
        learner, _, what = form["name"].rpartition(".")
        if form["name"] not in OF_THE_RUN and what in OF_A_LEARNER and bool(form["before"]) is before:
            yield learner


def fault(text: str, learners: Iterable[str] = ()) -> str:
    """Return what is wrong with the tokens of a text, a clause with what is allowed; empty if nothing is.

    ``learners`` are those that may be meant beside the methods.
    """
    known = names(learners)
    for token in _TOKEN.findall(text):
        form = _FORM.fullmatch(token)
        if form is None or form["name"] not in known:
            said = form["name"] if form is not None else token.partition(" ")[0]
            near = difflib.get_close_matches(said[:60], known, n=1)
            hint = f"did you mean {{{near[0]}}}?" if near else f"tokens are {_allowed()}, {FORMS}."
            return f"{{{token if len(token) <= 40 else token[:37] + '...'}}} stands for no figure; {hint}"
    if "{" in (rest := _TOKEN.sub("", text)) or "}" in rest:
        return "a brace stands alone; write a figure of the run as {lwf.old}, and no other braces."
    return ""


def _allowed() -> str:
    """Return the names of all figures in a few words: those of one learner stand for those of all."""
    first, second, *_ = METHODS
    own = ", ".join(f"{first}.{what}" for what in OF_A_LEARNER)
    return f"{own}, and so for {second} and all other learners, {', '.join(OF_THE_RUN)}"


def has_figures(text: str) -> bool:
    """Whether a text has tokens."""
    return _TOKEN.search(text) is not None


def sources(text: str, glimpse: Glimpse) -> tuple[str, ...]:
    """Say of what the figures of a text are, from the longest way to the shortest; nothing where there are none."""
    forms = [form["name"] for form in map(_FORM.fullmatch, _TOKEN.findall(text)) if form]
    own, ways = own_images(forms, glimpse), source(glimpse)
    if not (forms and ways and own):
        return ways if forms else ()
    of_learners = {name.rpartition(".")[2] for name in forms} & (OF_A_LEARNER.keys() - OF_PANELS.keys())
    when = f"{PROTOCOLS[glimpse.selection.protocol]}, step {glimpse.step:,}"
    return tuple(f"{way}; {own}" for way in ways) if of_learners else (f"Figures: {when}, {own}", own)


def told(text: str, glimpse: Glimpse) -> tuple[str, bool]:
    """Return a text with its figures, less the sentences that have none yet, and whether all are there.

    Of a run that is not there yet nothing is told from the first missing figure on: what follows speaks of it.
    """
    kept: list[str] = []
    sentences = _SENTENCES.split(text)
    for sentence in sentences:
        filled, known = _filled(sentence, glimpse)
        if known:
            kept.append(filled)
        elif not glimpse.reached:
            break
    return " ".join(kept), len(kept) == len(sentences)


def inline(text: str, glimpse: Glimpse) -> str:
    """Return a text with its figures, `UNKNOWN` in place of those that are not there yet."""
    return _filled(text, glimpse)[0]


def _filled(text: str, glimpse: Glimpse) -> tuple[str, bool]:
    values = {token: value(token, glimpse) for token in _TOKEN.findall(text)}
    filled = _TOKEN.sub(lambda found: values[found[1]] or UNKNOWN, text)
    return filled, None not in values.values()


def value(token: str, glimpse: Glimpse) -> str | None:
    """Return what a token stands for at a moment of a run; None where the run does not say it (yet)."""
    form = _FORM.fullmatch(token)
    if form is None:
        return None
    at: Glimpse | None = glimpse
    if form["before"]:
        at = None if glimpse.before is None else Glimpse(glimpse.before, replace(glimpse.selection, step=None))
    if at is not None and form["protocol"]:
        names = {name: protocol for protocol, name in PROTOCOLS.items()}
        at = replace(at, selection=replace(at.selection, protocol=names[form["protocol"]]))
    if at is not None and form["at"]:
        at = at.at(form["at"])
    if at is None:
        return None
    if form["name"] in OF_THE_RUN:
        return OF_THE_RUN[form["name"]](at)
    learner, _, what = form["name"].rpartition(".")
    return OF_A_LEARNER[what](at, learner) if what in OF_A_LEARNER else None
