"""Blocks of losses, which training tells by the twentieth of a second: joined into long ones, and long ones cut.

A file holds arrays of one shape together, so that all losses of a phase are one block there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from lwf_gui.messages import Message, Steps


def joined(messages: Iterable[Message]) -> list[Message]:
    """Return messages whose blocks of a phase are one, where its first one was; one that does not follow stays."""
    told: list[Message] = []
    places: dict[str, int] = {}
    parts: dict[str, list[Steps]] = {}
    for message in messages:
        if not isinstance(message, Steps):
            told.append(message)
        elif message.phase not in parts:
            parts[message.phase], places[message.phase] = [message], len(told)
            told.append(message)
        elif _follows(message, parts[message.phase]):
            parts[message.phase].append(message)
        else:
            told.append(message)
    for phase, place in places.items():
        blocks = parts[phase]
        if len(blocks) > 1:
            losses = np.concatenate([block.losses for block in blocks])
            told[place] = replace(blocks[-1], first=blocks[0].first, losses=losses)
    return told


def _follows(block: Steps, blocks: list[Steps]) -> bool:
    """Whether a block is of the same learners and terms as the others, and begins where they end."""
    last = blocks[-1]
    shapes = last.losses.ndim == block.losses.ndim == 3 and last.losses.shape[1:] == block.losses.shape[1:]
    return shapes and block.first == last.first + len(last.losses)


def cut(message: Message, most: int) -> Iterator[Message]:
    """Yield a block of losses in blocks of about so many bytes; any other message as it is."""
    if not isinstance(message, Steps) or message.losses.nbytes <= most:
        yield message
        return
    rows = max(1, most * len(message.losses) // message.losses.nbytes)
    for begin in range(0, len(message.losses), rows):
        yield replace(message, first=message.first + begin, losses=message.losses[begin : begin + rows])
