"""What keeps failing is left alone for a while."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Breaker:
    """Opens after `failures` in a row, for `rest` seconds; then one call is let through to try."""

    failures: int = 3
    rest: float = 30.0
    now: Callable[[], float] = time.monotonic
    _failed: int = field(default=0, init=False)
    _since: float = field(default=0.0, init=False)

    def allow(self) -> bool:
        """Whether a call may be made now."""
        if self._failed < self.failures:
            return True
        if self.now() - self._since < self.rest:
            return False
        self._since = self.now()
        return True

    def record(self, *, ok: bool) -> None:
        """Tell how a call ended."""
        self._failed = 0 if ok else self._failed + 1
        if not ok:
            self._since = self.now()

    @property
    def failed(self) -> int:
        """How many calls failed since the last that did not."""
        return self._failed

    @property
    def is_open(self) -> bool:
        """Whether calls are being refused."""
        return self._failed >= self.failures and self.now() - self._since < self.rest
