"""What a run file says of where its run comes from: when, with which versions, on what machine, from which teacher.

What is wrong is said by `Unsound`, as a clause.
"""

from __future__ import annotations

import re
from datetime import datetime

from lwf_gui.documents.sound import names, require, within
from lwf_gui.messages import Provenance
from lwf_gui.untrusted import shortened

MOST_VERSIONS, MOST_CORES = 32, 65_536

_DIGEST = re.compile("(?:[0-9a-f]{64})?")


def check_provenance(message: Provenance) -> None:
    """Require a time, a few versions, and numbers of cores and threads as machines have them."""
    require(_is_time(message.began), f"it began at {shortened(message.began, 40)!r}, which is no time")
    within("versions", len(message.versions), 0, MOST_VERSIONS)
    names((*message.versions, *message.versions.values()), "a version")
    names((message.system, message.processor), "a machine")
    within("cores", message.cores, 1, MOST_CORES)
    within("threads", message.threads, 1, MOST_CORES)


def check_digest(digest: str) -> None:
    """Require a SHA-256 in hex, or nothing where it is not known."""
    require(_DIGEST.fullmatch(digest) is not None, f"its digest is {shortened(digest, 40)!r}, which is no SHA-256")


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
