"""What stands around the bars of the panel Why: which images, whose rows, which classes, and its keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPainter, QPen, QPixmap

from lwf_gui.gui.panels.drawing import heading
from lwf_gui.gui.panels.put_back.network import sized
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import CENTRE, widest, write
from lwf_gui.gui.panels.why.place import Place
from lwf_gui.gui.panels.why.plan import Plan
from lwf_gui.gui.panels.why.words import VIEWS, WhyWords
from lwf_gui.gui.theme import Theme
from lwf_gui.methods import method_of
from lwf_gui.runs.names import names_of
from lwf_gui.runs.why_sides import Side

Picture = Callable[[int], QPixmap]
"""A probe image by its number."""

MOST_PICTURES, PICTURES = 10, 0.3
"""Pictures that show what a mean is of, and the part of a heading that they take, at most."""

ONE, MEAN, ROOMY = ("one", "one image"), ("mean", "mean of all"), 28
"""What the key between one image and the mean is called, and longer, from headings of so many lines' width on."""

LEAST_NAME = 9
"""Pixels of the smallest type of a class's name below its bar."""

SMALL = 9
"""Pixels of type below which nothing is bold."""

WAS = ("what the old network says", "the old network", "old network", "before")
"""What a thin line across a bar is."""


class HeadPainter:
    """Paints headings, names and keys, and notes their spots."""

    def __init__(self, painter: QPainter, places: Plan, colours: Theme, words: WhyWords, picture: Picture) -> None:
        self._painter, self._plan, self._colours, self._words = painter, places, colours, words
        self._picture = picture
        self.spots: list[Spot] = []

    def side(self, area: QRectF, side: Side, pictures: Sequence[int], *, turn: bool) -> None:
        """Paint which images a side is of, and at the right the keys to others."""
        number = 0 if side.new else 1
        keys = (
            [] if side.is_mean else [("◀", Place("image", number, number=-1)), ("▶", Place("image", number, number=1))]
        )
        long = area.width() > ROOMY * QFontMetricsF(self._plan.font()).height()
        keys.append((ONE[long] if side.is_mean else MEAN[long], Place("mean", number)))
        if turn:
            keys.append(("old" if side.new else "new", Place("turn", number)))
        right = self._keys(area, keys)
        frames = self._pictures(QRectF(area.left(), area.top(), PICTURES * area.width(), area.height()), pictures)
        self.spots.append(Spot(frames, Place("picture", number)))
        text = QRectF(frames.right() + 5, area.top(), right - frames.right() - 9, area.height())
        title = self._plan.font(1.0, bold=True)
        metrics = QFontMetricsF(title)
        said = self._words.titles(side)
        titles = [each for each in said if metrics.horizontalAdvance(each) <= text.width()] or [said[-1]]
        self._painter.setFont(sized(title, titles[:1], text.width(), text.height()))
        self._painter.setPen(QColor(self._colours.text))
        write(self._painter, text, titles[:1])
        text.setLeft(text.left() + metrics.horizontalAdvance(titles[0]) + 8)
        asked = self._plan.font(0.85)
        fits = [
            each for each in self._words.asked(side) if QFontMetricsF(asked).horizontalAdvance(each) <= text.width()
        ]
        self._painter.setFont(asked)
        self._painter.setPen(QColor(self._colours.muted))
        write(self._painter, text, [*fits[:1], ""])

    def _keys(self, area: QRectF, keys: Sequence[tuple[str, Place]]) -> float:
        """Paint keys from the right on; return where they begin."""
        font = self._plan.font(0.85)
        metrics = QFontMetricsF(font)
        right, high = area.right(), min(area.height(), 1.35 * metrics.height())
        for text, key in reversed(keys):
            wide = max(metrics.horizontalAdvance(text) + 8, high)
            self.key(QRectF(right - wide, area.center().y() - high / 2, wide, high), text, key)
            right -= wide + 3
        return right

    def key(self, box: QRectF, text: str, key: Place, *, chosen: bool = False) -> None:
        """Paint one key; a chosen one is filled and underlined."""
        painter, colours = self._painter, self._colours
        painter.setPen(QPen(QColor(colours.accent if chosen else colours.line), 1))
        painter.setBrush(QColor(colours.raised if chosen else colours.surface))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(self._fitting(0.85, [text], box.width() - 4, box.height(), bold=chosen))
        painter.setPen(QColor(colours.text if chosen else colours.accent))
        write(painter, box.adjusted(2, 0, -2, 0), [text], CENTRE)
        self.spots.append(Spot(box, key))

    def _fitting(self, points: float, texts: Sequence[str], width: float, height: float, *, bold: bool) -> QFont:
        """Return type in which these texts fit; where it would be small it is not bold."""
        font = sized(self._plan.font(points, bold=bold), texts, width, height)
        if bold and QFontInfo(font).pixelSize() < SMALL:
            font = sized(self._plan.font(points), texts, width, height)
        return font

    def _pictures(self, area: QRectF, numbers: Sequence[int]) -> QRectF:
        """Paint as many of these images side by side as there is room for; return where they are."""
        side = area.height()
        count = max(1, min(len(numbers), MOST_PICTURES, int(area.width() / side)))
        for place, number in enumerate(numbers[:count]):
            box = QRectF(area.left() + place * side, area.top(), side, side).adjusted(0.5, 0.5, -1.5, -0.5)
            self._image(box, number)
        return QRectF(area.left(), area.top(), count * side, side)

    def _image(self, box: QRectF, number: int) -> None:
        picture = self._picture(number)
        self._painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._painter.drawPixmap(box, picture, QRectF(picture.rect()))
        self._painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)

    def classes(self, slots: Sequence[tuple[QRectF, int]], images: Mapping[int, int]) -> None:
        """Paint a picture of each class below its bars, with its name where that has room."""
        wide = min(slot.width() for slot, _ in slots)
        names = [self._words.name(unit) for _, unit in slots]
        font = sized(self._plan.font(0.7), names, wide - 2, 0.4 * slots[0][0].height())
        named = QFontInfo(font).pixelSize() >= LEAST_NAME and widest(QFontMetricsF(font), names) <= wide
        below = QFontMetricsF(font).height() if named else 0.0
        for (slot, unit), name in zip(slots, names, strict=True):
            side = min(slot.width() - 1, slot.height() - below)
            box = QRectF(slot.center().x() - side / 2, slot.top(), side, side)
            self._painter.setPen(QColor(self._colours.muted))
            if unit in images:
                self._image(box, images[unit])
            elif not named:
                self._painter.setFont(sized(self._plan.font(0.7), [name[:2]], side, side))
                write(self._painter, box, [name[:2], ""], CENTRE)
            if named:
                self._painter.setFont(font)
                write(self._painter, QRectF(slot.left(), box.bottom(), slot.width(), below), [name], CENTRE)

    def learners(self, shown: Sequence[str], learners: Sequence[str]) -> None:
        """Write whose each row is, by a name that no other learner has, and in a few words what it does."""
        font, names, count = self._plan.font(0.95, bold=True), self._plan.names, len(shown)
        room = names[0].width() - 1.3 * QFontMetricsF(font).ascent()
        metrics = QFontMetricsF(font)
        forms = [[form[learner] for learner in shown] for form in names_of(learners)]
        called = next((form for form in forms if widest(metrics, form) <= room), forms[-1])
        font = self._fitting(0.95, called, room, names[0].height(), bold=True)
        line = QFontMetricsF(font).height()
        for place, rect in enumerate(names):
            learner = shown[place % count]
            self._painter.setFont(font)
            top = QRectF(rect.left(), rect.top(), rect.width(), line)
            heading(self._painter, top, learner, [called[place % count]], self._colours)
            self._plain(QRectF(rect.left(), top.bottom(), rect.width(), rect.bottom() - top.bottom()), learner)
            self.spots.append(Spot(rect, Place("learner", place // count, learner)))

    def _plain(self, rect: QRectF, learner: str) -> None:
        """Say what a learner does in words of every day, where that has room."""
        method = method_of(learner)
        self._painter.setFont(self._plan.font(0.8))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        text = "" if method is None else method.plain
        needed = QFontMetricsF(self._painter.font()).boundingRect(QRectF(0, 0, rect.width(), 1e6), flags, text)
        if text and needed.height() <= rect.height() and needed.width() <= rect.width():
            self._painter.setPen(QColor(self._colours.muted))
            self._painter.drawText(rect, flags, text)

    def views(self, view: str) -> None:
        """Paint the keys to scores and probabilities below each other; with little room one that goes to the other."""
        box, line = self._plan.corner, QFontMetricsF(self._plan.font(0.85)).height()
        if box.height() < 1.6 * line:
            now = VIEWS.index(view)
            self.key(box, ("scores", "percent")[now], Place("view", number=1 - now))
            return
        high = box.height() / len(VIEWS)
        for place, each in enumerate(VIEWS):
            part = QRectF(box.left(), box.top() + place * high, box.width(), high - 1)
            self.key(part, each, Place("view", number=place), chosen=each == view)

    def pager(self, first: int, shown: int, count: int) -> None:
        """Paint the key to further learners, where there are some; else what a thin line across a bar is."""
        box, font = self._plan.pager, self._plan.font(0.85)
        high = min(box.height(), 1.3 * QFontMetricsF(font).height())
        if shown < count:
            last = min(first + shown, count)
            said = f"{first + 1}-{last}" if shown > 1 else f"{first + 1}"
            self.key(QRectF(box.left(), box.top(), box.width(), high), f"{said} of {count} ▶", Place("page"))
            return
        sign = 0.9 * QFontMetricsF(font).height()
        self._painter.fillRect(QRectF(box.left(), box.top() + high / 2 - 0.8, sign, 1.6), QColor(self._colours.text))
        room = QRectF(box.left() + sign + 4, box.top(), box.width() - sign - 4, high)
        self._painter.setFont(sized(font, WAS[-1:], room.width(), high))
        self._painter.setPen(QColor(self._colours.muted))
        write(self._painter, room, WAS)
