"""What the panel of layers put back says in words: combinations, what they bring back, and what it costs."""

from __future__ import annotations

from lwf_gui.numbers import counted
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import label_of
from lwf_gui.runs.put_back import HEAD, Known, PutBackFigures, images_text
from lwf_gui.runs.shown import percent

ROWS = "the old answers' rows"
"""What of the head is put back."""

AS_IT_IS = "as it is"


def percents(figures: PutBackFigures, place: int, value: float) -> str:
    """Return an accuracy, of the old task or, ``place`` 1, of the new one, with the digits that its images support."""
    return percent(value, figures.images[place])


def combination_text(figures: PutBackFigures, combination: int) -> str:
    """Return which layers are put back, as the object of a sentence."""
    if combination == figures.everything and len(figures.layers) > 1:
        return "all layers"
    names = [ROWS if name == HEAD else name for name in figures.names(combination)]
    return f"{names[0]} alone" if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def row_name(figures: PutBackFigures, combination: int) -> str:
    """Return the name of a combination in the list of telling ones."""
    if not combination:
        return AS_IT_IS
    if combination == figures.everything:
        return "all layers"
    return figures.names(combination)[0]


def verdict(figures: PutBackFigures, learner: str, combination: int) -> tuple[str, ...]:
    """Say what a combination brings back and what it costs, and shorter; of nothing what the old answers' rows do."""
    combination = combination or figures.head
    old, new = (name if name.startswith("task") else f"the {name}" for name in figures.tasks)
    lost, regained = round(figures.lost(learner)), round(figures.regained(learner, combination))
    if lost < 1:
        name = label_of(learner)
        return (
            f"{name} has lost less than a point of {old}: there is nothing to bring back.",
            f"{name} has lost less than a point of {old}.",
            "Nothing was lost.",
        )
    what = combination_text(figures, combination)
    price = round(figures.price(learner, combination))
    costs = f"costs {new} {_points(price)}" if price > 0 else f"costs {new} nothing"
    if price < 0:
        costs = f"gives {new} {_points(-price)}"
    if regained < 0:
        return (
            f"Putting back {what} takes {_points(-regained)} more from {old}, and {costs}.",
            f"Putting back {what} takes {_points(-regained)} more.",
            f"{_points(-regained)} more are lost.",
        )
    found = f"{regained} of {_points(lost)}" if regained else f"none of {_points(lost)}"
    return (
        f"Putting back {what} brings back {found} of {old}, and {costs}.",
        f"Putting back {what} brings back {found}, and {costs}.",
        f"Putting back {what} brings back {found}.",
        f"Brings back {found}.",
    )


def spoken(figures: PutBackFigures, learner: str, combination: int) -> str:
    """Say both accuracies with a combination, for people who hear it."""
    at = figures.known[learner][combination]
    what = f"with {combination_text(figures, combination)} put back" if combination else "with nothing put back"
    return f"{what}: {_both(figures, at)}"


def sentence(figures: PutBackFigures, learner: str, combination: int) -> str:
    """Say all that is painted of a learner."""
    others = [each for each in figures.telling if each != combination]
    said = "; ".join(spoken(figures, learner, each) for each in (combination, *others))
    images = f"{images_text(figures, 0)} and {images_text(figures, 1)}"
    return (
        f"{label_of(learner)}, {PROTOCOLS[figures.protocol]}, step {figures.step:,}, {images}, {said}. "
        f"{verdict(figures, learner, combination)[0]} {' '.join(figures.left_out)}".strip()
    )


def measured(figures: PutBackFigures) -> tuple[str, ...]:
    """Return which images the bars are of, under which protocol, and shorter."""
    protocol, (old, new) = PROTOCOLS[figures.protocol], figures.images
    return (
        f"right of {old:,} old and {new:,} new {figures.kind}, {protocol}",
        f"{old:,} + {new:,} {figures.kind}, {protocol}",
        f"{old:,} + {new:,} images, {protocol}",
        protocol,
    )


def layer_tip(figures: PutBackFigures, layer: str, learner: str, *, back: bool) -> str:
    """Say whose a layer is, and what a click does."""
    rows = " These are the head's rows of the old classes; those of the new classes stay as trained." * (layer == HEAD)
    if back:
        return (
            f"{layer}: the old network's, put back. A click or Enter takes what {label_of(learner)} made of it.{rows}"
        )
    return f"{layer}: as {label_of(learner)} trained it. A click or Enter puts the old network's back.{rows}"


def images_tip(figures: PutBackFigures) -> str:
    """Say which images pass the network."""
    tasks = " and ".join(f"{images_text(figures, place)} of the {name}" for place, name in enumerate(figures.tasks))
    return f"What the network is shown: {tasks}."


def bar_tip(figures: PutBackFigures, learner: str, combination: int, place: int) -> str:
    """Say one accuracy, of what, and where it stood."""
    now, was = (
        (each.old, each.new)[place] for each in (figures.known[learner][combination], _as_it_is(figures, learner))
    )
    return (
        f"{label_of(learner)}, {figures.tasks[place]}: {percents(figures, place, now)} of "
        f"{images_text(figures, place)} are right, {PROTOCOLS[figures.protocol]}; with nothing put back "
        f"{percents(figures, place, was)}."
    )


def row_tip(figures: PutBackFigures, learner: str, combination: int) -> str:
    """Say both accuracies of a combination."""
    said = spoken(figures, learner, combination)
    return f"{label_of(learner)} {said}. A click or Enter puts back just this."


def learner_tip(figures: PutBackFigures, learner: str) -> str:
    """Say how a learner stands as it is."""
    left = f" {' '.join(figures.left_out)}" if figures.left_out else ""
    return f"{label_of(learner)} {spoken(figures, learner, 0)}. A click or Enter shows this one.{left}"


def _as_it_is(figures: PutBackFigures, learner: str) -> Known:
    return figures.known[learner][0]


def _both(figures: PutBackFigures, at: Known) -> str:
    told = (percents(figures, place, share) for place, share in enumerate((at.old, at.new)))
    return ", ".join(f"{task} {share}" for task, share in zip(figures.tasks, told, strict=True))


def _points(count: int) -> str:
    return counted(count, "point")
