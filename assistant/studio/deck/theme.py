"""The look of a deck: colours with their place in an Office theme, sizes in points, typefaces.

Calm and for a counter: deep blue on white cards. Every pair that is used as text on ground has a
contrast of at least 4.5 (WCAG 2.1, 1.4.3); `PAIRS` are those pairs, and a test computes them.
"""

from enum import StrEnum


class Colour(StrEnum):
    """A colour by its slot in an Office theme, so that an office can recolour its deck."""

    INK = "dk1"
    WHITE = "lt1"
    NAVY = "dk2"
    PALE = "lt2"
    BLUE = "accent1"
    TEAL = "accent2"
    AMBER = "accent3"
    RED = "accent4"
    GREY = "accent5"
    LINE = "accent6"


HEX = {
    Colour.INK: "1B2733",
    Colour.WHITE: "FFFFFF",
    Colour.NAVY: "123B66",
    Colour.PALE: "F1F5F9",
    Colour.BLUE: "1D5C96",
    Colour.TEAL: "17695D",
    Colour.AMBER: "8F5300",
    Colour.RED: "A32A22",
    Colour.GREY: "4B5968",
    Colour.LINE: "D0DBE6",
}
PAIRS = (
    *((ink, Colour.WHITE) for ink in (Colour.INK, Colour.NAVY, Colour.BLUE, Colour.TEAL)),
    *((ink, Colour.WHITE) for ink in (Colour.AMBER, Colour.RED, Colour.GREY)),
    *((ink, Colour.PALE) for ink in (Colour.INK, Colour.NAVY, Colour.BLUE, Colour.GREY)),
    *((Colour.WHITE, ground) for ground in (Colour.NAVY, Colour.BLUE, Colour.TEAL)),
    *((Colour.WHITE, ground) for ground in (Colour.AMBER, Colour.RED)),
    (Colour.PALE, Colour.NAVY),
    (Colour.LINE, Colour.NAVY),
)
FACE = "Microsoft YaHei"
"""What the machines of offices have; its Chinese widths are those that we measure (1 em)."""
LANG = "zh-CN"
SIZES = (30, 28, 26, 24, 22, 20, 18)
"""Body text, from the largest to the least that is allowed (DOMAIN §5: 24; FIELD §3: 18)."""
TITLE_SIZES = (36, 32, 28, 24, 20, 18)
SMALL = 18
LABEL_SIZE = 28
"""The AI label: its letters stand as high as 5 % of a page of 540 pt (DOMAIN §3)."""
AI_LABEL = "AI生成"
AI_LABEL_LONG = "内容由人工智能生成"
LEAST_CONTRAST = 4.5


def luminance(colour: str) -> float:
    """Relative luminance of RRGGBB (WCAG 2.1)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 to 21, of two RRGGBB."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
