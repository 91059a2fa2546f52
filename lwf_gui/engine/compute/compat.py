"""Imports torchvision where its compiled operators do not load, as beside a CPU-only torch.

Knows nothing of data or training; what torchvision is wanted for is the caller's business.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

_lock = threading.Lock()
_kept: list[Any] = []  # a torch Library takes its operators with it when it is collected


def import_torchvision() -> ModuleType:
    """Import torchvision and return it; further calls, from any thread, return the same module.

    torchvision's wheel from PyPI is built for a torch with CUDA. Beside a CPU-only torch its operators do not
    load, and the import then fails with "operator torchvision::nms does not exist". Declaring the two that it
    asks for is enough for ``datasets`` and ``transforms``; calling the operators still fails.

    Raises
    ------
    ImportError
        If torch or torchvision is not installed.
    """
    with _lock:
        _define_missing_operators()
        return importlib.import_module("torchvision")


def _define_missing_operators() -> None:
    torch: Any = importlib.import_module("torch")  # slow, so not at the top; Any: these calls have no types
    _load_compiled_operators(torch)
    missing = [name for name in ("nms", "qnms") if not hasattr(torch.ops.torchvision, name)]
    if not missing:
        return
    library = torch.library.Library("torchvision", "FRAGMENT")
    _kept.append(library)
    for name in missing:
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")


def _load_compiled_operators(torch: Any) -> None:
    """Load torchvision's own operators if they fit this torch: ours, defined first, would clash with them."""
    spec = importlib.util.find_spec("torchvision")
    if spec is None or spec.origin is None:
        return  # the import says what is wrong
    for library in Path(spec.origin).parent.glob("_C.*"):
        with contextlib.suppress(ImportError, OSError):  # as torchvision does itself
            torch.ops.load_library(library)
