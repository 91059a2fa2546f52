"""All that a page shows of a run, as lists and numbers that a browser reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lwf_gui import untrusted
from lwf_gui.exports.player import answers
from lwf_gui.exports.player.curves import Axis, curves, words
from lwf_gui.exports.player.moments import shown_steps
from lwf_gui.exports.player.scenes import Scenes
from lwf_gui.exports.player.sprite import sprite
from lwf_gui.exports.player.texts import Texts
from lwf_gui.exports.player.wall import Wall
from lwf_gui.messages import TEACHER, ProtocolName
from lwf_gui.numbers import counted
from lwf_gui.palette import DARK, LIGHT
from lwf_gui.runs import confusion_words, tasks_shown
from lwf_gui.runs.captions import when
from lwf_gui.runs.image_grid_words import short_names
from lwf_gui.runs.metrics import NO_ANSWER, PLAIN_PROTOCOLS, PROTOCOL_HELP, PROTOCOLS, predictions
from lwf_gui.runs.names import class_name, label_of, learners_of, names_of, sign_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, moment, stops

Answers = NDArray[np.int16]


def contents(record: Record, most: int) -> dict[str, Any]:
    """Return what a page of at most so many moments shows."""
    assert record.data is not None, "a page is of a run with data"
    steps, names = shown_steps(record, most), [TEACHER, *learners_of(record)]
    moments = [_moment(record, step) for step in steps]
    texts, wall, axis = Texts(names), Wall(record, names), Axis(record)
    scenes = Scenes(record, wall, texts)
    views = {
        protocol: {
            "scenes": [scenes.at(Selection(protocol, step)) for step in steps],
            "curves": curves(record, names, protocol, steps, axis),
            "answers": _encoded(record, names, protocol, moments),
        }
        for protocol in PROTOCOLS
    }
    return {
        "shown": f"{len(steps):,} of {counted(len(stops(record)), 'probe')} are shown",
        "steps": steps,
        "places": [axis.place(step) for step in steps],
        "tasks": [at.task for at in moments],
        "when": [texts(when(at, record)) for at in moments],
        "later": [int(at.track is record.incremental) for at in moments],
        "names": _names(record, names),
        "protocols": _protocols(),
        "classes": _classes(record),
        "axis": {**axis.drawn(record), **words(record)},
        "wall": {"images": wall.images, "began": wall.began},
        "how": f"{confusion_words.HOW}.",
        "sprite": _sprite(record, wall),
        "views": views,
        "texts": texts.all,
        "pieces": texts.pieces,
        "sentences": texts.sentences,
        "wordings": texts.short,
    }


def _moment(record: Record, step: int) -> Moment:
    at = moment(record, step)
    assert at is not None, "steps are those of probes"
    return at


def _encoded(record: Record, names: list[str], protocol: ProtocolName, moments: list[Moment]) -> list[str]:
    """Return the code of what everybody answers to every probe image at every moment."""
    assert record.data is not None
    data = record.data
    taken: Answers = np.full((len(names), len(moments), len(data.probe_labels)), NO_ANSWER, np.int16)
    for place, at in enumerate(moments):
        rows = [names.index(learner) for learner in at.learners]
        taken[rows, place] = predictions(at.logits, data.probe_labels, data.scenario, protocol)
    return [answers.encoded(each, len(data.classes)) for each in taken]


def _names(record: Record, names: list[str]) -> list[dict[str, Any]]:
    """Return everybody's label, short label, mark and colours on light and on dark."""
    short = names_of(learners_of(record))[1]
    return [
        {
            "label": label_of(name),
            "short": short.get(name, label_of(name)),
            "sign": sign_of(name),
            "light": LIGHT.learner(name),
            "light_words": LIGHT.words(name),
            "dark": DARK.learner(name),
        }
        for name in names
    ]


def _protocols() -> list[dict[str, str]]:
    return [
        {"name": name, "term": term, "plain": PLAIN_PROTOCOLS[name], "help": PROTOCOL_HELP[name]}
        for name, term in PROTOCOLS.items()
    ]


def _classes(record: Record) -> dict[str, Any]:
    """Return the classes: names, task, whose probe images are theirs, and the text of every share of a row."""
    assert record.data is not None
    data, printable = record.data, untrusted.printable
    counts = np.bincount(data.probe_labels, minlength=len(data.classes)).tolist()
    shares = {n: [confusion_words.cell_text(100 * k / n) if k else "" for k in range(n + 1)] for n in counts if n}
    return {
        "names": [printable(name) for name in data.classes],
        "short": [printable(name) for name in short_names(data)],
        "tasks": [data.scenario.task_of_unit(unit) for unit in range(len(data.classes))],
        "told": [", ".join(printable(class_name(record, u)) for u in units) for units in _units(record)],
        "labels": data.probe_labels.tolist(),
        "shares": shares,
        "letters": answers.width(len(data.classes)),
        "many": int(tasks_shown.are_many(record)),
    }


def _units(record: Record) -> list[tuple[int, ...]]:
    assert record.data is not None
    return [tuple(record.data.scenario.units(task)) for task in range(record.data.scenario.tasks)]


def _sprite(record: Record, wall: Wall) -> dict[str, Any]:
    """Return the picture of every image that a page shows: those of the wall, and one of every class that has any."""
    assert record.data is not None
    data = record.data
    firsts = {unit: data.first_image(unit) for unit in range(len(data.classes)) if unit in data.probe_labels}
    numbers = sorted({*firsts.values(), *(image for images in wall.images.values() for image in images)})
    tiles = {number: place for place, number in enumerate(numbers)}
    picture = sprite(data.probe_images[numbers], data.peak)
    return {**picture, "tiles": tiles, "classes": {unit: tiles[image] for unit, image in firsts.items()}}
