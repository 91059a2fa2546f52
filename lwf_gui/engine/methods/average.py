"""Weight averaging: nothing is trained; after each step the weights are mixed of two networks' that train along.

Mixing itself is no method's: see `lwf_gui.engine.mixture`, which the learner has. The loss that is shown is the
cross-entropy of the mixed network's answers on each mini-batch, before the others learn it; nothing minimises it.
Published setting: the start is the network before fine-tuning, and half of the way is a good share if no images are at
hand to choose it by.

Source: Wortsman et al. 2022, "Robust fine-tuning of zero-shot models" (2109.01903).
"""

from __future__ import annotations

from typing import ClassVar

from torch.nn import functional

from lwf_gui.engine.methods.base import Context, Method, Terms, Trains


class Average(Method):
    """Measures a network that others' steps have made."""

    terms: ClassVar[tuple[str, ...]] = ("ce", "total")
    trains: ClassVar[Trains] = "others"

    def losses(self, context: Context) -> Terms:
        """Return the cross-entropy over all classes so far, for show."""
        ce = functional.cross_entropy(context.logits.detach().float(), context.targets)
        return {"ce": ce, "total": ce}
