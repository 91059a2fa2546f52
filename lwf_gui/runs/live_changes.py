"""Live changes of a run in words: what was set to what, at which step."""

from __future__ import annotations

from lwf_gui.messages import LiveSettingsApplied
from lwf_gui.recipe import live_keys, settings
from lwf_gui.runs.names import backbone_words, short_label_of
from lwf_gui.runs.record import Record


def events(record: Record) -> list[tuple[int, str]]:
    """Return (step since the head expansion, label) of the live changes of task 2."""
    return [(mark.step, mark_text(mark)) for mark in changes(record)]


def changes(record: Record) -> list[LiveSettingsApplied]:
    """Return the live changes of task 2 that are told.

    Moving a slider changes a setting many times: changes of the same fields within a hundredth of the run are one
    event, the last of them.
    """
    track = record.incremental or record.base
    near = track.started.steps / 100 if track else 0
    kept: list[LiveSettingsApplied] = []
    for mark in record.marks:
        same = bool(kept) and (kept[-1].changed, kept[-1].learner) == (mark.changed, mark.learner)
        if same and mark.step - kept[-1].step <= near:
            kept.pop()
        kept.append(mark)
    return kept


def mark_text(mark: LiveSettingsApplied) -> str:
    """Return the label of a live change, such as "Alpha 2"."""
    words = []
    for name in mark.changed:
        value = getattr(mark.live_settings, name)
        if name == "backbone_frozen":
            words.append(backbone_words(value))
        else:
            label = settings()[live_keys()[name]].label
            words.append(f"{label} {value:g}" if isinstance(value, float) else f"{label} {str(value).lower()}")
    return f"{short_label_of(mark.learner)}: {', '.join(words)}" if mark.learner else ", ".join(words)
