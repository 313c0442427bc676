"""Our own template, made by code: 16:9, our colours, Chinese faces in the theme, two layouts.

python-pptx begins from a 4:3 file with English layouts; all of its look is replaced here.
"""

from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.util import Pt

from assistant.studio.deck.frames import WIDE
from assistant.studio.deck.pptx_xml import element, transform
from assistant.studio.deck.shapes import Box
from assistant.studio.deck.theme import FACE, HEX, LANG, Colour

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
NAME = "政务直播"
COVER, CONTENT = 0, 1
"""Places of the two layouts."""


def own_template() -> Any:
    """A presentation without slides."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Pt(WIDE.width), Pt(WIDE.height)
    _without_thumbnail(presentation)
    layouts = presentation.slide_layouts
    for layout in list(layouts)[1:5] + list(layouts)[6:]:
        layouts.remove(layout)
    master = presentation.slide_master
    _theme(master)
    _tree(master.element, "bg1", _master_shapes())
    _language(master.element)
    _language(presentation.element)
    _layout(layouts[COVER], "封面", "tx2", _cover_shapes())
    _layout(layouts[CONTENT], "标题与内容", "bg2", _content_shapes())
    return presentation


def _without_thumbnail(presentation: Any) -> None:
    package = presentation.part.package
    for key, relation in list(package._rels.items()):  # noqa: SLF001 - no call for it
        if relation.reltype == RT.THUMBNAIL:
            package._rels.pop(key)  # noqa: SLF001


def _theme(master: Any) -> None:
    """Colours and faces of the master's theme part, which python-pptx keeps as bytes."""
    part = master.part.part_related_by(RT.THEME)
    root = etree.fromstring(part.blob)
    root.set("name", NAME)
    scheme = root.find(f".//{_A}clrScheme")
    scheme.set("name", NAME)
    colours = {colour.value: HEX[colour] for colour in Colour}
    colours |= {"hlink": HEX[Colour.BLUE], "folHlink": HEX[Colour.GREY]}
    for slot in scheme:
        for child in list(slot):
            slot.remove(child)
        etree.SubElement(slot, f"{_A}srgbClr", val=colours[etree.QName(slot).localname])
    faces = root.find(f".//{_A}fontScheme")
    faces.set("name", NAME)
    for family in (faces.find(f"{_A}majorFont"), faces.find(f"{_A}minorFont")):
        for kind in ("latin", "ea", "cs"):
            family.find(f"{_A}{kind}").set("typeface", FACE)
        hans = [font for font in family.iter(f"{_A}font") if font.get("script") == "Hans"]
        for font in hans:
            font.set("typeface", FACE)
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001


def _language(root: Any) -> None:
    """Default text is Chinese."""
    for properties in root.iter(f"{_A}defRPr"):
        properties.set("lang", LANG)
        properties.set("altLang", "en-US")


def _tree(root: Any, ground: str, shapes: str) -> None:
    """Replace the background and everything drawn of a master or layout."""
    common = root.find(f"{_P}cSld")
    for old in common.findall(f"{_P}bg"):
        common.remove(old)
    colour = f'<a:solidFill><a:schemeClr val="{ground}"/></a:solidFill>'
    common.insert(0, element(f"<p:bg><p:bgPr>{colour}<a:effectLst/></p:bgPr></p:bg>"))
    tree = common.find(f"{_P}spTree")
    for old in list(tree)[2:]:
        tree.remove(old)
    for shape in list(element(f"<p:spTree>{shapes}</p:spTree>")):
        tree.append(shape)


def _layout(layout: Any, name: str, ground: str, shapes: str) -> None:
    layout.element.find(f"{_P}cSld").set("name", name)
    _tree(layout.element, ground, shapes)


def _place(number: int, name: str, kind: str, box: Box, size: int, colour: str = "tx2") -> str:
    """A placeholder with its size and colour."""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/>'
        f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr>'
        f"<p:spPr>{transform(box)}"
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f'<p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"><a:normAutofit/>'
        f'</a:bodyPr><a:lstStyle><a:lvl1pPr algn="l"><a:buNone/><a:defRPr lang="{LANG}"'
        f' sz="{size * 100}"><a:solidFill><a:schemeClr val="{colour}"/></a:solidFill></a:defRPr>'
        f'</a:lvl1pPr></a:lstStyle><a:p><a:r><a:rPr lang="{LANG}"/><a:t>{name}</a:t></a:r></a:p>'
        "</p:txBody></p:sp>"
    )


_FOOT = WIDE.foot
_TITLE = Box(WIDE.head.x + 60, WIDE.head.y, WIDE.head.w - 60, 46)


def _master_shapes() -> str:
    return (
        _place(2, "标题", 'type="title"', _TITLE, 36)
        + _place(3, "正文", 'type="body" idx="1"', WIDE.body.below(62), 24, "tx1")
        + _footers("tx1")
    )


def _footers(colour: str) -> str:
    office = Box(_FOOT.x, _FOOT.y, 480, _FOOT.h)
    number = Box(_FOOT.right - 200, _FOOT.y, 60, _FOOT.h)
    return _place(5, "单位", 'type="ftr" sz="quarter" idx="3"', office, 18, colour) + _place(
        6, "页码", 'type="sldNum" sz="quarter" idx="4"', number, 18, colour
    )


def _content_shapes() -> str:
    return _place(2, "标题", 'type="title"', _TITLE, 36) + _footers("tx1")


def _cover_shapes() -> str:
    column = Box(60, 150, 708, 130)
    return _place(2, "标题", 'type="ctrTitle"', column, 48, "bg1") + _place(
        3, "副标题", 'type="subTitle" idx="1"', Box(60, 300, 708, 120), 24, "bg1"
    )
