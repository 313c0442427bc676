"""What is shown while nothing is said: announcements and what one may ask, in turn."""

from assistant.push.safe.facts import Facts
from assistant.push.safe.scene import Idle

TURN = 9.0
"""Seconds that each page stands."""
AT_ONCE = 4


class Loop:
    """Pages in turn, as `web/static/stage-card.js` has them, without its clips."""

    def __init__(self) -> None:
        self._pages: list[Idle] = []

    def fill(self, facts: Facts) -> None:
        """Take what the server says."""
        asks = [
            Idle("", asks=facts.asks[begin : begin + AT_ONCE])
            for begin in range(0, len(facts.asks), AT_ONCE)
        ]
        for number, text in enumerate(facts.announcements):
            asks.insert(2 * number + 1, Idle("", announcement=text))
        self._pages = asks

    def page(self, now: float, line: str, room: str) -> Idle:
        """The page of a moment, under the room's line."""
        welcome = f"欢迎来到{room}，想办什么事，打字提问就行。"
        if not self._pages:
            return Idle(line or welcome)
        page = self._pages[int(now / TURN) % len(self._pages)]
        return Idle(line or welcome, page.announcement, page.asks)
