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
    sizes = _sizes(recipes[0], 0, most)
    now = max(sizes)
    if not samples_per_second or _seconds(recipes, now, samples_per_second, most) <= lesson.max_seconds:
        return {}, ""
    fewer = [images for images in _ROUND if FEWEST_IMAGES <= images < now]
    fits = [images for images in fewer if _seconds(recipes, images, samples_per_second, most) <= lesson.max_seconds]
    if not fewer:
        return {}, ""
    chosen = fits[-1] if fits else fewer[0]
    differ = "differ a little" if 5 * chosen >= now else "differ"
    still = (
        f"; a run still takes about {_seconds(recipes, chosen, samples_per_second, most):,.0f} s" if not fits else ""
    )
    return {"data.train_images": chosen}, (
        f"This machine trains {float(f'{samples_per_second:.2g}'):,.0f} samples/s: the lesson uses "
        f"{_limited(recipes[0], sizes, chosen)}, so figures {differ}{still}; begun anew, it measures again."
    )


def _limited(recipe: Recipe, sizes: tuple[int, ...], images: int) -> str:
    """Say which tasks are trained on fewer images than there are."""
    limited = [number for number, size in enumerate(sizes) if size > images]
    if len(limited) == len(sizes):
        before = f"{recipe.data.train_images:,}" if recipe.data.train_images else "all"
        return f"{images:,} images per task instead of {before}"
    if limited == [0]:
        return f"{images:,} of the {sizes[0]:,} images of the old task"
    return f"at most {images:,} images of each task"


def _seconds(recipes: list[Recipe], images: int, samples_per_second: float, most: tuple[int, int] | None) -> float:
    """Return how long the longest run takes with so many images per task."""
    return max(_work(recipe, images, most) for recipe in recipes) / samples_per_second


def _work(recipe: Recipe, images: int, most: tuple[int, int] | None) -> int:
    """Return how many images a run trains on, each counted once per learner; a frozen backbone's passes cost little."""
    old, *later = _sizes(recipe, images, most)
    joint, batch = recipe.task2.epochs - recipe.task2.warmup_epochs, recipe.train.batch_size
    first = recipe.task1.steps * batch or recipe.task1.epochs * old
    return first + len(recipe.learners) * (recipe.task2.steps * batch * len(later) or joint * sum(later))


def _sizes(recipe: Recipe, images: int, most: tuple[int, int] | None) -> tuple[int, ...]:
    """Return the training images of every task, at most ``images`` a task; 0 sets no limit."""
    limits = [limit for limit in (images, recipe.data.train_images) if limit]
    there = most or tuple(IMAGES_PER_CLASS * len(task) for task in recipe.data.tasks)
    return tuple(min([count, *limits]) for count in there)
