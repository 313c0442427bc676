"""What of a template's look a deck on it does not keep, each as a sentence for its office."""

from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn

from assistant.studio.deck.own_file import EMU
from assistant.studio.deck.shapes import Box
from assistant.studio.deck.theme import FACE, HEX, Colour

_USUAL_FACES = frozenset(
    {
        *("Microsoft YaHei", "微软雅黑", "SimSun", "宋体", "SimHei", "黑体", "KaiTi", "楷体"),
        *("FangSong", "仿宋", "DengXian", "等线", "DengXian Light", "等线 Light"),
        *("楷体_GB2312", "仿宋_GB2312", "Arial", "Calibri", "Calibri Light", "Times New Roman"),
        *("Cambria", "Verdana", "Tahoma", "Segoe UI", "Aptos", "Aptos Display"),
    }
)
"""What Windows or Office brings along."""
_FOOT = {
    PP_PLACEHOLDER.DATE: "日期",
    PP_PLACEHOLDER.FOOTER: "页脚",
    PP_PLACEHOLDER.SLIDE_NUMBER: "页码",
}
_FILLED = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_OWN_SLOTS = frozenset(colour.value for colour in Colour)
_WHOLE = 0.85
"""A shape over so much of the page is its ground."""


def is_ours(presentation: Any) -> bool:
    """Whether it has our colours, as a deck has that was made here: then nothing is lost."""
    theme = _theme(presentation.slide_master)
    return _colours(theme) == {slot: HEX[Colour(slot)] for slot in _OWN_SLOTS}


def differing_look(presentation: Any) -> list[str]:
    """Masters, colours and faces that are not used, or not on every machine."""
    told = []
    masters = len(presentation.slide_masters)
    if masters > 1:
        told.append(f"模板有{masters}套母版，只用了第一套。")
    told.append("标题、表格和图形的颜色、字号是课件自己的，没有换成模板的主题色。")
    rare = sorted(_faces(_theme(presentation.slide_master)) - _USUAL_FACES)
    if rare:
        names = "、".join(rare)
        told.append(f"模板用的字体“{names}”不是每台电脑都有，没有的电脑会换成别的字体。")
    return told


def unused(content: Any, cover: Any) -> list[str]:
    """Placeholders that stay empty, of the layouts that are used."""
    told = []
    kinds = [one.placeholder_format.type for one in content.placeholders]
    if any(kind not in {*_FILLED, *_FOOT} for kind in kinds):
        told.append(f"版式“{content.name}”的内容占位符没有用上，正文画成文本框、表格和图形。")
    foot = [name for kind, name in _FOOT.items() if kind in kinds]
    if foot:
        told.append(f"版式里的{'、'.join(foot)}占位符没有用上，单位和页码画在页面底部。")
    others = [one.placeholder_format.type for one in cover.placeholders]
    if cover is not content and any(kind not in {*_FILLED, *_FOOT} for kind in others):
        told.append(f"封面版式“{cover.name}”除标题外的占位符没有用上。")
    return told


def in_the_way(layout: Any, texts: Sequence[Box], body: Box) -> tuple[bool, list[str]]:
    """Whether the template's own shapes lie under our texts, and which of them the body hides."""
    page = layout.slide_master.part.package.presentation_part.presentation
    whole = page.slide_width * page.slide_height / EMU / EMU
    covered, hidden = False, []
    for name, box in _shapes(layout):
        covered |= any(_meets(box, text) for text in texts)
        if box.w * box.h >= _WHOLE * whole:
            covered = True
        elif _meets(box, body):
            hidden.append(name)
    names = "、".join(dict.fromkeys(hidden))
    told = [f"模板上的图形（{names}）和正文区域重叠，会被正文盖住。"] if hidden else []
    return covered, told


def _shapes(layout: Any) -> Iterator[tuple[str, Box]]:
    """What a layout and its master draw that is no placeholder, as far as it is seen."""
    owners = [layout]
    if layout.element.get("showMasterSp", "1") not in {"0", "false"}:
        owners.append(layout.slide_master)
    for owner in owners:
        for shape in owner.shapes:
            sides = (shape.left, shape.top, shape.width, shape.height)
            if not shape.is_placeholder and None not in sides:
                yield shape.name, Box(*(value / EMU for value in sides))


def _meets(one: Box, other: Box) -> bool:
    across = min(one.right, other.right) - max(one.x, other.x)
    down = min(one.bottom, other.bottom) - max(one.y, other.y)
    return across > 2 and down > 2


def _theme(master: Any) -> Any:
    return etree.fromstring(master.part.part_related_by(RT.THEME).blob)


def _colours(theme: Any) -> dict[str, str]:
    """The scheme's colours by slot, those that we have our own for."""
    scheme = theme.find(f".//{qn('a:clrScheme')}")
    return {
        slot: (one[0].get("lastClr") or one[0].get("val") or "").upper()
        for one in (() if scheme is None else scheme)
        if len(one) and (slot := etree.QName(one).localname) in _OWN_SLOTS
    }


def _faces(theme: Any) -> set[str]:
    """Its Latin and Chinese faces for headings and text, but ours."""
    found = {
        face.get("typeface", "")
        for family in ("major", "minor")
        for kind in ("latin", "ea")
        if (face := theme.find(f".//{qn(f'a:{family}Font')}/{qn(f'a:{kind}')}")) is not None
    }
    return found - {"", FACE}
