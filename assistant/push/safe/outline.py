"""Paths of our own drawings as polygons: M, L, H, V, C, Q, Z, and their small letters."""

import re
from collections.abc import Iterator
from itertools import pairwise

Point = tuple[float, float]
_PIECES = re.compile(r"([MLHVCQZmlhvcqz])|(-?(?:\d+\.?\d*|\.\d+))")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "Z": 0}
_STEPS = 8
"""Straight pieces of a curve; lips are forty pixels wide."""


def polygons(path: str) -> list[list[Point]]:
    """Closed outlines. Raises ValueError for what is no such path."""
    made: list[list[Point]] = []
    here: Point = (0.0, 0.0)
    for letter, numbers in _commands(path):
        if letter in "Mm":
            here = _end(letter, numbers, here)
            made.append([here])
        elif letter in "Zz":
            here = made[-1][0]
        else:
            made[-1] += _drawn(letter, numbers, here)
            here = made[-1][-1]
    return made


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    letter, numbers = "", list[float]()
    for found in _PIECES.finditer(path):
        if found[1]:
            letter, numbers = found[1], []
        else:
            numbers.append(float(found[2]))
        if not letter:
            raise ValueError("a path begins with a letter")
        if len(numbers) == _TAKES[letter.upper()]:
            yield letter, numbers
            numbers = []
            letter = {"M": "L", "m": "l"}.get(letter, letter)


def _end(letter: str, numbers: list[float], here: Point) -> Point:
    x, y = numbers[-2:] if letter.upper() not in "HV" else (numbers[0], numbers[0])
    base = here if letter.islower() else (0.0, 0.0)
    if letter.upper() == "H":
        return base[0] + x, here[1]
    if letter.upper() == "V":
        return here[0], base[1] + y
    return base[0] + x, base[1] + y


def _drawn(letter: str, numbers: list[float], here: Point) -> list[Point]:
    if letter.upper() not in "CQ":
        return [_end(letter, numbers, here)]
    base = here if letter.islower() else (0.0, 0.0)
    corners = [
        here,
        *((base[0] + x, base[1] + y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)),
    ]
    return [_on_curve(corners, step / _STEPS) for step in range(1, _STEPS + 1)]


def _on_curve(corners: list[Point], part: float) -> Point:
    """De Casteljau: between the corners, then between what is between them."""
    while len(corners) > 1:
        corners = [
            (a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part) for a, b in pairwise(corners)
        ]
    return corners[0]
