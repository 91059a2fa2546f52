"""What is said of a layer's gradient conflict, from the longest to the shortest way."""

from __future__ import annotations

import math

from lwf_gui.numbers import compact
from lwf_gui.runs.gradient_conflict import Pull, Team


def force_text(force: float) -> str:
    """Return a force in two digits."""
    return compact(force)


def forces(pull: Pull) -> tuple[tuple[str, float], tuple[str, float]]:
    """Return both norms with their tasks' names."""
    return ("old", pull.old), ("new", pull.new)


def side_texts(name: str, force: float) -> tuple[str, str]:
    """Return a norm with its name and without."""
    return f"{name} {force_text(force)}", force_text(force)


def words(team: Team, pull: Pull) -> tuple[str, str, str, str]:
    """Return what to say of a layer, from the longest to the shortest way."""
    if pull.still:
        return (pull.still,) * 4
    if math.isnan(pull.angle):
        return (pull.word, pull.word, pull.word.replace(" task", ""), pull.word.partition(" ")[0])
    angle = f"{pull.angle:.0f}°"
    if not pull.word.startswith("pull"):
        return (f"{angle} {pull.word}", f"{angle} {pull.word}", angle, angle)
    says = f"{angle} {pull.word}"
    would = says if team.listens else f"{angle} would {pull.word}"
    return (would, says, f"{angle} {pull.word.removeprefix('pull ')}", angle)


def aside(team: Team) -> str:
    """Say of a learner whose old task pulls in vain that it does."""
    return "" if team.listens else f" ({team.why}, so the old task would pull but nothing listens)"


def spoken(team: Team) -> str:
    """Say all layers of a learner."""
    parts = []
    for pull in team.pulls:
        what = pull.still or (pull.word if math.isnan(pull.angle) else f"{pull.word} at {pull.angle:.0f} degrees")
        parts.append(f"{pull.layer} {what}")
    return ", ".join(parts)
