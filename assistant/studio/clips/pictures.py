"""The pictures of a clip: cover, lines with what is said now, last card with the QR code."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from assistant.domain.clips import ClipShape
from assistant.domain.studio import Clip
from assistant.printing.lettering import Face, block, filling, fitted
from assistant.printing.qr import qr_png
from assistant.studio.clips.look import (
    BLUE,
    GLOW,
    GREY,
    INK,
    LAYOUTS,
    LINE,
    NAVY,
    PALE,
    ROUND,
    WHITE,
    captioned,
    ground,
    put_host,
    put_office,
)

SIZES = (42, 38, 34, 30)
"""Of the lines, from the largest; what does not fit at the least goes on to a further card."""
QUESTION_SIZES = (46, 42, 38, 34, 30, 26, 22, 20)
_PAD, _GAP = 28, 14
_AFTER_CODE = "扫码看办事指南"
_NO_CODE = "请以办事指南为准"


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence on the card: its number in the clip, its lines, where it stands."""

    number: int
    lines: tuple[str, ...]
    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Card:
    """A card's rows in one size."""

    face: Face
    rows: tuple[Row, ...]


class Pictures:
    """Draws one clip. `who` is the presenter, "" for none."""

    def __init__(self, clip: Clip, office: str, shape: ClipShape, who: str = "woman") -> None:
        self._clip = clip
        self._office = office
        self._layout = LAYOUTS[shape]
        self._who = who
        self._cards = cards(self._body(), self._layout.card)
        self._end: Image.Image | None = None

    def cover(self, caption: str = "") -> Image.Image:
        """The opening frame: the question and whose clip it is."""
        image = ground(self._layout, NAVY)
        left, upper, right, lower = self._layout.cover
        face, lines = fitted(self._clip.question, right - left, 5, (76, 68, 60, 52, 46, 40))
        y = block(image, (left, upper), lines, face, WHITE) + 20
        ImageDraw.Draw(image).rectangle((left, y, left + 96, y + 6), fill=LINE)
        put_office(image, self._office, (left, min(y + 26, lower)), right - left, LINE)
        if self._who:
            put_host(image, self._who, self._layout.cover_host)
        return captioned(image, self._layout, caption)

    def body(self, now: int, caption: str) -> Image.Image:
        """The card that holds a sentence, which stands out."""
        image = ground(self._layout, PALE)
        room = self._layout.question
        face, lines = filling(self._clip.question, room, QUESTION_SIZES)
        block(image, room[:2], lines, face, NAVY)
        if self._who:
            put_host(image, self._who, self._layout.host)
        self._put_card(image, now)
        self._put_name(image)
        return captioned(image, self._layout, caption)

    def end(self, caption: str) -> Image.Image:
        """The last card: the link as a QR code, or where to look without one."""
        if self._end is None:
            self._end = self._last_card()
        return captioned(self._end, self._layout, caption)

    def _body(self) -> list[tuple[int, str]]:
        return [(n, one.text) for n, one in enumerate(self._clip.sentences) if n > 0]

    def _put_card(self, image: Image.Image, now: int) -> None:
        card = next((c for c in self._cards if any(r.number == now for r in c.rows)), None)
        pen = ImageDraw.Draw(image)
        pen.rounded_rectangle(self._layout.card, ROUND, fill=WHITE, outline=LINE, width=2)
        for row in card.rows if card else ():
            self._put_row(image, row, card.face if card else Face(SIZES[-1]), now)

    def _put_row(self, image: Image.Image, row: Row, face: Face, now: int) -> None:
        left, _, right, _ = self._layout.card
        is_now, pen = row.number == now, ImageDraw.Draw(image)
        if is_now:
            place = (left + 10, row.top - 6, right - 10, row.bottom + 6)
            pen.rounded_rectangle(place, 10, fill=GLOW)
            pen.rounded_rectangle((left + 10, row.top - 6, left + 18, row.bottom + 6), 4, fill=BLUE)
        own = Face(face.size, bold=is_now)
        block(image, (left + _PAD, row.top), row.lines, own, INK if row.number <= now else GREY)

    def _put_name(self, image: Image.Image) -> None:
        """Whose clip it is: beside the presenter, where that stands below the card."""
        left, _, _, lower = self._layout.card
        host = self._layout.host
        if host[1] >= lower:
            put_office(image, self._office, (left + 8, lower + 40), host[0] - left - 24, GREY)

    def _last_card(self) -> Image.Image:
        image = ground(self._layout, NAVY)
        left, upper, right, _ = self._layout.cover
        face, lines = fitted(self._clip.question, right - left, 3, (56, 50, 44, 38, 32))
        block(image, (left, upper), lines, face, WHITE)
        x, y, width = self._layout.after_code[0], self._layout.after_code[1], right - left
        words = Face(44, bold=True)
        if self._clip.link:
            self._put_code(image)
        said = _AFTER_CODE if self._clip.link else _NO_CODE
        words.draw(image, (x, y), said, WHITE)
        put_office(image, self._office, (x, y + words.leading + 10), width, LINE)
        return image

    def _put_code(self, image: Image.Image) -> None:
        left, upper, right, lower = self._layout.code
        with Image.open(io.BytesIO(qr_png(self._clip.link, 1))) as read:
            plain = read.convert("RGB")
        scale = max(1, (right - left) // plain.width)
        code = plain.resize((plain.width * scale, plain.height * scale), Image.Resampling.NEAREST)
        x = left + (right - left - code.width) // 2
        image.paste(code, (x, upper + (lower - upper - code.height) // 2))


def cards(sentences: Sequence[tuple[int, str]], room: tuple[int, int, int, int]) -> list[Card]:
    """The sentences on one card in the largest size that holds them, else on several."""
    height = room[3] - room[1] - 2 * _PAD
    for size in SIZES:
        rows = _rows(sentences, size, room)
        if not rows or rows[-1].bottom - room[1] - _PAD <= height:
            return [Card(Face(size), tuple(rows))]
    return [Card(Face(SIZES[-1]), tuple(rows)) for rows in _divided(sentences, room)]


def _rows(
    sentences: Sequence[tuple[int, str]], size: int, room: tuple[int, int, int, int]
) -> list[Row]:
    face, y, rows = Face(size), room[1] + _PAD, list[Row]()
    for number, text in sentences:
        lines = tuple(face.lines(text, room[2] - room[0] - 2 * _PAD))
        bottom = y + face.leading * len(lines)
        rows.append(Row(number, lines, y, bottom))
        y = bottom + _GAP
    return rows


def _divided(
    sentences: Sequence[tuple[int, str]], room: tuple[int, int, int, int]
) -> Iterator[list[Row]]:
    """Full cards in the least size; a sentence stays whole."""
    waiting = list(sentences)
    while waiting:
        rows = _rows(waiting, SIZES[-1], room)
        fit = [row for row in rows if row.bottom <= room[3] - _PAD] or rows[:1]
        yield fit
        waiting = waiting[len(fit) :]
