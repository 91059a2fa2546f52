"""One sentence on what the curves show, for screen readers and the status line."""

from __future__ import annotations

from lwf_gui.runs import shown
from lwf_gui.runs.averages import Averages, average_text, averages, forgetting_text
from lwf_gui.runs.cards import card_of
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import label_of, learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.tasks_shown import are_many, span


def summary(record: Record, selection: Selection) -> str:
    """Say what was forgotten: of two tasks the old one's, of more the average and the forgetting of all so far."""
    if not are_many(record):
        return _of_two_tasks(record, selection)
    told = [averages(record, learner, selection) for learner in learners_of(record)]
    parts = [part for figures in told if (part := _averages_said(figures))]
    if not parts:
        return "The average accuracy over the tasks will appear here once the learners train."
    first = next((figures for figures in told if figures.known), told[0])
    where = ", ".join(filter(None, (PROTOCOLS[selection.protocol], span(first.task + 1), first.sample)))
    return f"Step {first.step:,} ({where}): {'; '.join(parts)}."


def _averages_said(figures: Averages) -> str:
    label = label_of(figures.learner)
    if figures.diverged is not None:
        return f"{label} diverged at step {figures.diverged:,}"
    if not figures.known:
        return ""
    return f"{label} has {average_text(figures)} % on average and has forgotten {forgetting_text(figures)}"


def _of_two_tasks(record: Record, selection: Selection) -> str:
    """Say how much of the old task each learner has forgotten."""
    parts, images = [], ""
    for learner in learners_of(record):
        now = card_of(record, learner, selection)
        if now.old is not None and now.change is not None:
            assert now.expansion_old is not None, "without it there is no change"
            verb = "forgotten" if now.change < 0 else "gained"
            size, of = shown.points(now.change, now.counts[0]), shown.digits(now.expansion_old, now.counts[0])
            parts.append(f"{label_of(learner)} has {verb} {size.replace(' ', f' of {of} ', 1)}")
            images, step = now.sample, now.step
        elif now.diverged is not None:
            parts.append(f"{label_of(learner)} diverged at step {now.diverged:,}")
            step = now.step
    if not parts:
        return "The old task's accuracy will appear here once the learners train."
    where = ", ".join(filter(None, (PROTOCOLS[selection.protocol], "old task", images)))
    return f"Step {step:,} ({where}): " + "; ".join(parts) + "."
