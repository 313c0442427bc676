"""The typefaces that files are set in: shipped, so that no machine needs one of its own."""

from functools import cache
from pathlib import Path

NAME = "Noto Sans SC"
REGULAR = Path(__file__).parent / "data" / "NotoSansSC-Regular.ttf"
BOLD = Path(__file__).parent / "data" / "NotoSansSC-Bold.ttf"
_ON_THIS_MACHINE = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/usr/share/fonts/truetype/arphic-gbsn00lp/gbsn00lp.ttf",
    "C:/Windows/Fonts/simhei.ttf",
    "C:/Windows/Fonts/simsun.ttc",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
)
"""Typefaces with TrueType outlines that hold more characters than ours."""


def fallback() -> Path | None:
    """A typeface of this machine for characters that ours lacks; None where there is none."""
    return next((path for name in _ON_THIS_MACHINE if (path := Path(name)).exists()), None)


@cache
def characters() -> frozenset[int]:
    """The code points that our typeface has."""
    from fontTools.ttLib import TTFont

    with TTFont(REGULAR, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


def missing(text: str) -> str:
    """The characters of a text that our typeface lacks, each once."""
    ours = characters()
    return "".join(dict.fromkeys(c for c in text if ord(c) not in ours and not c.isspace()))
