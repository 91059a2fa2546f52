"""The address of a scheduler: whether anything answers there at all, asked without Dask, which is slow to load."""

from __future__ import annotations

import re
import socket

from lwf_gui import InputError, untrusted

PATIENCE = 2.5
"""Seconds that a scheduler has to answer."""

_ADDRESS = re.compile(r"(?:tcp|tls)://(\[[0-9a-fA-F:]+\]|[^:/\[\]\s]+):([0-9]{1,5})")


def require_answer(address: str) -> None:
    """Raise `InputError` for what is no address, or one where nothing answers."""
    found = _ADDRESS.fullmatch(address)
    if found is None or not 0 < int(found[2]) < 2**16:
        raise InputError(
            f"--scheduler {untrusted.shortened(address)}: write the address as `dask scheduler` prints it, for example "
            "tcp://192.168.0.2:8786."
        )
    try:
        socket.create_connection((found[1].strip("[]"), int(found[2])), timeout=PATIENCE).close()
    except (OSError, UnicodeError) as error:
        raise InputError(no_answer(address)) from error


def no_answer(address: str) -> str:
    """Say that no scheduler is there."""
    return (
        f"--scheduler {untrusted.shortened(address)}: no scheduler answers there; start one with `dask scheduler`, "
        "which prints its address, such as tcp://192.168.0.2:8786."
    )
