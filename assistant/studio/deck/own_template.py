"""A deck on an office's own template, and in sentences what of it could not be kept.

Layouts are picked by their placeholders, never by name. Our boxes keep our colours, so that text
can be read on any ground; the template gives page, background, title's place and typefaces.
"""

from dataclasses import dataclass
from typing import Any

from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn

from assistant.domain.studio import Deck, SlideKind
from assistant.printing.aigc import AigcLabel
from assistant.studio.deck.fitting import DoesNotFit, fitted
from assistant.studio.deck.frames import Frame
from assistant.studio.deck.laying import pages
from assistant.studio.deck.own_file import EMU, UnusableTemplate, opened, size
from assistant.studio.deck.own_look import differing_look, in_the_way, is_ours, unused
from assistant.studio.deck.pptx_draw import PLACES, Drawer
from assistant.studio.deck.pptx_file import add_notes, blank_slide, describe, finished
from assistant.studio.deck.reading import ground_of
from assistant.studio.deck.shapes import Box
from assistant.studio.deck.theme import FACE, HEX, LEAST_CONTRAST, Colour, contrast

_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_QUIET = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)


@dataclass(frozen=True, slots=True)
class OnTemplate:
    """The file, and every degradation as a sentence."""

    data: bytes
    told: tuple[str, ...]


def render_on_template(
    deck: Deck, template: bytes, label: AigcLabel | None = None, *, labelled: bool = True
) -> OnTemplate:
    """The deck on a template that an office uploaded. Raises UnusableTemplate."""
    presentation, told = opened(template)
    told += _faces(presentation.slide_master)
    content, cover = _layouts(presentation, told)
    frame = _frame(presentation, content, told)
    if not is_ours(presentation):
        told += [*differing_look(presentation), *unused(content, cover)]
    staged = fitted(deck)
    try:
        deck = fitted(staged, (frame,))
        made = pages(deck, frame, labelled=labelled)
    except DoesNotFit as error:
        raise UnusableTemplate("模板可用的版面太小，放不下最小字号的文字。") from error
    if len(deck.slides) != len(staged.slides):
        told.append(f"模板版面较小，分成{len(deck.slides)}页，直播画面是{len(staged.slides)}页。")
    for slide, page in zip(deck.slides, made, strict=True):
        layout = cover if slide.kind is SlideKind.COVER else content
        drawn = blank_slide(presentation, layout)
        Drawer(drawn, page, themed=False, places=_places(layout)).draw()
        add_notes(drawn, slide.notes)
    describe(presentation, deck)
    return OnTemplate(finished(presentation, deck, label, labelled=labelled), tuple(told))


def _faces(master: Any) -> list[str]:
    """Chinese faces in the theme where it has none: without them Chinese is garbled."""
    part = master.part.part_related_by(RT.THEME)
    root = etree.fromstring(part.blob)
    changed = False
    for family in ("major", "minor"):
        for kind in ("ea", "cs"):
            face = root.find(f".//{qn(f'a:{family}Font')}/{qn(f'a:{kind}')}")
            if face is not None and not face.get("typeface"):
                face.set("typeface", FACE)
                changed = True
    if not changed:
        return []
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001
    return [f"模板主题没有写明中文字体，已补为 {FACE}。"]


def _layouts(presentation: Any, told: list[str]) -> tuple[Any, Any]:
    """The layout for content (a title and little else) and the one for the cover."""
    layouts = list(presentation.slide_layouts)
    titled = [layout for layout in layouts if _title(layout) is not None]
    if not titled:
        told.append("模板没有带标题占位符的版式，标题画成文本框。")
        return layouts[-1], layouts[0]
    plain = [one for one in titled if _title(one).placeholder_format.type is _TITLES[0]] or titled
    content = min(plain, key=_others)
    covers = [one for one in titled if _title(one).placeholder_format.type is _TITLES[1]]
    if not covers:
        told.append("模板没有封面版式，封面用了正文的版式。")
    return content, covers[0] if covers else content


def _title(layout: Any) -> Any:
    found = (one for one in layout.placeholders if one.placeholder_format.type in _TITLES)
    return next(found, None)


def _others(layout: Any) -> int:
    """Placeholders besides title, date, footer and number."""
    return sum(
        one.placeholder_format.type not in {*_TITLES, *_QUIET} for one in layout.placeholders
    )


def _places(layout: Any) -> dict[str, str]:
    """The title's placeholder, of the kind that the layout has."""
    title = _title(layout)
    if title is None:
        return {}
    centred = title.placeholder_format.type is PP_PLACEHOLDER.CENTER_TITLE
    place = PLACES["cover" if centred else "title"]
    return {"title": place, "cover": place}


def _frame(presentation: Any, layout: Any, told: list[str]) -> Frame:
    """Where the template lets a title and a body stand."""
    width, height = size(presentation)
    head = _head(layout, width, height, told)
    side = max(24.0, min(head.x, width * 0.08))
    foot = Box(side, height - 54, width - 2 * side, 40)
    top = head.bottom + 12
    body = Box(side, top, width - 2 * side, foot.y - 10 - top)
    if abs(width * 9 - height * 16) > 16:
        told.append("模板不是16:9，版面按模板的页面重排。")
    covered, words = in_the_way(layout, (head, foot), body)
    told += words
    backed = _is_backed(layout, told, covered=covered)
    tall = height > width
    return Frame(width, height, head, body, foot, tall=tall, plain=True, backed=backed)


def _head(layout: Any, width: float, height: float, told: list[str]) -> Box:
    """The title's place, where it is at the top and leaves room; else a place of our own."""
    usual = Box(36, 24, width - 72, 64)
    title = _title(layout)
    if title is None or title.width is None:
        return usual
    box = Box(*(v / EMU for v in (title.left, title.top, title.width, title.height)))
    fits = box.x >= 0 and box.y >= 0 and box.right <= width and box.w >= width / 2
    if fits and box.bottom <= height * 0.36 and box.h >= 34:
        return box
    told.append("模板的标题占位符不在页面上方，标题改放在页面顶部。")
    return usual


def _is_backed(layout: Any, told: list[str], *, covered: bool) -> bool:
    ground = None if covered else ground_of(layout)
    if ground is not None and contrast(HEX[Colour.GREY], ground) >= LEAST_CONTRAST:
        return False
    told.append("模板的背景较深或是图片，标题和页脚加了白底，保证看得清。")
    return True
