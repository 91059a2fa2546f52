"""The queue of messages from the engine to a window; who listens hears each at once, however busy the window is."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue

from lwf_gui.messages import Message


class Outbox(SimpleQueue[Message]):
    """Where the engine puts its messages, and the window takes them from.

    Attributes
    ----------
    heard : called with every message that is put, in the engine's thread: it must be quick, and wait for nothing
    """

    def __init__(self) -> None:
        super().__init__()
        self.heard: Callable[[Message], None] = lambda _message: None

    def put(self, item: Message, block: bool = True, timeout: float | None = None) -> None:
        """Put a message; it never waits."""
        self.heard(item)
        super().put(item)
