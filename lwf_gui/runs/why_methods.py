"""What holds the old answers of a learner, by its method: what new images are asked, and what else is."""

from __future__ import annotations

from lwf_gui.methods import method_of
from lwf_gui.runs.equation import acting_settings
from lwf_gui.runs.record import Record
from lwf_gui.runs.story_told import kinds


def scope(record: Record, learner: str, step: int) -> str:
    """Return over which classes new images' cross-entropy is taken: "all", "new", or empty where it is another loss."""
    row = method_of(learner)
    if row is None or record.data is None:
        return ""
    if row.loss is None or "ce_scope" in row.reads:  # LwF's loss, or what has its cross-entropy
        return acting_settings(record, learner, step).ce_scope if not row.rehearses else ""
    if "ce_scope" not in row.of_its_group():
        return ""
    return str(getattr(record.data.recipe.settings_of(learner), "ce_scope", ""))


def pulls_back(record: Record, learner: str, step: int) -> bool:
    """Whether a learner is pulled back to the old network's answers on new images."""
    row = method_of(learner)
    return row is not None and row.distils and acting_settings(record, learner, step).alpha > 0


def asks(record: Record, learner: str, step: int) -> tuple[str, str]:
    """Say what is asked of a learner's old answers while it learns new ones, by its method; then shorter."""
    row, word = method_of(learner), kinds(record)
    if row is None:
        return "", ""
    if row.parts.again == "checked":
        return "No step may go against the old images that are kept.", "No step may go against old images."
    again = f"Images of the old {word} are learnt again, too.", "Old images are learnt again, too."
    if pulls_back(record, learner, step):
        if row.rehearses:
            return "It sees old images again, and is scored on answering as the old network does.", again[1]
        also = f'Each new image says "none of the old {word}", but also: "answer as the old network does".'
        if scope(record, learner, step) != "all":
            also = "On each new image it is also scored on answering as the old network does."
        return also, "Also scored on answering as before."
    if row.rehearses:
        return again
    if row.parts.trains == "others":
        return "Nothing trains it: its weights are mixed of two networks'.", "Mixed of two networks."
    if row.parts.trains == "head":
        return "Only the head learns, all before it is frozen.", "Only the head learns."
    if row.parts.anchors:
        return "Weights that mattered for the old answers are held.", "Weights that mattered are held."
    said = {
        "all": f'Each new image says: "none of the old {word}".',
        "new": f"New images say nothing of the old {word}, but the shared weights move.",
    }.get(scope(record, learner, step), "")
    return said, said
