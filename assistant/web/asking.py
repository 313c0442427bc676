"""One question through the assistant: answered once, recorded before it is shown, counted."""

import asyncio
from dataclasses import dataclass, replace
from typing import Literal

import structlog

from assistant.answering.masking import masked
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.errors import Conflict, NotFound
from assistant.web.metrics import Metrics
from assistant.web.services import Assistant, check_region

log = structlog.get_logger()
Face = Literal["api", "page", "chat"]
_LAST_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """An outcome with its id; `replayed` when an earlier request had made it."""

    id: str
    outcome: Outcome
    replayed: bool = False


class Asker:
    """Asks, records, counts. Requests with the same idempotency key share one outcome."""

    def __init__(self, assistant: Assistant, metrics: Metrics) -> None:
        self._assistant = assistant
        self._metrics = metrics
        self._running: set[asyncio.Task[Asked]] = set()
        self._by_key: dict[str, asyncio.Task[Asked]] = {}

    async def ask(
        self, question: Question, face: Face, *, key: str | None = None, dated: bool = False
    ) -> Asked:
        """Ask a question.

        `key` is the client's idempotency key. `dated` says that the client chose the day; a
        repeat on a later day without one is still the same request. A client that hangs up
        does not stop what it began.

        Raises:
            Conflict: the key was used for another question.
            BadInput: nothing is known of the question's region.
        """
        check_region(question.region, self._assistant)
        if key is None:
            return await asyncio.shield(self._begin(question, face, None))
        running = self._by_key.get(key)
        if running is None:
            self._by_key[key] = running = self._begin(question, face, key)
            running.add_done_callback(lambda _: self._by_key.pop(key, None))
        return _same(await asyncio.shield(running), question, dated=dated)

    def _begin(self, question: Question, face: Face, key: str | None) -> asyncio.Task[Asked]:
        task = asyncio.create_task(self._once(question, face, key))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _once(self, question: Question, face: Face, key: str | None) -> Asked:
        known = await self._known(key)
        if known is not None:
            return known
        outcome = await self._assistant.answer(question)
        try:
            question_id = await self._assistant.outcomes.record(outcome, key)
        except Conflict:  # another process was quicker with this key
            known = await self._known(key)
            if known is None:
                raise
            return known
        self._metrics.asked(outcome, face)
        _log(question_id, outcome, face)
        return Asked(question_id, outcome)

    async def _known(self, key: str | None) -> Asked | None:
        recorded = await self._assistant.outcomes.by_key(key) if key else None
        return Asked(recorded.id, recorded.outcome, replayed=True) if recorded else None

    async def finish(self) -> None:
        """Wait for what was begun, so that no question is without a record at the end."""
        if self._running:
            await asyncio.wait(self._running, timeout=_LAST_SECONDS)

    async def get(self, question_id: str) -> Outcome:
        """What came of a question.

        Raises:
            NotFound: there is no such question.
        """
        recorded = await self._assistant.outcomes.get(question_id)
        if recorded is None:
            raise NotFound("没有这个提问的记录")
        return recorded.outcome


def _log(question_id: str, outcome: Outcome, face: Face) -> None:
    """Which question came to what; its words stay in the records."""
    log.info(
        "asked",
        id=question_id,
        face=face,
        action=outcome.verdict.action.value,
        route=outcome.draft.route.value,
        confidence=round(outcome.verdict.confidence, 3),
        ms=round(outcome.latency_ms, 1),
    )


def _same(asked: Asked, question: Question, *, dated: bool) -> Asked:
    first = asked.outcome.question  # masked, as it was recorded
    again = masked(question if dated else replace(question, as_of=first.as_of))
    if again != masked(first):
        raise Conflict("这个 Idempotency-Key 已用于另一个问题", hint="新的问题请换一个键")
    return asked
