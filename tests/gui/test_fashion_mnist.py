"""The window on the real data, small: the story that a class is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt

from lwf_gui.gui.session import State
from lwf_gui.messages import Finished
from lwf_gui.recipe import compose
from tests.conftest import FASHION_MNIST_DIRECTORY, needs_fashion_mnist
from tests.gui.conftest import MACHINE, OpenWindow


@needs_fashion_mnist
def test_window_shows_forgetting_and_its_cure_on_fashion_mnist(open_window: OpenWindow) -> None:
    settings = [
        *MACHINE,
        "model.hidden=128",
        "data.train_images=2000",
        "task1.epochs=4",
        "task2.epochs=3",
        "task2.lr=0.03",
    ]
    recipe = compose("classroom", settings, data=str(FASHION_MNIST_DIRECTORY))
    lab = open_window(recipe, preset="classroom")
    lab.window.docks.bring("classes")
    lab.start()
    lab.wait_for(State.FINISHED)
    assert isinstance(lab.record.outcome, Finished)
    summary = lab.record.outcome.summary
    assert summary["dataset"] == "fashion-mnist"
    cards = {card.learner: float(card.digits.text()) for card in lab.window.cards.cards}
    for name, old in cards.items():
        assert old == round(100 * summary["learners"][name]["task_aware"]["old"], 1)
    assert cards["lwf"] > cards["fine-tune"] + 10, "the point of the whole program"
    assert summary["teacher"]["old"] > 0.7
    assert "Sneaker" in lab.window.docks.panel("classes").accessibleDescription()
    assert not lab.window.banner.isVisible()
    lab.press(Qt.Key.Key_P)
    assert "10,000" not in lab.window.cards.caption.text()
    assert "6,000 old and 4,000 new test images" in lab.window.cards.caption.text()
