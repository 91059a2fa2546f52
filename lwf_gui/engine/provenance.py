"""Provenance of a run that begins: versions, processor, cores and threads. No name of the machine, no folder."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch

from lwf_gui import __version__, untrusted
from lwf_gui.engine.compute.device import ComputeConfig
from lwf_gui.messages import Provenance

CPUINFO = Path("/proc/cpuinfo")
"""Where Linux names the processor, which Python does not know there."""


def provenance_of(run_id: int, compute: ComputeConfig) -> Provenance:
    """Return when, with which versions and on what a run begins now."""
    return Provenance(
        run_id=run_id,
        began=datetime.now(UTC).isoformat(timespec="seconds"),
        versions={
            "lwf-gui": __version__,
            "python": platform.python_version(),
            "torch": str(torch.__version__),  # else it is a type of torch
            "numpy": np.__version__,
        },
        system=f"{platform.system()} {platform.machine()}".strip(),
        processor=untrusted.shortened(processor_name(), 100),
        cores=os.cpu_count() or 1,
        threads=compute.threads * compute.workers,
    )


def processor_name() -> str:
    """Return the processor's name, such as "AMD EPYC 9R14"; empty where the system does not tell."""
    try:
        lines = CPUINFO.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())
