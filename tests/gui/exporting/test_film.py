"""Films of a run: as many moments as there are, for as long as they should, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from lwf_gui import InputError
from lwf_gui.gui.exporting import film
from lwf_gui.gui.exporting.film import Cancelled, Film, write_film
from lwf_gui.gui.exporting.palette import in_palette, palette_of
from lwf_gui.runs.film_steps import shots
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import stops
from lwf_gui.runs.step_scale import FIRST
from tests.gui.exporting.test_figures import run

SHORT = Film(seconds=2, fps=5, width=480)


def durations(path: Path) -> list[int]:
    with Image.open(path) as opened:
        told = []
        for frame in range(getattr(opened, "n_frames", 1)):
            opened.seek(frame)
            opened.load()
            told.append(int(opened.info["duration"]))
        return told


def test_first_steps_of_a_task_have_a_third_of_the_frames() -> None:
    told = shots(run(), 90)
    assert sum(shot.frames for shot in told) == 90
    early = sum(shot.frames for shot in told if shot.step < FIRST)
    assert 27 <= early <= 33
    steps = [shot.step for shot in told]
    assert steps == sorted(set(steps))
    assert steps[0] == 0
    assert steps[-1] == stops(run())[-1]
    assert set(steps) <= set(stops(run()).tolist())


def test_a_run_without_probes_has_no_moments() -> None:
    assert shots(Record(), 10) == []
    assert shots(run(), 0) == []


@pytest.mark.parametrize("ending", ["gif", "webp"])
def test_a_film_has_its_frames_and_its_length(qapp: QApplication, tmp_path: Path, ending: str) -> None:
    told: list[tuple[int, int]] = []

    def note(done: int, of: int) -> bool:
        told.append((done, of))
        return True

    path = tmp_path / f"a.{ending}"
    made = write_film(run(), path, "cards", film=SHORT, progress=note)
    wanted = shots(run(), 10)
    found = durations(path)
    assert len(found) == len(wanted) == made.frames
    assert sum(found) == 2000 + 1000 * film.HOLD
    assert found[0] == 200 * wanted[0].frames
    assert told[-1] == (len(wanted), len(wanted))
    with Image.open(path) as opened:
        assert opened.width == 480
        assert opened.info["loop"] == 0
    assert made.bytes == path.stat().st_size < film.MOST_BYTES


def test_a_cancelled_film_leaves_no_file_and_an_earlier_one_as_it_was(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    for earlier in (b"", b"an earlier film"):
        if earlier:
            path.write_bytes(earlier)
        with pytest.raises(Cancelled):
            write_film(run(), path, "cards", film=SHORT, progress=lambda done, _of: done < 2)
        assert [each.name for each in tmp_path.iterdir()] == (["a.gif"] if earlier else [])
    assert path.read_bytes() == b"an earlier film"


def test_a_film_that_is_too_large_is_made_smaller(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = write_film(run(), tmp_path / "a.gif", "cards", film=SHORT)
    monkeypatch.setattr(film, "MOST_BYTES", whole.bytes - 1)
    smaller = write_film(run(), tmp_path / "b.gif", "cards", film=SHORT)
    assert smaller.size[0] == int(480 * film.SMALLER)
    assert smaller.bytes < whole.bytes


def test_what_cannot_be_filmed_is_one_sentence(qapp: QApplication, tmp_path: Path) -> None:
    for asked in (Film(seconds=0), Film(fps=1000), Film(width=10)):
        with pytest.raises(InputError, match="is not allowed"):
            write_film(run(), tmp_path / "a.gif", film=asked)
    with pytest.raises(InputError, match=r"ends in \.gif or \.webp"):
        write_film(run(), tmp_path / "a.avi")
    with pytest.raises(InputError, match="nothing to film"):
        write_film(Record(), tmp_path / "a.gif")
    with pytest.raises(InputError, match="There is no panel"):
        write_film(run(), tmp_path / "a.gif", "nonsense")
    assert not list(tmp_path.iterdir())


def test_flat_colours_stay_as_they_are_in_a_palette() -> None:
    rng = np.random.default_rng(1)
    flat = np.zeros((60, 80, 3), np.uint8)
    flat[:, :40], flat[:, 40:] = (213, 94, 0), (0, 114, 178)
    flat[:20] = 255
    flat[20, ::2] = 253  # an edge of a letter, nearly white
    noise = rng.integers(0, 256, (20, 80, 3), np.uint8)
    picture = Image.fromarray(np.concatenate([flat, noise]))
    shown = np.asarray(in_palette(picture, palette_of([picture])).convert("RGB"))
    assert (shown[:20] == 255).all()
    assert (shown[21:60] == flat[21:]).all()


def test_what_panels_keep_is_in_every_frame(qapp: QApplication) -> None:
    """Labels of tiles are painted once, and put into many frames."""
    from dataclasses import replace

    from lwf_gui.gui.exporting.figures import figure_of
    from lwf_gui.gui.exporting.sheet import Sheet
    from lwf_gui.runs.selection import Selection

    def size(sheet: Sheet, step: int) -> int:
        return int(sheet.drawing(replace(Selection(), step=step))[0].size())

    for key in ("image_grid", "network", "representation", "weights"):
        with Sheet(run(), figure_of(key)) as sheet:
            first = size(sheet, 100)
            assert size(sheet, 100) == pytest.approx(first, rel=0.02)
            size(sheet, 1000)
            assert size(sheet, 100) == pytest.approx(first, rel=0.02)
