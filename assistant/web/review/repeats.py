"""The same request sent again, because a line broke, gets the reply of the first one.

Replies lie in the records for a day, so a restart or another process of the office changes nothing.
Where a process died between the work and its reply, a repetition meets the desk's own refusal (409)
after a minute, for a case is settled once whatever arrives.
"""

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any, Protocol, TypeVar, cast

from pydantic import BaseModel

from assistant.errors import Conflict

T = TypeVar("T", bound=BaseModel)
PATIENCE = 10.0
"""Seconds for which a repetition waits for the first one, in another process."""
PAUSE = 0.1


class KeptReply(Protocol):
    """What is known of a key."""

    @property
    def asked(self) -> str:
        """The digest of what was asked."""
        ...

    @property
    def body(self) -> str | None:
        """The reply; None while it is worked on."""
        ...


class Kept(Protocol):
    """Keeps the replies (`RequestReplies`)."""

    async def claim(self, account_id: str, key: str, asked: str) -> KeptReply | None:
        """None: the work is the caller's to do; else what is known of the same key."""
        ...

    async def keep(self, account_id: str, key: str, body: str) -> None:
        """The work is done."""
        ...

    async def drop(self, account_id: str, key: str) -> None:
        """It came to nothing: the key is free again."""
        ...


class Repeats:
    """The replies of the keys of each account."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._doing: dict[tuple[str, str], tuple[str, asyncio.Task[Any]]] = {}

    async def once(
        self,
        who: str,
        key: str | None,
        asked: object,
        work: Callable[[], Awaitable[T]],
        kind: type[T],
    ) -> T:
        """Do it, or give what came of it before, as `kind`.

        Raises what `work` raises, and then remembers nothing; Conflict for a key that was used for
        something else, or whose work takes too long elsewhere.
        """
        if key is None:
            return await work()
        digest = digest_of(asked)
        if (here := self._doing.get((who, key))) is None:
            task = asyncio.create_task(self._first(who, key, digest, work, kind))
            here = self._doing[who, key] = (digest, task)
            task.add_done_callback(lambda done: self._over((who, key), done))
        _refuse_other(here[0], digest)
        return cast("T", await asyncio.shield(here[1]))

    def _over(self, at: tuple[str, str], done: asyncio.Task[Any]) -> None:
        self._doing.pop(at, None)
        if not done.cancelled():
            done.exception()  # whoever asked may have gone; then nobody else looks at it

    async def _first(
        self, who: str, key: str, asked: str, work: Callable[[], Awaitable[T]], kind: type[T]
    ) -> T:
        """The first here; it may be done, or under way, in another process."""
        ends = asyncio.get_running_loop().time() + PATIENCE
        while (known := await self._kept.claim(who, key, asked)) is not None:
            _refuse_other(known.asked, asked)
            if known.body is not None:
                return kind.model_validate_json(known.body)
            if asyncio.get_running_loop().time() > ends:
                raise Conflict("同一个请求还在处理", hint="请稍后刷新再看")
            await asyncio.sleep(PAUSE)
        try:
            done = await work()
        except BaseException:
            await self._kept.drop(who, key)
            raise
        await self._kept.keep(who, key, done.model_dump_json())
        return done


def digest_of(asked: object) -> str:
    """What was asked, in short; `asked` are plain values, or dataclasses of them."""
    return sha256(repr(asked).encode("utf-8", "surrogatepass")).hexdigest()


def _refuse_other(known: str, asked: str) -> None:
    if known != asked:
        raise Conflict("这个 Idempotency-Key 已用于另一个请求")
