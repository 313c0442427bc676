"""A slide's markup (`stage.slides`: drawings and text alone) as a picture.

What `studio.deck.html` draws: rectangles, polygons, lines, paths, lines of text where they stand.
"""

from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from PIL import Image, ImageDraw

from assistant.printing.lettering import Face
from assistant.push.safe.outline import polygons

_FINE = 2
"""Shapes are drawn so many times as large, then made smaller; text is not."""
_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}
_ASCENT = 1.06
"""`Face.draw` sets the line of writing so many sizes below its corner."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Pictures that are drawn on, shapes and text apart, and how far a unit is in pixels."""

    image: Image.Image
    scale: float
    shift: tuple[float, float] = (0.0, 0.0)

    @property
    def pen(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.image)

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.shift[0] + x * self.scale, self.shift[1] + y * self.scale


def draw_slide(markup: str, size: tuple[int, int]) -> Image.Image:
    """The drawing that fits better, wide or tall, as large as `size` holds, in its middle.

    Raises ValueError for markup that is no slide.
    """
    width, height = size
    view = _chosen(fromstring(markup), tall=width <= height)
    _, _, w, h = (float(part) for part in view.get("viewBox", "").split())
    scale = min(width / w, height / h)
    sheet = _Sheet(Image.new("RGB", (round(w * scale * _FINE), round(h * scale * _FINE))), scale)
    fine = _Sheet(sheet.image, scale * _FINE)
    for element in view:
        _shape(element, fine)
    drawn = _Sheet(
        sheet.image.resize((round(w * scale), round(h * scale)), Image.Resampling.BOX), scale
    )
    for element in view:
        if _kind(element) == "text":
            _text(element, drawn)
    whole = Image.new("RGB", size, drawn.image.getpixel((1, 1)))
    whole.paste(drawn.image, ((width - drawn.image.width) // 2, (height - drawn.image.height) // 2))
    return whole


def _chosen(section: Element, *, tall: bool) -> Element:
    views = [one for one in section if _kind(one) == "svg"]
    wanted = "deck-tall" if tall else "deck-wide"
    found = next((one for one in views if one.get("class") == wanted), views[0] if views else None)
    if found is None:
        raise ValueError("a slide without a drawing")
    return found


def _kind(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _number(element: Element, name: str) -> float:
    return float(element.get(name, "0"))


def _shape(element: Element, on: _Sheet) -> None:
    fill, line = _colour(element, "fill"), _colour(element, "stroke")
    border = max(1, round(_number(element, "stroke-width") * on.scale))
    match _kind(element):
        case "rect":
            _rect(element, on, fill=fill, outline=line, width=border if line else 0)
        case "polygon":
            points = [
                tuple(map(float, one.split(","))) for one in element.get("points", "").split()
            ]
            on.pen.polygon([on.at(*one) for one in points], fill=fill)
        case "line":
            ends = [on.at(_number(element, f"x{n}"), _number(element, f"y{n}")) for n in (1, 2)]
            on.pen.line(ends, fill=line, width=border)
        case "path":
            _path(element, on, fill)


def _colour(element: Element, name: str) -> str | None:
    value = element.get(name)
    return None if value in {None, "none"} else value


def _rect(element: Element, on: _Sheet, **drawn: Any) -> None:
    x, y = _number(element, "x"), _number(element, "y")
    right = x + _number(element, "width")
    lower = y + _number(element, "height")
    place = (*on.at(x, y), *on.at(right, lower))
    on.pen.rounded_rectangle(place, _number(element, "rx") * on.scale, **drawn)


def _path(element: Element, on: _Sheet, fill: str | None) -> None:
    """A QR code: each square on whole pixels, else a reader finds it torn."""
    moved, scale = _transform(element.get("transform", ""))
    placed = _Sheet(on.image, on.scale * scale, on.at(*moved))
    for outline in polygons(element.get("d", "")):
        xs, ys = zip(*(placed.at(*one) for one in outline), strict=True)
        edge = (round(min(xs)), round(min(ys)), round(max(xs)) - 1, round(max(ys)) - 1)
        if len(outline) == 4:
            on.pen.rectangle(edge, fill=fill)
        else:
            on.pen.polygon([placed.at(*one) for one in outline], fill=fill)


def _transform(text: str) -> tuple[tuple[float, float], float]:
    """`translate(x y) scale(s)`, either of them or none."""
    parts = {
        name: inner for name, _, inner in (one.strip().partition("(") for one in text.split(")"))
    }
    x, y = (float(one) for one in parts.get("translate", "0 0").split())
    return (x, y), float(parts.get("scale", "1"))


def _text(element: Element, on: _Sheet) -> None:
    size = max(1, round(_number(element, "font-size") * on.scale))
    share = _ANCHORS[element.get("text-anchor", "start")]
    for line in element:
        runs = _runs(line, element)
        faces = [(Face(size, bold=bold), words, colour) for words, colour, bold in runs]
        x, y = on.at(_number(line, "x"), _number(line, "y"))
        x -= share * sum(face.width(words) for face, words, _ in faces)
        for face, words, colour in faces:
            face.draw(on.image, (x, y - size * _ASCENT), words, colour)
            x += face.width(words)


def _runs(line: Element, text: Element) -> list[tuple[str, str, bool]]:
    """(words, colour, bold) of a line: what stands out, then the rest."""
    colour, bold = text.get("fill", "#000"), bool(text.get("font-weight"))
    runs = [(line.text or "", colour, bold)]
    for strong in line:
        runs.append((strong.text or "", strong.get("fill", colour), True))
        runs.append((strong.tail or "", colour, bold))
    return [run for run in runs if run[0]]
