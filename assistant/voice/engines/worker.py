"""A helping process that answers one request at a time; started when first needed.

One that dies, hangs or talks nonsense is ended, and the next request gets a fresh one.
"""

import asyncio
import contextlib
import json
import struct
from collections.abc import Sequence
from typing import Any

import structlog

from assistant.errors import VoiceFailed

log = structlog.get_logger()
LARGEST = 64 * 1024 * 1024
"""Bytes of a reply beyond which the worker is taken to talk nonsense."""


class Worker:
    """Frames to and from a process (`espeak.serve`). `seconds` bound each request."""

    def __init__(self, command: Sequence[str], seconds: float = 1.0, start: float = 2.0) -> None:
        self._command = tuple(command)
        self._seconds = seconds
        self._start = start
        self._process: asyncio.subprocess.Process | None = None
        self._lock = asyncio.Lock()
        self._is_lost = False

    @property
    def pid(self) -> int | None:
        """Of the process that runs now."""
        return self._process.pid if self._process else None

    async def ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """The reply and its bytes. Raises VoiceFailed; the process is then gone."""
        async with self._lock:
            fresh = self._process is None or self._process.returncode is not None
            try:
                async with asyncio.timeout(self._seconds + (self._start if fresh else 0)):
                    return await self._exchange(request)
            except (TimeoutError, OSError, EOFError, ValueError) as error:
                self._is_lost |= not isinstance(error, TimeoutError)  # a busy machine is no death
                await self._end()
                reason = "没有及时应答" if isinstance(error, TimeoutError) else "已退出或应答无效"
                log.warning("voice_worker_failed", kind=type(error).__name__, fresh=fresh)
                raise VoiceFailed(f"离线语音进程{reason}") from error
            except asyncio.CancelledError:
                await asyncio.shield(self._end())  # half a reply would be read as the next one
                raise

    async def has_lost_process(self) -> bool:
        """Whether the process died, or talked nonsense, since the last look."""
        async with self._lock:
            if self._process is not None and self._process.returncode is not None:
                self._is_lost = True
                await self._end()
        was_lost, self._is_lost = self._is_lost, False
        return was_lost

    async def close(self) -> None:
        """End the process."""
        async with self._lock:
            await self._end()

    async def _exchange(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        process = await self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        body = json.dumps(request).encode()
        process.stdin.write(struct.pack(">I", len(body)) + body)
        await process.stdin.drain()
        told = json.loads(await _block(process.stdout, await _length(process.stdout)))
        if "error" in told:
            raise VoiceFailed(f"离线语音：{told['error']}", retryable=False)
        return told, await _block(process.stdout, int(told["bytes"]))

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            pipe = asyncio.subprocess.PIPE
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=pipe, stdout=pipe, start_new_session=True
            )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        if process.stdin:
            process.stdin.close()
            with contextlib.suppress(OSError):
                await process.stdin.wait_closed()


async def _length(stream: asyncio.StreamReader) -> int:
    return int(struct.unpack(">I", await stream.readexactly(4))[0])


async def _block(stream: asyncio.StreamReader, size: int) -> bytes:
    if not 0 <= size <= LARGEST:
        raise ValueError("a reply of this size is none")
    return await stream.readexactly(size)
