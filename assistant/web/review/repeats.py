"""The same request sent again, because a line broke, gets the reply of the first one.

Kept in memory for a while: after a restart a repetition meets the desk's own refusal (409) instead,
for a case is settled once whatever arrives.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

from assistant.errors import Conflict

T = TypeVar("T")
KEPT = 2000


class Repeats:
    """The replies of the last keys of each account."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], tuple[object, asyncio.Future[Any]]] = (
            OrderedDict()
        )

    async def once(
        self, who: str, key: str | None, asked: object, work: Callable[[], Awaitable[T]]
    ) -> T:
        """Do it, or give what came of it before.

        Raises what `work` raises, and then remembers nothing; Conflict for a key that was used for
        something else.
        """
        if key is None:
            return await work()
        known = self._known.get((who, key))
        if known is not None:
            if known[0] != asked:
                raise Conflict("这个 Idempotency-Key 已用于另一个请求")
            return cast("T", await asyncio.shield(known[1]))
        return await self._first((who, key), asked, work)

    async def _first(
        self, at: tuple[str, str], asked: object, work: Callable[[], Awaitable[T]]
    ) -> T:
        doing = asyncio.ensure_future(work())
        self._known[at] = (asked, doing)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        try:
            return await asyncio.shield(doing)
        except Exception:
            self._known.pop(at, None)
            raise
