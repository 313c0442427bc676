"""The card beside the presenter: question, answer and its clause; or what one may ask."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

from assistant.printing.lettering import Face, block
from assistant.push.safe.ground import cut, mixed
from assistant.push.safe.places import Places, Rect, Theme
from assistant.push.safe.scene import Answer, Basis, Idle, Pictures

_PAD, _GAP, _ROUND = 26, 12, 16
_SHORT = 70
"""Characters of an answer that leaves room for a second clause."""
_SCAN = "扫码看原文"


class Card:
    """Draws one card, from its edges inwards: clause below, question above, the text between."""

    def __init__(self, places: Places, theme: Theme, pictures: Pictures) -> None:
        self._places, self._theme, self._pictures = places, theme, pictures
        self._image = cut(places.size, theme, places.side)
        width, height = self._image.size
        pen = ImageDraw.Draw(self._image)
        pen.rounded_rectangle((0, 0, width - 1, height - 1), _ROUND, fill=theme.paper)
        pen.rounded_rectangle((0, 0, width - 1, 12), 6, fill=theme.accent)
        pen.rectangle((0, 7, width - 1, 16), fill=theme.paper)
        self._room: Rect = (_PAD, 20, width - _PAD, height - 16)

    def drawn(self, shown: Answer | Idle, following: Sequence[str]) -> Image.Image:
        """The picture of it."""
        self._next(following)
        if isinstance(shown, Idle):
            self._idle(shown)
        else:
            most = self._places.sources if len(shown.text) <= _SHORT else 1
            self._basis(shown.basis[:most])
            self._asked(shown)
            self._text(shown)
        return self._image

    def _lower(self, lower: int) -> None:
        self._room = (*self._room[:3], lower)

    def _upper(self, upper: int) -> None:
        self._room = (self._room[0], upper, *self._room[2:])

    def _next(self, following: Sequence[str]) -> None:
        if not following:
            return
        face, pen = self._places.small, ImageDraw.Draw(self._image)
        width, height = self._image.size
        upper = height - face.leading - 14
        tint = mixed(self._theme.accent, self._theme.paper, 0.1)
        pen.rounded_rectangle((0, upper, width - 1, height - 1), _ROUND, fill=tint)
        pen.rectangle((0, upper, width - 1, upper + _ROUND), fill=tint)
        head, bold = "接下来　", Face(face.size, bold=True)
        bold.draw(self._image, (_PAD, upper + 6), head, self._theme.accent)
        room = width - 2 * _PAD - bold.width(head)
        words = clipped("　·　".join(following), room, face, 1)[0]
        face.draw(self._image, (_PAD + bold.width(head), upper + 6), words, self._theme.soft)
        self._lower(upper - 8)

    def _basis(self, shown: Sequence[Basis]) -> None:
        for one in reversed(shown):
            self._lower(self._one_basis(one) - _GAP)

    def _one_basis(self, one: Basis) -> int:
        """From below; gives where it begins."""
        left, _, right, lower = self._room
        code = self._pictures.codes.get(one.code) if one.code else None
        face, bold = self._places.small, Face(self._places.small.size, bold=True)
        width = right - left - (self._places.code + 20 if code else 0)
        where = clipped(f"依据　{one.where}", width, bold, 2)
        quote = clipped(f"“{one.quote}”", width, face, 2) if one.quote else []
        words = bold.leading * len(where) + face.leading * len(quote)
        height = max(words, self._places.code + face.leading if code else 0)
        upper = lower - height
        ImageDraw.Draw(self._image).line((left, upper - 8, right, upper - 8), self._theme.line, 2)
        y = block(
            self._image, (left, upper + (height - words) // 2), where, bold, self._theme.accent
        )
        block(self._image, (left, y), quote, face, self._theme.soft)
        if code:
            self._code(code, right, upper)
        return upper - 8

    def _code(self, code: Image.Image, right: int, upper: int) -> None:
        side, face = self._places.code, Face(self._places.small.size - 2, bold=True)
        scale = max(1, side // code.width)
        size = code.width * scale
        grown = code.resize((size, size), Image.Resampling.NEAREST)
        self._image.paste(grown, (right - side + (side - size) // 2, upper))
        x = right - side / 2 - face.width(_SCAN) / 2
        face.draw(self._image, (x, upper + size), _SCAN, self._theme.ink)

    def _asked(self, shown: Answer) -> None:
        if not shown.question:
            return
        left, upper, right, lower = self._room
        small, theme = self._places.small, self._theme
        size = next((s for s in self._places.question_sizes if self._fits(shown, s)), None)
        face = Face(size or self._places.question_sizes[-1], bold=True)
        who = f"{shown.viewer} 问" if shown.viewer else "网友提问"
        small.draw(self._image, (left + 18, upper), clipped(who, 320, small, 1)[0], theme.soft)
        if shown.asked_by > 1:
            self._many(shown.asked_by, right, upper)
        lines = clipped(shown.question, right - left - 18, face, 2)
        y = block(self._image, (left + 18, upper + small.leading), lines, face, theme.ink)
        ImageDraw.Draw(self._image).rectangle((left, upper + 2, left + 6, y - 2), fill=theme.mark)
        self._upper(min(y + _GAP, lower))

    def _fits(self, shown: Answer, size: int) -> bool:
        width = self._room[2] - self._room[0] - 18
        return len(Face(size, bold=True).lines(shown.question, width)) <= 2

    def _many(self, number: int, right: int, upper: int) -> None:
        face, words = Face(self._places.small.size, bold=True), f"{number} 位网友在问"
        width, theme = face.width(words), self._theme
        place = (right - width - 28, upper - 2, right, upper + face.leading + 2)
        ImageDraw.Draw(self._image).rounded_rectangle(place, 14, fill=theme.mark)
        face.draw(self._image, (right - width - 14, upper), words, theme.mark_ink)

    def _text(self, shown: Answer) -> None:
        """As large as the room allows; what does not fit goes up line by line with the voice."""
        left, upper, right, lower = self._room
        face, lines = self._sized(shown.text, right - left, lower - upper)
        most = max(1, (lower - upper) // face.leading)
        first = round(max(0, len(lines) - most) * shown.share)
        seen = lines[first : first + most]
        alone = not shown.question and not shown.basis
        y = upper + (lower - upper - face.leading * len(seen)) // 2 if alone else upper
        block(self._image, (left, y), seen, face, self._theme.ink)

    def _sized(self, text: str, width: int, height: int) -> tuple[Face, list[str]]:
        for size in self._places.text_sizes:
            face = Face(size)
            lines = face.lines(text, width)
            if face.leading * len(lines) <= height:
                break
        return face, lines

    def _idle(self, shown: Idle) -> None:
        left, upper, right, lower = self._room
        face = Face(self._places.text_sizes[0], bold=True)
        lines = clipped(shown.notice, right - left, face, 3)
        y = block(self._image, (left, upper + 10), lines, face, self._theme.ink) + 18
        if shown.announcement:
            self._announcement(shown.announcement, (left, y, right, lower))
        elif shown.asks:
            self._asks(shown.asks, (left, y, right, lower))

    def _announcement(self, text: str, room: Rect) -> None:
        left, upper, right, lower = room
        face, lines = self._sized(text, right - left - 40, lower - upper - 40)
        lines = lines[: max(1, (lower - upper - 40) // face.leading)]
        tint = mixed(self._theme.mark, self._theme.paper, 0.3)
        place = (left, upper, right, upper + 40 + face.leading * len(lines))
        ImageDraw.Draw(self._image).rounded_rectangle(place, 14, fill=tint)
        block(self._image, (left + 20, upper + 20), lines, face, self._theme.ink)

    def _asks(self, asks: Sequence[str], room: Rect) -> None:
        left, upper, right, lower = room
        small, face = self._places.small, Face(self._places.text_sizes[-1], bold=True)
        Face(small.size, bold=True).draw(
            self._image, (left, upper), "您可以这样问", self._theme.accent
        )
        y, pen = upper + small.leading + 8, ImageDraw.Draw(self._image)
        tint = mixed(self._theme.accent, self._theme.paper, 0.09)
        for words in asks:
            below = y + face.leading + 18
            if below > lower:
                return
            pen.rounded_rectangle((left, y, right, below), 12, fill=tint)
            line = clipped(words, right - left - 36, face, 1)[0]
            face.draw(self._image, (left + 18, y + 9), line, self._theme.ink)
            y = below + 10


def clipped(text: str, width: float, face: Face, most: int) -> list[str]:
    """The text in at most so many lines; "…" where more would follow."""
    lines = face.lines(text, width)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and face.width(last + "…") > width:
        last = last[:-1]
    return [*lines[: most - 1], last + "…"]
