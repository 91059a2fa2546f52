"""The user's own folder of images: checked by the engine, chosen, remembered and forgotten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lwf_gui import paths
from lwf_gui.gui.run.model import RunModel
from lwf_gui.messages import FolderChecked
from lwf_gui.reasons import reason


class DataFolder:
    """The folder that the user's settings name.

    Parameters
    ----------
    use_data : chooses data for the next run
    """

    def __init__(self, model: RunModel, use_data: Callable[[str], None]) -> None:
        self._model, self._use_data = model, use_data

    def forget(self) -> None:
        """Remember no folder any more; where it is chosen, the best data at hand take its place."""
        chosen = self._model.recipe.data.dataset == str(paths.user_data_dir())
        self._write_settings(paths.forget_user_data_dir)
        if chosen:
            self._use_data("auto")
        else:
            self._model.recipeChanged.emit()

    def take(self, answer: FolderChecked) -> None:
        """Choose and remember a folder whose images can be used; else say why not, and change nothing."""
        if answer.problem:
            self._model.noticed.emit(f"{answer.problem.rstrip('.')}. The data stay as they were.")
            return
        self._write_settings(lambda: paths.remember_user_data_dir(Path(answer.folder)))
        self._use_data(answer.folder)
        self._model.done.emit(f"{Path(answer.folder).name}: {answer.found}")

    def _write_settings(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as error:
            self._model.noticed.emit(f"This will not be remembered: the settings cannot be written ({reason(error)}).")
