"""Draws a laid-out page on a slide of native shapes: text, tables, connectors, pictures."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pptx.enum.shapes import MSO_CONNECTOR
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn
from pptx.util import Pt

from assistant.printing.qr import qr_png
from assistant.studio.deck import measure
from assistant.studio.deck.pptx_xml import (
    body,
    element,
    emu,
    fill,
    geometry,
    line,
    named,
    outline,
    paragraph,
    transform,
)
from assistant.studio.deck.shapes import (
    Arrow,
    Box,
    Code,
    Drawing,
    Grid,
    Inset,
    Item,
    Page,
    Panel,
    Para,
    cell_fill,
    ends,
)
from assistant.studio.deck.theme import Colour

_ROLES = {
    "title": "标题",
    "body": "内容",
    "badge": "标记",
    "foot": "页脚",
    "ground": "底色",
    "label": "AI标识",
}


class Drawer:
    """Draws on one slide. `themed`: colours are the theme's slots, which is only so in ours.

    `places` are the placeholders of the slide's layout that are filled, by the panel's name.
    """

    def __init__(
        self, slide: Any, page: Page, *, themed: bool, places: Mapping[str, str] | None = None
    ) -> None:
        self._slide = slide
        self._page = page
        self._themed = themed
        self._tree = slide.shapes._spTree  # noqa: SLF001 - shapes of our own go there
        self._named: dict[str, int] = {}
        self._places = PLACES if places is None else places

    def draw(self) -> None:
        """Every item, from back to front."""
        for item in self._page.items:
            self._draw(item)

    def _draw(self, item: Item) -> None:
        match item:
            case Panel():
                self._panel(item)
            case Drawing():
                self._drawing(item)
            case Grid():
                self._grid(item)
            case Arrow():
                self._arrow(item)
            case Code():
                self._code(item)

    def _number(self) -> int:
        """An id that no shape of the slide has."""
        return max((int(one) for one in self._tree.xpath("//@id") if one.isdigit()), default=1) + 1

    def _panel(self, panel: Panel) -> None:
        text = "".join(
            paragraph(
                para,
                themed=self._themed,
                heading=panel.role == "title",
                field='id="{5C7B1E0A-3F5D-4E53-9A5B-6D1F0B0C2A11}" type="slidenum"'
                if panel.name == "number"
                else "",
            )
            for para in panel.paras
        )
        number = self._number()
        if panel.name:
            self._named[panel.name] = number
        place = self._places.get(panel.name, "")
        name = f"{_ROLES[panel.role]} {number}"
        kind = ' txBox="1"' if panel.paras and not panel.fill and not place else ""
        properties = f"<p:cNvSpPr{kind}/><p:nvPr>{place}</p:nvPr>"
        ground = fill(panel.fill, themed=self._themed) + line(panel.line, themed=self._themed)
        inset = _narrowed(panel.box, panel.inset, panel.paras)
        made = element(
            f"<p:sp><p:nvSpPr>{named(number, name)}{properties}</p:nvSpPr>"
            f"<p:spPr>{transform(panel.box)}{geometry(panel.box, panel.round)}{ground}</p:spPr>"
            f"{body(inset, middle=panel.middle, paragraphs=text)}</p:sp>"
        )
        self._link(made, panel.link)
        self._tree.append(made)

    def _link(self, made: Any, link: str) -> None:
        if not link.lower().startswith(("http://", "https://")):
            return
        relation = self._slide.part.relate_to(link, RT.HYPERLINK, is_external=True)
        properties = made.find(f"{qn('p:nvSpPr')}/{qn('p:cNvPr')}")
        properties.append(element(f'<a:hlinkClick r:id="{relation}"/>'))

    def _drawing(self, drawing: Drawing) -> None:
        xs, ys = zip(*drawing.points, strict=True)
        box = Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
        number = self._number()
        ground = fill(drawing.fill, themed=self._themed) + line(None, themed=self._themed)
        self._tree.append(
            element(
                f"<p:sp><p:nvSpPr>{named(number, f'图形 {number}')}<p:cNvSpPr/><p:nvPr/></p:nvSpPr>"
                f"<p:spPr>{transform(box)}{outline(box, drawing.points)}{ground}</p:spPr>"
                f"{body(Inset(), middle=False)}</p:sp>"
            )
        )

    def _grid(self, grid: Grid) -> None:
        rows, columns = len(grid.rows), len(grid.widths)
        box = grid.box
        frame = self._slide.shapes.add_table(
            rows, columns, Pt(box.x), Pt(box.y), Pt(box.w), Pt(box.h)
        )
        frame.name = f"表格 {frame.shape_id}"
        table = frame.table
        for column, width in zip(table.columns, grid.widths, strict=True):
            column.width = emu(width)
        for row, height in zip(table.rows, grid.heights, strict=True):
            row.height = emu(height)
        cells = (cell for row in table.rows for cell in row.cells)
        for cell, (_, para, at) in zip(cells, grid.cells(), strict=True):
            self._cell(cell, paragraph(para, themed=self._themed), at, grid.inset)

    def _cell(self, cell: Any, text: str, row: int, inset: Inset) -> None:
        ground = cell_fill(row)
        tc = cell._tc  # noqa: SLF001 - borders have no calls
        for child in list(tc):
            tc.remove(child)
        tc.append(element("<a:txBody><a:bodyPr/><a:lstStyle/>" + text + "</a:txBody>"))
        rule = fill(Colour.LINE, themed=self._themed)
        borders = "".join(f'<a:{side} w="{emu(1)}">{rule}</a:{side}>' for side in _SIDES)
        margins = (
            f'marL="{emu(inset.left)}" marR="{emu(inset.right)}"'
            f' marT="{emu(inset.top)}" marB="{emu(inset.bottom)}"'
        )
        colour = fill(ground, themed=self._themed)
        tc.append(element(f'<a:tcPr {margins} anchor="ctr">{borders}{colour}</a:tcPr>'))

    def _arrow(self, arrow: Arrow) -> None:
        (x1, y1), (x2, y2) = ends(arrow, self._page)
        made = self._slide.shapes.add_connector(
            MSO_CONNECTOR.STRAIGHT, Pt(x1), Pt(y1), Pt(x2), Pt(y2)
        )
        made.name = f"箭头 {made.shape_id}"
        properties = made._element.find(qn("p:nvCxnSpPr")).find(qn("p:cNvCxnSpPr"))  # noqa: SLF001
        for tag, name, side in self._joints(arrow):
            properties.append(element(f'<a:{tag} id="{self._named[name]}" idx="{side}"/>'))
        self._stroke(made, arrow.colour)

    @staticmethod
    def _joints(arrow: Arrow) -> Iterator[tuple[str, str, int]]:
        yield "stCxn", arrow.start, arrow.start_side
        yield "endCxn", arrow.end, arrow.end_side

    def _stroke(self, made: Any, colour: Colour) -> None:
        root = made._element  # noqa: SLF001
        if (style := root.find(qn("p:style"))) is not None:
            root.remove(style)
        rule = fill(colour, themed=self._themed)
        root.find(qn("p:spPr")).append(
            element(f'<a:ln w="{emu(2.5)}">{rule}<a:tailEnd type="triangle"/></a:ln>')
        )

    def _code(self, code: Code) -> None:
        box = code.box
        picture = self._slide.shapes.add_picture(
            io.BytesIO(qr_png(code.link)), Pt(box.x), Pt(box.y), Pt(box.w), Pt(box.h)
        )
        picture.name = f"二维码 {picture.shape_id}"
        picture._element.nvPicPr.cNvPr.set("descr", f"二维码：{code.link}")  # noqa: SLF001


_SIDES = ("lnL", "lnR", "lnT", "lnB")


def _narrowed(box: Box, inset: Inset, paras: Sequence[Para]) -> Inset:
    """Margins within which lines break as on the stage."""
    room = box.inside(inset)
    by = measure.drawn_in(paras, room.w, room.h)
    share = {"left": 0.0, "center": 0.5, "right": 1.0}[paras[0].align if paras else "left"]
    return replace(inset, left=inset.left + by * share, right=inset.right + by * (1 - share))


PLACES = {
    "title": '<p:ph type="title"/>',
    "cover": '<p:ph type="ctrTitle"/>',
    "subtitle": '<p:ph type="subTitle" idx="1"/>',
    "office": '<p:ph type="ftr" sz="quarter" idx="3"/>',
    "number": '<p:ph type="sldNum" sz="quarter" idx="4"/>',
}
