"""The questions that a room remembers, as matrices: the nearest to a new one by products."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from assistant.live.merging_reading import Floats, Reading, Slots

_NEAREST = 10
"""So many of each kind of nearness are compared closely."""


class Memory:
    """Readings with their question's id. One room each; not shared between threads.

    Each part of the vectors has a matrix of its own, as strided products are slow.
    """

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._readings: list[Reading] = []
        self._known: set[tuple[str, str, Slots]] = set()
        self._parts: list[Floats] = []

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, question_id: str, reading: Reading) -> None:
        """Remember a reading; the same words of the same question only once."""
        key = (question_id, reading.core, reading.slots)
        if key in self._known:
            return
        self._known.add(key)
        used, vectors = len(self._ids), reading.vectors
        old = self._parts if used else [np.zeros((64, len(each)), np.float32) for each in vectors]
        self._parts = [_with_room(part, used) for part in old]
        for part, vector in zip(self._parts, vectors, strict=True):
            part[used] = vector
        self._ids.append(question_id)
        self._readings.append(replace(reading, vectors=reading.vectors[:1]))

    def forget(self, question_ids: Collection[str]) -> None:
        """Drop questions with all their wordings."""
        gone = set(question_ids)
        kept = [row for row, known in enumerate(self._ids) if known not in gone]
        if len(kept) == len(self._ids):
            return
        for part in self._parts:
            part[: len(kept)] = part[kept]
        self._ids = [self._ids[row] for row in kept]
        self._readings = [self._readings[row] for row in kept]
        self._known = {key for key in self._known if key[0] not in gone}

    def nearest(self, reading: Reading) -> list[tuple[str, Reading]]:
        """The readings nearest in words, in official words, and in character pairs."""
        size = len(self._ids)
        if not size:
            return []
        cosines = zip(self._parts, reading.vectors, strict=True)
        # einsum stays in this thread; for so few rows BLAS would wake others and wait for them.
        near = [np.einsum("ij,j->i", part[:size], vector) for part, vector in cosines]
        near.append(sum(near[1:], near[0]))
        rows = {int(row) for values in near for row in _top(values)}
        return [(self._ids[row], self._readings[row]) for row in sorted(rows)]


def _with_room(part: Floats, used: int) -> Floats:
    return part if used < len(part) else np.concatenate([part, np.zeros_like(part)])


def _top(values: Floats) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    if len(values) <= _NEAREST:
        return np.arange(len(values))
    return np.argpartition(-values, _NEAREST)[:_NEAREST]
