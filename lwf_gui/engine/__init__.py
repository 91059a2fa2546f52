"""Training: torch, and no Qt. Speaks to the outside through ``lwf_gui.protocol`` alone."""

import os

from lwf_gui.engine.allocator import keep_freed_memory

# torch's OpenMP threads wait for each other by spinning. While another process, or our own window, holds one of two
# cores, that made training up to ten times slower; with a short spin, then sleep, it loses what the other one takes.
# libgomp reads this when torch loads it, so it must be set before the first import of torch.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")
keep_freed_memory()
