"""Live changes in words, and what is kept of a run for forks."""

from __future__ import annotations

from lwf_gui.messages import Branch, Snapshots
from lwf_gui.recipe import live_keys, settings
from lwf_gui.runs.forks import kept_states, way_back
from lwf_gui.runs.live_changes import events, mark_text
from lwf_gui.runs.names import about_learner
from tests.runs import synthetic


def test_mark_says_what_changed_to_what() -> None:
    marks = {
        "Alpha 2.5": synthetic.live_settings(0, alpha=2.5),
        "Temperature T 4": synthetic.live_settings(0, temperature=4.0),
        "Learning rate 0.0001": synthetic.live_settings(0, lr=1e-4),
        f"{settings()['lwf.scale_t2'].label} false": synthetic.live_settings(0, scale_t2=False),
        "Cross-entropy over new": synthetic.live_settings(0, ce_scope="new"),
        "backbone frozen": synthetic.live_settings(0, backbone_frozen=True),
        "backbone unfrozen": synthetic.live_settings(0, "backbone_frozen", backbone_frozen=False),
        "Alpha 0, backbone frozen": synthetic.live_settings(0, alpha=0.0, backbone_frozen=True),
    }
    assert {text: mark_text(mark) for text, mark in marks.items()} == {text: text for text in marks}
    named = {mark.changed[0] for mark in marks.values()}
    assert named == {*live_keys(), "backbone_frozen"}, "every live setting has words"


def test_dragged_slider_is_one_event_and_other_changes_are_events_of_their_own() -> None:
    record = synthetic.with_losses(0)  # 10,000 steps: within 100 of them it is one hand's move
    for mark in (
        synthetic.live_settings(100, alpha=1.1),
        synthetic.live_settings(150, alpha=1.2),
        synthetic.live_settings(250, alpha=1.3),
        synthetic.live_settings(251, lr=0.5),
        synthetic.live_settings(252, alpha=1.4),
        synthetic.live_settings(353, alpha=1.5),
    ):
        record.apply(mark)
    assert events(record) == [
        (250, "Alpha 1.3"),
        (251, "Learning rate 0.5"),
        (252, "Alpha 1.4"),
        (353, "Alpha 1.5"),
    ]


def test_memory_of_kept_states_is_told() -> None:
    record = synthetic.record()
    assert kept_states(record) == ""
    assert "first 15 steps are trained again" in way_back(record, 15)
    record.apply(Snapshots(1, (0, 10, 20), 30 << 20, 256 << 20))
    assert kept_states(record) == "3 whole states of the run are kept: 30 of at most 256 MB."
    assert way_back(record, 15) == "5 steps are trained again first, silently."
    assert way_back(record, 11) == "1 step is trained again first, silently."
    assert "its first step is trained again" in way_back(record, 1, kept=False)
    assert way_back(record, 20) == "The fork begins at once."


def test_a_learner_whose_own_setting_is_its_backbone_is_told_in_words() -> None:
    record = synthetic.record().forked(15, Branch("lwf+1@15", "lwf", 15, {"backbone_frozen": True, "alpha": 3.0}))
    assert about_learner(record, "lwf+1@15").endswith("Its own settings: backbone frozen, Alpha = 3.0.")
