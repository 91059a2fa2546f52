"""Whether other seeds tell the same: the sentence of the story on the learner that differs most from the first one.

Pure functions of a record and a look. The comparison is that of `lwf_gui.runs.seed_verdict`.
"""

from __future__ import annotations

from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.seed_verdict import Paired, against_first, effect_of, same_text
from lwf_gui.runs.seed_words import figure_of, seeds_at
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.story_told import Piece, Way


def is_it_luck(record: Record, selection: Selection) -> tuple[Way, ...]:
    """Return the sentence of the story on the learner that differs most from the first one, and nothing."""
    runs = seeds_at(record, selection)
    compared = against_first(runs, figure_of(record), selection.protocol)
    if not compared:
        return ()
    most = max(compared, key=lambda each: abs(each.mean))
    others = len(compared) > 1
    return (_luck(most, of=True, others=others), _luck(most, of=False, others=others), ())


def _luck(found: Paired, *, of: bool, others: bool) -> Way:
    """Say it; ``of``: against whom, too; ``others``: there are smaller differences, which the plot's title tells."""
    told = f"{same_text(found)} in every seed"
    if not found.alike:
        effect, low, high = effect_of(found)
        than = f" than {label_of(found.against)}" if of else ""
        interval = f"95 % interval: {low} to {high}" if of else f"95 %: {low} to {high}"
        largest = ", the largest difference" if others else ""
        told = f"{effect}{than} ({interval}){largest}: {'more than luck' if found.real else 'this could be luck'}"
    return (
        Piece(f"{found.seeds} seeds:", strong=True),
        Piece(" "),
        Piece(label_of(found.learner), found.learner),
        Piece(f" keeps {told}. "),
    )
