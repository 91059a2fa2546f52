"""The page that plays says what the window says, at every probe."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from lwf_gui.exports import player
from lwf_gui.gui.panels.cards import Cards
from lwf_gui.gui.panels.confusion import Confusion
from lwf_gui.gui.panels.story import StoryPanel
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.runs import five, synthetic


@pytest.mark.parametrize("record", [synthetic.record(), five.record()], ids=["two tasks", "five tasks"])
@pytest.mark.parametrize("protocol", ["task_aware", "class_incremental"])
def test_page_says_what_the_window_says_at_every_probe(qtbot: QtBot, record: Record, protocol: ProtocolName) -> None:
    page = player.page(record)
    data: dict[str, Any] = json.loads(re.findall(r'type="application/json">(.*?)</script>', page, re.DOTALL)[0])
    cards, story, confusion = Cards(), StoryPanel(), Confusion()
    for widget in (cards, story, confusion):
        qtbot.addWidget(widget)
        widget.resize(1600, 900)  # there is room for the longest wordings
        widget.show_record(record)
    for step, scene in zip(data["steps"], data["views"][protocol]["scenes"], strict=True):
        for widget in (cards, story, confusion):
            widget.refresh(Selection(protocol, step))
        for card, told in zip(cards.cards, scene["cards"], strict=True):
            wordings = [[data["texts"][text] for text in data["wordings"][part]] for part in told]
            for line, wording in zip((*card.lines, card.plain), wordings, strict=True):
                said = line.text().replace("\u00a0", " ").replace("\n", " ").strip()
                assert said in {each.replace("\u00a0", " ").replace("\n", " ") for each in wording}
        assert _told(data, scene["story"]) == story.sentence()
        assert data["texts"][scene["confusion"][1]] == confusion.sentence()


def _told(data: dict[str, Any], scene: list[Any]) -> str:
    """Return the story of a page as a screen reader hears it."""
    ways = [data["sentences"][scene[0]][0], *scene[1:]]
    pieces = ((data["pieces"][number] for number in way) for way in ways if way)
    return " ".join(
        "".join(f"({data['classes']['told'][task]})" if task >= 0 else data["texts"][text] for text, _, task, _ in way)
        for way in pieces
    )
