"""Experience replay: a small balanced memory of earlier classes, mixed half and half into every mini-batch.

Source: Chaudhry et al. 2019, *On Tiny Episodic Memories in Continual Learning* (arXiv 1902.10486), algorithm 1: each
step minimises the loss on the union of the new mini-batch and as many images drawn from the memory. The memory is
filled class by class at the end of a task, here by a seeded choice. Published there: a batch from the memory of the
size of the new one; 1 to 20 images a class.
"""

from __future__ import annotations

from lwf_gui.engine.methods.base import Context, Pulls, Terms
from lwf_gui.engine.methods.mixing import mixed_pulls, mixed_terms
from lwf_gui.engine.methods.rehearsal import Rehearsal


class Replay(Rehearsal):
    """Minimises the cross-entropy, over all classes seen so far, of the new mini-batch and of stored images."""

    def losses(self, context: Context) -> Terms:
        """Return CE of the new images, that of the stored ones, and their mean over all images."""
        return mixed_terms(context)

    def pulls(self, context: Context, terms: Terms) -> Pulls:
        """Return CE of the new images and of the stored ones."""
        return mixed_pulls(terms)
