"""A picture as ffmpeg's `yuv420p` reads it (BT.709, limited range), changed in place.

Most of a stage stands still: what changed is put over the old bytes, the rest is sent as it is.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image

_LUMA, _BLUE, _RED = (0.2126, 0.7152, 0.0722), (-0.1146, -0.3854, 0.5), (0.5, -0.4542, -0.0458)
_MATRIX = (
    *(219 / 255 * part for part in _LUMA),
    16.5,
    *(224 / 255 * part for part in _BLUE),
    128.5,
    *(224 / 255 * part for part in _RED),
    128.5,
)
"""RGB to Y'CbCr (ITU-R BT.709-6, 3.4; 8 bit); Pillow cuts off, so halves are added."""
FORMAT = ("-f", "rawvideo", "-pix_fmt", "yuv420p")
COLOURS = ("-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709")
Plane = npt.NDArray[np.uint8]


class Canvas:
    """`size` in pixels, both even. `data` are the bytes of a picture."""

    def __init__(self, size: tuple[int, int]) -> None:
        width, height = self.size = size
        self.data = bytearray(width * height * 3 // 2)
        whole = np.frombuffer(self.data, np.uint8)
        small, quarter = (height // 2, width // 2), width * height // 4
        self._y: Plane = whole[: 4 * quarter].reshape(height, width)
        self._u: Plane = whole[4 * quarter : 5 * quarter].reshape(small)
        self._v: Plane = whole[5 * quarter :].reshape(small)

    def put(self, image: Image.Image, at: tuple[int, int] = (0, 0)) -> None:
        """Lay an RGB picture on it; its place and size are even, and it lies inside."""
        (x, y), (width, height) = at, image.size
        if x % 2 or y % 2 or width % 2 or height % 2:
            raise ValueError("a patch has even places and sizes")
        luma, blue, red = image.convert("RGB", _MATRIX).split()
        self._y[y : y + height, x : x + width] = np.asarray(luma)
        rows, columns = slice(y // 2, (y + height) // 2), slice(x // 2, (x + width) // 2)
        self._u[rows, columns] = np.asarray(blue.reduce(2))
        self._v[rows, columns] = np.asarray(red.reduce(2))
