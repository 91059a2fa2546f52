"""What the terms of the loss are, and a learner's loss in words."""

from __future__ import annotations

import math

from lwf_gui.messages import TEACHER
from lwf_gui.runs import formula as formulas
from lwf_gui.runs.equation import Balance
from lwf_gui.runs.formula import EQUALS
from lwf_gui.runs.loss_row import ALPHA, MINUS, Row, number, value, written_of
from lwf_gui.runs.names import label_of

OWN_TEACHER = " In this task every learner has a teacher of its own: what it was before the task."

TIPS = {
    "total": f"What each step makes smaller: total = CE + {ALPHA} T² (KL + H), without T² where it is switched off.",
    "ce": "Cross-entropy: how little the learner expects the new task's labels; "
    f"CE = mean of {MINUS}log softmax(z)[label].",
    "alpha": f"Weighs remembering against learning: total = CE + {ALPHA} T² (KL + H); 0 is fine-tuning.",
    "kd": "Distillation loss: how little the learner expects what the teacher believes of the old classes; "
    f"KD = KL + H = mean of {MINUS}Σ softmax(s/T) log softmax(z/T), s the teacher's logits, z the learner's.",
    "kl": f"How far the learner is from the teacher, 0 where it remembers exactly: KL = KD {MINUS} H.",
    "entropy": "The teacher's own entropy, what KD is for a learner that answers exactly as the teacher: "
    f"H = mean of {MINUS}Σ softmax(s/T) log softmax(s/T), at most the logarithm of the number of old classes.",
    "temperature": "Softens what teacher and learner believe, so that small beliefs count too: softmax(z/T). "
    "The factor T² keeps the size of the gradients when T changes; it is not part of KD, KL or H.",
    "update": "The length of the change of all weights in this step: ‖Δw‖.",
}
"""A sentence and a formula for every term."""


def explained(now: Balance, term: str, learner: str) -> str:
    """Say what a term is: of a learner whose method has a loss of its own as its row says it, else as LwF's."""
    said = formulas.told(learner, term)
    more = OWN_TEACHER if now.own_teachers and term in ("kd", "kl", "entropy") else ""
    if said or learner:
        return said or TIPS.get(term, "") + more or f"{term}: a part of this method's loss."
    own = (
        {formulas.told(row.learner, term) for row in now.rows if row.formula is not None} if term == "total" else set()
    )
    lwfs = TIPS.get(term, "") if now.has_lwfs or term != "total" else ""
    return " ".join(filter(None, (lwfs + more, *sorted(own))))


def spoken(row: Row) -> str:
    """Say a row in words."""
    name = label_of(row.learner)
    if math.isnan(row.total):
        return f"{name}: no loss, not trained; alpha is {value(row, 'alpha')}."
    if row.learner == TEACHER:
        return f"{name}: the total, {number(row.total)}, is the cross-entropy."
    if row.formula is not None:
        verb = "is the" if row.formula.text.startswith("mean ") else "is" if row.sign == EQUALS else "comes from"
        return f"{name}: the total, {number(row.total)}, {verb} {row.formula.text}."
    squared = f" times T squared, {value(row, 'temperature')}," if row.live_settings.scale_t2 else ""
    said = written_of(row)
    return (
        f"{name}: the total, {said['total']}, is the cross-entropy, {said['ce']}, plus alpha, "
        f"{said['alpha']},{squared} times the distillation loss, {said['kd']}; of that, "
        f"{said['kl']} is distance from the teacher and {said['entropy']} the teacher's own entropy."
    )
