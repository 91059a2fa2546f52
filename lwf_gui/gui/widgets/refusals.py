"""What fields hold that cannot be used, and which of it is being said."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from lwf_gui.gui.widgets.labels import in_labels


class Refusals(QObject):
    """Sentences of the fields that hold what cannot be used, by the settings' keys."""

    said = Signal(str)
    """Why a value that was typed last cannot be used; empty once no field holds such a value."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._wrong: dict[str, str] = {}  # the newest last
        self._said = ""

    def note(self, key: str, sentence: str) -> None:
        """Say why a field's value cannot be used; once it can, what is still to be said of others."""
        self._wrong.pop(key, None)
        if sentence:
            self._wrong[key] = in_labels(sentence, key)
            self.say(self._wrong[key])
        self.settle()

    def settle(self) -> None:
        """Say no more of what is in force no longer, but of a field that still holds what cannot be used."""
        newest = next(reversed(self._wrong.values()), "")
        if newest != self._said:
            self.say(newest)

    def say(self, sentence: str) -> None:
        """Say a sentence, until the next one or until it is settled."""
        self._said = sentence
        self.said.emit(sentence)
