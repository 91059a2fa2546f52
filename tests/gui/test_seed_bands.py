"""Runs of several seeds, opened together: bands behind the curves, what the title says, and when they go."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest

from lwf_gui.gui.panels.curves.seed_bands import COVERS
from lwf_gui.runs import seed_set
from lwf_gui.runs.record import Record
from lwf_gui.runs.seed_set import band
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.runs import test_seed_set as seeds


@pytest.fixture
def lab(open_window: OpenWindow, engine: ScriptedEngine) -> Lab:
    """Return a window on a run of seed 0."""
    return open_window(engine=engine, record=seeds.run(0))


def test_runs_of_other_seeds_make_bands_and_are_not_pinned(lab: Lab) -> None:
    plot, others = lab.window.plots.accuracy, [seeds.run(seed) for seed in (1, 2, 3)]
    said = lab.window.pinning.pin_beside([(f"{seed}.lwfrun", run) for seed, run in enumerate(others, 1)])
    QTest.qWait(20)
    assert said == "", "nothing covers the plot"
    plot.describe()
    for told in (plot.title.toolTip(), plot.view.accessibleDescription()):
        assert "the band is the middle 95 % of 4 seeds" in told
        assert "(4 seeds, paired t-test, 95 % interval" in told, "whether the difference is luck"
    assert lab.window.selection.pins == ()
    assert set(plot.bands.shown) == {(name, task) for name in ("lwf", "fine-tune") for task in ("old", "new")}
    expected = band([lab.session.record, *others], "lwf", "old", lab.window.selection.protocol)
    assert expected is not None
    drawn = plot.bands._drawn["lwf", "old"]
    for curve, part in ((drawn.low, expected.low), (drawn.median, expected.median), (drawn.high, expected.high)):
        assert curve.getData()[1].tolist() == part.tolist()
    assert drawn.fill.brush().color().alpha() == COVERS["old"] > COVERS["new"]
    assert "band: middle 95 % of 4 seeds" in plot.title.text()
    lab.session.show_record(seeds.run(0, "lwf.alpha=5"))
    assert lab.window.selection.seeds == (), "another experiment has no seeds yet"
    assert plot.bands.shown == {}


def test_a_run_with_other_settings_among_them_is_pinned_as_before(lab: Lab) -> None:
    lab.window.pinning.pin_beside([("b", seeds.run(1)), ("c", seeds.run(2)), ("d", seeds.run(3, "lwf.alpha=5"))])
    assert [pin.letter for pin in lab.window.selection.pins] == ["A"]
    assert lab.window.selection.pins[0].record.data is not None
    assert lab.window.selection.pins[0].record.data.recipe.lwf.alpha == 5
    assert len(lab.window.selection.seeds) == 2, "it takes no bands away"


def test_the_same_run_again_is_neither_a_seed_nor_pinned(lab: Lab) -> None:
    lab.window.pinning.pin_beside([("b", seeds.run(1)), ("again", seeds.run(0)), ("c", seeds.run(2))])
    assert lab.window.selection.pins == ()
    assert len(lab.window.selection.seeds) == 2


def test_two_seeds_are_pinned_for_they_make_no_band(lab: Lab) -> None:
    lab.window.pinning.pin_beside([("b", seeds.run(1))])
    assert [pin.letter for pin in lab.window.selection.pins] == ["A"]
    assert lab.window.selection.seeds == ()


def test_a_move_on_the_timeline_compares_no_settings_again(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.window.pinning.pin_beside([(f"{seed}.lwfrun", seeds.run(seed)) for seed in (1, 2, 3)])
    QTest.qWait(20)
    asked: list[Record] = []
    monkeypatch.setattr(seed_set, "set_of", lambda shown, _others: asked.append(shown))
    lab.window.look_at(step=10)
    lab.window.look_at(protocol="class_incremental")
    QTest.qWait(20)
    assert asked == []
    assert set(lab.window.plots.accuracy.bands.shown) == {(n, t) for n in ("lwf", "fine-tune") for t in ("old", "new")}
