"""A label of one line: it keeps its place while it counts, and says its text to all."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget
from pytestqt.qtbot import QtBot

from lwf_gui.gui.widgets.eliding import ElidingLabel


class Asked(QObject):
    """Counts how often a widget's parts ask to be laid out."""

    times = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.times += event.type() is QEvent.Type.LayoutRequest
        return False


def test_counting_moves_no_neighbour_and_a_longer_sentence_does(qtbot: QtBot) -> None:
    box, label, neighbour = QWidget(), ElidingLabel(), QLabel("beside")
    row = QHBoxLayout(box)
    row.addWidget(label)
    row.addWidget(neighbour)
    row.addStretch(1)
    qtbot.addWidget(box)
    box.resize(600, 40)
    label.say("step 1,000 of 2,344")
    box.show()
    qtbot.wait(20)
    asked, places = Asked(box), set()
    box.installEventFilter(asked)
    for step in range(1000, 2000, 100):
        label.say(f"step {step:,} of 2,344")
        qtbot.wait(2)
        places.add(neighbour.x())
        assert label.said() == label.text(), "there is room for all of it"
    assert (asked.times, len(places)) == (0, 1)
    label.say("step 1,000 of 2,344, and much more than that")
    qtbot.waitUntil(lambda: neighbour.x() not in places)
    assert label.said() == label.text()


def test_the_text_is_read_whole_and_as_it_is(qtbot: QtBot) -> None:
    label = ElidingLabel()
    qtbot.addWidget(label)
    label.setText("<u>x</u> & y")
    assert label.text() == label.accessibleName() == label.said() == "<u>x</u> & y"
