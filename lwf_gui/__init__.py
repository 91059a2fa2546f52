"""LwF Lab shows catastrophic forgetting and Learning without Forgetting, live and side by side.

Importing this package imports neither torch, nor Qt, nor pyqtgraph.
"""

__version__ = "0.1.0"


class InputError(ValueError):
    """What the user gave cannot be used. Its text is one sentence: what was wrong, where, what is allowed.

    Commands print it without a traceback and exit with code 2; the window shows it in its banner.
    """
