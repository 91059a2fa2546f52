"""``lwf-gui`` and ``python -m lwf_gui``: begins without a traceback, whatever the first second brings.

Imports nothing before `main` that could be missing or slow.
"""

import gc
import signal
import sys

COLLECT_AFTER = 10_000
"""New objects between two looks for garbage. Python's 700 suit small programs: importing Qt and torch makes so many
objects that stay that looking through them again and again takes a tenth of the time to the first paint."""


def main() -> None:
    """Run the command line. Ctrl+C ends it at once until the command that runs knows better."""
    gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else it is ignored on purpose: nohup, "&"
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        from lwf_gui import cli
    except Exception as error:  # noqa: BLE001 - a broken installation breaks in every way
        text = " ".join(str(error).split()).rstrip(".")
        sys.stderr.write(
            f"lwf-gui: a part of the program is missing or broken ({type(error).__name__}: {text}); "
            "install it again with pip.\n"
        )
        sys.exit(1)
    cli.main()


if __name__ == "__main__":
    main()
