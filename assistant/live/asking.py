"""Answers a room's open questions, a few at a time, and hands the results on in their order."""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from assistant.domain.live import Urgency
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.live.answered import Settling
from assistant.live.core import Core
from assistant.live.memory import Known

log = structlog.get_logger()
PATIENCE = 0.03
"""Seconds for which an answer waits until no comment is being decided."""
WORKERS = 2
"""Workers for each answer that is looked for: one thinks, one stores."""
_FIRST = {Urgency.EMERGENCY: 0, Urgency.URGENT: 1, Urgency.NORMAL: 2}


class Asking:
    """A queue of questions and the workers that empty it; urgent ones first.

    As many answers are looked for at once as the room's `answering` says; while a worker waits for
    its result to be stored, another one has its place. Results are handed on in the order in which
    they were begun, so that a recording gives the same outcomes each time.
    """

    def __init__(self, core: Core, settling: Settling) -> None:
        self._core = core
        self._settling = settling
        self._queue: list[tuple[int, int, Known]] = []
        self._workers: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(core.on.config.answering)
        self._put = 0
        self._begun = 0
        self._handed = 0
        self._turn = asyncio.Condition()
        self._failed: BaseException | None = None

    def __len__(self) -> int:
        return len(self._queue)

    def put(self, known: Known) -> None:
        """Answer a question as soon as there is a hand free."""
        self._put += 1
        heapq.heappush(self._queue, (_FIRST[known.question.urgency], self._put, known))
        if len(self._workers) < self._core.on.config.answering * WORKERS:
            worker = asyncio.create_task(self._work())
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    async def idle(self) -> None:
        """Wait until all is answered. Raises what made a result impossible to store."""
        while self._workers:
            await asyncio.gather(*self._workers)
        if self._failed is not None:
            raise self._failed

    async def stop(self) -> None:
        """Answer no more; what is open is found again in the records."""
        self._queue.clear()
        for worker in list(self._workers):
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    async def _work(self) -> None:
        while self._queue:
            async with self._places:
                if not self._queue:
                    return
                known = heapq.heappop(self._queue)[2]
                number, self._begun = self._begun, self._begun + 1
                await self._quiet()
                outcome = await self._answer(known)
            await self._settle(known, number, outcome)

    async def _settle(self, known: Known, number: int, outcome: Outcome | None) -> None:
        try:
            drafted = await self._settling.recorded(outcome)
            async with self._turn_of(number):
                stored = await self._settling.place(known, drafted)
            await stored
        except Exception as error:
            log.exception("answer_not_settled", question=known.question.id)
            self._failed = error
            await self._hand_on(number)

    async def _quiet(self) -> None:
        """Comments are decided first: a crowd waits for no answer. Not for ever, though."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._core.quiet.wait()

    @asynccontextmanager
    async def _turn_of(self, number: int) -> AsyncIterator[None]:
        """After all that were begun before, and before all that were begun after."""
        async with self._turn:
            await self._turn.wait_for(lambda: self._handed >= number)
        try:
            yield
        finally:
            await self._hand_on(number)

    async def _hand_on(self, number: int) -> None:
        self._handed = max(self._handed, number + 1)
        async with self._turn:
            self._turn.notify_all()

    async def _answer(self, known: Known) -> Outcome | None:
        """The desk's outcome; None where it failed, which a person then looks at."""
        on, question = self._core.on, known.question
        asked = Question(
            text=question.text,
            as_of=on.today(self._core.now),
            region=question.region,
            history=known.history,
        )
        try:
            return await on.answers(asked)
        except Exception as error:
            log.exception("desk_failed", question=question.id, kind=type(error).__name__)
            return None
