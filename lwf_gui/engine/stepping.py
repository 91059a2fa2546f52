"""One step of all learners in lockstep: forward, loss, backward, optimiser, on the same mini-batch of the new task.

Knows no epochs, no schedule and nobody who listens.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from lwf_gui.engine.clock import work_clock
from lwf_gui.engine.compute.device import ComputeConfig
from lwf_gui.engine.compute.workers import Workers
from lwf_gui.engine.gradients import Layers, length
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.methods.base import Context, Terms
from lwf_gui.engine.networks import Network
from lwf_gui.engine.tasks import Batch
from lwf_gui.messages import TOTAL
from lwf_gui.recipe import LiveSettings

ROWS = 256
"""Steps whose losses are kept before they must be sent."""


class Stepper:
    """Trains learners step by step and keeps their losses until they are taken.

    Parameters
    ----------
    columns : names of all terms of losses, also those of learners that are not here
    layers : compares the gradients of those that pull, where asked; None never does
    """

    def __init__(
        self, compute: ComputeConfig, workers: Workers, columns: tuple[str, ...], layers: Layers | None
    ) -> None:
        self._compute, self._workers, self.columns, self._layers = compute, workers, columns, layers
        self._timed = compute.device.type == "cpu"  # elsewhere a step is over before its work is
        self.seat(())

    def seat(self, learners: Sequence[Learner]) -> None:
        """Give every learner its place in the rows; losses that were not taken are dropped."""
        device, layers = self._compute.device, self._layers
        self.learners = list(learners)
        self._places = [_places(learner.method.terms, self.columns, device) for learner in learners]
        # What a learner has no term for stays NaN: only its own columns are ever written.
        self._losses = torch.full((ROWS, len(learners), len(self.columns)), torch.nan, device=device)
        self.filled = 0
        self.products = torch.full((len(learners), len(layers.names) if layers else 0, 3), torch.nan, device=device)

    @property
    def full(self) -> bool:
        """Whether there is no room for another step's losses."""
        return self.filled == ROWS

    @property
    def last(self) -> Tensor:
        """What every learner minimised in the last step, shape (learners,), nats per image."""
        return self._losses[self.filled - 1, :, TOTAL]

    def take(self) -> Tensor:
        """Return the losses since the last call, shape (steps, learners, columns), and begin anew."""
        taken, self.filled = self._losses[: self.filled], 0
        return taken

    def step(self, batch: Batch, live_settings: LiveSettings, *, weigh: bool, measure: bool) -> list[float]:
        """Train every learner on one mini-batch; those that have diverged learn no more.

        ``weigh`` compares the gradients of what pulls, for ``products``. With ``measure`` it returns, by learner, the
        L2 length of the change of all weights, NaN for one that diverged.
        """

        def update(place: int) -> float:
            learner = self.learners[place]
            if learner.diverged:
                self._losses[self.filled, place] = torch.nan
                return math.nan
            for each in learner.family:
                if each.measures_teacher:
                    self._ask(each, batch)
            began = work_clock()
            moved = self._update(learner, place, batch, live_settings, (weigh, measure))
            if self._timed and not weigh:  # a look is no part of what a method costs
                learner.cost.add(work_clock() - began, len(batch.numbers))
            return moved

        self._share(batch)
        places = list(range(len(self.learners)))
        turn = self.filled % max(1, len(places))
        order = places[turn:] + places[:turn]  # whoever is first finds the processor's caches cold: all in turn
        updates = dict(zip(order, self._workers.each(update, order), strict=True))
        self.filled += 1
        return [updates[place] for place in places]

    def _share(self, batch: Batch) -> None:
        """Make what several learners ask for before anyone's time is taken: it is no part of what a method costs."""
        training = [each for learner in self.learners if not learner.diverged for each in learner.family]
        batch.make(images=any(not learner.reads_record for learner in training))
        records = Counter(learner.frozen_backbone for learner in training if learner.reads_record)
        with self._compute.autocast():
            for record in (record for record, readers in records.items() if record is not None and readers > 1):
                record.of(batch)

    def _ask(self, learner: Learner, batch: Batch) -> None:
        """Let the teacher answer, who is asked again: its answer is kept."""
        assert learner.teacher is not None, "who measures it has one"
        with self._compute.autocast():
            learner.teacher.responses(batch)

    def lost(self) -> list[int]:
        """Part with the learners whose loss in the last step is the first that is not finite; return their places.

        All of them are checked at every step: once per block of losses, how long a learner goes on with what is no
        number would depend on the clock.
        """
        finite = torch.isfinite(self.last)
        if finite.all():
            return []
        lost = [i for i, fine in enumerate(finite.tolist()) if not (fine or self.learners[i].diverged)]
        for place in lost:
            self.learners[place].diverge()
        return lost

    def drop_last(self) -> None:
        """Let the last step have no row."""
        self.filled -= 1

    def forget(self, places: Sequence[int]) -> None:
        """Let the last step have no number of some learners."""
        for place in places:
            self._losses[self.filled - 1, place] = self.products[place] = torch.nan

    def _update(
        self, learner: Learner, place: int, batch: Batch, live_settings: LiveSettings, asked: tuple[bool, bool]
    ) -> float:
        """One step of one learner, whose loss terms go into its place of the block; return how far it moved, if asked.

        Where its weights are mixed of others' these take the step.
        """
        if learner.mixture is not None:
            with torch.no_grad():
                _, terms = self._heard(learner, batch, live_settings)
            self._note(place, torch.stack([terms[name] for name in learner.method.terms]))
            return self._follow(learner, place, batch, live_settings, measure=asked[1])
        context, terms = self._heard(learner, batch, live_settings)
        self._note(place, torch.stack([terms[name] for name in learner.method.terms]).detach())
        return self._learn(learner, place, context, terms, asked)

    def _heard(self, learner: Learner, batch: Batch, live_settings: LiveSettings) -> tuple[Context, Terms]:
        """Return what a learner answers on a mini-batch, and its loss; ``live_settings`` are the run's."""
        method, live = learner.method, learner.settings(live_settings)
        parts = method.batch(batch)
        with self._compute.autocast():
            features = learner.features(parts)
            head = method.answers if method.trains == "nothing" else Network.head
            logits = head(learner.network, features)
            soft = learner.soft(parts, features) if method.wants_teacher else logits[:, :0]
        targets = parts[0].targets if len(parts) == 1 else torch.cat([part.targets for part in parts])
        context = Context(parts, logits, features, targets, soft, learner.task, live, learner.network)
        return context, method.losses(context)

    def _learn(self, learner: Learner, place: int, context: Context, terms: Terms, asked: tuple[bool, bool]) -> float:
        """Let a learner take the step that its loss asks for; return how far the weights moved, if that is asked."""
        method = learner.method
        moved = 0.0 if method.trains == "nothing" else self._descend(learner, place, context, terms, asked)
        method.after_step(context)
        return moved

    def _follow(
        self, learner: Learner, place: int, batch: Batch, live_settings: LiveSettings, *, measure: bool
    ) -> float:
        """Let those take their step of whom a learner's weights are mixed, and mix them."""
        before = [parameter.detach().clone() for parameter in learner.network.parameters()] if measure else []
        for end in learner.ends:
            if end.mixture is None:
                context, terms = self._heard(end, batch, live_settings)
                self._learn(end, place, context, terms, (False, False))
                # Nothing is added, but for the loss of one that diverges: with it the mixture is no number either.
                self._losses[self.filled, place, TOTAL] += 0 * terms["total"].detach()
            else:
                self._follow(end, place, batch, live_settings, measure=False)
        learner.mix()
        moved = [now - then for now, then in zip(learner.network.parameters(), before, strict=False)]
        return float(length(moved)) if measure else 0.0

    def _descend(self, learner: Learner, place: int, context: Context, terms: Terms, asked: tuple[bool, bool]) -> float:
        """Move the weights down the gradient; return by how much, if that is asked."""
        weigh, measure = asked
        self._backward(learner, place, context, terms, weigh=weigh)
        learner.method.after_backward(context)
        shares = learner.method.shares(learner.network)
        return self._move(learner, shares) if measure else learner.optimizer.step(shares) or 0.0

    def _backward(self, learner: Learner, place: int, context: Context, terms: Terms, *, weigh: bool) -> None:
        if not (weigh and self._layers):
            terms["total"].backward()  # type: ignore[no-untyped-call]
            return
        gradients = self._layers.gradients(learner.network, learner.method.pulls(context, terms))
        terms["total"].backward()  # type: ignore[no-untyped-call]
        self.products[place] = self._layers.products(learner.network, gradients)

    def _note(self, place: int, values: Tensor) -> None:
        columns = self._places[place]
        if columns is None:
            self._losses[self.filled, place].copy_(values)
        else:
            self._losses[self.filled, place].index_copy_(0, columns, values)

    @staticmethod
    def _move(learner: Learner, shares: Mapping[Tensor, float]) -> float:
        """Let the optimiser step; return the L2 length of the change."""
        before = [parameter.detach().clone() for parameter in learner.optimizer.parameters]
        learner.optimizer.step(shares)
        return float(length([now - then for now, then in zip(learner.optimizer.parameters, before, strict=True)]))


def _places(terms: tuple[str, ...], columns: tuple[str, ...], device: torch.device) -> Tensor | None:
    """Return the columns of a method's terms, shape (terms,); None where they are all columns in their order."""
    return None if terms == columns else torch.tensor([columns.index(term) for term in terms], device=device)
