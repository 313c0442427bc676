"""Sends replies, each at most once: stored as being sent before it is sent."""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import replace

import structlog

from assistant.domain.live import Reply, ReplyState
from assistant.domain.live_commit import Commit
from assistant.errors import ReplyFailed
from assistant.live.core import Core

log = structlog.get_logger()
SENDERS = 4
TRIES = 4
PAUSE = 1.0
"""Seconds before the second try; doubled each time."""
SAME = 40
"""Characters by which an answer is known in a longer reply."""
REFUSED = 4
"""Tries in a row that a platform did not take until it counts as refusing."""
LAST = 3.0
"""Seconds for which one who stops waits for replies under way: cut off, they were uncertain."""


class Delivery:
    """The replies of a room. An address is looked up by the reply's own comment, never else."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._queues: list[asyncio.Queue[Reply]] = [asyncio.Queue() for _ in range(SENDERS)]
        self._sending = [asyncio.Lock() for _ in range(SENDERS)]
        self._senders: list[asyncio.Task[None]] = []
        self._ends = False
        self._waiting: dict[str, Reply] = {}
        self._recalled: set[str] = set()
        self._failed: Counter[str] = Counter()

    @property
    def refusing(self) -> set[str]:
        """The platforms that take no replies now."""
        return {name for name, times in self._failed.items() if times >= REFUSED}

    def start(self) -> None:
        """Begin to send."""
        each = zip(self._queues, self._sending, strict=True)
        self._senders = [asyncio.create_task(self._send_all(*one)) for one in each]

    async def stop(self) -> None:
        """Begin no more, let what is under way arrive; the rest is found again in the records."""
        self._ends = True
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST):
                for sending in self._sending:
                    await sending.acquire()
        for sender in self._senders:
            sender.cancel()
        await asyncio.gather(*self._senders, return_exceptions=True)

    def committed(self, step: Commit) -> None:
        """Take the new replies of a stored step; those to one comment keep their order."""
        for reply in step.replies:
            if reply.state is ReplyState.PENDING:
                self._waiting[reply.id] = reply
                self._queues[hash(reply.comment_id) % SENDERS].put_nowait(reply)

    def recall(self, answer: str) -> None:
        """Send an answer that was taken back to nobody who has not got it yet."""
        said = answer[:SAME]
        short = len(answer) < SAME
        for reply in self._waiting.values():
            if reply.text.endswith(said) if short else said in reply.text:
                self._recalled.add(reply.id)

    async def idle(self) -> None:
        """Wait until everything was tried."""
        for queue in self._queues:
            await queue.join()

    async def _send_all(self, queue: asyncio.Queue[Reply], sending: asyncio.Lock) -> None:
        while not self._ends:
            reply = await queue.get()
            try:
                async with sending:
                    await self._send(reply)
            except Exception as error:
                log.exception("reply_not_sent", reply=reply.id, kind=type(error).__name__)
            finally:
                self._waiting.pop(reply.id, None)
                self._recalled.discard(reply.id)
                queue.task_done()

    async def _send(self, reply: Reply) -> None:
        address = await self._address(reply)
        if address is None or reply.platform not in self._core.on.repliers:
            await self._store(replace(reply, state=ReplyState.FAILED))
            return
        reply = replace(reply, state=ReplyState.SENDING, tries=reply.tries + 1)
        await self._store(reply)
        await self._store(replace(reply, state=await self._try(reply, address)))
        if not self._core.memory.awaits(reply.comment_id):
            await self._core.on.records.erase_addresses([reply.comment_id])

    async def _address(self, reply: Reply) -> str | None:
        """Where the comment's viewer is reached; None where that is gone or cannot be read."""
        sealed = await self._core.on.records.address(reply.comment_id)
        try:
            return None if sealed is None else self._core.on.vault.open(sealed)
        except ValueError:
            log.warning("address_unreadable", reply=reply.id)
            return None

    async def _try(self, reply: Reply, address: str) -> ReplyState:
        """How it ended. Only a reply that surely did not arrive is sent once more."""
        send = self._core.on.repliers[reply.platform].reply
        for attempt in range(TRIES):
            if reply.id in self._recalled:
                break
            try:
                await send(address, reply.text, reply.id)
            except ReplyFailed as error:
                self._failed[reply.platform] += 1
                if not error.retryable:
                    return ReplyState.UNCERTAIN
                if reply.id in self._recalled:
                    break
                await self._core.on.clock.sleep(PAUSE * 2**attempt)
            except Exception as error:
                self._failed[reply.platform] += 1
                log.exception("reply_uncertain", reply=reply.id, kind=type(error).__name__)
                return ReplyState.UNCERTAIN
            else:
                self._failed.pop(reply.platform, None)
                return ReplyState.SENT
        return ReplyState.FAILED

    async def _store(self, reply: Reply) -> None:
        await self._core.commit(Commit(replies=(reply,)))
