"""Learning without Forgetting (Li & Hoiem 2016): on new images, go on answering as the teacher does."""

from lwf_gui.engine.losses import lwf_terms as objective

__all__ = ["objective"]
