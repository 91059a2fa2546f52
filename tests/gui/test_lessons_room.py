"""Every page of every shipped lesson on a small projector: the plot keeps its height, all that is named is seen."""

from __future__ import annotations

import pytest

from lwf_gui import lessons, paths
from lwf_gui.documents import files
from lwf_gui.gui import app, theme
from lwf_gui.gui.teaching.page import Page
from lwf_gui.lessons import Step
from lwf_gui.runs import figures
from lwf_gui.runs.glimpse import Glimpse
from lwf_gui.runs.selection import Selection
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.settling import settle

LEAST = 7
"""Lines of body text that the plot's curves and axes have at least."""


def page(step: Step, glimpse: Glimpse, *, answered: bool) -> Page:
    """Return a step's page as long as it gets, its figures filled in."""
    question = step.question
    prompt = question.text if question else step.predict.text if step.predict else ""
    return Page(
        "A lesson's title",
        1,
        2,
        figures.inline(step.caption, glimpse),
        prompt=figures.inline(prompt, glimpse),
        choices=tuple(figures.inline(choice, glimpse) for choice in question.choices) if question else (),
        answer=question.answer if question and answered else None,
        because=figures.inline(question.because, glimpse) if question else "",
    )


def _forms(step: Step) -> int:
    """Return how many forms a page has: a question's has one more, with its answer."""
    return 1 + (step.question is not None)


@pytest.mark.parametrize("name", lessons.available()[0])
def test_plot_keeps_its_height_on_every_page_in_present_mode(open_window: OpenWindow, name: str) -> None:
    record = files.load(paths.resources() / app.BUNDLED_RUN)
    lab = open_window(engine=ScriptedEngine(), record=record, size=(1280, 720))
    window = lab.window
    window.actions_by_id["present"].trigger()
    lab.wait(lambda: not window.present_mode._asks)  # the desktop is asked twice
    window.showNormal()  # as a screen of that size would have it: there is another one here
    window.resize(1280, 720)
    settle()
    glimpse = Glimpse(record, Selection(), record)
    steps = lessons.load_lesson(name).step
    forms = (
        (number, step, answered) for number, step in enumerate(steps) for answered in (False, True)[: _forms(step)]
    )
    for number, step, answered in forms:
        window.lesson_bar.show_page(page(step, glimpse, answered=answered))
        window.room.teach(step.panels)
        for key in step.panels:
            window.show_panel(key)
        settle()
        assert window.plots.accuracy.view.height() >= LEAST * theme.line_height(), f"page {number + 1}"
        assert {dock.spec.key for dock in window.docks.seen()} >= set(step.panels), f"page {number + 1}"
        verdict = window.lesson_bar.texts.verdict
        assert not verdict.isVisible() or verdict.geometry().bottom() <= window.lesson_bar.height()
        assert (window.width(), window.height()) == (1280, 720)
