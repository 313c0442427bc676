"""How long a publisher waits before it tries again. Pure: moments in, seconds out."""

FIRST, LAST = 1.0, 30.0
"""Seconds before a try, and at most; doubled in between."""
QUICK = 30.0
"""Seconds for which a server that went is tried each `FIRST`: it is often back within them."""
STEADY = 30.0
"""Seconds of pushing after which all of it begins anew."""


class Waits:
    """A server that says no is left alone from the start: it would say so again."""

    def __init__(self, now: float) -> None:
        self._wait = FIRST
        self._quick_until = now + QUICK

    def after(self, began: float, now: float, *, is_refused: bool) -> float:
        """Seconds to wait after a try that lasted from `began` until `now`."""
        if now - began > STEADY:
            self._wait, self._quick_until = FIRST, now + QUICK
        wait = self._wait
        if is_refused or now >= self._quick_until:
            self._wait = min(2 * wait, LAST)
        return wait
