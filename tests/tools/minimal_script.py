"""The page of plain PyTorch that ships, ``resources/lwf_minimal.py``: the script of the classroom preset.

python -m tests.tools.minimal_script
"""

from __future__ import annotations

from lwf_gui import paths
from lwf_gui.exports import script
from lwf_gui.recipe import compose

FILE = paths.resources() / "lwf_minimal.py"


def text() -> str:
    """Return what is to stand there."""
    return script.text_of(compose("classroom"))


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
