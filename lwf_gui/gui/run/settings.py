"""Changes of what is chosen: of the recipe, of live settings also in a run, and back again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from lwf_gui.gui import choice
from lwf_gui.gui.run.link import EngineLink
from lwf_gui.gui.run.model import RunModel
from lwf_gui.gui.run.places import Places
from lwf_gui.gui.run.shown import ShownRun
from lwf_gui.gui.run.state import State, state_of
from lwf_gui.gui.time.undo import Place
from lwf_gui.recipe import Recipe, live_keys


class Settings:
    """The user's hand on settings; every change can be taken back."""

    def __init__(self, model: RunModel, link: EngineLink, places: Places) -> None:
        self._model, self._link, self._places = model, link, places

    def set_recipe(self, recipe: Recipe, preset: str | None = None) -> None:
        """Take another recipe; what is not live takes effect with the next run."""
        model = self._model
        if recipe == model.recipe and preset in (None, model.preset):
            return
        self._places.note(recipe.changes_from(model.recipe))
        model.chosen.take(recipe, model.preset if preset is None else preset)
        if not model.trains:
            model.take_live(recipe.live_settings())
            model.liveSettingsChanged.emit()
        model.recipeChanged.emit()

    def take_preset(self, recipe: Recipe, name: str) -> None:
        """Take a preset's recipe, or one made from it; a folder or data set that the user chose goes with it."""
        data = choice.own_data(self._model.recipe, self._model.preset)
        if data and recipe.data.dataset == "auto":
            recipe = recipe.with_settings({"data.dataset": data})
        self.set_recipe(recipe, name)
        self._model.wentBack.emit()

    def use_data(self, spec: str) -> None:
        """Take other data, and nothing else: what the user changed stays changed."""
        self.set_recipe(*choice.on_data(self._model.recipe, self._model.preset, spec))

    def change(self, values: Mapping[str, Any]) -> None:
        """Change fields of `LiveSettings`: of the run if there is one, and of the recipe for the next."""
        model = self._model
        self._places.note(tuple(values))
        if not model.trains or model.next_is_like_it():
            model.chosen.change(values)
        model.want(**values)
        if model.trains:
            self._change_run(values)
        else:
            model.take_live(model.wanted)
            model.liveSettingsChanged.emit()
        model.recipeChanged.emit()

    def _change_run(self, values: Mapping[str, Any]) -> None:
        self._link.control.change(**values)
        if not self._model.shown.alone:
            self._link.control.unplan(values.keys())

    # Back and forth

    def undo(self) -> None:
        """Take the last change of a setting back, or bring back the run that another one took the place of."""
        if not self._model.fetching:
            self._return_to(self._places.back())

    def redo(self) -> None:
        """Make a change again that was taken back."""
        if not self._model.fetching:
            self._return_to(self._places.forth())

    def go_to(self, place: Place) -> None:
        """Show settings and run of a place again; a run under way ends, and undo brings it back as far as it came."""
        self._places.note_run("place")
        self.come_back_to(place)

    def come_back_to(self, place: Place) -> None:
        """Do the same, and leave undo no way back to where the user was."""
        self._return_to(place)

    def give_back(self, place: Place) -> None:
        """Show a place again that a run took the place of which could not begin; that was no step of undo."""
        self._places.forget_run()
        self._return_to(place)

    def _return_to(self, place: Place | None) -> None:
        """Go back, or forth, to other settings: to live ones at once, also in a run; and to another run."""
        if place is None:
            return
        model = self._model
        model.chosen.take(place.recipe, place.preset, place.backbone)
        if place.record is not model.record:
            self._show_run(place)
        elif model.trains:
            self._change_back(place)
        else:
            self._choose_live(place)
        model.wentBack.emit()
        model.recipeChanged.emit()
        model.liveSettingsChanged.emit()

    def _show_run(self, place: Place) -> None:
        """Show the run of a place; what the engine still says of a run under way is dropped."""
        model = self._model
        self._link.control.stop()
        self._link.drop()
        model.progress = None
        self._choose_live(place)
        model.shown = ShownRun(place.record, place.run_preset, place.ghost, place.origin)
        model.set_state(State.RECORDED if place.recorded else state_of(place.record))
        model.recordChanged.emit()

    def _change_back(self, place: Place) -> None:
        """Change the live settings of the run back; what else has changed meanwhile, by the schedule, stays."""
        keys, what = live_keys(), self._places.what
        then = asdict(place.live_settings)
        live = {name: new for name, new in then.items() if name in what or keys.get(name) in what}
        self._link.control.change(**live)
        self._model.want(**live)

    def _choose_live(self, place: Place) -> None:
        self._model.take_live(self._model.chosen.live_settings(place.live_settings.backbone_frozen))
