"""What a drawing in units of the layout becomes: an image of pixels, SVG, or PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QPicture
from PySide6.QtSvg import QSvgGenerator

from lwf_gui import __version__
from lwf_gui.gui.exporting.outlines import outlined
from lwf_gui.gui.exporting.paper import MM_PER_INCH, UNITS_PER_INCH
from lwf_gui.runs.figure_caption import FigureCaption

DPI = 300
"""Pixels per inch of an image, unless another number is asked for."""

POINTS_PER_INCH = 72.0
CREATOR = f"LwF Lab {__version__}"


def image(drawing: QPicture, size: QSizeF, dpi: float = DPI) -> QImage:
    """Return a drawing in pixels."""
    scale = dpi / UNITS_PER_INCH
    pixels = QImage((size * scale).toSize(), QImage.Format.Format_RGB32)
    pixels.fill(QColor("white"))
    _paint(pixels, drawing, scale)
    pixels.setDotsPerMeterX(round(1000 * dpi / MM_PER_INCH))
    pixels.setDotsPerMeterY(round(1000 * dpi / MM_PER_INCH))
    return pixels


def save_png(part: Path, drawing: QPicture, size: QSizeF, caption: FigureCaption, dpi: float = DPI) -> None:
    """Write an image, with its caption in the file."""
    pixels = image(drawing, size, dpi)
    pixels.setText("Title", caption.title)
    pixels.setText("Description", caption.whole)
    pixels.setText("Software", CREATOR)
    if not pixels.save(str(part), "PNG"):  # type: ignore[call-overload] # it takes no bytes, whatever its stub says
        raise OSError(f"{part} cannot be written")


def save_svg(part: Path, drawing: QPicture, size: QSizeF, caption: FigureCaption, dpi: float = DPI) -> None:
    """Write SVG whose letters are outlines."""
    written = QByteArray()
    buffer = QBuffer(written)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setResolution(drawing.logicalDpiY())
    generator.setSize(size.toSize())
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    _paint(generator, drawing, 1.0)
    text = outlined(bytes(written.data()), caption.title, caption.whole)
    part.write_bytes(text)


def save_pdf(part: Path, drawing: QPicture, size: QSizeF, caption: FigureCaption, dpi: float = DPI) -> None:
    """Write one page of PDF, as large as the figure; Qt embeds the letters that it uses."""
    writer = QPdfWriter(str(part))
    writer.setTitle(caption.title)
    writer.setCreator(CREATOR)
    writer.setResolution(drawing.logicalDpiY())
    points = size / UNITS_PER_INCH * POINTS_PER_INCH
    page = QPageSize(points, QPageSize.Unit.Point, "figure", QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    _paint(writer, drawing, drawing.logicalDpiY() / UNITS_PER_INCH)


def _paint(device: QImage | QSvgGenerator | QPdfWriter, drawing: QPicture, scale: float) -> None:
    with QPainter(device) as painter:
        if not painter.isActive():
            raise OSError("the file cannot be written")
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.scale(scale, scale)
        painter.drawPicture(0, 0, drawing)


Save = Callable[[Path, QPicture, QSizeF, FigureCaption, float], None]

KINDS: Mapping[str, Save] = {"png": save_png, "svg": save_svg, "pdf": save_pdf}
"""How a figure is written, by the file's ending without its dot."""
