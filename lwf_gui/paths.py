"""Where files live: what ships with the program, what it may keep, and what the user chose.

Knows nothing of what is in the files.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from platformdirs import user_cache_path, user_config_path, user_data_path, user_state_path

from lwf_gui import InputError
from lwf_gui import settings_file as stored
from lwf_gui.atomic import make_folder as make_folder
from lwf_gui.atomic import write_atomically as write_atomically
from lwf_gui.atomic import write_text_atomically as write_text_atomically
from lwf_gui.reasons import reason

_PACKAGE = Path(__file__).parent
_APP = "lwf-gui"

DATA_DIR_VARIABLE = "LWF_GUI_DATA"
"""Environment variable naming a directory with IDX files; it goes before the directory saved in the settings."""


DATA_DIR_KEY = "data_dir"
"""What the directory is called in the settings."""

DEBIAN_PACKAGE = "dataset-fashion-mnist"
"""Debian's package with Fashion-MNIST."""


def resources() -> Path:
    """Return the folder with presets, icons and templates.

    A wheel carries it inside the package; a checkout (editable install) has it beside the package.
    """
    inside = _PACKAGE / "resources"
    return inside if inside.is_dir() else _PACKAGE.parent / "resources"


def cache_dir() -> Path:
    """Return the folder of what can be made or fetched again: trained teachers and downloaded data."""
    return user_cache_path(_APP)


def state_dir() -> Path:
    """Return the folder of what the program remembers between starts: the last run and crash traces."""
    return user_state_path(_APP)


def interrupted_dir() -> Path:
    """Return the folder of runs that are under way, or that were interrupted and are in no file of the user's yet."""
    return user_data_path(_APP) / "interrupted"


def history_dir() -> Path:
    """Return the folder of the last runs: the history."""
    return user_data_path(_APP) / "runs"


def first_free(candidates: Iterable[Path]) -> Path:
    """Return the first of endless candidates that is not there, not even as a link to nothing."""
    return next(path for path in candidates if not os.path.lexists(path))


def sweeps_dir() -> Path:
    """Return the folder in which the window leaves sweeps, where no other one is chosen."""
    return user_data_path(_APP) / "sweeps"


def user_data_dir() -> Path | None:
    """Return the directory with IDX files that the user set, or None if there is none."""
    chosen = os.environ.get(DATA_DIR_VARIABLE)
    if not chosen:
        try:
            chosen = stored.text_of(stored.read(settings_file()).values, DATA_DIR_KEY)
        except OSError:
            return None  # no settings that can be read: the same as none
    return Path(os.path.expanduser(chosen)) if chosen and "\0" not in chosen else None


def remember_user_data_dir(folder: Path) -> None:
    """Keep ``folder`` as the user's data directory for later starts."""
    stored.change(settings_file(), {DATA_DIR_KEY: str(folder)})


def forget_user_data_dir() -> None:
    """Keep no data directory of the user's any more; one that the environment names stays."""
    stored.change(settings_file(), {DATA_DIR_KEY: None})


def require_writable(folder: Path, *, option: str) -> None:
    """Make sure that files can be written in ``folder``, which need not exist yet; leave all as it was.

    Raises
    ------
    InputError
        If they cannot; it names ``option``, where the user named the folder.
    """
    made: list[Path] = []
    try:
        folder = folder.absolute()
        made += [parent for parent in (folder, *folder.parents) if not parent.exists()]
        make_folder(folder)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (OSError, ValueError) as error:  # ValueError: no path at all
        raise InputError(
            f"{option} {folder}: cannot write there ({reason(error)}); name a folder that can be written."
        ) from error
    finally:
        for parent in made:  # the deepest first
            if parent.is_dir():
                parent.rmdir()


def settings_file() -> Path:
    """Return the file of the user's settings: see `lwf_gui.settings_file`."""
    return user_config_path(_APP) / "settings.json"
