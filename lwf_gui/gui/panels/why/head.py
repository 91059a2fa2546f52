"""What stands around the bars of the panel Why: which images, whose rows, which classes, and its keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPainter, QPen, QPixmap

from lwf_gui.gui.panels.drawing import heading
from lwf_gui.gui.panels.put_back.network import sized
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import CENTRE, widest, write
from lwf_gui.gui.panels.why.place import Place
from lwf_gui.gui.panels.why.plan import Plan
from lwf_gui.gui.panels.why.words import PUSHES, VIEWS, WhyWords
from lwf_gui.gui.printing import has_keys
from lwf_gui.gui.theme import Theme
from lwf_gui.methods import method_of
from lwf_gui.runs.names import names_of
from lwf_gui.runs.why_sides import Side

Picture = Callable[[int], QPixmap]
"""A probe image by its number."""

MOST_PICTURES, PICTURES = 10, 0.4
"""Pictures that show what a mean is of, and the part of a heading that they take, at most."""

SHRUNK = 0.85
"""How much smaller a title is made rather than shorter."""

LEAST_PICTURE = 11.0
"""Pixels of a side of the smallest picture."""

ONE, MEAN, ROOMY = ("one", "one image"), ("mean", "mean of all"), 28
"""What the key between one image and the mean is called, and longer, from headings of so many lines' width on."""

BESIDE = 18.0
"""Pixels between the pictures, the title and the keys, in all."""

VIEW_KEYS = (VIEWS, ("pushes", "scores", "percent"))
"""What the keys to the views are called, and shorter."""

TOP, TOLD_SIZE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, 1.0
"""Where sentences begin, and their size, as a part of the type around them."""

SMALL = 9
"""Pixels of type below which nothing is bold."""

WAS = ("what the old network says", "the old network's", "old network's", "before")
"""What a thin line across a bar is."""


class HeadPainter:
    """Paints headings, names and keys, and notes their spots."""

    def __init__(self, painter: QPainter, places: Plan, colours: Theme, words: WhyWords, picture: Picture) -> None:
        self._painter, self._plan, self._colours, self._words = painter, places, colours, words
        self._picture = picture
        self.spots: list[Spot] = []

    def side(self, area: QRectF, side: Side, pictures: Sequence[int], view: str, *, alone: bool) -> None:
        """Paint which images a side is of, and at the right the keys to others and to the views."""
        number = 0 if side.new else 1
        keys = (
            [] if side.is_mean else [("◀", Place("image", number, number=-1)), ("▶", Place("image", number, number=1))]
        )
        long = area.width() > ROOMY * QFontMetricsF(self._plan.font()).height()
        keys.append((ONE[long] if side.is_mean else MEAN[long], Place("mean", number)))
        if alone:
            keys.append(("old" if side.new else "new", Place("turn", number)))
        right = self._keys(area, keys)
        title = self._plan.font(1.0, bold=True)
        metrics, said = QFontMetricsF(title), self._words.titles(side)
        least = max(area.height(), min(len(pictures), MOST_PICTURES) * LEAST_PICTURE) + BESIDE
        least += metrics.horizontalAdvance(said[-1])
        if side.new or alone:
            right = self._views(QRectF(area.left(), area.top(), right - area.left(), area.height()), view, least)
        room = right - area.left()
        wide = max(min(PICTURES * area.width(), room - BESIDE - metrics.horizontalAdvance(said[-1])), area.height())
        frames = self._pictures(QRectF(area.left(), area.top(), wide, area.height()), pictures)
        self.spots.append(Spot(frames, Place("picture", number)))
        text = QRectF(frames.right() + 5, area.top(), right - frames.right() - 9, area.height())
        titles = [each for each in said if metrics.horizontalAdvance(each) <= text.width() / SHRUNK] or [said[-1]]
        title = sized(title, titles[:1], text.width(), text.height())
        metrics = QFontMetricsF(title)
        self._painter.setFont(title)
        self._painter.setPen(QColor(self._colours.text))
        write(self._painter, text, titles[:1])
        text.setLeft(text.left() + metrics.horizontalAdvance(titles[0]) + 10)
        self._beside(text, side, lines=not side.new or view != PUSHES)

    def _beside(self, text: QRectF, side: Side, *, lines: bool) -> None:
        """Write what a thin line across a bar is, then among which classes is asked, as far as there is room."""
        painter, metrics = self._painter, QFontMetricsF(self._plan.font(0.85))
        painter.setFont(self._plan.font(0.85))
        painter.setPen(QColor(self._colours.muted))
        sign = 0.9 * metrics.height()
        fits = [each for each in WAS if metrics.horizontalAdvance(each) + sign + 4 <= text.width()]
        if lines and fits:
            said = fits[min(1, len(fits) - 1)]
            painter.fillRect(QRectF(text.left(), text.center().y() - 0.8, sign, 1.6), QColor(self._colours.text))
            text.setLeft(text.left() + sign + 4)
            write(painter, text, [said])
            text.setLeft(text.left() + metrics.horizontalAdvance(said) + 10)
        write(painter, text, [*(each for each in self._words.asked(side) if each), ""])

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
        """Paint one key; a chosen one is filled and underlined. On paper there are none."""
        if not has_keys():
            return
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
        count = min(len(numbers), MOST_PICTURES)
        side = min(area.height(), max(area.width() / count, LEAST_PICTURE))
        count = max(1, min(count, int(area.width() / side + 0.01)))
        for place, number in enumerate(numbers[:count]):
            box = QRectF(area.left() + place * side, area.center().y() - side / 2, side, side)
            self.image(box.adjusted(0.5, 0.5, -1.5, -0.5), number)
        return QRectF(area.left(), area.top(), count * side, area.height())

    def image(self, box: QRectF, number: int) -> None:
        """Paint a probe image, by number."""
        picture = self._picture(number)
        self._painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._painter.drawPixmap(box, picture, QRectF(picture.rect()))
        self._painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)

    def learners(self, shown: Sequence[str], learners: Sequence[str]) -> None:
        """Write whose each row is, by a name that no other learner has, in a few words what it does, and why."""
        font, names = self._plan.font(1.0, bold=True), self._plan.names
        room, high = names[0].width() - 1.3 * QFontMetricsF(font).ascent(), min(each.height() for each in names)
        metrics = QFontMetricsF(font)
        forms = [[form[learner] for learner in shown] for form in names_of(learners)]
        called = next((form for form in forms if widest(metrics, form) <= room), forms[-1])
        font = self._fitting(1.0, called, room, high, bold=True)
        line = QFontMetricsF(font).height()
        for rect, told, learner, name in zip(names, self._plan.told, shown, called, strict=True):
            self._painter.setFont(font)
            top = QRectF(rect.left(), rect.top(), rect.width(), line)
            heading(self._painter, top, learner, [name], self._colours)
            self._plain(QRectF(rect.left(), top.bottom(), rect.width(), rect.bottom() - top.bottom()), learner)
            self.spots.append(Spot(rect.united(told), Place("learner", 0, learner)))

    def told(self, rect: QRectF, texts: Sequence[str]) -> None:
        """Write the longest of these ways to say why that fits; of the last one, smaller if need be."""
        font, flags = self._plan.font(TOLD_SIZE), int(TOP | Qt.TextFlag.TextWordWrap)
        metrics = QFontMetricsF(font)
        self._painter.setPen(QColor(self._colours.text))
        for text in (each.replace(" %", "\N{NO-BREAK SPACE}%") for each in texts):
            needed = metrics.boundingRect(QRectF(0, 0, rect.width(), 1e6), flags, text)
            if needed.height() <= rect.height() + 1 and needed.width() <= rect.width():
                self._painter.setFont(font)
                self._painter.drawText(rect, flags, text)
                return
        self._painter.setFont(sized(font, texts[-1:], rect.width(), rect.height()))
        write(self._painter, rect, texts[-1:])

    def _plain(self, rect: QRectF, learner: str) -> None:
        """Say what a learner does in words of every day, where that has room."""
        method = method_of(learner)
        self._painter.setFont(self._plan.font(0.8))
        flags = int(TOP | Qt.TextFlag.TextWordWrap)
        text = "" if method is None else method.plain
        needed = QFontMetricsF(self._painter.font()).boundingRect(QRectF(0, 0, rect.width(), 1e6), flags, text)
        if text and needed.height() <= rect.height() and needed.width() <= rect.width():
            self._painter.setPen(QColor(self._colours.muted))
            self._painter.drawText(rect, flags, text)

    def _views(self, area: QRectF, view: str, least: float) -> float:
        """Paint the keys to the views from the right on, one that goes to the next where the heading has no room.

        ``least`` is what the pictures and the title need. Return where the keys begin.
        """
        metrics = QFontMetricsF(self._plan.font(0.85, bold=True))
        right, high = area.right(), min(area.height(), 1.35 * metrics.height())
        room = area.width() - least
        names = next((each for each in VIEW_KEYS if sum(map(metrics.horizontalAdvance, each)) + 33 <= room), None)
        top = area.center().y() - high / 2
        if names is None:
            number = (VIEWS.index(view) + 1) % len(VIEWS)
            text = f"{VIEW_KEYS[-1][VIEWS.index(view)]} ▶"
            wide = metrics.horizontalAdvance(text) + 8
            self.key(QRectF(right - wide, top, wide, high), text, Place("view", number=number))
            return right - wide - 3
        for number in reversed(range(len(VIEWS))):
            wide = metrics.horizontalAdvance(names[number]) + 8
            box = QRectF(right - wide, top, wide, high)
            self.key(box, names[number], Place("view", number=number), chosen=VIEWS[number] == view)
            right -= wide + 3
        return right

    def pager(self, first: int, shown: int, count: int) -> None:
        """Paint the key to further learners, where there are some."""
        if shown < count:
            last = min(first + shown, count)
            said = f"{first + 1}-{last}" if shown > 1 else f"{first + 1}"
            self.key(self._plan.pager, f"{said} of {count} ▶", Place("page"))
