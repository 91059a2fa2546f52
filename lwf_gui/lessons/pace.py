"""Pace of a lesson: with how many training images each of its runs keeps within its time on a slow machine."""

from __future__ import annotations

from typing import Any

from lwf_gui.lessons.script import Lesson
from lwf_gui.recipe import Recipe

IMAGES_PER_CLASS = 6000
"""Its training images of each class."""

FEWEST_IMAGES = 500
"""Images per task below which a run shows little."""


_ROUND = tuple(part * 10**power // 10 for power in (2, 3, 4) for part in (10, 15, 20, 30, 40, 50, 60, 80))


def adapted(
    lesson: Lesson, samples_per_second: float | None, most: tuple[int, int] | None = None
) -> tuple[dict[str, Any], str]:
    """Return settings that keep each run of a lesson within its ``max_seconds``, and a sentence that says so.

    Both are empty where nothing need change, or where the machine's speed is not known yet (None).

    Parameters
    ----------
    samples_per_second : images a second that this machine trains with the lesson's network, each counted once per
        learner
    most : training images of the old and of the new task that there are; None: as many as of Fashion-MNIST
    """
    recipes = [lesson.recipe_at(index) for index in range(len(lesson.step))]
    now = max(_sizes(recipes[0], 0, most))
    if not samples_per_second or _seconds(recipes, now, samples_per_second, most) <= lesson.max_seconds:
        return {}, ""
    fewer = [images for images in _ROUND if FEWEST_IMAGES <= images < now]
    fits = [images for images in fewer if _seconds(recipes, images, samples_per_second, most) <= lesson.max_seconds]
    if not fewer:
        return {}, ""
    chosen = fits[-1] if fits else fewer[0]
    before = f"{recipes[0].data.train_images:,}" if recipes[0].data.train_images else "all"
    differ = "differ a little" if 5 * chosen >= now else "differ"
    still = (
        f"; a run still takes about {_seconds(recipes, chosen, samples_per_second, most):,.0f} s" if not fits else ""
    )
    return {"data.train_images": chosen}, (
        f"This machine trains {float(f'{samples_per_second:.2g}'):,.0f} samples/s: the lesson uses {chosen:,} images "
        f"per task instead of {before}, so figures {differ}{still}."
    )


def _seconds(recipes: list[Recipe], images: int, samples_per_second: float, most: tuple[int, int] | None) -> float:
    """Return how long the longest run takes with so many images per task."""
    return max(_work(recipe, images, most) for recipe in recipes) / samples_per_second


def _work(recipe: Recipe, images: int, most: tuple[int, int] | None) -> int:
    """Return how many images a run trains on, each counted once per learner; a frozen backbone's passes cost little."""
    old, new = _sizes(recipe, images, most)
    joint = recipe.task2.epochs - recipe.task2.warmup_epochs
    return recipe.task1.epochs * old + len(recipe.learners) * joint * new


def _sizes(recipe: Recipe, images: int, most: tuple[int, int] | None) -> tuple[int, int]:
    """Return the training images of the first and of all later tasks, at most ``images`` a task; 0 sets no limit."""
    limits = [limit for limit in (images, recipe.data.train_images) if limit]
    there = most or tuple(IMAGES_PER_CLASS * len(task) for task in recipe.data.tasks)
    old, *later = (min([count, *limits]) for count in there)
    return old, sum(later)
