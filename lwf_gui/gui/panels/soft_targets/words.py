"""What is said of an image and of the teacher beside the soft targets, from the longest to the shortest way."""

from __future__ import annotations

from lwf_gui.runs import teachers
from lwf_gui.runs.soft_targets import SoftTargets

OLD_TASK = ("old task: taught to the teacher", "old task")
NEW_TASK = (
    "new task: never taught to the teacher; what it takes it for is its dark knowledge",
    "new task: never taught to the teacher",
    "new task: never taught",
    "new task",
)


def task_texts(now: SoftTargets) -> tuple[str, ...]:
    """Say of which task the image is, and whether the teacher knows it; of many tasks by its number."""
    if not now.many:
        return OLD_TASK if now.old else NEW_TASK
    number = f"task {now.task + 1}"
    own = "; KL: from its own teacher" if now.owner else ""
    if now.old:
        name = f"{number} (earlier)" if now.expanded else number
        return (f"{name}: taught to the teacher{own}", f"{name}{own}", f"{name}: taught to the teacher", name)
    if now.task > max(now.now, 1):
        return (f"{number} (later): taught to nobody yet", f"{number} (later)")
    name = f"{number} (current)" if now.expanded else number
    more = [f"{name}{said.removeprefix('new task')}" for said in NEW_TASK[:-1]]
    return (f"{more[0]}{own}", f"{more[1]}{own}", f"{name}{own}", *more, name)


def class_task(now: SoftTargets) -> str:
    """Return of which tasks the classes of the bars are."""
    return "earlier task" if now.many else "old task"


def choice_texts(now: SoftTargets, *, in_one_line: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what stands above the images to choose from: those of the old classes, and those of the new ones."""
    old, new = ("earlier tasks", "current task") if now.many else ("old task", "new task")
    return ((f"Choose: {old}", old) if in_one_line else ("Choose an image",)), (new,)


def teacher_texts(now: SoftTargets) -> tuple[str, ...]:
    """Return what the teacher is called: whose it is, where learners have different ones."""
    return (*teachers.names(now.owner), "Teacher")


def old_network_texts(now: SoftTargets) -> tuple[str, ...]:
    """Return what the teacher is called beside the sentence that speaks of the old network."""
    if now.owner or not now.expanded:
        return teacher_texts(now)
    return "the old network (teacher)", "the old network", "old network"


def distance_of(now: SoftTargets) -> str:
    """Return what the distance is measured from and to."""
    return "KL(its own teacher, student)" if now.owner else "KL(teacher, student)"
