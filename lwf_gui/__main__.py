"""``python -m lwf_gui`` is ``lwf-gui``."""

from lwf_gui.cli import main

main()
