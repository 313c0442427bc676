"""抽查: a random share of the answers that the machine gave by itself comes before a person.

Which ones is told by a keyed digest of the question's id: nobody can foresee it, and it can be
recounted. What viewers got stays as it is; the room has nothing to do with these cases.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.domain.clock import Clock
from assistant.domain.live import ReviewCase
from assistant.records.spot_checks import Given, SpotCheckRecords
from assistant.review.chores import Chore

CODE = "spot_check"
REASON = "自动答复抽查"
SHARE = 0.03
PAUSE = 20.0
FIRST_BACK = timedelta(days=3)
"""So old may a question be that a process looks at when it starts; later ones, `BACK`."""
BACK = timedelta(hours=1)
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TIME = 10
"""Digits of a ULID that tell its time."""


@dataclass(frozen=True, slots=True)
class Draw:
    """Which questions are looked at: `share` of all, by `key`."""

    key: bytes
    share: float = SHARE

    def takes(self, question_id: str) -> bool:
        """Whether a question is drawn."""
        return int.from_bytes(self._digest(question_id)[:8]) < self.share * 2**64

    def case_id(self, question_id: str) -> str:
        """The id of its case: always the same one, so that it is opened once."""
        value = int.from_bytes(self._digest("case:" + question_id)[:10])
        return question_id[:_TIME] + "".join(_DIGITS[value >> n & 31] for n in range(75, -1, -5))

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self.key, b"spot-check:" + text.encode(), "sha256")


class SpotChecks:
    """The chore that opens the cases."""

    def __init__(self, records: SpotCheckRecords, draw: Draw, clock: Clock) -> None:
        self._records = records
        self._draw = draw
        self._clock = clock
        self._back = FIRST_BACK
        self.chore = Chore("review.spot_checks", self.run, PAUSE)

    async def run(self) -> bool:
        """Open cases for what was drawn of the latest answers."""
        if self._draw.share <= 0:
            return False
        now = self._clock()
        given = await self._records.given(since(now - self._back), CODE)
        drawn = [one for one in given if self._draw.takes(one.question_id)]
        if drawn:
            await self._records.open(self._cases(drawn, now))
        self._back = BACK
        return False

    def _cases(self, drawn: Sequence[Given], now: datetime) -> list[ReviewCase]:
        return [
            ReviewCase(
                id=self._draw.case_id(one.question_id),
                room_id=one.room_id,
                session_id=one.session_id,
                question_id=one.question_id,
                code=CODE,
                reason=REASON,
                made_at=now,
                settled_at=now,
            )
            for one in drawn
        ]


def since(at: datetime) -> str:
    """What the ULIDs of a moment begin with: ids above it are younger."""
    value = int(at.timestamp() * 1000)
    return "".join(_DIGITS[value >> shift & 31] for shift in range(45, -1, -5))
