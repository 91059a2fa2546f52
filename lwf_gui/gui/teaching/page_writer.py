"""The words of a lesson's page: its caption with the figures of its run, what is going on, and the way on."""

from __future__ import annotations

from lwf_gui.gui.session import State
from lwf_gui.gui.teaching.bookmark import Bookmark
from lwf_gui.gui.teaching.lesson_run import LessonRun
from lwf_gui.gui.teaching.page import Page
from lwf_gui.gui.teaching.stage import Stage
from lwf_gui.lessons import DATASETS, LookAt
from lwf_gui.messages import Finished
from lwf_gui.runs import figures
from lwf_gui.runs.glimpse import Glimpse
from lwf_gui.runs.selection import Selection

OVER = "There was a curve to draw here; its run is over."
NO_RUN = "There is no run to draw on."
LIMITS = "All figures are of one seed: Help > Teaching says how to see the band of several."
"""What the last page of a lesson says that names its limits."""


class PageWriter:
    """Writes the page of the step that is shown."""

    def __init__(self, stage: Stage, at: Bookmark, run: LessonRun) -> None:
        self._stage, self._at, self._run = stage, at, run

    def page(self) -> Page:
        """Return the page."""
        at, question, glimpse = self._at, self._at.step.question, self._glimpse()
        known = at.knows(at.index)
        prompt = question.text if question else self._to_draw()
        status, *shorter = self._status()
        return Page(
            title=at.lesson.title,
            number=at.index + 1,
            count=len(at.lesson.step),
            caption=self.caption(),
            status=status,
            shorter=tuple(shorter),
            note=self._note(),
            prompt=figures.inline(prompt, glimpse),
            choices=tuple(figures.inline(choice, glimpse) for choice in question.choices) if question else (),
            answer=question.answer if question and known else None,
            chosen=at.answers.get(at.index),
            because=self._because(),
            proved=self._proved(),
            next_text=self._next_text(),
        )

    def _because(self) -> str:
        """Return why the answer is right; where the next step tells it, its page says so."""
        question = self._at.step.question
        if question is None:
            return ""
        proved = question.answered_by == "next"
        return "The next page says why." if proved else figures.inline(question.because, self._glimpse())

    def _proved(self) -> str:
        """Return what the shown step tells of the question of the step before; empty for nothing."""
        at, before = self._at, self._at.index - 1
        question = at.lesson.step[before].question if before >= 0 else None
        if question is None or question.answered_by == "page" or not at.knows(before):
            return ""
        chosen, glimpse = at.answers.get(before), self._glimpse()
        right = f"“{figures.inline(question.choices[question.answer], glimpse)}”."
        if chosen is None:
            said = f"The answer is {right}"
        elif chosen == question.answer:
            said = f"✓ You were right: {right}"
        else:
            said = f"✗ Not “{figures.inline(question.choices[chosen], glimpse)}”, but {right}"
        return f"{said} {figures.inline(question.because, glimpse)}"

    def _to_draw(self) -> str:
        """Return what the audience shall draw; empty for nothing."""
        asked, at = self._at.step.predict, self._at
        if asked is None or at.waiting or self._run.can_be_drawn:
            return asked.text if asked else ""
        return OVER if self._run.is_over else NO_RUN

    def caption(self) -> str:
        """Return the caption with the figures of the run; of a run that is over, as they were told."""
        at = self._at
        if self._run.is_over and at.index in at.told:
            return at.told[at.index]
        text, complete = figures.told(at.step.caption, self._glimpse())
        if not complete:
            later = "The figures come with the run." if at.waiting else "This run has no figures for the rest."
            return f"{text} {later}".lstrip()
        if not at.waiting:
            at.told[at.index] = text
        return text

    def _glimpse(self) -> Glimpse:
        """Return the shown step's moment of its run: what its words are about, wherever the user looks meanwhile."""
        at, run = self._at, self._at.run_of(self._at.index)
        image, temperature = at.looks_at("image") or 0, at.looks_at("temperature") or 2.0
        shown = at.records[run] if self._run.is_over else self._stage.record()
        earlier = [record for begun, record in sorted(at.records.items()) if begun < run]
        now = Glimpse(shown, Selection(at.protocol, None, image, temperature), earlier[-1] if earlier else None)
        spoken_of = self._spoken_of()
        there = now.at(spoken_of) if spoken_of else now
        if there is None and isinstance(shown.outcome, Finished):  # it was shorter than the lesson thought
            there = now
        return now.unreached() if there is None or at.waiting else there

    def _spoken_of(self) -> str:
        """Return the moment that the shown step's words are about, as `Glimpse.at` takes it; empty for now."""
        look, target = self._at.step.look, self._at.target
        if isinstance(look, LookAt) and look.step is not None:
            return f"step {look.step}"
        if look == "live" or target is None:
            return ""
        return target if isinstance(target, str) else f"step {target}"

    def _next_text(self) -> str:
        if self._at.shows_answer:
            return "Show answer"
        word = "Finish" if self._at.is_last else "Next"
        if not self._at.waiting:
            return word
        if self._run.stalled:
            return "Try again" if self._stage.state() is State.FAILED else "Train on"
        return f"{word}, at {self._target_text()}"

    def _target_text(self) -> str:
        """Return the waiting step's target in words."""
        assert self._at.pending is not None
        goal = self._run.goal(self._at.pending)
        if isinstance(goal, int):
            return f"step {goal:,}" if goal else "the head expansion"
        return "the end" if goal == "end" else "the end of the pass"

    def _status(self) -> tuple[str, ...]:
        """Return what is going on, or of what the caption's figures are; from the longest to the shortest way."""
        at = self._at
        if not at.waiting:
            moment = self._run.looked_at()
            if at.step.predict is not None and self._run.can_be_drawn:
                return ("Draw it, then go on.",)
            if of := figures.sources(at.step.caption, self._glimpse()):
                return of
            return ("" if moment is None else f"Looking at step {moment:,}.",)
        where = self._target_text()
        if self._run.stalled and self._stage.state() is State.FAILED:
            return ("The run could not begin. Next tries again.", "It could not begin.")
        if self._run.stalled:
            return (f"{self._stage.state().value}. Next trains on to {where}.",)
        if self._run.queued:
            return (f"Goes on at {where}.",)
        if self._run.hurried:
            does = "ends the lesson" if self._at.is_last else "turns the page then"
            return (
                f"The figures come at {where}: this page waits for them. Pressed again now, it {does}.",
                f"Waits for its figures, at {where}. Pressed again now, it {does}.",
                f"Pressed again now, it {does}.",
            )
        return ("Training the old task..." if where == "the head expansion" else f"Training to {where}...",)

    def _note(self) -> str:
        """Return why what is seen may not be what is said."""
        notes = [self._at.images, self._at.why]
        dataset = self._stage.dataset()
        if dataset and dataset not in DATASETS:
            notes.append(f"This lesson was written on {DATASETS[0]}; on {dataset} things may go another way.")
        if self._run.is_over:
            notes.append("The run of this step is over: what is said is of that one, and what you see is another.")
        if self._at.is_last and self._at.lesson.needs:
            notes.append(LIMITS)
        if self._at.is_last and not self._at.step.locked():
            notes.append(self._stage.where_settings_are())
        return " ".join(filter(None, notes))
