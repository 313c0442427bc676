"""The drawn presenters as pictures: the stage's own (`web/templates/live/presenters`), at rest.

Taken once by Chromium, for the drawing uses blurs that no small renderer knows (decision 0030).
"""

from functools import cache
from pathlib import Path

from PIL import Image

WHO = ("woman", "man")
_DATA = Path(__file__).parent / "data"


@cache
def presenter(who: str, width: int, height: int) -> Image.Image:
    """RGBA, as large as a room of so many pixels allows; never written on."""
    with Image.open(_DATA / f"{who}.webp") as read:
        picture = read.convert("RGBA")
    scale = min(width / picture.width, height / picture.height)
    size = round(picture.width * scale), round(picture.height * scale)
    return picture.resize(size, Image.Resampling.LANCZOS)
