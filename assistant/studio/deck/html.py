"""A deck as markup for the stage: each slide drawn wide and tall, the fitting one shown.

Drawings with attributes only, without script or style of their own, so that the stage's content
policy allows them; `STYLE` are the rules that choose between the two (`static/slides.css`).
Lines stand where they were measured: what was approved is what is shown.
"""

from collections.abc import Iterator
from html import escape

import segno

from assistant.domain.studio import Deck
from assistant.studio.deck.laying import Laid, laid_out
from assistant.studio.deck.shapes import (
    Arrow,
    Box,
    Code,
    Drawing,
    Grid,
    Item,
    Page,
    Panel,
    Para,
    arrow_head,
    cell_fill,
    ends,
)
from assistant.studio.deck.theme import HEX, LANG, Colour
from assistant.studio.deck.typeset import Line, set_lines

FACES = (
    "'Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',"
    "system-ui,sans-serif"
)
STYLE = (
    ".deck-slide{display:block;width:100%;height:100%;container-type:size}"
    ".deck-slide>svg{display:block;width:100%;height:100%}"
    ".deck-slide>.deck-tall{display:none}"
    "@container (max-aspect-ratio:1/1){.deck-slide>.deck-wide{display:none}"
    ".deck-slide>.deck-tall{display:block}}"
)
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}


def render_html(deck: Deck, *, labelled: bool = True) -> list[str]:
    """Each slide as markup that shows itself anywhere: with its rules."""
    return [f"<style>{STYLE}</style>{one}" for one in slide_markup(deck, labelled=labelled)]


def slide_markup(deck: Deck, *, labelled: bool = True) -> list[str]:
    """Each slide as markup for a page that has the rules in its style sheet."""
    return [markup(one) for one in laid_out(deck, labelled=labelled)]


def markup(laid: Laid) -> str:
    """One laid-out slide."""
    slide = laid.slide
    return (
        f'<section class="deck-slide" lang="{LANG}" data-slide="{escape(slide.id)}"'
        f' aria-label="{escape(slide.title)}">'
        f"{_svg(laid.wide, 'deck-wide')}{_svg(laid.tall, 'deck-tall')}</section>"
    )


def _svg(page: Page, name: str) -> str:
    drawn = "".join(part for item in page.items for part in _item(item, page))
    return (
        f'<svg class="{name}" xmlns="http://www.w3.org/2000/svg" font-family="{FACES}"'
        f' viewBox="0 0 {page.width:g} {page.height:g}" preserveAspectRatio="xMidYMid meet">'
        f'<rect width="{page.width:g}" height="{page.height:g}" fill="{_hex(page.ground)}"/>'
        f"{drawn}</svg>"
    )


def _item(item: Item, page: Page) -> Iterator[str]:
    match item:
        case Panel():
            yield from _panel(item)
        case Drawing():
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in item.points)
            yield f'<polygon points="{points}" fill="{_hex(item.fill)}"/>'
        case Arrow():
            yield _arrow(item, page)
        case Grid():
            yield from _grid(item)
        case Code():
            yield _code(item)


def _panel(panel: Panel) -> Iterator[str]:
    if panel.fill or panel.line:
        yield _rect(panel.box, panel.fill, panel.line, panel.round)
    room = panel.box.inside(panel.inset)
    yield from _paragraphs(set_lines(panel.paras, room, middle=panel.middle), panel.role)


def _rect(box: Box, fill: Colour | None, line: Colour | None, radius: float) -> str:
    border = f' stroke="{_hex(line)}" stroke-width="1.2"' if line else ""
    ground = _hex(fill) if fill else "none"
    return (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.w:.1f}" height="{box.h:.1f}"'
        f' rx="{min(radius, box.h / 2):.1f}" fill="{ground}"{border}/>'
    )


def _paragraphs(lines: Iterator[Line], role: str) -> Iterator[str]:
    """One text element a paragraph, one span a line."""
    para: Para | None = None
    for line in lines:
        if line.para is not para:
            if para is not None:
                yield "</text>"
            para = line.para
            yield (
                f'<text data-role="{role}" font-size="{para.size:g}" fill="{_hex(para.colour)}"'
                f' text-anchor="{_ANCHORS[para.align]}"{_weight(bold=para.bold)}>'
            )
        yield _span(line)
    if para is not None:
        yield "</text>"


def _span(line: Line) -> str:
    strong, rest = escape(line.text[: line.lead]), escape(line.text[line.lead :])
    if strong:
        colour = _hex(line.para.lead_colour)
        strong = f'<tspan{_weight(bold=True)} fill="{colour}">{strong}</tspan>'
    return f'<tspan x="{line.x:.1f}" y="{line.baseline:.1f}">{strong}{rest}</tspan>'


def _weight(*, bold: bool) -> str:
    return ' font-weight="700"' if bold else ""


def _grid(grid: Grid) -> Iterator[str]:
    for box, para, row in grid.cells():
        yield _rect(box, cell_fill(row), Colour.LINE, 0)
        yield from _paragraphs(set_lines((para,), box.inside(grid.inset), middle=True), "cell")


def _arrow(arrow: Arrow, page: Page) -> str:
    start, end = ends(arrow, page)
    *corners, neck = arrow_head(start, end)
    colour = _hex(arrow.colour)
    head = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{neck[0]:.1f}" y2="{neck[1]:.1f}"'
        f' stroke="{colour}" stroke-width="2.5"/><polygon points="{head}" fill="{colour}"/>'
    )


def _code(code: Code) -> str:
    """The code's dark squares as one outline on white."""
    made = segno.make(code.link, error="m", micro=False)
    rows = list(made.matrix_iter(border=4))
    scale = code.box.w / len(rows)
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return (
        f'{_rect(code.box, Colour.WHITE, None, 0)}<path d="{path}" fill="#000"'
        f' shape-rendering="crispEdges"'
        f' transform="translate({code.box.x:.1f} {code.box.y:.1f}) scale({scale:.4f})"/>'
    )


def _hex(colour: Colour) -> str:
    return f"#{HEX[colour]}"
