"""Chromium's DevTools protocol over two pipes: no port that others on this machine could use.

Messages are JSON with a zero byte behind each (`--remote-debugging-pipe`).
"""

import asyncio
import itertools
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from assistant.errors import Unavailable

PATIENCE = 5.0
"""Seconds that the browser has for an answer: a crashed page gives none."""
_LONGEST = 2**24


class DevTools:
    """One browser's line. Raises Unavailable where it does not answer in time."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Mapping[str, Any]]] = {}
        self._writer: asyncio.WriteTransport | None = None
        self._reader: asyncio.BaseTransport | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._session = ""
        self.is_crashed = False

    async def open(self, reads: int, writes: int) -> None:
        """Take our ends of the pipes and join the first page."""
        loop = asyncio.get_running_loop()
        stream = asyncio.StreamReader(limit=_LONGEST)
        self._reader, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(reads, "rb", buffering=0)
        )
        self._writer, _ = await loop.connect_write_pipe(
            asyncio.BaseProtocol, os.fdopen(writes, "wb", buffering=0)
        )
        self._hearing = asyncio.create_task(self._hear(stream))
        await self._join()

    async def navigate(self, address: str) -> None:
        """Open a page in place of the one that is there, crashed or not."""
        self.is_crashed = False
        answer = await self.call("Page.navigate", url=address)
        if why := answer.get("errorText"):
            raise Unavailable("页面打不开", hint=str(why))

    async def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page; None where it throws."""
        answer = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        result = answer.get("result")
        return result.get("value") if isinstance(result, Mapping) else None

    async def call(self, method: str, **parameters: object) -> Mapping[str, Any]:
        """Call a method of the page. Raises Unavailable."""
        return await self._call(method, parameters, self._session)

    async def close(self) -> None:
        """Hang up."""
        if self._hearing is not None:
            self._hearing.cancel()
            await asyncio.gather(self._hearing, return_exceptions=True)
        for pipe in (self._writer, self._reader):
            if pipe is not None:
                pipe.close()

    async def _join(self) -> None:
        found = (await self._call("Target.getTargets", {}, ""))["targetInfos"]
        pages = [one["targetId"] for one in found if one["type"] == "page"]
        if not pages:
            raise Unavailable("浏览器没有打开页面")
        joined = {"targetId": pages[0], "flatten": True}
        self._session = (await self._call("Target.attachToTarget", joined, ""))["sessionId"]
        for domain in ("Page", "Inspector"):
            await self.call(f"{domain}.enable")

    async def _call(
        self, method: str, parameters: Mapping[str, object], session: str
    ) -> Mapping[str, Any]:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        answer: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            if self._writer is None or self._writer.is_closing():
                raise Unavailable("浏览器已经结束")
            self._writer.write(json.dumps(message).encode() + b"\0")
            async with asyncio.timeout(PATIENCE):
                return await answer
        except TimeoutError as error:
            raise Unavailable("页面没有响应", hint=method) from error
        finally:
            self._waiting.pop(number, None)

    async def _hear(self, stream: asyncio.StreamReader) -> None:
        with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            while True:
                self._take(json.loads((await stream.readuntil(b"\0"))[:-1]))

    def _take(self, message: Mapping[str, Any]) -> None:
        if message.get("method") in {"Inspector.targetCrashed", "Target.targetCrashed"}:
            self.is_crashed = True
        waits = self._waiting.get(message.get("id", 0))
        if waits is None or waits.done():
            return
        if error := message.get("error"):
            waits.set_exception(Unavailable("浏览器拒绝了调用", hint=str(error.get("message"))))
        else:
            waits.set_result(message.get("result", {}))
