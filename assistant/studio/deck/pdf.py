"""A deck as PDF: the wide pages in our typeface, embedded, the hidden label inside."""

import io
from datetime import UTC, datetime

from fpdf import FPDF
from fpdf.fonts import TTFFont

from assistant.domain.studio import Deck
from assistant.printing import typefaces
from assistant.printing.aigc import AigcLabel
from assistant.printing.marking import marked
from assistant.printing.qr import qr_png
from assistant.studio.deck import measure
from assistant.studio.deck.frames import WIDE
from assistant.studio.deck.laying import laid_out, own_label
from assistant.studio.deck.shapes import (
    Arrow,
    Box,
    Code,
    Drawing,
    Grid,
    Item,
    Page,
    Panel,
    arrow_head,
    cell_fill,
    ends,
    is_disc,
)
from assistant.studio.deck.theme import HEX, LANG, Colour
from assistant.studio.deck.typeset import Line, set_lines

_MADE = datetime(2026, 1, 1, tzinfo=UTC)


def render_pdf(deck: Deck, label: AigcLabel | None = None, *, labelled: bool = True) -> bytes:
    """The deck as PDF. `label` is the hidden one; a deck by a person has none (DOMAIN §3)."""
    sheet = _Sheet(deck)
    for one in laid_out(deck, labelled=labelled):
        sheet.page_of(one.wide)
    data = sheet.finished()
    return marked("pdf", data, label or own_label(deck)) if labelled else data


class _Sheet(FPDF):
    """Pages in points, nothing placed by the library."""

    def __init__(self, deck: Deck) -> None:
        super().__init__(unit="pt", format=(WIDE.width, WIDE.height))
        self.set_auto_page_break(auto=False)
        self.set_margin(0)
        self.c_margin = 0
        self.add_font("sans", "", typefaces.REGULAR)
        self.add_font("sans", "B", typefaces.BOLD)
        if (other := typefaces.fallback()) is not None:
            self.add_font("other", "", other)
            self.set_fallback_fonts(["other"], exact_match=False)
        self.set_lang(LANG)
        self.set_title(deck.title)
        self.set_author(deck.office)
        self.set_creation_date(_MADE)

    def finished(self) -> bytes:
        """The file; the typefaces' files are closed."""
        made = bytes(self.output())
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()
        return made

    def page_of(self, page: Page) -> None:
        """One page with its items."""
        self.add_page()
        self._rect(Box(0, 0, page.width, page.height), page.ground, None, 0)
        for item in page.items:
            self._item(item, page)

    def _item(self, item: Item, page: Page) -> None:
        match item:
            case Panel():
                self._rect(item.box, item.fill, item.line, item.round)
                room = item.box.inside(item.inset)
                for line in set_lines(item.paras, room, middle=item.middle):
                    self._line(line, room)
            case Drawing():
                self.set_fill_color(*_rgb(item.fill))
                self.polygon(item.points, style="F")
            case Grid():
                self._grid(item)
            case Arrow():
                self._arrow(item, page)
            case Code():
                box = item.box
                self.image(io.BytesIO(qr_png(item.link)), box.x, box.y, box.w, box.h)

    def _rect(self, box: Box, fill: Colour | None, line: Colour | None, radius: float) -> None:
        if not (fill or line):
            return
        if fill:
            self.set_fill_color(*_rgb(fill))
        if line:
            self.set_draw_color(*_rgb(line))
            self.set_line_width(1)
        style = f"{'D' if line else ''}{'F' if fill else ''}"
        corners = (box.x, box.y, box.w, box.h)
        if is_disc(box, radius):
            self.ellipse(*corners, style=style)
        else:
            radius = min(radius, box.h / 2 - 0.1)
            self.rect(*corners, style=style, round_corners=radius > 0, corner_radius=radius)

    def _grid(self, grid: Grid) -> None:
        for box, para, row in grid.cells():
            self._rect(box, cell_fill(row), Colour.LINE, 0)
            room = box.inside(grid.inset)
            for line in set_lines((para,), room, middle=True):
                self._line(line, room)

    def _line(self, line: Line, room: Box) -> None:
        """One line from its left edge on, its lead bold."""
        para = line.para
        strong = measure.width(line.text[: line.lead], para.size, bold=True)
        whole = strong + measure.width(line.text[line.lead :], para.size, bold=para.bold)
        spare = {"left": 0.0, "center": (room.w - whole) / 2, "right": room.w - whole}[para.align]
        x = room.x + spare
        self._words(line.text[: line.lead], x, line, para.lead_colour, bold=True)
        self._words(line.text[line.lead :], x + strong, line, para.colour, bold=para.bold)

    def _words(self, text: str, x: float, line: Line, colour: Colour, *, bold: bool) -> None:
        if not text:
            return
        size = line.para.size
        self.set_font("sans", "B" if bold else "", size)
        self.set_text_color(*_rgb(colour))
        # The library sets the baseline of a cell at half its height and 0.3 of the size.
        self.set_xy(x, line.baseline - size * 0.8)
        self.cell(0, size, text)

    def _arrow(self, arrow: Arrow, page: Page) -> None:
        start, end = ends(arrow, page)
        tip, left, right, neck = arrow_head(start, end)
        self.set_draw_color(*_rgb(arrow.colour))
        self.set_fill_color(*_rgb(arrow.colour))
        self.set_line_width(2.5)
        self.line(*start, *neck)
        self.polygon((tip, left, right), style="F")


def _rgb(colour: Colour) -> tuple[int, int, int]:
    value = int(HEX[colour], 16)
    return value >> 16, value >> 8 & 255, value & 255
