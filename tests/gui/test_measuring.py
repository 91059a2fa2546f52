"""Type and the widths of texts, which are kept from picture to picture: they must be those of the type in use."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication

from lwf_gui.gui import theme
from lwf_gui.gui.measuring import MOST_WIDTHS, metrics_of
from lwf_gui.gui.printing import Press, printing


def test_a_text_is_as_wide_when_it_comes_again_and_in_every_font_of_its_own_width(qapp: QApplication) -> None:
    texts = ("fine-tune", "LwF 90.5 %", "", "111", "—")
    for points in (0.7, 1.0, 1.8):
        for bold in (False, True):
            for fixed in (False, True):
                font = theme.font(points, bold=bold, fixed_digits=fixed)
                measured = [QFontMetricsF(font).horizontalAdvance(text) for text in texts]
                for _ in range(2):
                    assert [metrics_of(font).horizontalAdvance(text) for text in texts] == measured


def test_no_more_widths_are_kept_than_are_of_use(qapp: QApplication) -> None:
    metrics = metrics_of(theme.font(1.0))
    assert metrics_of(theme.font(1.0)) is metrics
    for number in range(MOST_WIDTHS + 2):
        metrics.horizontalAdvance(str(number))
    assert len(metrics._widths) <= MOST_WIDTHS


def test_on_paper_type_is_measured_anew(qapp: QApplication) -> None:
    known = metrics_of(theme.font(1.0))
    with printing(Press(QFont(qapp.font()), 1.0)):
        assert metrics_of(theme.font(1.0)) is not known


def test_who_changes_a_font_changes_no_other_ones(qapp: QApplication) -> None:
    before = theme.font(1.0).pointSizeF()
    changed = theme.font(1.0)
    changed.setPixelSize(77)
    assert theme.font(1.0).pointSizeF() == before
    assert metrics_of(changed).height() > 2 * metrics_of(theme.font(1.0)).height()


def test_type_follows_the_desktop_and_the_paper(qapp: QApplication) -> None:
    before, line = theme.font(1.0).pointSizeF(), theme.line_height()
    larger = QFont(qapp.font())
    larger.setPointSizeF(2 * larger.pointSizeF())
    with printing(Press(larger, 1.0)):
        assert theme.font(1.0).pointSizeF() == 2 * before
        assert theme.line_height() > 1.5 * line
    assert theme.font(1.0).pointSizeF() == before
    qapp.setFont(larger)
    assert theme.font(0.5).pointSizeF() == before
    assert theme.line_height() > 1.5 * line
