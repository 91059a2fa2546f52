"""Why the operating system refused something, in this program's own words: its own come in the desktop's language.

Whoever shows people the text of an `OSError` takes it from here.
"""

from __future__ import annotations

import errno
import os

_WORDS = {
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EROFS: "the disk can only be read",
    errno.ENOENT: "there is no such file or folder",
    errno.ENOTDIR: "what should be a folder is a file",
    errno.EISDIR: "it is a folder",
    errno.EEXIST: "there is a file of that name already",
    errno.ENOTEMPTY: "the folder is not empty",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ELOOP: "its links go in a circle",
    errno.EINVAL: "the system does not accept that name",
    errno.ENOSPC: "there is no room left on the disk",
    errno.EDQUOT: "there is no room left on the disk for this user",
    errno.EFBIG: "it is too large for this disk",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
    errno.EBUSY: "something else is using it",
    errno.ETXTBSY: "something else is using it",
    errno.ETIMEDOUT: "there was no answer in time",
    errno.ECONNREFUSED: "the connection was refused",
    errno.ECONNRESET: "the connection was broken off",
    errno.ENETUNREACH: "the network cannot be reached",
    errno.EHOSTUNREACH: "the server cannot be reached",
    errno.EPIPE: "the other end has gone",
    errno.EIO: "the disk cannot be read or written there",
}


def reason(error: BaseException) -> str:
    """Return a clause that says why, such as "permission denied": lower case, without a full stop.

    An error that was raised with words of this program's keeps them; one of the system's that nobody expected is
    called by its name, such as "system error ENOTTY".
    """
    code, text = getattr(error, "errno", None), getattr(error, "strerror", None)
    if isinstance(code, int) and text == os.strerror(code):
        return _WORDS.get(code) or f"system error {errno.errorcode.get(code, code)}"
    own = str(text or error).strip().rstrip(".") or type(error).__name__
    return own[:1].lower() + own[1:] if own.startswith("It ") else own
