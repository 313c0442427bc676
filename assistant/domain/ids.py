"""ULIDs (github.com/ulid/spec): ids that sort by time, also within one millisecond of a process.

The random part comes from the system in large pieces: asking it for each id gives up the
interpreter lock each time, which costs a busy process more than the id.
"""

import os
import threading
import time
from collections.abc import Callable

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BITS = 80
_PIECE = 16_384
_STEP_BYTES = 5
"""An id of the same millisecond is up to 2^40 above the last one: no neighbour can be guessed."""


class Ulids:
    """Makes ids; may be called from any thread."""

    def __init__(self, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._now_ns = now_ns
        self._lock = threading.Lock()
        self._piece = b""
        self._millisecond = self._random = -1
        os.register_at_fork(after_in_child=self._forked)

    def __call__(self) -> str:
        """An id greater than all that this process was given before."""
        with self._lock:
            now = self._now_ns() // 1_000_000
            if now > self._millisecond:
                self._millisecond, self._random = now, self._take(_RANDOM_BITS // 8)
            else:
                self._random += 1 + self._take(_STEP_BYTES)
                self._millisecond += self._random >> _RANDOM_BITS
                self._random &= (1 << _RANDOM_BITS) - 1
            value = self._millisecond << _RANDOM_BITS | self._random
        return "".join(_DIGITS[value >> shift & 31] for shift in range(125, -1, -5))

    def _take(self, size: int) -> int:
        if len(self._piece) < size:
            self._piece = os.urandom(_PIECE)
        taken, self._piece = self._piece[:size], self._piece[size:]
        return int.from_bytes(taken, "big")

    def _forked(self) -> None:
        """A child process must not give the ids of its parent."""
        self._lock = threading.Lock()
        self._piece = b""
        self._millisecond = -1


new_ulid = Ulids()
"""The ids of this process."""
