"""What rows say of the machine's parts is what the engine does: what trains, what is judged, stored and held."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from lwf_gui.engine.methods import kind_of, make
from lwf_gui.engine.methods.rehearsal import Rehearsal
from lwf_gui.method_rows import BUILT_IN, Method
from lwf_gui.method_rows.regularisation import Regularisation
from lwf_gui.recipe import Recipe
from tests.engine.contexts import context_of

SETTLED = [row.name for row in BUILT_IN if row.minimises]


@pytest.mark.parametrize("row", BUILT_IN, ids=lambda row: row.name)
def test_a_row_says_what_the_engine_trains_stores_and_holds(row: Method) -> None:
    kind = kind_of(row.name)
    minimises_nothing = "others" if row.parts.trains == "others" else "nothing"
    assert kind.trains == (row.parts.trains if row.minimises else minimises_nothing)
    assert bool(row.parts.stored) == row.rehearses
    assert issubclass(kind, Rehearsal) <= row.rehearses
    assert row.parts.anchors == (row.settings is not None and issubclass(row.settings, Regularisation))


@pytest.mark.parametrize("scope", ["all", "new"])
@pytest.mark.parametrize("name", SETTLED)
def test_new_images_push_old_answers_where_the_drawing_says_so(name: str, scope: str) -> None:
    recipe = Recipe.model_validate({"learners": [name]}).with_settings({"lwf.ce_scope": scope, "lwf.alpha": 0.0})
    row = next(row for row in BUILT_IN if row.name == name)
    live = replace(recipe.live_settings(), **dict(row.fixed))  # type: ignore[arg-type]
    method = make(name, recipe)
    logits = torch.randn(8, 4, generator=torch.Generator().manual_seed(0)).requires_grad_()
    targets = torch.tensor([2, 3] * 4)
    soft = torch.zeros(8, 2)  # of what no method makes use at alpha 0
    method.losses(context_of(logits, targets, soft, live))["total"].backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None
    pushed = bool((logits.grad[:, :2] > 0).all())
    follows = name in {"fine-tune", "lwf", "lwf-wa", "ewc", "ewc-online", "si", "mas"}
    own = {"lwf-labels": "new", "lwf-ldc": "new", "frozen": "new"}.get(name, row.parts.judged)
    assert pushed == ((scope if follows else own) == "all")
