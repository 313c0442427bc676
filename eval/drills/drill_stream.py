"""The stream of a drill: `assistant push` into a loopback RTMP server, which the viewer watches.

The server is ffmpeg, which takes one stream and ends with it; it is started anew each time, as a
platform's ingest takes a stream that comes back.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from assistant.push.encoder import ffmpeg
from eval.drills.drill_viewer import RATE, SIZE, Viewer
from eval.drills.serve_process import ROOM

_KEY = "drill-key"
_SIZED = f"fps={RATE},scale={SIZE[0]}:{SIZE[1]}:flags=area,format=gray"


class Ingest:
    """The RTMP server with the viewer behind it."""

    def __init__(self, port: int, viewer: Viewer) -> None:
        self.is_open = True
        self.streams = 0
        self._url = f"rtmp://127.0.0.1:{port}/live/{_KEY}"
        self._viewer = viewer
        self._process: asyncio.subprocess.Process | None = None

    async def run(self) -> None:
        """Take one stream after the other."""
        command = [ffmpeg(), "-v", "quiet", "-listen", "1", "-threads", "1", "-i", self._url]
        command += ["-an", "-vf", _SIZED, "-f", "rawvideo", "pipe:1"]
        try:
            while True:
                if not self.is_open:
                    await asyncio.sleep(0.2)
                    continue
                pipe = asyncio.subprocess.PIPE
                self._process = await asyncio.create_subprocess_exec(*command, stdout=pipe)
                self.streams += 1
                assert self._process.stdout
                await self._viewer.look(self._process.stdout)
                await self._process.wait()
        finally:
            self.send(signal.SIGKILL)

    def send(self, number: int) -> None:
        """A signal to the server."""
        with suppress(ProcessLookupError):
            if self._process is not None and self._process.returncode is None:
                self._process.send_signal(number)


WATCHDOG = 8.0
"""Seconds without a sign of life after which it is killed, as its unit says (WatchdogSec)."""


class PushProcess:
    """`assistant push`, with all that it starts."""

    def __init__(
        self, folder: Path, server: str, port: int, environment: Mapping[str, str]
    ) -> None:
        self._folder = folder
        program = str(Path(sys.executable).with_name("assistant"))
        to = ("--to", f"rtmp://127.0.0.1:{port}/live", "--server", server)
        self._command = [program, "push", "--room", ROOM, *to]
        self._command += ["--allow-root"] if os.geteuid() == 0 else []
        self._manager = Manager(folder / "push.notify")
        self._environment = {
            **environment,
            "ASSISTANT_PUSH_KEY": _KEY,
            "NOTIFY_SOCKET": str(self._manager.path),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin one life."""
        if self._process is not None:
            self._process.wait()
        self._manager.begin()
        with (self._folder / "push.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                cwd=self._folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def has_ended(self) -> bool:
        """Whether it runs no more."""
        return self._process is None or self._process.poll() is not None

    def end_where_hung(self) -> None:
        """What systemd's watchdog does."""
        if self._manager.silent > WATCHDOG and not self.has_ended:
            self.process.kill()

    @property
    def process(self) -> psutil.Process:
        """The supervisor."""
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def parts(self, name: str) -> list[psutil.Process]:
        """Processes below it whose command line names a program."""
        found = []
        with suppress(psutil.NoSuchProcess):
            for one in self.process.children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    if name in Path((one.cmdline() or [""])[0]).name:
                        found.append(one)
        return found

    def pages(self) -> list[psutil.Process]:
        """The processes that draw the browser's pages."""
        return [one for one in self.parts("chrom") if "--type=renderer" in one.cmdline()]

    def stop(self) -> None:
        """End it as an operator does, then with force."""
        if self.has_ended:
            return
        assert self._process is not None
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(15)
            return
        self._process.kill()


class Manager:
    """Hears what a service tells systemd (sd_notify)."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self.path = path
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._line.bind(str(path))
        self._line.setblocking(False)
        self._heard_at: float | None = None

    def begin(self) -> None:
        """A new life: it is not watched before it says that it is ready."""
        self._hear()
        self._heard_at = None

    def _hear(self) -> None:
        with suppress(BlockingIOError):
            while said := self._line.recv(200):
                self._heard_at = None if said == b"STOPPING=1" else time.monotonic()

    @property
    def silent(self) -> float:
        """Seconds since its last sign of life."""
        self._hear()
        return 0.0 if self._heard_at is None else time.monotonic() - self._heard_at


class Mirror:
    """A page without the key: it is told all that is said, and keeps it."""

    def __init__(self, address: str) -> None:
        self.told: dict[str, dict[str, Any]] = {}
        self._address = address

    async def run(self) -> None:
        """Stay on the line."""
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                async with connect(self._address, open_timeout=5, proxy=None) as socket:
                    async for text in socket:
                        message = json.loads(text)
                        if message["type"] == "cue":
                            self.told[message["id"]] = message
            await asyncio.sleep(0.5)
