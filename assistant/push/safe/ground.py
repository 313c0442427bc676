"""What lies behind everything: the theme's slope of colours, and rooms cut out of it."""

from functools import lru_cache

import numpy as np
from PIL import Image, ImageColor

from assistant.push.safe.places import Rect, Theme


@lru_cache(4)
def ground(size: tuple[int, int], theme: Theme) -> Image.Image:
    """The empty stage; never written on."""
    stops = np.array([ImageColor.getrgb(one)[:3] for one in theme.back], float)
    width, height = size
    down = np.linspace(0, 1, height)[:, None] * 0.9 + np.linspace(0, 0.1, width)[None, :]
    made = np.stack(
        [np.interp(down, (0, 0.46, 1), stops[:, channel]) for channel in range(3)], axis=-1
    )
    return Image.fromarray(made.round().astype(np.uint8))


def cut(size: tuple[int, int], theme: Theme, room: Rect) -> Image.Image:
    """A room of it, to draw on."""
    return ground(size, theme).crop(room)


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two; `share` of the first."""
    pairs = zip(ImageColor.getrgb(one), ImageColor.getrgb(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)
