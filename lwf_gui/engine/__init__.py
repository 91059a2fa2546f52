"""Training: torch, and no Qt. Speaks to the outside through ``lwf_gui.messages`` alone."""

import os

from lwf_gui.engine.compute.allocator import keep_freed_memory

# torch's OpenMP threads wait for each other by spinning. While another process, or our own window, holds one of two
# cores, that made training up to ten times slower; with a short spin, then sleep, it loses what the other one takes.
# libgomp reads this when torch loads it, so it must be set before the first import of torch.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")
# cuBLAS multiplies in the same order every time only in a workspace of fixed size; it reads this when it is first used.
WORKSPACE, WORKSPACES = "CUBLAS_WORKSPACE_CONFIG", (":4096:8", ":16:8")
os.environ.setdefault(WORKSPACE, WORKSPACES[0])
# What torch's C++ part warns of goes past Python's warnings, to stderr, where no user can do anything about it.
os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "ERROR")
keep_freed_memory()
