"""The card as a Word file that an office can change and print."""

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from assistant.printing.qr import qr_png
from assistant.studio.card import TITLE, Card, Fact

FACE = "宋体"
HEAD_FACE = "黑体"
HEADS = ("序号", "材料名称", "原件", "复印件", "形式", "是否必要", "说明")
WIDTHS = (1.1, 5.2, 1.4, 1.6, 2.2, 1.8, 3.7)


def docx_of(card: Card) -> bytes:
    """The card as .docx, without its hidden label (see `printing.marking`)."""
    document = Document()
    _page(document)
    _heading(document, card)
    for fact in card.before:
        _fact(document, fact)
    _materials(document, card)
    for fact in card.after:
        _fact(document, fact)
    _foot(document, card)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(1.8)
    style = document.styles["Normal"]
    style.font.size = Pt(10.5)
    _faces(style.element.get_or_add_rPr(), FACE)
    style.paragraph_format.space_after = Pt(2)


def _faces(properties: Any, face: str) -> None:
    """python-docx names the Latin face only; Chinese text needs its own."""
    fonts = properties.get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(kind), face)


def _run(paragraph: Any, text: str, size: float = 10.5, *, bold: bool = False) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    _faces(run._element.get_or_add_rPr(), HEAD_FACE if bold else FACE)  # noqa: SLF001 - its way
    return run


def _heading(document: Any, card: Card) -> None:
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(title, TITLE, 18, bold=True)
    name = document.add_paragraph()
    name.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(name, card.name, 14, bold=True)
    below = document.add_paragraph()
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(below, f"{card.region}　{card.validity}", 9)


def _fact(document: Any, fact: Fact) -> None:
    first, *others = fact.values
    paragraph = document.add_paragraph()
    _run(paragraph, f"{fact.label}：", bold=True)
    _run(paragraph, first)
    for value in others:
        _run(document.add_paragraph(), value)


def _materials(document: Any, card: Card) -> None:
    _run(document.add_paragraph(), "申请材料：", bold=True)
    if not card.materials:
        _run(document.add_paragraph(), card.materials_line)
        return
    table = document.add_table(rows=1, cols=len(HEADS), style="Table Grid")
    _repeat(table.rows[0])
    _fill(table.rows[0], HEADS, bold=True)
    for row in card.materials:
        cells = (row.number, row.name, row.originals, row.copies, row.form, row.need, row.note)
        _fill(table.add_row(), tuple(map(str, cells)), bold=False)


def _fill(row: Any, texts: tuple[str, ...], *, bold: bool) -> None:
    for cell, text, width in zip(row.cells, texts, WIDTHS, strict=True):
        cell.width = Cm(width)
        _run(cell.paragraphs[0], text, 9, bold=bold)


def _repeat(row: Any) -> None:
    """The head of the table stands again on each page."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no call for it
    properties.append(properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))


def _foot(document: Any, card: Card) -> None:
    code = document.add_paragraph()
    code.alignment = WD_ALIGN_PARAGRAPH.CENTER
    code.add_run().add_picture(io.BytesIO(qr_png(card.link)), width=Cm(3.2))
    words = document.add_paragraph()
    words.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(words, f"{card.link_words}：{card.link}", 9)
    label = document.add_paragraph()
    label.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = _run(label, f"{card.label}（{card.made_on.isoformat()}）", 9)
    run.font.color.rgb = RGBColor(0x55, 0x55, 0x55)
