"""The card as a PDF on A4, and as one tall picture for a phone: one layout, two sizes of paper."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pypdfium2
from fpdf.fonts import FontFace

from assistant.printing.breaking import broken
from assistant.printing.qr import qr_png
from assistant.printing.sheet import GREY, INK, LEADING, RED, SPARE, Sheet
from assistant.studio.card import TITLE, Card, Fact, MaterialRow

BAND = (244, 239, 232)
HEADS = ("序号", "材料名称", "原件", "复印件", "形式", "是否必要", "说明")
WIDTHS = (8, 36, 10, 12, 17, 15, 22)
NARROW_HEADS = ("材料", "原件", "复印件", "要求")
NARROW_WIDTHS = (40, 13, 16, 31)
MATERIALS = "申请材料"
PADDING = 1.0
"""Space in a cell, mm."""
QR_SIDE, CORNER = 30.0, 26.0
PICTURE_WIDTH = 1080
"""Pixels across the picture: a phone's."""
COLOURS = 64
"""Enough for text and its edges; a tenth of the bytes."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet in mm. `size` is that of running text in points; `narrow` fits a phone.

    Values stand `indent` mm beside their labels; 0: below them.
    """

    width: float
    height: float
    margin: float
    size: float
    narrow: bool = False
    indent: float = 0


A4 = Paper(210, 297, 16, 10, indent=27)
PHONE = Paper(100, 4000, 6, 9.5, narrow=True)
"""As tall as need be; cut to what was drawn."""


def pdf_of(card: Card) -> bytes:
    """The card as PDF on A4, its text selectable, without its hidden label."""
    sheet = _drawn(card, A4)
    return sheet.finished()


def png_of(card: Card) -> bytes:
    """The card as one picture, 1080 px across, without its hidden label."""
    trial = _drawn(card, PHONE)
    height = trial.get_y() + PHONE.margin
    trial.let_go()
    pdf = pypdfium2.PdfDocument(_drawn(card, replace(PHONE, height=height)).finished())
    try:
        page = pdf[0]
        image = page.render(scale=PICTURE_WIDTH / page.get_width()).to_pil()
    finally:
        pdf.close()
    made = io.BytesIO()
    image.convert("RGB").quantize(COLOURS).save(made, "PNG", optimize=True)
    return made.getvalue()


def _drawn(card: Card, paper: Paper) -> "_Sheet":
    sheet = _Sheet(paper)
    sheet.head(card)
    for fact in card.before:
        sheet.fact(fact)
    sheet.materials(card)
    for fact in card.after:
        sheet.fact(fact)
    sheet.foot(card)
    return sheet


class _Sheet(Sheet):
    """A card on one kind of paper."""

    def __init__(self, paper: Paper) -> None:
        super().__init__(paper.width, paper.height, paper.margin, endless=paper.narrow)
        self.paper = paper

    def head(self, card: Card) -> None:
        """Title, item, region and dates."""
        size = self.paper.size
        self.set_title(f"{TITLE}：{card.name}")
        if not self.paper.narrow:
            self._corner(card)
        self.set_text_color(*RED)
        self.words(TITLE, size * 1.9, "B", "C")
        self.set_text_color(*INK)
        self.words(card.name, size * 1.4, "B", "C")
        self.set_text_color(*GREY)
        self.words(f"{card.region}　{card.validity}", size * 0.85, "", "C")
        self.set_text_color(*INK)
        self._between(0)
        self.ln(4)

    def fact(self, fact: Fact) -> None:
        """A label with its values: beside them on A4, above them on a phone."""
        size, indent = self.paper.size, self.paper.indent
        if self.will_page_break(size * LEADING * 2):
            self.add_page()
        self.set_text_color(*RED)
        top = self.get_y()
        self.words(fact.label, size, "B")
        self.set_text_color(*(INK if fact.is_stated else GREY))
        if indent:
            self.set_y(top)
        with self._indented(indent):
            for value in fact.values:
                self.words(value, size)
        self.set_text_color(*INK)
        self.ln(1.6)

    def materials(self, card: Card) -> None:
        """The table of materials, or the line in its place."""
        if not card.materials:
            self.fact(Fact(MATERIALS, (card.materials_line,)))
            return
        self.set_text_color(*RED)
        self.words(MATERIALS, self.paper.size, "B")
        self.set_text_color(*INK)
        self._table(card.materials)
        self.ln(1.6)

    def _table(self, materials: Sequence[MaterialRow]) -> None:
        narrow, size = self.paper.narrow, self.paper.size * 0.92
        widths = NARROW_WIDTHS if narrow else WIDTHS
        rows = (
            [NARROW_HEADS, *map(_narrow, materials)] if narrow else [HEADS, *map(_wide, materials)]
        )
        self.set_font("sans", "", size)
        with self.table(
            [self._fitted(row, widths) for row in rows],
            col_widths=widths,
            headings_style=FontFace(emphasis="BOLD", fill_color=BAND),
            line_height=size * LEADING,
            padding=PADDING,
            text_align="LEFT",
        ):
            pass

    def _fitted(self, row: Sequence[str], widths: Sequence[float]) -> list[str]:
        """The cells with their line ends: fpdf knows no Chinese rules for them."""
        share = self.epw / sum(widths)
        room = [share * width - 2 * PADDING - SPARE for width in widths]
        cells = zip(row, room, strict=True)
        return ["\n".join(broken(text, width, self.get_string_width)) for text, width in cells]

    @contextmanager
    def _indented(self, by: float) -> Iterator[None]:
        self.set_left_margin(self.paper.margin + by)
        self.set_x(self.l_margin)
        yield
        self.set_left_margin(self.paper.margin)
        self.set_x(self.l_margin)

    def _corner(self, card: Card) -> None:
        """The QR code at the upper right; the titles keep to the middle."""
        margin = self.paper.margin
        where = self.w - margin - CORNER
        self.image(io.BytesIO(qr_png(card.link)), x=where, y=margin - 5, w=CORNER)
        self.set_xy(where, margin - 5 + CORNER)
        self.set_font("sans", "", self.paper.size * 0.75)
        self.cell(CORNER, 3, card.link_words, align="C")
        self._between(CORNER)
        self.set_y(margin)

    def _between(self, room: float) -> None:
        """Leave so much room free on either side."""
        self.set_left_margin(self.paper.margin + room)
        self.set_right_margin(self.paper.margin + room)
        self.set_x(self.l_margin)

    def foot(self, card: Card) -> None:
        """Where the QR code leads (on a phone: the code itself), and the label."""
        if self.paper.narrow:
            self.image(io.BytesIO(qr_png(card.link)), x=(self.w - QR_SIDE) / 2, w=QR_SIDE)
            self.words(card.link_words, self.paper.size, "B", "C")
        self.set_text_color(*GREY)
        self.words(card.link, self.paper.size * 0.75, "", "C")
        self.words(f"{card.label}（{card.made_on.isoformat()}）", self.paper.size * 0.85, "", "C")


def _wide(one: MaterialRow) -> tuple[str, ...]:
    return (
        str(one.number), one.name, one.originals, one.copies, one.form, one.need, one.note,
    )  # fmt: skip


def _narrow(one: MaterialRow) -> tuple[str, ...]:
    asked = "；".join(part for part in (one.need, one.form, one.note) if part and part != "—")
    return (f"{one.number}. {one.name}", one.originals, one.copies, asked or "—")
