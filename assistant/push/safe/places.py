"""Where things stand on the stage that is drawn here, and in which colours; in pixels.

All places are even: a colour of `yuv420p` covers two pixels each way (`canvas`).
"""

from dataclasses import dataclass

from assistant.printing.lettering import Face

Rect = tuple[int, int, int, int]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Places:
    """A shape's places and sizes of type. `label` lies at the lower edge, over its whole width."""

    size: tuple[int, int]
    top: Rect
    clock: Rect
    host: Rect
    side: Rect
    caption: Rect
    label: Rect
    room_face: Face
    topic_face: Face
    question_sizes: tuple[int, ...]
    text_sizes: tuple[int, ...]
    small: Face
    code: int
    captions: tuple[int, ...]
    sources: int
    topic_below: bool


WIDE = Places(
    size=(1280, 720),
    top=(0, 0, 1120, 64),
    clock=(1120, 0, 1280, 64),
    host=(0, 64, 500, 548),
    side=(512, 72, 1256, 544),
    caption=(0, 548, 1280, 662),
    label=(0, 662, 1280, 720),
    room_face=Face(28, bold=True),
    topic_face=Face(20, bold=True),
    question_sizes=(28, 25, 22),
    text_sizes=(34, 30, 27, 24),
    small=Face(18),
    code=128,
    captions=(38, 34, 30),
    sources=2,
    topic_below=False,
)
TALL = Places(
    size=(720, 1280),
    top=(0, 0, 552, 112),
    clock=(552, 0, 720, 112),
    host=(0, 112, 720, 512),
    side=(24, 512, 696, 1032),
    caption=(0, 1040, 720, 1222),
    label=(0, 1222, 720, 1280),
    room_face=Face(34, bold=True),
    topic_face=Face(24, bold=True),
    question_sizes=(34, 30, 27),
    text_sizes=(38, 34, 30, 27),
    small=Face(22),
    code=144,
    captions=(42, 38, 34),
    sources=1,
    topic_below=True,
)
LABEL_FACE = Face(41, bold=True)
"""5 % of the shortest side is 36 px (GB 45438-2025): the letters' ink is at least as high."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of a stage, as in `web/static/stage-themes.css`."""

    ink: str
    soft: str
    accent: str
    mark: str
    mark_ink: str
    paper: str
    line: str
    back: tuple[str, str, str]
    desk: tuple[str, str]
    strip: str


THEMES = {
    "blue": Theme(
        *("#14253a", "#46586c", "#1556a6", "#f6c453", "#2c2005", "#ffffff", "#d5e0ec"),
        back=("#0d3d78", "#2a74bd", "#cfe4f7"),
        desk=("#f5f9fd", "#b9cde2"),
        strip="#08254a",
    ),
    "jade": Theme(
        *("#123029", "#466059", "#0b6b57", "#f3d27a", "#2d2308", "#fffffb", "#d3e3db"),
        back=("#0b5346", "#3a9a83", "#dff0e6"),
        desk=("#fbfaf3", "#cfd6bf"),
        strip="#06322a",
    ),
    "warm": Theme(
        *("#33211a", "#6d564b", "#b3302a", "#f4c763", "#33230a", "#fffdf9", "#eadfd2"),
        back=("#8e1f1d", "#cf5a3c", "#fbe6cf"),
        desk=("#fff9ef", "#e3cdb0"),
        strip="#4d1210",
    ),
}


def theme_of(name: str) -> Theme:
    """A theme by its name; blue where it is not known."""
    return THEMES.get(name, THEMES["blue"])
