"""The connecting sentences: drawn by the brief, none twice in one script."""

import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from assistant.domain.source import ServiceGuide

_DATA = Path(__file__).parent / "data"
_SLOT = re.compile(r"\{(\w+)\}")


@cache
def bank() -> Mapping[str, tuple[str, ...]]:
    """All phrases by `section.slot`."""
    table = tomllib.loads((_DATA / "phrases.toml").read_text("utf-8"))
    return {
        f"{section}.{slot}": tuple(lines)
        for section, slots in table.items()
        for slot, lines in slots.items()
    }


@dataclass(frozen=True, slots=True)
class Scene:
    """What life looks like around an item that has one of some words in its names."""

    words: tuple[str, ...]
    lines: tuple[str, ...]


@cache
def scenes() -> tuple[Scene, ...]:
    """All scenes, the more particular first."""
    rows = tomllib.loads((_DATA / "scenes.toml").read_text("utf-8"))["scene"]
    return tuple(Scene(tuple(row["words"]), tuple(row["lines"])) for row in rows)


@dataclass
class Phrases:
    """Draws phrases; the same brief draws the same. What was said is not drawn again."""

    seed: str
    _left: dict[str, list[str]] = field(default_factory=dict)

    def take(self, slot: str, **values: str) -> str:
        """A phrase not said yet, filled; "" where none is left. KeyError: no such slot."""
        if slot not in self._left:
            self._left[slot] = self._shuffled(slot, bank()[slot])
        left = self._left[slot]
        return _SLOT.sub(lambda match: values[match[1]], left.pop(0)) if left else ""

    def lead(self, slot: str) -> str:
        """A phrase that a value follows; "" where none is left, then the value stands alone."""
        return self.take(slot)

    def scene(self, guide: ServiceGuide) -> str:
        """A scene of the item's kind that was not drawn yet, or ""."""
        names = " ".join((guide.name, guide.parent or "", *guide.aliases))
        for number, scene in enumerate(scenes()):
            if any(word in names for word in scene.words):
                slot = f"scene {number}"
                left = self._left.setdefault(slot, self._shuffled(slot, scene.lines))
                return left.pop(0) if left else ""
        return ""

    def _shuffled(self, slot: str, lines: Sequence[str]) -> list[str]:
        drawn = list(lines)
        random.Random(f"{self.seed}\0{slot}").shuffle(drawn)  # noqa: S311 - words, not secrets
        return drawn
