"""Programs that end with us: whatever becomes of this process, the kernel ends them.

`setpriv --pdeathsig` (util-linux) asks for that before the program begins.
"""

import asyncio
import os
import shutil
import signal
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from assistant.errors import Unavailable

log = structlog.get_logger()
_PATIENCE = 3.0
"""Seconds that a program has to end before it is ended."""
_LINES = 30
_KEPT = ("PATH", "HOME", "LANG", "TZ", "FONTCONFIG_PATH", "LD_LIBRARY_PATH")
_LONGEST = 2**20
"""Bytes that wait in our end of a pipe: half a second of pictures."""


def environment() -> dict[str, str]:
    """What a program of ours is told of our own environment: nothing that could be a key."""
    return {name: os.environ[name] for name in _KEPT if name in os.environ}


def program(*names: str, hint: str) -> str:
    """The first of these that is installed. Raises Unavailable."""
    for name in names:
        if path := shutil.which(name):
            return path
    raise Unavailable(f"没有安装 {names[0]}，不能推流", hint=hint)


@dataclass(slots=True)
class Started:
    """A running program. `told` are the last lines of its standard error."""

    name: str
    process: asyncio.subprocess.Process
    told: deque[str] = field(default_factory=lambda: deque(maxlen=_LINES))
    _listening: "asyncio.Task[None] | None" = None

    @property
    def pid(self) -> int:
        """Its number."""
        return self.process.pid

    @property
    def has_ended(self) -> bool:
        """Whether it runs no more."""
        return self.process.returncode is not None

    def listen(self) -> None:
        """Keep reading what it tells, so that it never waits for us."""
        if self.process.stderr is not None:
            self._listening = asyncio.create_task(self._listen(self.process.stderr))

    async def stop(self) -> None:
        """End it and all of its group, kindly first."""
        for number, patience in ((signal.SIGTERM, _PATIENCE), (signal.SIGKILL, _PATIENCE)):
            with suppress(ProcessLookupError):
                os.killpg(self.pid, number)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), patience)
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    async def _listen(self, lines: asyncio.StreamReader) -> None:
        with suppress(ValueError):  # a line longer than the reader takes
            async for line in lines:
                self.told.append(line.decode("utf-8", "replace").rstrip())


async def started(
    name: str,
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    pipes: Sequence[int] = (),
    reads: bool = False,
    writes: bool = False,
) -> Started:
    """Start a program in a group of its own. `pipes` are handed to it by their numbers.

    Without `env` it gets `environment`.

    `reads` is whether we read its standard output, `writes` whether we write its standard input.
    Raises Unavailable.
    """
    tied = program("setpriv", hint="apt-get install util-linux")
    nowhere, pipe = asyncio.subprocess.DEVNULL, asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            *(tied, "--pdeathsig", "KILL", "--", *command),
            stdin=pipe if writes else nowhere,
            stdout=pipe if reads else nowhere,
            stderr=pipe,
            env=environment() if env is None else env,
            pass_fds=pipes,
            start_new_session=True,
            limit=_LONGEST,
        )
    except OSError as error:
        raise Unavailable(f"{name} 没有启动", hint=str(error)) from error
    one = Started(name, process)
    one.listen()
    return one


async def stop_all(programs: Sequence[Started]) -> None:
    """End all at once."""
    for one in programs:
        if one.has_ended and one.process.returncode not in {0, -signal.SIGTERM}:
            told = list(one.told)[-5:]
            log.warning("push_part_ended", part=one.name, status=one.process.returncode, told=told)
    await asyncio.gather(*(one.stop() for one in programs))
