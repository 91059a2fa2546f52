"""Recipes by the clipboard: copied as a short text, and taken from one."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from lwf_gui import InputError
from lwf_gui.gui import choice
from lwf_gui.gui.session import Session
from lwf_gui.gui.widgets.banner import Banner, Cause
from lwf_gui.gui.widgets.status import StatusLine
from lwf_gui.recipe import pasted
from lwf_gui.runs.recipe_text import changes_text, left_out, recipe_text


class Sharing:
    """Copies the recipe that is chosen, and chooses one that somebody else copied."""

    def __init__(self, session: Session, banner: Banner, status: StatusLine) -> None:
        self._session, self._banner, self._status = session, banner, status

    def copy(self) -> None:
        """Put the recipe on the clipboard, with the precision of the run that is shown, where that is a run of it."""
        recipe = self._session.recipe
        text, without = recipe_text(recipe, self._session.record.data), left_out(recipe)
        QGuiApplication.clipboard().setText(text)
        self._status.say(f"Copied{f' {without}' if without else ''}: {text}")

    def paste(self) -> None:
        """Choose the recipe of the text on the clipboard, and say what it changes, or why it cannot be used."""
        try:
            recipe = pasted(QGuiApplication.clipboard().text())
        except InputError as error:
            self._banner.say(str(error), cause=Cause.ASKED)
            return
        self._banner.settle(Cause.ASKED)
        session, before = self._session, self._session.recipe
        session.take_preset(recipe, choice.preset_of(recipe))
        changed = changes_text(before, session.recipe)
        self._status.say(f"Pasted: {changed}. Ctrl+Z takes it back." if changed else "Pasted: nothing changes by it.")
