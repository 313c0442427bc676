"""A PPTX file as boxes with text and colours, by nothing but the file: what a check looks at."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn

from assistant.studio.deck.shapes import Box, Inset

_EMU = 12_700
_MAPPED = {"tx1": "dk1", "bg1": "lt1", "tx2": "dk2", "bg2": "lt2"}
_DEFAULT_INSET = Inset(7.2, 3.6, 7.2, 3.6)


@dataclass(frozen=True, slots=True)
class Run:
    """A run: colour as RRGGBB, None where it is inherited; `faces` are a:latin, a:ea, a:cs."""

    text: str
    size: float | None
    bold: bool
    colour: str | None
    faces: tuple[str, ...]
    lang: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A shape, picture or table cell. `box` is in points; `kind` shape, picture, cell or line."""

    name: str
    kind: str
    box: Box
    inset: Inset
    paragraphs: tuple[tuple[Run, ...], ...]
    fill: str | None
    middle: bool
    is_placeholder: bool = False

    @property
    def text(self) -> str:
        """Its text, a line each paragraph."""
        return "\n".join("".join(run.text for run in runs) for runs in self.paragraphs)


@dataclass(frozen=True, slots=True)
class ReadSlide:
    """A slide: what it shows, from back to front, its ground and its notes."""

    number: int
    shown: tuple[Shown, ...]
    ground: str | None
    notes: str


@dataclass(frozen=True, slots=True)
class ReadDeck:
    """A file: size in points, slides, and the theme's faces by kind."""

    width: float
    height: float
    slides: tuple[ReadSlide, ...]
    faces: dict[str, str]


def read(data: bytes) -> ReadDeck:
    """The deck in a file."""
    presentation = Presentation(io.BytesIO(data))
    theme = _theme(presentation.slide_master)
    reader = _Reader(theme)
    slides = tuple(reader.slide(n, slide) for n, slide in enumerate(presentation.slides, start=1))
    size = ((presentation.slide_width or 0) / _EMU, (presentation.slide_height or 0) / _EMU)
    return ReadDeck(*size, slides, _faces(theme))


def ground_of(layout: Any) -> str | None:
    """The plain colour behind a layout's slides; None where it is a picture or not stated."""
    master = layout.slide_master
    return _Reader(_theme(master)).ground((layout, master))


def _theme(master: Any) -> Any:
    return etree.fromstring(master.part.part_related_by(RT.THEME).blob)


def _faces(theme: Any) -> dict[str, str]:
    return {
        f"{family}.{kind}": theme.find(f".//{qn(f'a:{family}Font')}/{qn(f'a:{kind}')}").get(
            "typeface"
        )
        for family in ("major", "minor")
        for kind in ("latin", "ea", "cs")
    }


class _Reader:
    """Reads shapes with the colours of one theme."""

    def __init__(self, theme: Any) -> None:
        self._slots: dict[str, str] = {
            etree.QName(slot).localname: slot[0].get("lastClr") or slot[0].get("val")
            for slot in theme.find(f".//{qn('a:clrScheme')}")
        }

    def slide(self, number: int, slide: Any) -> ReadSlide:
        notes = slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""
        shown = tuple(one for shape in slide.shapes for one in self._shape(shape))
        return ReadSlide(number, shown, self._ground(slide), notes)

    def _ground(self, slide: Any) -> str | None:
        """The colour of the slide, else of its layout, else of its master."""
        layout = slide.slide_layout
        return self.ground((slide, layout, layout.slide_master))

    def ground(self, owners: Sequence[Any]) -> str | None:
        """The plain colour of the first that has a background; None where it is none."""
        for owner in owners:
            if (ground := owner.element.find(f".//{qn('p:bg')}")) is None:
                continue
            plain = ground.find(f"{qn('p:bgPr')}/{qn('a:solidFill')}")
            return self._colour(plain if plain is not None else ground.find(qn("p:bgRef")))
        return None

    def _shape(self, shape: Any) -> Iterator[Shown]:
        box = Box(*(value / _EMU for value in (shape.left, shape.top, shape.width, shape.height)))
        if shape.has_table:
            yield from self._cells(shape.table, box, shape.name)
            return
        element = shape._element  # noqa: SLF001 - colours of the theme have no calls
        kind = {qn("p:pic"): "picture", qn("p:cxnSp"): "line"}.get(element.tag, "shape")
        body = element.find(qn("p:txBody"))
        fill = element.find(f"{qn('p:spPr')}/{qn('a:solidFill')}")
        yield Shown(
            shape.name,
            kind,
            box,
            _inset(body),
            self._paragraphs(body),
            self._colour(fill),
            _is_middle(body),
            is_placeholder=shape.is_placeholder,
        )

    def _cells(self, table: Any, box: Box, name: str) -> Iterator[Shown]:
        y = box.y
        for at, row in enumerate(table.rows):
            x = box.x
            for column, cell in zip(table.columns, row.cells, strict=True):
                place = Box(x, y, column.width / _EMU, row.height / _EMU)
                yield self._cell(cell._tc, place, f"{name} {at + 1}")  # noqa: SLF001
                x += place.w
            y += row.height / _EMU

    def _cell(self, tc: Any, box: Box, name: str) -> Shown:
        properties = tc.find(qn("a:tcPr"))
        names = ("marL", "marT", "marR", "marB")
        inset = Inset(*(int(properties.get(name, 0)) / _EMU for name in names))
        fill = self._colour(properties.find(qn("a:solidFill")))
        body = self._paragraphs(tc.find(qn("a:txBody")))
        return Shown(name, "cell", box, inset, body, fill, middle=True)

    def _paragraphs(self, body: Any) -> tuple[tuple[Run, ...], ...]:
        if body is None:
            return ()
        return tuple(
            runs for one in body.findall(qn("a:p")) if (runs := tuple(map(self._run, _runs(one))))
        )

    def _run(self, element: Any) -> Run:
        text = "\n" if element.tag == qn("a:br") else element.findtext(qn("a:t")) or ""
        properties = element.find(qn("a:rPr"))
        if properties is None:
            return Run(text, None, bold=False, colour=None, faces=(), lang=None)
        size = properties.get("sz")
        faces = (properties.find(qn(f"a:{kind}")) for kind in ("latin", "ea", "cs"))
        return Run(
            text,
            int(size) / 100 if size else None,
            bold=properties.get("b") == "1",
            colour=self._colour(properties.find(qn("a:solidFill"))),
            faces=tuple(face.get("typeface") for face in faces if face is not None),
            lang=properties.get("lang"),
        )

    def _colour(self, fill: Any) -> str | None:
        if fill is None or not len(fill) or len(fill[0]):
            return None  # inherited, or changed by light and shade
        value: str = fill[0].get("val")
        return (
            value if fill[0].tag == qn("a:srgbClr") else self._slots.get(_MAPPED.get(value, value))
        )


def _runs(paragraph: Any) -> list[Any]:
    return [one for one in paragraph if one.tag in {qn("a:r"), qn("a:br"), qn("a:fld")}]


def _inset(body: Any) -> Inset:
    if body is None:
        return Inset()
    properties = body.find(qn("a:bodyPr"))
    names = ("lIns", "tIns", "rIns", "bIns")
    usual = (
        _DEFAULT_INSET.left, _DEFAULT_INSET.top, _DEFAULT_INSET.right, _DEFAULT_INSET.bottom
    )  # fmt: skip
    values = (properties.get(name) for name in names)
    return Inset(
        *(int(v) / _EMU if v is not None else d for v, d in zip(values, usual, strict=True))
    )


def _is_middle(body: Any) -> bool:
    return body is not None and body.find(qn("a:bodyPr")).get("anchor") == "ctr"
