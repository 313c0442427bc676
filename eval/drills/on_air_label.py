"""The label on the drill's pictures, by its pixels: the same words, uncovered, large enough."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SHARE = 0.05
"""Of the shortest side: how high its characters are at least (GB 45438-2025)."""
DIFFERENT = 4.0
"""Mean difference of a pixel, of 255, from the first picture beyond which it is not the same."""
INK = 60
"""Difference from the ground, of 255, that makes a pixel a part of a character."""
Box = tuple[int, int, int, int]
Pixels = NDArray[np.float64]


def is_there(shots: Sequence[Path], box: Box) -> list[bool]:
    """Of each picture, whether the label stands on it as on the first; that one is looked at."""
    strips = [strip(one, box) for one in shots]
    return [is_same(one, strips[0]) and is_large(one, shots[0]) for one in strips]


def strip(shot: Path, box: Box) -> Pixels:
    """The label's part of a picture, in grey."""
    with Image.open(shot) as image:
        return np.asarray(image.convert("L").crop(box), dtype=float)


def is_same(one: Pixels, first: Pixels) -> bool:
    """Whether nothing lies over it and nothing else stands there."""
    return one.shape == first.shape and float(np.mean(np.abs(one - first))) <= DIFFERENT


def is_large(one: Pixels, shot: Path) -> bool:
    """Whether the rows that hold ink are high enough."""
    ground = float(np.median(one))
    rows = np.flatnonzero((np.abs(one - ground) > INK).any(axis=1))
    with Image.open(shot) as image:
        least = min(image.size) * SHARE
    return bool(len(rows)) and rows[-1] - rows[0] + 1 >= least
