"""Films for slides: a figure over the run as an animated GIF or WebP, each frame with its caption."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from PySide6.QtCore import QSizeF, Qt
from PySide6.QtGui import QImage, QPainter

from lwf_gui import InputError, paths
from lwf_gui.exports.kinds import FILMS
from lwf_gui.gui.exporting.devices import image
from lwf_gui.gui.exporting.figures import TOGETHER, figure_of
from lwf_gui.gui.exporting.palette import in_palette, palette_of
from lwf_gui.gui.exporting.paper import UNITS_PER_INCH
from lwf_gui.gui.exporting.sheet import Sheet
from lwf_gui.gui.exporting.writing import application
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.runs.film_steps import Shot, shots
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection

ENDINGS = tuple(f".{kind}" for kind in FILMS)
"""Of the files that films are written to."""

MOST_BYTES = 10_000_000
"""What slides and mail take well: a film that is larger is made again, smaller."""

SMALLER, LEAST_WIDTH = 0.8, 320
"""By how much, and the pixels below which it is not made smaller still."""

SECONDS, FPS, WIDTH, HOLD = (1.0, 120.0), (1.0, 25.0), (LEAST_WIDTH, 1920), 2.0
"""What is allowed; and seconds for which the last frame stays."""

SAMPLES = 6
"""Frames that the palette of a GIF is taken from."""

CAPTION_LINES = 3
"""Lines that captions have room for: they grow with the number of the step, and the picture must not."""


class Cancelled(Exception):  # noqa: N818 - it is no fault
    """The user does not want the film any more."""


@dataclass(frozen=True, slots=True)
class Film:
    """What a film is like: its length in seconds without the last frame's stay, frames per second, width in pixels."""

    seconds: float = 8.0
    fps: float = 10.0
    width: int = 960

    def check(self) -> None:
        """Raise `InputError` where a value is out of range."""
        for name, value, (least, most) in (
            ("seconds", self.seconds, SECONDS),
            ("frames per second", self.fps, FPS),
            ("pixels of width", self.width, WIDTH),
        ):
            if not least <= value <= most:
                raise InputError(f"A film of {value:g} {name} is not allowed: {least:g} to {most:g} are.")


class Made(NamedTuple):
    """What was written: how many frames that differ, how wide and high, and its bytes."""

    frames: int
    size: tuple[int, int]
    bytes: int


Progress = Callable[[int, int], bool]
"""Is told how many frames are done, and of how many; returns whether to go on."""


def write_film(
    record: Record,
    path: Path,
    panel: str = TOGETHER,
    *,
    protocol: ProtocolName = "task_aware",
    film: Film | None = None,
    progress: Progress | None = None,
    selection: Selection | None = None,
    like: Panel | None = None,
) -> Made:
    """Write a figure over the run as a film, GIF or WebP by the file's ending.

    Parameters
    ----------
    panel : a key of `lwf_gui.gui.exporting.figures.FIGURES`
    progress : is told after every frame; what it returns ends the film
    selection, like : where the window looks, and its panel: their protocol, image, T, term and view are shown

    Raises
    ------
    InputError
        For no such panel or ending, a run with nothing to show in it, or a length, rate or width out of range.
    Cancelled
        If ``progress`` said no; an earlier file of that name stays.
    OSError
        If the file cannot be written; an earlier file of that name stays.
    """
    application()
    film = film or Film()
    film.check()
    if path.suffix.lower() not in ENDINGS:
        raise InputError(f"A film ends in {' or '.join(ENDINGS)}, not in {path.suffix[:20]!r}.")
    scenes = shots(record, max(1, round(film.seconds * film.fps)))
    if not scenes:
        raise InputError("The run has nothing to film yet.")
    look = selection or Selection(protocol=protocol)
    with Sheet(record, figure_of(panel), like) as sheet:
        camera = _Camera(sheet, look, scenes, film, progress or (lambda _done, _of: True))
        made: list[Made] = []
        paths.write_atomically(path, lambda part: made.append(camera.shoot(part, path.suffix.lower())))
    return made[0]


class _Camera:
    """Takes the frames, and writes them in a size that is not too many bytes."""

    def __init__(self, sheet: Sheet, look: Selection, scenes: list[Shot], film: Film, progress: Progress) -> None:
        self._sheet, self._look, self._scenes, self._film = sheet, look, scenes, film
        self._progress = progress
        _, size = sheet.drawing(replace(look, step=scenes[-1].step))  # which takes its places from where most is seen
        self._size = QSizeF(size.width(), max(size.height(), sheet.height(CAPTION_LINES)))

    def shoot(self, part: Path, ending: str) -> Made:
        """Write the film to a file that is there; smaller again while it is too large."""
        width = self._film.width
        while True:
            made = self._write(part, ending, width)
            smaller = int(width * SMALLER)
            if made.bytes <= MOST_BYTES or smaller < LEAST_WIDTH:
                return made
            width = smaller

    def _write(self, part: Path, ending: str, width: int) -> Made:
        options: dict[str, Any] = {"save_all": True, "duration": self._durations(), "loop": 0}
        if ending == ".gif":
            first, *others = self._in_colours(width)
            options |= {"comment": self._sheet.caption.whole.encode("utf-8", "replace")[:255], "optimize": False}
            first.save(part, "GIF", append_images=others, **options)
        else:
            frames = self._frames(width)
            first = next(frames)
            first.save(part, "WEBP", append_images=list(frames), lossless=True, quality=30, method=2, **options)
        return Made(len(self._scenes), first.size, part.stat().st_size)

    def _durations(self) -> list[int]:
        """Return milliseconds, as GIF counts them: in hundredths of a second."""
        times = [10 * round(100 * shot.frames / self._film.fps) for shot in self._scenes]
        times[-1] += round(1000 * HOLD)
        return times

    def _in_colours(self, width: int) -> list[Image.Image]:
        """Return the frames in one palette, for colours that change from frame to frame flicker."""
        places = sorted({round(at * (len(self._scenes) - 1) / (SAMPLES - 1)) for at in range(SAMPLES)})
        palette = palette_of([self._frame(self._scenes[place], width) for place in places])
        return [in_palette(frame, palette) for frame in self._frames(width)]

    def _frames(self, width: int) -> Iterator[Image.Image]:
        """Yield the frames, and tell of each."""
        for done, shot in enumerate(self._scenes):
            if not self._progress(done, len(self._scenes)):
                raise Cancelled
            yield self._frame(shot, width)
        self._progress(len(self._scenes), len(self._scenes))

    def _frame(self, shot: Shot, width: int) -> Image.Image:
        """Return the frame of a moment."""
        drawing, size = self._sheet.drawing(replace(self._look, step=shot.step))
        dpi = width / size.width() * UNITS_PER_INCH
        whole = QImage((self._size * dpi / UNITS_PER_INCH).toSize(), QImage.Format.Format_RGB888)
        whole.fill(Qt.GlobalColor.white)
        with QPainter(whole) as painter:
            painter.drawImage(0, 0, image(drawing, size, dpi))
        wide, high = whole.width(), whole.height()
        return Image.frombuffer("RGB", (wide, high), bytes(whole.constBits()), "raw", "RGB", whole.bytesPerLine(), 1)
