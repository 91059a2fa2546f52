"""The page as HTML: style and script within it, and all that needs no script, tables and recipe, written out.

Names come from anywhere: every text is escaped, and a content security policy lets nothing run but the page's own
script, and nothing be fetched at all.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from string import Template
from typing import Any

from lwf_gui import paths, untrusted
from lwf_gui.exports import final
from lwf_gui.messages import Failed, Finished
from lwf_gui.numbers import listed
from lwf_gui.palette import DARK, LIGHT, Theme
from lwf_gui.recipe.sections import DATA_SETS
from lwf_gui.runs import results, tasks_shown
from lwf_gui.runs.interrupted import end_of
from lwf_gui.runs.metrics import PROTOCOL_HELP
from lwf_gui.runs.names import about_learner, label_of, learners_of
from lwf_gui.runs.provenance import provenance_text
from lwf_gui.runs.record import Record
from lwf_gui.words import WORDS

TEMPLATE, STYLE, SCRIPT = "player.html", "player.css", "player.js"

TERMS = (
    *("Accuracy", "Average accuracy", "Class, kind", "Class-incremental", "Confusion matrix", "Expansion of the head"),
    *("Forgetting", "Learner", "Old, new", "Points", "Probe", "Protocol", "Score", "Seed", "Step", "Task"),
    *("Task-aware", "Teacher", "Training, test images"),
)
"""Terms of a page whose sentences it brings along."""


def document(record: Record, contents: Mapping[str, Any]) -> str:
    """Return the page that plays these contents."""
    style = _read(STYLE).replace("/* colours */", _colours())
    script = _read(SCRIPT)
    return Template(_read(TEMPLATE)).substitute(
        policy=_policy(style, script),
        title=_escaped(_title(record)),
        style=style,
        script=script,
        data=in_script(contents),
        state=_escaped(state(record)),
        about=_escaped(final.about(record, paths=False)),
        origin=_origin(record),
        results=_results(record),
        matrices=_matrices(record),
        learners=_defined((label_of(name), about_learner(record, name)) for name in learners_of(record)),
        words=_defined((term, WORDS[term]) for term in TERMS),
        recipe=_escaped(json.dumps(_recipe(record), indent=2)),
    )


def in_script(contents: object) -> str:
    """Return JSON for a script element: without a sign that could end it, or begin a comment in it."""
    text = json.dumps(contents, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def state(record: Record) -> str:
    """Say how far a run came that is not finished; nothing of one that is."""
    track, outcome = record.incremental, record.outcome
    if track is None or isinstance(outcome, Finished):
        return ""
    if outcome is None:
        return f"This run was still training when this page was made, {tasks_shown.where(record, track.steps)}."
    return f"This run {'' if isinstance(outcome, Failed) else 'was '}{end_of(record)}."


def _title(record: Record) -> str:
    assert record.data is not None, "a page is of a run with data"
    return f"LwF Lab: {listed([label_of(name) for name in learners_of(record)])} on {record.data.dataset}"


def _read(name: str) -> str:
    return (paths.resources() / name).read_text("utf-8")


def _escaped(text: str) -> str:
    return html.escape(untrusted.printable(text) if "\n" not in text else text)


def _policy(style: str, script: str) -> str:
    """Return a policy under which this style and this script alone count, and nothing is fetched."""
    hashes = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii") for text in (style, script))
    styles, scripts = (f"'sha256-{each}'" for each in hashes)
    return (
        f"default-src 'none'; style-src {styles}; script-src {scripts}; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )


def _colours() -> str:
    """Return the window's colours as custom properties: light, and dark where it is preferred or asked for."""
    light, dark = _properties(LIGHT), _properties(DARK)
    return (
        f":root {{ color-scheme: light; {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root:not([data-theme=light]) {{ color-scheme: dark; {dark} }} }}\n"
        f":root[data-theme=dark] {{ color-scheme: dark; {dark} }}"
    )


def _properties(theme: Theme) -> str:
    names = ("window", "surface", "raised", "line", "text", "muted", "accent", "on_accent", "wrong")
    return " ".join(f"--{name.replace('_', '-')}: {getattr(theme, name)};" for name in names)


def _results(record: Record) -> str:
    """Return the table of the final figures, and a sentence on what it means."""
    heading, rows = final.table(record)
    if not rows:
        return "<p>No later task was counted on the full test sets before the run ended.</p>"
    long = tasks_shown.are_many(record)
    means = f"{results.AVERAGE} {results.FORGOTTEN}" if long else "Old / new: percent right of each task's test images."
    said = f"Counted on {final.tested_on(record)}, after the last whole epoch. {means}"
    return f"<p>{_escaped(said)}</p>\n{_table(heading, rows)}\n{_said(PROTOCOL_HELP.values())}"


def _matrices(record: Record) -> str:
    """Return the accuracy matrices of a run of more than two tasks, and a sentence on what they mean."""
    if not tasks_shown.are_many(record):
        return ""
    body = "\n".join(
        f"<h3>{_escaped(title)}</h3>\n{_table(heading, rows)}"
        for title, heading, rows in final.accuracy_matrices(record)
    )
    return (
        f"<details>\n<summary>Accuracy matrices</summary>\n<p>{_escaped(WORDS['Accuracy matrix R'])} "
        f"Counted on the full test sets.</p>\n{body}\n</details>"
    )


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{_escaped(cell)}</th>' for cell in heading)
    body = "\n".join(
        f'<tr><th scope="row">{_escaped(first)}</th>{"".join(f"<td>{_escaped(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    return f'<div class="wide"><table>\n<tr>{head}</tr>\n{body}\n</table></div>'


def _origin(record: Record) -> str:
    """Return when and with what it was run, and the user's notes, a paragraph for each of their lines."""
    noted = [line for line in record.notes.split("\n") if line.strip()]
    notes = f"<h3>Notes</h3>\n{_said(noted)}" if noted else ""
    return f"{_said([provenance_text(record)])}\n{notes}"


def _said(texts: Iterable[str]) -> str:
    return "\n".join(f"<p>{_escaped(text)}</p>" for text in texts)


def _defined(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"<dt>{_escaped(term)}</dt><dd>{_escaped(told)}</dd>" for term, told in pairs)


def _recipe(record: Record) -> dict[str, Any]:
    """Return the recipe; of a folder with data its name alone, for its path is of another machine."""
    assert record.data is not None, "a page is of a run with data"
    recipe: dict[str, Any] = record.data.recipe.model_dump(mode="json")
    dataset = recipe["data"]["dataset"]
    if dataset not in DATA_SETS:
        recipe["data"]["dataset"] = PurePath(dataset.replace("\\", "/")).name
    return recipe
