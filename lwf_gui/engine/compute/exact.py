"""Reproducible arithmetic on a graphics card: fp32 is fp32, and the same seed gives the same numbers on the same card.

A processor needs none of this: with the same number of threads it adds up in the same order.
"""

from __future__ import annotations

import os

import torch

from lwf_gui.engine import WORKSPACE, WORKSPACES


def make_exact(device: str) -> str:
    """Forbid TF32 and ask for deterministic algorithms; return a sentence where a card cannot promise them, or "".

    TF32 keeps 10 bits of a factor's 23: torch takes it for convolutions unless told not to. Operations that have no
    deterministic form only warn: of ours that is the backward pass of max pooling, and as its windows do not
    overlap, no sum of it hangs on an order.
    """
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False
    # Not torch.use_deterministic_algorithms: it imports torch's compiler. Nor its filling of fresh memory: none of ours
    # is read before it is written.
    torch._C._set_deterministic_algorithms(device == "cuda", warn_only=True)
    torch._C._set_deterministic_fill_uninitialized_memory(False)
    if device != "cuda" or os.environ.get(WORKSPACE) in WORKSPACES:
        return ""
    return (
        f"On this card the last digits may differ from run to run: {WORKSPACE} is set to {os.environ.get(WORKSPACE)}; "
        f"unset it, or set it to {' or '.join(WORKSPACES)}."
    )


def versions() -> dict[str, str | int | bool]:
    """Return what the numbers of a card depend on beside its name."""
    return {
        "cuda": str(torch.version.cuda),
        "cudnn": int(torch.backends.cudnn.version() or 0),  # type: ignore[no-untyped-call]
        "tf32": bool(torch.backends.cuda.matmul.allow_tf32 or torch.backends.cudnn.allow_tf32),
    }
