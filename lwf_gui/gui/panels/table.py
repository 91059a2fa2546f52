"""The table of panels: docks, menu, keys, tour and tests all come from it.

A new panel is one new file and one line here.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Literal

from lwf_gui.gui.panels.panel import Panel


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """One panel.

    Attributes
    ----------
    key : identifier in layouts, lessons and actions
    title : its tab, one short word or two
    area : where it stands at first: "right", what the learners answer; "below", why
    widget : ``module:Class`` of a `Panel`, imported when it is first seen
    shortcut : key that brings it to the front; empty for none
    help : one sentence
    closed : whether it is closed at first: a row of tabs has room for so many, and the menu *Panels* opens the others
    """

    key: str
    title: str
    area: Literal["right", "below"]
    widget: str
    shortcut: str
    help: str
    closed: bool = False

    def make(self) -> Panel:
        """Return a new panel."""
        module, _, name = self.widget.partition(":")
        panel: Panel = getattr(importlib.import_module(f"lwf_gui.gui.panels.{module}"), name)()
        panel.setWindowTitle(self.title)
        panel.setAccessibleName(self.title)
        return panel


PANELS = (
    PanelSpec(
        "image_grid",
        "Memory wall",
        "right",
        "image_grid:ImageGridPanel",
        "1",
        "Old-task images fade as they are forgotten.",
    ),
    PanelSpec("classes", "Classes", "right", "classes:ClassBars", "2", "How many images of each class are right."),
    PanelSpec("confusion", "Confusion", "right", "confusion:Confusion", "3", "Which class is taken for which."),
    PanelSpec(
        "soft_targets",
        "Teacher",
        "right",
        "soft_targets:SoftTargetsPanel",
        "4",
        "What the teacher believes of one image at T.",
    ),
    PanelSpec(
        "network",
        "Network",
        "below",
        "network:NetworkPanel",
        "",
        "The machine as a drawing: what trains, what pulls, and what came of it.",
    ),
    PanelSpec("why", "Why", "below", "why:WhyPanel", "", "What new images do to the old answers, in bars."),
    PanelSpec(
        "responses",
        "Before, now",
        "below",
        "responses:ResponsesPanel",
        "",
        "Whether an old score still follows what an image shows: the old network's against the learner's.",
    ),
    PanelSpec("losses", "Losses", "below", "plot_panels:LossPanel", "5", "Losses in nats per image, by step."),
    PanelSpec("equation", "Equation", "below", "equation:Equation", "6", "The loss with its numbers, term by term."),
    PanelSpec(
        "gradient_conflict",
        "Tug of war",
        "below",
        "gradient_conflict:GradientConflictPanel",
        "7",
        "Where old and new task pull, layer by layer.",
    ),
    PanelSpec(
        "trade_off",
        "Trade-off",
        "below",
        "tradeoff:TradeoffPanel",
        "8",
        "Old against new accuracy, and the bias curve.",
        closed=True,
    ),
    PanelSpec(
        "matrix",
        "Matrix",
        "below",
        "matrix:MatrixPanel",
        "",
        "After each task, what is known of each task.",
        closed=True,
    ),
    PanelSpec(
        "results", "Results", "below", "results:ResultsPanel", "", "All learners in one table, to sort and to copy."
    ),
    PanelSpec(
        "class_means",
        "Class means",
        "below",
        "class_means:ClassMeansPanel",
        "",
        "Where heads that keep statistics look for each class, and where its images are.",
        closed=True,
    ),
    PanelSpec(
        "put_back",
        "Put it back",
        "below",
        "put_back:PutBackPanel",
        "",
        "What the old network's layers bring back of what was forgotten.",
    ),
    PanelSpec(
        "straight_path",
        "Straight path",
        "below",
        "straight_path:StraightPathPanel",
        "",
        "What networks know that lie between the old one and a learner, or between two learners.",
    ),
    PanelSpec(
        "stability_gap",
        "Stability gap",
        "below",
        "stability_gap:StabilityGapPanel",
        "",
        "The first steps of a new task: how far the earlier ones fall, and who comes back.",
    ),
    PanelSpec(
        "representation",
        "Representation",
        "below",
        "representation:RepresentationPanel",
        "",
        "Whether hidden layers still see old images as before the task, and where these drift.",
        closed=True,
    ),
    PanelSpec(
        "compare",
        "Compare",
        "below",
        "compare:ComparePanel",
        "",
        "Pinned runs beside the one that is shown: what differs, and by how many points.",
        closed=True,
    ),
    PanelSpec(
        "sweep",
        "Sweep",
        "below",
        "sweep:SweepPanel",
        "",
        "A sweep's runs: accuracy by two settings, old against new, and each cell's learning curves.",
        closed=True,
    ),
    PanelSpec(
        "weights",
        "Weights",
        "below",
        "weights:Weights",
        "9",
        "First-layer filters; how far layers have moved.",
        closed=True,
    ),
)
