"""What a spot of the table of differences is about."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Place(NamedTuple):
    """A run, the cross that takes it away, one figure of a learner in it, or a form to copy the table in.

    ``run`` is what its column is called; ``name`` the learner or the form, ``part`` which of the learner's figures.
    """

    kind: Literal["run", "unpin", "figure", "copy"]
    run: str = ""
    name: str = ""
    part: int = 0
