"""Learners that stand side by side never read alike, however little room their names have."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shiboken6
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.confusion import Confusion
from lwf_gui.gui.panels.confusion.words import paint_words
from lwf_gui.gui.panels.curves import AccuracyPlot
from lwf_gui.gui.panels.text import names_within
from lwf_gui.messages import LayerProbe, PhaseStarted, Probe, Steps
from lwf_gui.runs.names import names_of
from lwf_gui.runs.record import Record
from tests.gui.shown import shown_panel
from tests.runs import synthetic
from tests.runs.synthetic import LEARNERS

NAMES = (*LEARNERS, "lwf+1@10:alpha=0.1", "lwf+2@10:alpha=0.02", "lwf+3@15:alpha=0.1")
ALPHA = "\N{GREEK SMALL LETTER ALPHA}"
PANELS = ("image_grid", "confusion", "soft_targets", "gradient_conflict", "weights", "equation", "trade_off")
SIZES = ((340, 300), (480, 360), (900, 400), (400, 700))


def _rows(values: Any) -> Any:
    """Return values of two learners for all; branches have what the last of them has."""
    return np.concatenate([values, *[values[-1:]] * (len(NAMES) - len(values))]) if values is not None else None


def _columns(losses: Any) -> Any:
    """Return losses with a column for every learner."""
    return np.swapaxes(_rows(np.swapaxes(losses, 0, 1)), 0, 1)


def _forked() -> Record:
    record = synthetic.record(synthetic.task1())
    for message in synthetic.task2():
        if isinstance(message, PhaseStarted):
            record.apply(replace(message, learners=NAMES))
        elif isinstance(message, Probe):
            record.apply(replace(message, logits=_rows(message.logits)))
        elif isinstance(message, LayerProbe):
            fields = {name: _rows(getattr(message, name)) for name in ("forces", "moved", "filters")}
            record.apply(replace(message, **fields))
        elif isinstance(message, Steps):
            record.apply(replace(message, losses=_columns(message.losses)))
    return record


@pytest.mark.parametrize("key", PANELS)
def test_no_two_learners_read_alike_in_a_panel(key: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    draw = QPainter.drawText

    def note(painter: QPainter, *args: Any) -> Any:
        drawn.extend(arg for arg in args if isinstance(arg, str))
        return draw(painter, *args)

    monkeypatch.setattr(QPainter, "drawText", note)
    record, forms = _forked(), names_of(NAMES)
    for size in SIZES:
        drawn.clear()
        panel = shown_panel(key, qtbot, record, size)
        panel.grab()
        assert panel.shown is not None
        assert not [text for text in drawn if "…" in text and text.startswith(("LwF", ALPHA))], size
        wanted = [[name if name.startswith(("LwF", ALPHA)) else "Fine" for name in form.values()] for form in forms]
        told = [all(any(name in text for text in drawn) for name in names) for names in wanted]
        assert any(told), (size, drawn)


def test_names_are_said_shorter_before_they_are_cut() -> None:
    metrics = QFontMetricsF(theme.font(1.0))
    full, short, least = names_of(NAMES[:4])
    assert names_within(metrics, 1000, NAMES[:4]) == full
    assert names_within(metrics, 110, NAMES[:4]) == short
    assert names_within(metrics, 10, NAMES[:4]) == least
    assert list(least.values()) == ["Fine-tuning", "LwF", f"{ALPHA} 0.1", f"{ALPHA} 0.02"]


def test_branches_with_the_same_settings_are_told_by_their_step_or_number() -> None:
    names = ("lwf", "lwf+1@10:alpha=0.1", "lwf+2@15:alpha=0.1", "lwf+3@15:alpha=0.1", "lwf+4@15", "lwf+5@15")
    full, short, least = names_of(names)
    assert list(short.values()) == [
        "LwF",
        f"LwF {ALPHA} 0.1 @10",
        f"LwF {ALPHA} 0.1 @15 #2",
        f"LwF {ALPHA} 0.1 @15 #3",
        "LwF @15 #4",
        "LwF @15 #5",
    ]
    for form in (full, short, least):
        assert len(set(form.values())) == len(names)


def test_the_read_out_keeps_the_new_task_where_short_names_make_room(qtbot: QtBot) -> None:
    panel = shown_panel("losses", qtbot, _forked(), (600, 300))
    plot = AccuracyPlot()
    plot.show_record(panel.record)
    ways = ["".join(text for text, _ in way) for way in tuple(plot.ways_at(math.inf))[1:]]
    shiboken6.delete(plot)  # now, not whenever its garbage is collected
    short, least = names_of(NAMES)[1:]
    with_new = [way for way in ways if "new" in way]
    assert any(all(f"{name} old" in way for name in short.values()) for way in with_new)
    assert any(all(f"{name} old" in way for name in least.values()) for way in with_new)


def test_the_list_of_mistakes_keeps_its_size_beside_long_names(qtbot: QtBot) -> None:
    few, many = (shown_panel("confusion", qtbot, record, (480, 700)) for record in (synthetic.record(), _forked()))
    sizes: list[float] = []
    for panel in (few, many):
        picture = QPixmap(panel.size())
        with QPainter(picture) as painter:
            assert isinstance(panel, Confusion)
            paint_words(painter, panel.shown, panel._layout, panel.colours)
            sizes.append(QFontMetricsF(painter.font()).height())
    assert sizes[1] >= 0.75 * sizes[0]
