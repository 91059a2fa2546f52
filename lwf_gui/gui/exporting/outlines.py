"""Letters of an SVG file as outlines: it looks the same wherever it is opened, whichever fonts are there.

What each outline says stays with it, for people who hear or search it.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET

from PySide6.QtGui import QFont, QPainterPath, QTransform

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"

DRAWN_AT = 64
"""Pixels of the type that outlines are taken from, before they are scaled: letters of a few pixels are coarse."""

_KINDS = {
    QPainterPath.ElementType.MoveToElement: "M",
    QPainterPath.ElementType.LineToElement: "L",
    QPainterPath.ElementType.CurveToElement: "C",
    QPainterPath.ElementType.CurveToDataElement: " ",
}


def outlined(svg: bytes, title: str, description: str) -> bytes:
    """Return an SVG file that Qt wrote with its letters as outlines, and what it is in words."""
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    root = ET.fromstring(svg)
    for text in root.iter(f"{{{SVG}}}text"):
        _outline(text)
    for item in root.iter():
        for name in [name for name in item.attrib if name.startswith("font-")]:
            del item.attrib[name]
    for old in [child for child in root if child.tag in (f"{{{SVG}}}title", f"{{{SVG}}}desc")]:
        root.remove(old)
    for place, (name, words) in enumerate((("title", title), ("desc", description))):
        told = ET.Element(f"{{{SVG}}}{name}")
        told.text = words
        root.insert(place, told)
    root.set("role", "img")
    whole: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + whole


def _outline(text: ET.Element) -> None:
    """Make an outline of a text, in its place."""
    said = text.text or ""
    path = _letters(
        said,
        text.get("font-family", ""),
        round(float(text.get("font-size", "12"))),  # as Qt does where it lays letters out
        bold=int(text.get("font-weight", "400")) > QFont.Weight.Medium,
    )
    path = QTransform.fromTranslate(float(text.get("x", "0")), float(text.get("y", "0"))).map(path)
    kept = {name: text.get(name, "") for name in ("fill", "fill-opacity", "stroke")}
    text.clear()
    text.tag = f"{{{SVG}}}path"
    for name, value in (*kept.items(), ("aria-label", said), ("d", path_data(path))):
        text.set(name, value)


def _letters(said: str, family: str, size: int, *, bold: bool) -> QPainterPath:
    """Return the outlines of letters that begin at the origin, on their base line."""
    font = QFont(family)
    font.setPixelSize(DRAWN_AT)
    font.setBold(bold)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    path = QPainterPath()
    path.setFillRule(path.fillRule().WindingFill)
    path.addText(0, 0, font, said)
    return QTransform.fromScale(size / DRAWN_AT, size / DRAWN_AT).map(path)


def path_data(path: QPainterPath) -> str:
    """Return a path as SVG writes it, to a hundredth of a unit."""
    parts = []
    for place in range(path.elementCount()):
        element = path.elementAt(place)
        parts.append(f"{_KINDS[element.type]}{element.x:.2f} {element.y:.2f}")
    return "".join(parts)
