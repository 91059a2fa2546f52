"""A column of a record: an array that grows row by row."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Column:
    """A numpy array that grows along its first axis, in amortised constant time a row."""

    def __init__(self, dtype: Any, *shape: int) -> None:
        self._rows: NDArray[Any] = np.empty((64, *shape), dtype)
        self._length = 0

    def append(self, rows: NDArray[Any]) -> None:
        """Add rows, shape (n, *shape)."""
        assert rows.shape[1:] == self._rows.shape[1:], "rows of a column have one shape"
        needed = self._length + len(rows)
        if needed > len(self._rows):
            grown = np.empty((max(needed, 2 * len(self._rows)), *self._rows.shape[1:]), self._rows.dtype)
            grown[: self._length] = self._rows[: self._length]
            self._rows = grown
        self._rows[self._length : needed] = rows
        self._length = needed

    @property
    def values(self) -> NDArray[Any]:
        """A view of all rows so far, shape (rows, *shape)."""
        return self._rows[: self._length]

    def __len__(self) -> int:
        return self._length
