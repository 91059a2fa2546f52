"""How a lesson's step is staged: what it changes when it is first shown, and what it locks, shows and looks at."""

from __future__ import annotations

from lwf_gui.gui.teaching.bookmark import Bookmark
from lwf_gui.gui.teaching.lesson_run import LessonRun
from lwf_gui.gui.teaching.stage import Stage
from lwf_gui.lessons import FROZEN
from lwf_gui.recipe import live_keys


class Staging:
    """Puts the step that is shown on the stage."""

    def __init__(self, stage: Stage, at: Bookmark, run: LessonRun) -> None:
        self._stage, self._at, self._run = stage, at, run

    def begin(self) -> None:
        """Make ready for a new run where the step wants one, and change the settings that it names."""
        step, anew = self._at.step, self._at.step.restart or self._at.index == 0
        if anew:
            self._run.restart()
        live = {name: step.settings[key] for name, key in live_keys().items() if key in step.settings}
        frozen = {FROZEN: step.settings[FROZEN]} if FROZEN in step.settings else {}
        if changes := frozen if anew else live | frozen:
            self._stage.change(**changes)

    def aim(self) -> None:
        """Lock, show and look as the step wants, whichever way one came to it."""
        at = self._at
        self._stage.show_whole_run()
        self._stage.lock(at.step.locked())
        panels, hero = next((step.panels for step in at.so_far if step.panels), ()), at.step.hero
        self._stage.show_panels((*panels, hero) if hero else panels, hero=bool(hero))
        looks = {name: at.looks_at(name) for name in ("image", "temperature")}
        kept = {name: value for name, value in looks.items() if value is not None}
        self._stage.look_at(step=self._run.looked_at(), protocol=at.protocol, term=at.step.highlight, **kept)

    def draw(self) -> bool:
        """Let the audience draw the curve that the step asks for, also once more; return whether there is one now."""
        asked = self._at.step.predict
        if asked is None or not self._run.can_be_drawn:
            return False
        goal = self._run.goal(asked.until)
        self._stage.predict(asked.learner, asked.task, "end" if goal is None else goal)
        return True
