"""What stands at the edges: the room's name and topic, the clock, the AI label."""

from PIL import Image, ImageDraw

from assistant.printing.lettering import Face
from assistant.push.safe.card import clipped
from assistant.push.safe.ground import cut, mixed
from assistant.push.safe.places import LABEL_FACE, Places, Theme
from assistant.push.safe.scene import Scene

CUT = "连接中断，正在重连"
_BESIDE = 24


def top(scene: Scene, places: Places, theme: Theme) -> Image.Image:
    """Room and topic; in their place that the line to the server is down."""
    image = cut(places.size, theme, places.top)
    face, width = places.room_face, image.width - _BESIDE
    name = clipped(scene.room, width * (1 if places.topic_below else 0.6), face, 1)[0]
    face.draw(image, (_BESIDE, 12), name, "#ffffff")
    words = CUT if scene.is_cut else scene.topic
    if words:
        x = _BESIDE if places.topic_below else _BESIDE + face.width(name) + 24
        y = 12 + face.leading + 4 if places.topic_below else 14
        ground = "#8a1d15" if scene.is_cut else mixed("#ffffff", theme.back[0], 0.2)
        _pill(image, (x, y), words, places.topic_face, ground)
    return image


def _pill(image: Image.Image, at: tuple[float, float], words: str, face: Face, fill: str) -> None:
    x, y = at
    line = clipped(words, image.width - x - 30, face, 1)[0]
    place = (x, y, x + face.width(line) + 28, y + face.leading + 6)
    ImageDraw.Draw(image).rounded_rectangle(place, face.leading // 2, fill=fill)
    face.draw(image, (x + 14, y + 3), line, "#ffffff")


def clock(scene: Scene, places: Places, theme: Theme) -> Image.Image:
    """The room's time to the second: the least sign that the picture lives."""
    image = cut(places.size, theme, places.clock)
    face = places.room_face
    at = image.width - face.width(scene.clock) - _BESIDE, 12
    face.draw(image, at, scene.clock, "#ffffff")
    return image


def label(words: str, places: Places, theme: Theme) -> Image.Image:
    """The AI label over the whole width."""
    left, upper, right, lower = places.label
    image = Image.new("RGB", (right - left, lower - upper), theme.strip)
    face = LABEL_FACE
    x = (image.width - face.width(words)) / 2 if image.width < 1000 else _BESIDE
    face.draw(image, (x, (image.height - face.leading) / 2 - 1), words, "#ffffff")
    return image


def person(places: Places, theme: Theme) -> Image.Image:
    """In the presenter's place while a person has taken over."""
    image = cut(places.size, theme, places.host)
    width, height = image.size
    place = (round(width * 0.12), round(height * 0.2), round(width * 0.88), round(height * 0.8))
    ImageDraw.Draw(image).rounded_rectangle(place, 24, fill=theme.paper)
    words, face = "工作人员正在为您解答", Face(30, bold=True)
    at = (width - face.width(words)) / 2, (height - face.leading) / 2
    face.draw(image, at, words, theme.accent)
    return image
