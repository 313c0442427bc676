"""Pieces of PresentationML that python-pptx has no calls for, or writes for Latin text only.

Runs name the theme's faces for Latin, East Asian and complex scripts and say that they are Chinese:
without `a:ea` Chinese text is garbled on some machines (FIELD §3). Lines have a fixed height.
"""

from xml.sax.saxutils import escape, quoteattr

from pptx.oxml import parse_xml
from pptx.oxml.xmlchemy import BaseOxmlElement

from assistant.studio.deck import measure
from assistant.studio.deck.shapes import Box, Inset, Para, is_disc
from assistant.studio.deck.theme import HEX, LANG, Colour

NS = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_EMU = 12_700
_SLOTS = {"dk1": "tx1", "lt1": "bg1", "dk2": "tx2", "lt2": "bg2"}
_ALIGN = {"left": "l", "center": "ctr", "right": "r"}


def emu(points: float) -> int:
    """Office's unit."""
    return round(points * _EMU)


def element(xml: str) -> BaseOxmlElement:
    """An element of XML whose prefixes are a, r and p."""
    head, mark, tail = xml.partition(">")
    if head.endswith("/"):
        head, mark = head[:-1], f"/{mark}"
    made: BaseOxmlElement = parse_xml(f"{head} {NS}{mark}{tail}")
    return made


def fill(colour: Colour | None, *, themed: bool) -> str:
    """A ground, by the theme's slot or as it is (in an office's own template)."""
    if colour is None:
        return "<a:noFill/>"
    if not themed:
        return f'<a:solidFill><a:srgbClr val="{HEX[colour]}"/></a:solidFill>'
    slot = _SLOTS.get(colour.value, colour.value)
    return f'<a:solidFill><a:schemeClr val="{slot}"/></a:solidFill>'


def line(colour: Colour | None, *, themed: bool) -> str:
    """A border."""
    return f'<a:ln w="{emu(1)}">{fill(colour, themed=themed)}</a:ln>' if colour else (
        "<a:ln><a:noFill/></a:ln>"
    )  # fmt: skip


def transform(box: Box, tag: str = "a:xfrm") -> str:
    """Where a shape is."""
    return (
        f'<{tag}><a:off x="{emu(box.x)}" y="{emu(box.y)}"/>'
        f'<a:ext cx="{emu(box.w)}" cy="{emu(box.h)}"/></{tag}>'
    )


def geometry(box: Box, radius: float) -> str:
    """A rectangle, one with round corners, or a disc."""
    if radius <= 0:
        return '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    if is_disc(box, radius):
        return '<a:prstGeom prst="ellipse"><a:avLst/></a:prstGeom>'
    share = min(50_000, round(radius / max(1.0, min(box.w, box.h)) * 100_000))
    guide = f'<a:gd name="adj" fmla="val {share}"/>'
    return f'<a:prstGeom prst="roundRect"><a:avLst>{guide}</a:avLst></a:prstGeom>'


def outline(box: Box, points: tuple[tuple[float, float], ...]) -> str:
    """A polygon inside a box."""
    at = [f'<a:pt x="{emu(x - box.x)}" y="{emu(y - box.y)}"/>' for x, y in points]
    lines = "".join(f"<a:lnTo>{point}</a:lnTo>" for point in at[1:])
    return (
        "<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        '<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
        f'<a:path w="{emu(box.w)}" h="{emu(box.h)}"><a:moveTo>{at[0]}</a:moveTo>{lines}'
        "<a:close/></a:path></a:pathLst></a:custGeom>"
    )


def body(inset: Inset, *, middle: bool, tag: str = "p:txBody", paragraphs: str = "") -> str:
    """A text body that neither shrinks nor grows: it was measured."""
    margins = " ".join(
        f'{name}="{emu(value)}"'
        for name, value in zip(
            ("lIns", "tIns", "rIns", "bIns"),
            (inset.left, inset.top, inset.right, inset.bottom),
            strict=True,
        )
    )
    anchor = "ctr" if middle else "t"
    return (
        f'<{tag}><a:bodyPr wrap="square" {margins} rtlCol="0" anchor="{anchor}"><a:noAutofit/>'
        f"</a:bodyPr><a:lstStyle/>{paragraphs or '<a:p/>'}</{tag}>"
    )


def paragraph(para: Para, *, themed: bool, heading: bool = False, field: str = "") -> str:
    """A paragraph; `field` makes it one that Office fills (a slide's number)."""
    points = round(para.size * measure.LEADING * 100)
    spacing = (
        f'<a:lnSpc><a:spcPts val="{points}"/></a:lnSpc><a:spcBef><a:spcPts val="0"/></a:spcBef>'
    )
    properties = (
        f'<a:pPr marL="0" indent="0" algn="{_ALIGN[para.align]}"'
        f' eaLnBrk="1" hangingPunct="1">{spacing}<a:buNone/></a:pPr>'
    )
    lead, rest = para.text[: para.lead], para.text[para.lead :]
    strong = _properties(para, para.lead_colour, bold=True, themed=themed, heading=heading)
    plain = _properties(para, para.colour, bold=para.bold, themed=themed, heading=heading)
    if field:
        end = plain.replace("a:rPr", "a:endParaRPr")
        text = f"<a:fld {field}>{plain}<a:t>{escape(para.text)}</a:t></a:fld>{end}"
    else:
        text = _runs(lead, strong) + _runs(rest, plain)
    return f"<a:p>{properties}{text}</a:p>"


def _runs(text: str, properties: str) -> str:
    """A run a line: a line end is an element of its own."""
    if not text:
        return ""
    runs = (
        f"<a:r>{properties}<a:t>{escape(part)}</a:t></a:r>" if part else ""
        for part in text.split("\n")
    )
    return f"<a:br>{properties}</a:br>".join(runs)


def _properties(para: Para, colour: Colour, *, bold: bool, themed: bool, heading: bool) -> str:
    face = "mj" if heading else "mn"
    faces = "".join(
        f'<a:{kind} typeface="+{face}-{slot}"/>'
        for kind, slot in (("latin", "lt"), ("ea", "ea"), ("cs", "cs"))
    )
    return (
        f'<a:rPr lang="{LANG}" altLang="en-US" sz="{round(para.size * 100)}" b="{int(bold)}"'
        f' dirty="0">{fill(colour, themed=themed)}{faces}</a:rPr>'
    )


def named(number: int, name: str, description: str = "") -> str:
    """The properties every drawn thing begins with."""
    about = f" descr={quoteattr(description)}" if description else ""
    return f'<p:cNvPr id="{number}" name={quoteattr(name)}{about}/>'
