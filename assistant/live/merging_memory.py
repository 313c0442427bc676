"""The questions that a room remembers, as one matrix: the nearest to a new one in one product."""

from collections.abc import Collection

import numpy as np

from assistant.live.merging_reading import HASHED, Floats, Reading, Slots

_NEAREST = 10
"""So many of each kind of nearness are compared closely."""


class Memory:
    """Readings with their question's id. One room each; not shared between threads."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._readings: list[Reading] = []
        self._known: set[tuple[str, str, Slots]] = set()
        self._matrix: Floats = np.zeros((64, 1), np.float32)

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, question_id: str, reading: Reading) -> None:
        """Remember a reading; the same words of the same question only once."""
        key = (question_id, reading.core, reading.slots)
        if key in self._known:
            return
        self._known.add(key)
        self._matrix = _with_room(self._matrix, len(self._ids), len(reading.vector))
        self._matrix[len(self._ids)] = reading.vector
        self._ids.append(question_id)
        self._readings.append(reading)

    def forget(self, question_ids: Collection[str]) -> None:
        """Drop questions with all their wordings."""
        gone = set(question_ids)
        kept = [row for row, known in enumerate(self._ids) if known not in gone]
        if len(kept) == len(self._ids):
            return
        self._matrix[: len(kept)] = self._matrix[kept]
        self._ids = [self._ids[row] for row in kept]
        self._readings = [self._readings[row] for row in kept]
        self._known = {key for key in self._known if key[0] not in gone}

    def nearest(self, reading: Reading) -> list[tuple[str, Reading]]:
        """The readings nearest in words, in official words, and in character pairs."""
        size = len(self._ids)
        if not size:
            return []
        near = _nearness(self._matrix[:size], reading.vector)
        rows = {int(row) for part in near for row in _top(part)}
        return [(self._ids[row], self._readings[row]) for row in sorted(rows)]


def _with_room(matrix: Floats, used: int, width: int) -> Floats:
    if not used:
        return np.zeros((64, width), np.float32)
    if used < len(matrix):
        return matrix
    return np.concatenate([matrix, np.zeros_like(matrix)])


def _nearness(matrix: Floats, vector: Floats) -> list[Floats]:
    """The three cosines of every row, and their sum."""
    words = len(vector) - 2 * HASHED
    cuts = [slice(0, words), slice(words, words + HASHED), slice(words + HASHED, None)]
    parts = [matrix[:, cut] @ vector[cut] for cut in cuts]
    return [*parts, sum(parts, np.zeros(len(matrix), np.float32))]


def _top(values: Floats) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    if len(values) <= _NEAREST:
        return np.arange(len(values))
    return np.argpartition(-values, _NEAREST)[:_NEAREST]
