"""Sweeps as tests need them: two settings and seeds, with figures and curves that are known by a formula."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.runs.sweep_view import Curve, Done, SweepRun, SweepView

LEARNERS = ("fine-tune", "lwf")
ALPHAS, TEMPERATURES, SEEDS = (0.5, 1.0, 2.0, 4.0), (1.0, 2.0, 4.0), (0, 1)
KEYS = ("lwf.alpha", "lwf.temperature")
STEPS = np.array([0.0, 10.0, 20.0, 40.0])


def planned(
    alphas: Sequence[Any] = ALPHAS, temperatures: Sequence[Any] = TEMPERATURES, seeds: Sequence[int] = SEEDS
) -> SweepView:
    """Return a sweep of which nothing is known yet."""
    told = [
        {"lwf.alpha": alpha, "lwf.temperature": temperature, "seed": seed}
        for alpha, temperature, seed in itertools.product(alphas, temperatures, seeds)
    ]
    return SweepView("a sweep", KEYS, [SweepRun(f"{n:016x}", each) for n, each in enumerate(told)], LEARNERS)


def figures(run: SweepRun, learner: str, protocol: ProtocolName) -> dict[str, float]:
    """Return what a run of the sweep comes to, in percent: alpha keeps the old task, and costs of the new one."""
    alpha, seed = float(run.settings["lwf.alpha"]), run.settings["seed"]
    temperature = float(run.settings["lwf.temperature"])
    if learner == "fine-tune":
        alpha = 0.0
    old = 30 + 12 * alpha + temperature + 2 * seed - (15 if protocol == "class_incremental" else 0)
    new = 98 - 3 * alpha - 0.5 * temperature + seed
    return {"old": old, "new": new, "average": (old + new) / 2}


def done(run: SweepRun, ended: float = 1000.0, without: str = "") -> Done:
    """Return what comes of a run; ``without`` one learner, which diverged."""
    told: Any = {}
    curves = {}
    for learner, protocol in itertools.product(LEARNERS, PROTOCOLS):
        known = figures(run, learner, protocol)
        if learner != without:
            told[learner, protocol] = known
        curves[learner, protocol] = Curve(STEPS, known["old"] - STEPS / 10, known["new"] - 40 + STEPS)
    return Done(told, curves, "digits", ended)


def known(view: SweepView, count: int | None = None) -> SweepView:
    """Let runs of a sweep be done: all, or the first ones."""
    view.take([(run.id, done(run, 1000.0 + number)) for number, run in enumerate(view.runs[:count])])
    return view
