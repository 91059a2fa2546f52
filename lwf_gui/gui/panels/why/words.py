"""What the panel Why says in words: headings, answers, tips, and all of it for people who hear it."""

from __future__ import annotations

import math

from lwf_gui.messages import DataReady
from lwf_gui.numbers import compact
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.captions import image_name
from lwf_gui.runs.metrics import NO_ANSWER, PROTOCOLS
from lwf_gui.runs.names import class_name, label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.story_told import kinds
from lwf_gui.runs.why import WhyFigures
from lwf_gui.runs.why_answers import BEFORE, EARLY, NOW, SOON
from lwf_gui.runs.why_sides import Side
from lwf_gui.runs.why_words import why_of

VIEWS = ("pushes", "scores", "probabilities")
"""What the bars can be: on the side of the new images the change since the old network, or what both sides have."""

PUSHES = VIEWS[0]

BARS = {
    PUSHES: "left: change, right: scores (logits)",
    VIEWS[1]: "scores (logits)",
    VIEWS[2]: "probabilities (softmax)",
}
"""What the bars are, in the field's words."""


KEY = ("\N{BLACK DOWN-POINTING TRIANGLE} highest, grey: before", "\N{BLACK DOWN-POINTING TRIANGLE} highest")
"""What the marks mean, and shorter."""


class WhyWords:
    """The words of a record's figures."""

    def __init__(self, record: Record, figures: WhyFigures) -> None:
        assert record.data is not None, "figures come of the data"
        self._record, self._figures, self._data = record, figures, record.data

    @property
    def _name(self) -> str:
        return kinds(self._record)

    def name(self, unit: int) -> str:
        """Return a class by the first of its names."""
        return class_name(self._record, unit)

    # Painted

    def titles(self, side: Side) -> tuple[str, ...]:
        """Return what a side is of, and shorter."""
        age, count = "new" if side.new else "old", len(side.images)
        if side.is_mean:
            return f"Mean of {count:,} {age} images", f"{count:,} {age} images", f"{count:,} {age}"
        name = self.name(side.true)
        return (
            f"{'A new' if side.new else 'An old'} image: {name}",
            f"{age.capitalize()}: {name}",
            name,
            age.capitalize(),
        )

    def asked(self, side: Side) -> tuple[str, ...]:
        """Return among which classes is asked, and shorter; at last nothing."""
        figures, word = self._figures, self._name
        count, some = len(side.asked), f"{len(side.units)} of {len(side.asked)} shown"
        among, brief = f"the {count} old {word}", f"{count} old {word}"
        if figures.protocol == "class_incremental":
            among, brief = f"all {count} {word}", f"all {count} {word}"
        elif not side.new and tasks_shown.are_many(self._record):
            among, brief = f"the {count} {word} of its task", f"its task's {count}"
        if len(side.units) < count:
            return f"asked among {among}, {some}", f"among {brief}, {some}", some
        return f"asked among {among}", f"among {brief}", ""

    def moment(self, moment: int) -> tuple[str, ...]:
        """Return what a column is called, and shorter."""
        times = self._figures.times
        if moment == BEFORE:
            return "before, the old network", "old network", "before"
        step = f"step {(times.step if moment == NOW else times.early) or times.begin:,}"
        return (f"now, {step}", "now", "now") if moment == NOW else (f"early, {step}", step, step)

    def pushed(self, side: Side, row: int, moment: int) -> tuple[str, ...]:
        """Return what a column of changes is called, with what is said then, and shorter."""
        long, brief, short = self.moment(moment)
        says = f"says {self.name(int(side.told.answers[moment, row]))}"
        return (
            f"{long}: {says}; change since the old network",
            f"{brief}: {says}; change since old network",
            f"{long}: change since the old network",
            f"{brief}: change since old network",
            f"{brief}: since old network",
            f"{short}: change",
            "change",
        )

    def headed(self, side: Side, row: int, moment: int) -> tuple[str, ...]:
        """Return when, and what is answered then, and shorter; nothing where there is none yet."""
        long, brief, short = self.moment(moment)
        answers = self.answer(side, row, moment)
        if moment == BEFORE:
            name = answers[-1]
            says = (f"the old network {answers[0]}", f"the old network says {name}", f"old network says {name}")
            return (*says, f"old network: {name}", f"before: {name}", name)
        return (
            f"{long}: {answers[0]}",
            f"{brief}: {answers[0]}",
            *(f"{short}: {each}" for each in answers[1:]),
            answers[-1],
        )

    def answer(self, side: Side, row: int, moment: int) -> tuple[str, ...]:
        """Return what is answered in a cell, and shorter; nothing where there is none yet."""
        unit = int(side.told.answers[moment, row])
        if unit == NO_ANSWER:
            return ("-",)
        name, count, images = self.name(unit), int(side.told.counts[moment, row]), len(side.images)
        if side.is_mean:
            return (
                f"says {name} to {count:,} of {images:,}",
                f"{name}: {count:,} of {images:,}",
                f"{name} {count:,}/{images:,}",
                name,
            )
        return f"says {name}", name

    def why(self, learner: str) -> tuple[str, ...]:
        """Say why a learner's old answers went, or stayed, and shorter."""
        return why_of(self._record, self._figures, learner)

    # Told

    def captions(self, view: str) -> tuple[str, ...]:
        """Return what the bars are, under which protocol, when, and shorter."""
        figures, what = self._figures, BARS[view]
        protocol, (old, new) = PROTOCOLS[figures.protocol], figures.images
        where = tasks_shown.where(self._record, figures.times.step)
        images, brief = f"{old:,} old and {new:,} new probe images", f"{old:,} + {new:,} probe images"
        return (
            f"{what}, {protocol}, {images} of {self._data.dataset}, {where}; {KEY[0]}",
            f"{what}, {protocol}, {brief}, {where}; {KEY[0]}",
            f"{what.partition(' (')[0]}, {protocol}, {brief}, {where}; {KEY[0]}",
            f"{what}, {protocol}, {brief}, {where}; {KEY[1]}",
            f"{what.partition(' (')[0]}, {protocol}, {brief}, {where}; {KEY[1]}",
            f"{what}, {protocol}, {images}, {where}",
            f"{what}, {protocol}, {brief}, {where}",
            f"{what}, {protocol}, {brief}",
            f"{what}, {protocol}",
            protocol,
        )

    def bar_tip(self, side: Side, row: int, moment: int, unit: int) -> str:
        """Say a bar's class, score and probability, and the old network's."""
        place = unit - side.asked.start
        score, share = float(side.told.scores[moment, row, place]), float(side.told.shares[moment, row, place])
        said = f"{self._whose(row, moment)} {self._images(side)}: {self.name(unit)} {self._both(side, score, share)}"
        if moment == BEFORE:
            return f"{said}."
        before = [float(each[BEFORE, row, place]) for each in (side.told.scores, side.told.shares)]
        change = score - before[0]
        so = f"; change of the score {change:+.1f}" if math.isfinite(change) else ""
        return f"{said}; the old network's: {self._both(side, *before)}{so}."

    def _both(self, side: Side, score: float, share: float) -> str:
        if not math.isfinite(score):
            return "no score"
        mean = "mean " if side.is_mean else ""
        return f"{mean}score (logit) {compact(score, decimals=1)}, {mean}probability {compact(100 * share, '%')}"

    def answer_tip(self, side: Side, row: int, moment: int) -> str:
        """Say what is answered, and to how many images."""
        unit = int(side.told.answers[moment, row])
        if unit == NO_ANSWER:
            return f"From step {SOON} of a task on, the first look is kept here."
        said = f"{self._whose(row, moment)} {self._images(side)}, {self.asked(side)[0]}: "
        said += self.answer(side, row, moment)[0]
        right = int(side.told.right[moment, row])
        if right == NO_ANSWER:
            return f"{said}."
        if side.is_mean:
            return f"{said}; {right:,} are right."
        return f"{said}, which is {'right' if right else 'wrong'}."

    def picture_tip(self, side: Side) -> str:
        """Say which images a side is of."""
        about = "It is of the task that is learnt" if side.new else "It is of an earlier task"
        if side.is_mean:
            return f"All {len(side.images):,} {'new' if side.new else 'old'} probe images: bars are means over them."
        number = image_name(self._data, int(side.images[0]))
        return f"{number[0].upper()}{number[1:]}: {self._data.classes[side.true]}. {about}."

    def learner_tip(self, row: int) -> str:
        """Say what became of a learner's old answers."""
        figures, push = self._figures, self._figures.pushes[row]
        old, new = figures.images
        by = ", ".join(f"{self.name(unit)} {change:+.1f}" for unit, change in list(enumerate(push.by))[:12])
        more = ", and others" if len(push.by) > 12 else ""
        said = (
            f"{label_of(push.learner)}: change of the mean old scores on new images: {by}{more}. Its highest old score "
            f"is the old network's on {push.kept[0]:,} of {new:,} new and {push.kept[1]:,} of {old:,} old images; "
            f"right ({PROTOCOLS[figures.protocol]}): {push.right[1]:,} of {old:,} old images, before "
            f"{push.right[0]:,}."
        )
        return " ".join([said, *figures.left_out])

    def sentence(self, learners: tuple[str, ...]) -> str:
        """Say the verdict, then what is answered on both sides."""
        figures = self._figures
        told = [f"{PROTOCOLS[figures.protocol].capitalize()}."]
        told += [f"{label_of(name)}: {self.why(name)[0]}" for name in figures.learners if name in learners]
        for side in figures.sides:
            told.append(f"{self.titles(side)[0]}, {self.asked(side)[0]}.")
            for row, learner in enumerate(figures.learners):
                if learner in learners:
                    told.append(f"{label_of(learner)}: {'; '.join(self._steps(side, row))}.")
        return " ".join([*told, *figures.left_out])

    def _steps(self, side: Side, row: int) -> list[str]:
        moments = [each for each in (BEFORE, EARLY, NOW) if side.told.answers[each, row] != NO_ANSWER]
        return [f"{self.moment(each)[0]}, {self.answer(side, row, each)[0]}" for each in moments]

    def _whose(self, row: int, moment: int) -> str:
        if moment == BEFORE:
            return "The old network on"
        step = self._figures.times.step if moment == NOW else self._figures.times.early
        return f"{label_of(self._figures.learners[row])} at step {step:,} on"

    def _images(self, side: Side) -> str:
        if side.is_mean:
            return f"{len(side.images):,} {'new' if side.new else 'old'} images"
        return f"this {'new' if side.new else 'old'} {self.name(side.true)}"


def pictures_of(data: DataReady, side: Side) -> list[int]:
    """Return the probe images that show what a side is of: the one, or the first of each class."""
    if not side.is_mean:
        return [int(side.images[0])]
    units = dict.fromkeys(data.probe_labels[side.images].tolist())
    return [data.first_image(unit) for unit in units]
