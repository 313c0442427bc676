"""In what order PowerPoint wants the children of an element (ECMA-376, part 1, the sequences).

PowerPoint offers to repair a file whose elements stand in another order; python-pptx and
LibreOffice say nothing. Only elements that decks hold are listed; of others nothing is said.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

_SHORT = {
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://schemas.openxmlformats.org/presentationml/2006/main": "p",
}
_FILL = "noFill|solidFill|gradFill|blipFill|pattFill|grpFill"
_EFFECT = "effectLst|effectDag"
_COLOUR = "scrgbClr|srgbClr|hslClr|sysClr|schemeClr|prstClr"
_LINE = f"{_FILL} prstDash|custDash round|bevel|miter headEnd tailEnd extLst"
_PARAGRAPH = (
    "lnSpc spcBef spcAft buClrTx|buClr buSzTx|buSzPct|buSzPts buFontTx|buFont"
    " buNone|buAutoNum|buChar|buBlip tabLst defRPr extLst"
)
_RUN = (
    f"ln {_FILL} {_EFFECT} highlight uLnTx|uLn uFillTx|uFill latin ea cs sym"
    " hlinkClick hlinkMouseOver rtl extLst"
)
_BODY = "bodyPr lstStyle p*"
_LEVELS = " ".join(f"lvl{level}pPr" for level in range(1, 10))
_DRAWN = "sp|grpSp|graphicFrame|cxnSp|pic|contentPart*"
_ORDER = {
    "a:bodyPr": "prstTxWarp noAutofit|normAutofit|spAutoFit scene3d sp3d|flatTx extLst",
    "a:br": "rPr",
    "a:custGeom": "avLst gdLst ahLst cxnLst rect pathLst",
    "a:defRPr": _RUN,
    "a:endParaRPr": _RUN,
    "a:fld": "rPr pPr t",
    "a:graphic": "graphicData",
    "a:ln": _LINE,
    "a:lnB": _LINE,
    "a:lnL": _LINE,
    "a:lnR": _LINE,
    "a:lnT": _LINE,
    "a:lstStyle": f"defPPr {_LEVELS} extLst",
    "a:p": "pPr r|br|fld* endParaRPr",
    "a:path": "moveTo|lnTo|arcTo|quadBezTo|cubicBezTo|close*",
    "a:pPr": _PARAGRAPH,
    "a:r": "rPr t",
    "a:rPr": _RUN,
    "a:solidFill": _COLOUR,
    "a:tbl": "tblPr tblGrid tr*",
    "a:tblGrid": "gridCol* extLst",
    "a:tblPr": f"{_FILL} {_EFFECT} tableStyle|tableStyleId extLst",
    "a:tc": "txBody tcPr extLst",
    "a:tcPr": f"lnL lnR lnT lnB lnTlToBr lnBlToTr cell3D {_FILL} headers extLst",
    "a:tr": "tc* extLst",
    "a:txBody": _BODY,
    "a:xfrm": "off ext chOff chExt",
    "p:bg": "bgPr|bgRef",
    "p:bgPr": f"{_FILL} {_EFFECT} extLst",
    "p:blipFill": "blip srcRect tile|stretch",
    "p:cNvCxnSpPr": "cxnSpLocks stCxn endCxn extLst",
    "p:cNvPr": "hlinkClick hlinkHover extLst",
    "p:cNvSpPr": "spLocks extLst",
    "p:cSld": "bg spTree custDataLst controls extLst",
    "p:cxnSp": "nvCxnSpPr spPr style extLst",
    "p:graphicFrame": "nvGraphicFramePr xfrm graphic extLst",
    "p:notes": "cSld clrMapOvr extLst",
    "p:nvCxnSpPr": "cNvPr cNvCxnSpPr nvPr",
    "p:nvPr": "ph audioCd|wavAudioFile|audioFile|videoFile|quickTimeFile custDataLst extLst",
    "p:nvSpPr": "cNvPr cNvSpPr nvPr",
    "p:pic": "nvPicPr blipFill spPr style extLst",
    "p:presentation": (
        "sldMasterIdLst notesMasterIdLst handoutMasterIdLst sldIdLst sldSz notesSz smartTags"
        " embeddedFontLst custShowLst photoAlbum custDataLst kinsoku defaultTextStyle"
        " modifyVerifier extLst"
    ),
    "p:sld": "cSld clrMapOvr transition timing extLst",
    "p:sldLayout": "cSld clrMapOvr transition timing hf extLst",
    "p:sldMaster": "cSld clrMap sldLayoutIdLst transition timing hf txStyles extLst",
    "p:sp": "nvSpPr spPr style txBody extLst",
    "p:spPr": f"xfrm custGeom|prstGeom {_FILL} ln {_EFFECT} scene3d sp3d extLst",
    "p:spTree": f"nvGrpSpPr grpSpPr {_DRAWN} extLst",
    "p:txBody": _BODY,
}
_ORDER |= {f"a:lvl{level}pPr": _PARAGRAPH for level in range(1, 10)}
_PARTS = re.compile(
    r"ppt/(presentation|(slides|slideLayouts|slideMasters|notesSlides|notesMasters)/[^/]+)\.xml"
)


def misplaced(data: bytes) -> Iterator[str]:
    """Every element of a deck that PowerPoint does not expect where it stands."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for name in file.namelist():
            if _PARTS.fullmatch(name):
                for element in fromstring(file.read(name)).iter():
                    yield from (f"{name}: {wrong}" for wrong in _wrong_in(element))


def _wrong_in(element: Element) -> Iterator[str]:
    order = _ORDER.get(_name(element))
    if order is None:
        return
    slots = order.split()
    least = 0
    for child in element:
        name = _name(child).rpartition(":")[2]
        at = _slot(name, slots, least)
        if at is None:
            yield f"{name} in {_name(element)}"
        else:
            least = at if slots[at].endswith("*") else at + 1


def _slot(name: str, slots: list[str], least: int) -> int | None:
    """The slot from `least` on that takes an element."""
    return next(
        (at for at in range(least, len(slots)) if name in slots[at].rstrip("*").split("|")), None
    )


def _name(element: Element) -> str:
    namespace, _, local = str(element.tag)[1:].rpartition("}")
    return f"{_SHORT.get(namespace, '?')}:{local}"
