"""What panels know, in a lesson's words: the same figures as the panels show, and the images that they are of."""

from __future__ import annotations

import pytest

from lwf_gui.messages import POINTS, TEACHER
from lwf_gui.runs import shown
from lwf_gui.runs.figures import fault, sources, value
from lwf_gui.runs.glimpse import Glimpse
from lwf_gui.runs.panel_tokens import OF_PANELS
from lwf_gui.runs.put_back import put_back
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.stability_gap import stability_gap
from lwf_gui.runs.straight_path import straight_path
from tests.runs import layers_back, straight_paths, synthetic


def made() -> Record:
    record = straight_paths.record()
    for step, full in ((10, False), (30, True)):
        record.apply(layers_back.look(step, full=full))
    return record


AT = Selection(step=30)
END = Glimpse(made(), AT)


def said(what: str, learner: str = "fine-tune", glimpse: Glimpse = END) -> str | None:
    assert fault(f"{{{learner}.{what}}}") == ""
    return value(f"{learner}.{what}", glimpse)


def test_first_steps_are_those_of_the_stability_gap() -> None:
    gap = stability_gap(END.record, AT)
    assert gap is not None
    dip = gap.of("lwf")
    assert dip is not None
    for what, share in (("at-first", dip.before), ("lowest", dip.lowest), ("min-acc", dip.min_acc)):
        assert said(what, "lwf") == shown.percent(share, gap.images)
    assert said("lowest-at", "lwf") == str(dip.lowest_at)


@pytest.mark.parametrize("step", [10, 30])
def test_layers_put_back_are_those_of_the_panel(step: int) -> None:
    selection = Selection(step=step)
    back = put_back(END.record, selection)
    assert back is not None
    known, at = back.known["fine-tune"], Glimpse(END.record, selection)
    head, more = known[back.head], known[back.head | 1]
    assert said("old-head-back", glimpse=at) == shown.percent(head.old, back.images[0])
    assert said("new-head-back", glimpse=at) == shown.percent(head.new, back.images[1])
    assert said("old-more-back", glimpse=at) == shown.percent(more.old, back.images[0])
    assert said("new-more-back", glimpse=at) == shown.percent(more.new, back.images[1])


def test_ways_are_those_from_the_old_network() -> None:
    figures = straight_path(END.record, AT)
    assert figures is not None
    path, (old, new) = figures.paths[TEACHER, "fine-tune"], figures.images
    assert said("old-half") == shown.percent(path.old[POINTS // 2], old)
    assert said("new-half") == shown.percent(path.new[POINTS // 2], new)
    assert said("old-best") == shown.percent(path.old[path.best], old)
    assert said("new-best") == shown.percent(path.new[path.best], new)
    assert said("best-at") == f"{100 * path.best / (POINTS - 1):g} %"
    assert said("old-end") == shown.percent(path.old[-1], old)
    assert said("new-end") == shown.percent(path.new[-1], new)
    assert said("old-least") == shown.percent(min(path.old), old)


def test_a_run_without_such_figures_tells_none() -> None:
    nothing = Glimpse(synthetic.record(), AT)
    for what in OF_PANELS:
        known = what in ("at-first", "lowest", "lowest-at", "min-acc")
        assert (said(what, glimpse=nothing) is not None) is known
        assert said(what, glimpse=END.unreached()) is None
        assert said(what, "joint") is None


def test_the_line_above_a_caption_says_of_which_images_such_figures_are() -> None:
    assert sources("None.", END) == ()
    own = sources("{lwf.old}", END)
    assert sources("{lwf.old-head-back} and {lwf.old}", END) == own
    assert sources("{lwf.old-half}", END) == (
        "Figures: task-aware, step 30, ways: 1,000 old and 80 new test images",
        "ways: 1,000 old and 80 new test images",
    )
    both = sources("{lwf.old}, lowest {lwf.lowest}", END)
    assert both == tuple(f"{way}; first steps: 24 old probe images" for way in own)
    amid = Glimpse(END.record, Selection(step=15))
    assert sources("{lwf.old}, lowest {lwf.lowest}", amid) == sources("{lwf.old}", amid), "both are of probe images"
