"""Figures of losses in the read-out."""

from __future__ import annotations

import pytest

from lwf_gui.gui.panels.curves.losses import figure


@pytest.mark.parametrize(
    ("loss", "told"),
    [(0.1, "0.100"), (0.0012, "0.00120"), (12, "12.0"), (123.4, "123"), (0, "0.00"), (1234, "1.23e+03")],
)
def test_figures_keep_the_zeros_at_their_end(loss: float, told: str) -> None:
    assert figure(loss) == told
