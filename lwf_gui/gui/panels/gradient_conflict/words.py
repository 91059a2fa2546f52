"""What is said of a layer's gradient conflict, from the longest to the shortest way."""

from __future__ import annotations

import math

from lwf_gui.numbers import compact
from lwf_gui.runs.gradient_conflict import GradientConflict, Pull, Team


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
        word = word_of(team, pull)
        return (word, word, word.replace(" tasks", "").replace(" task", ""), word.partition(" ")[0])
    angle = f"{pull.angle:.0f}°"
    if not pull.word.startswith("pull"):
        return (f"{angle} {pull.word}", f"{angle} {pull.word}", angle, angle)
    says = f"{angle} {pull.word}"
    would = says if team.listens else f"{angle} would {pull.word}"
    return (would, says, f"{angle} {pull.word.removeprefix('pull ')}", angle)


def sides(figures: GradientConflict) -> tuple[str, str]:
    """Return what pulls on both sides: the old task and the new one, or all earlier ones and the current one."""
    return ("memory of the earlier tasks", "current task") if figures.many else ("old task", "new task")


def legend(figures: GradientConflict) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the two sides are, each from the longest to the shortest way."""
    teams = [team for team in figures.teams if team.listens] or list(figures.teams[:1])
    terms = sorted({(team.weighs, team.term) for team in teams}, reverse=True)  # learners may differ
    long, short = (
        " or ".join(f"alpha x {word} {term}" if weighs else f"{word} {term}" for weighs, term in terms)
        for word in ("gradient of", "grad")
    )
    old, new = ("earlier tasks", "current task") if figures.many else ("old task", "new task")
    pulls = "pull" if figures.many else "pulls"
    middle = (f"◀ {old} {pulls} left",) if len(terms) > 1 else ()  # their terms take much room
    return (
        (f"◀ {old} {pulls} left: {long}", f"◀ {old}: {short}", *middle, f"◀ {old}", f"◀ {old.partition(' ')[0]}"),
        (f"{new} pulls right: gradient of CE ▶", f"{new}: grad CE ▶", f"{new} ▶", f"{new.partition(' ')[0]} ▶"),
    )


def word_of(team: Team, pull: Pull) -> str:
    """Return how the two forces on a layer get on; of many tasks all earlier ones are one side."""
    if not team.many:
        return pull.word
    return pull.word.replace("old task", "earlier tasks").replace("new task", "current task")


def aside(team: Team, old: str) -> str:
    """Say of a learner whose old task pulls in vain that it does."""
    return "" if team.listens else f" ({team.why}, so the {old} would pull but nothing listens)"


def spoken(team: Team) -> str:
    """Say all layers of a learner."""
    parts = []
    for pull in team.pulls:
        angle = "" if math.isnan(pull.angle) else f" at {pull.angle:.0f} degrees"
        what = pull.still or f"{word_of(team, pull)}{angle}"
        parts.append(f"{pull.layer} {what}")
    return ", ".join(parts)
