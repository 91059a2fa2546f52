"""What the picture of soft targets tells of its parts: of images, learners, the teacher, classes and its keys."""

from __future__ import annotations

from typing import Any

from lwf_gui.gui.panels.soft_targets.students import nats_text
from lwf_gui.gui.panels.soft_targets.words import class_task, distance_of, task_texts, teacher_texts
from lwf_gui.messages import DataReady
from lwf_gui.runs.captions import image_name
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.runs.names import label_of
from lwf_gui.runs.soft_targets import SoftTargets

VIEWS = ("one T", "T = 1, 2, 5")
"""What the views are called: at the T that is set, and at three temperatures side by side."""

ONE, THREE = VIEWS

KEYS = {
    ONE: "A click or Enter shows one temperature, the T that is set, with each learner's distance from the teacher.",
    THREE: "A click or Enter shows T = 1, 2 and 5 side by side, of a new image: those are what distillation sees.",
}
"""What the key to each view does."""


class Tips:
    """The tips of one picture."""

    def __init__(self, data: DataReady, now: SoftTargets, protocol: ProtocolName) -> None:
        self._data, self._now, self._protocol = data, now, protocol

    def tip(self, key: Any) -> str:
        """Explain the image, a learner's line, the teacher, a class, an image to choose or a key."""
        now = self._now
        match key:
            case ("view", view):
                return KEYS[view]
            case ("page",):
                return "A click or Enter shows other learners."
            case ("image", number):
                name = self._name(number)
                unit = int(self._data.probe_labels[number])
                return f"{name[0].upper()}{name[1:]}: {now.classes[unit]}. Click to look at this one."
            case ("class", unit):
                return self.of_class(now, unit)
            case ("learner", learner):
                return self._about(learner)
            case ("teacher",):
                return self._teacher()
        return f"{now.classes[now.true]} ({self._name(now.image)}): {task_texts(now)[0]}."

    def of_class(self, now: SoftTargets, unit: int) -> str:
        """Say what everybody believes of a class."""
        shares = {teacher_texts(now)[0]: now.teacher[unit]} if now.expanded else {}
        shares |= {label_of(each.learner): each.probabilities[unit] for each in now.students if not each.answers_by}
        values = ", ".join(f"{name} {100 * share:.2f} %" for name, share in shares.items())
        return f"{now.classes[unit]} ({class_task(now)}), softmax at T = {now.temperature:g}: {values}."

    def _teacher(self) -> str:
        now = self._now
        most = max(range(len(now.teacher)), key=now.teacher.__getitem__)
        others = " Every learner has a teacher of its own: what it was before this task." if now.owner else ""
        return (
            f"{teacher_texts(now)[0]}: believes most in {now.classes[most]}, {100 * now.teacher[most]:.1f} %. "
            f"It knows the {len(now.teacher)} old classes alone: softmax(s / T), T = {now.temperature:g}. "
            f"What it takes other images for is its dark knowledge: LwF has the student keep just that.{others}"
        )

    def _name(self, number: int) -> str:
        return image_name(self._data, number)

    def _about(self, learner: str) -> str:
        """Say a learner's distance from the teacher and its answer."""
        now = self._now
        student = next((each for each in now.students if each.learner == learner), None)
        if student is None:
            return ""  # of what was shown a moment ago
        verdict = {True: ", which is right", False: ", which is wrong", None: ", for it was never taught this class"}
        protocol = PROTOCOLS[self._protocol]
        answer = f"it answers {now.classes[student.answer]} ({protocol}){verdict[student.right]}."
        if not now.expanded:
            return f"{label_of(learner)}: {answer}"
        if student.answers_by:
            return f"{label_of(learner)}: no logits, so no KL and no bars: it answers by {student.answers_by}; {answer}"
        that = "that" if now.owner else "the"
        return (
            f"{label_of(learner)}: {distance_of(now)} = {nats_text(student.kl)} nats for this image at "
            f"T = {now.temperature:g}, not multiplied by T²; 0 is to believe just what {that} teacher does; {answer}"
        )
