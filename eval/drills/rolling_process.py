"""Processes of `assistant serve`, one after the other, on one listening socket."""

import socket
import subprocess
import sys
import time
from pathlib import Path

from eval.drills.serve_process import ServeProcess, command

WITH_SOCKET = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.argv[2], sys.argv[2:])
"""
"""What systemd does for a unit that has a socket: sd_listen_fds(3)."""
READS_IN = 120.0
"""Seconds in which a process must have all read in."""
STANDS_BY = "待命"


class RollingProcess(ServeProcess):
    """`process` serves; `start_standby` begins the one that takes over when it ends."""

    def __init__(self, folder: Path, reply_url: str, database_url: str | None = None) -> None:
        database = {"ASSISTANT_DATABASE_URL": database_url} if database_url else {}
        super().__init__(folder, reply_url, settings=database)
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self.port))
        self._listener.listen(512)

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        """The process that was begun last."""
        return self._running()

    def start(self) -> None:
        """Begin one, unless one runs."""
        if self._process is None or self._process.poll() is not None:
            self._begin()

    def start_standby(self) -> None:
        """Begin the next one; when this returns it has all read in and waits."""
        before = self._log().count(STANDS_BY)
        self._begin("--standby")
        until = time.monotonic() + READS_IN
        while self._log().count(STANDS_BY) == before:
            if time.monotonic() > until or self.process.poll() is not None:
                raise RuntimeError(f"it does not stand by: {self._log()[-2000:]}")
            time.sleep(0.2)
        time.sleep(1.0)

    def _log(self) -> str:
        return (self._folder / "serve.log").read_text("utf-8", errors="replace")

    def _begin(self, *more: str) -> None:
        handle = self._listener.fileno()
        with (self._folder / "serve.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", WITH_SOCKET, str(handle), *command("serve", *more)],
                env=self._environment,
                pass_fds=(handle,),
                cwd=self._folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
