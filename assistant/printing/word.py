"""What our Word files share: Chinese faces, one look, tables whose head stands on each page."""

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

FACE, HEAD_FACE = "宋体", "黑体"
QUIET = RGBColor(0x55, 0x55, 0x55)
_PAGE = (21.0, 29.7)


def new_document(sides: float, ends: float, *, across: bool = False) -> Any:
    """An empty A4 document with margins in centimetres."""
    document = Document()
    _without_old_styles(document.part.rels)
    section = document.sections[0]
    width, height = reversed(_PAGE) if across else _PAGE
    if across:
        section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin = section.right_margin = Cm(sides)
    section.top_margin = section.bottom_margin = Cm(ends)
    style = document.styles["Normal"]
    style.font.size = Pt(10.5)
    _faces(style.element.get_or_add_rPr(), FACE)
    style.paragraph_format.space_after = Pt(2)
    return document


def run(paragraph: Any, text: str, size: float = 10.5, *, bold: bool = False) -> Any:
    """Text in a Chinese face; what is bold is a heading's."""
    made = paragraph.add_run(text)
    made.font.size, made.bold = Pt(size), bold
    _faces(made._element.get_or_add_rPr(), HEAD_FACE if bold else FACE)  # noqa: SLF001 - its way
    return made


def centred(document: Any, text: str, size: float, *, bold: bool = False) -> Any:
    """A line in the middle of the page; its run."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return run(paragraph, text, size, bold=bold)


def add_table(
    document: Any,
    heads: Sequence[str],
    rows: Sequence[Sequence[Sequence[str]]],
    widths: Sequence[float],
    size: float,
) -> None:
    """A table of cells of lines; `widths` in centimetres. Its head stands again on each page."""
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.autofit = False
    properties = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no call for it
    properties.append(properties.makeelement(qn("w:tblHeader"), {}))
    _fill(table.rows[0], [[name] for name in heads], widths, size, bold=True)
    for cells in rows:
        _fill(table.add_row(), cells, widths, size, bold=False)


def _fill(
    row: Any, cells: Sequence[Sequence[str]], widths: Sequence[float], size: float, *, bold: bool
) -> None:
    for cell, lines, width in zip(row.cells, cells, widths, strict=True):
        cell.width = Cm(width)
        first, *others = lines or [""]
        run(cell.paragraphs[0], first, size, bold=bold)
        for line in others:
            run(cell.add_paragraph(), line, size, bold=bold)


def _without_old_styles(relations: Any) -> None:
    """python-docx's file has its styles twice, for Word 2010; ours differ from the second."""
    for key in [k for k, one in relations.items() if one.reltype.endswith("/stylesWithEffects")]:
        del relations[key]


def _faces(properties: Any, face: str) -> None:
    """python-docx names the Latin face only; Chinese text needs its own."""
    fonts = properties.get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(kind), face)
