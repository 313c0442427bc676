"""Stores of a larger office in a drill, PostgreSQL and a Chroma server, started again and again."""

import os
import shutil
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

_QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class Store:
    """A server that the keeper starts again; a drill stops it by its process."""

    def __init__(self, name: str, command: list[str], settings: dict[str, str]) -> None:
        self.name = name
        self.settings = settings
        """What the service is told of it."""
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin one life."""
        if self._process is not None:
            self._process.wait()
        self._process = subprocess.Popen(self._command, cwd="/", start_new_session=True, **_QUIET)  # type: ignore[call-overload]

    @property
    def has_ended(self) -> bool:
        """Whether it runs no more."""
        return self._process is None or self._process.poll() is not None

    @property
    def process(self) -> psutil.Process:
        """The server."""
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def stop(self) -> None:
        """End it and all below it."""
        if self.has_ended:
            return
        for one in [*self.process.children(recursive=True), self.process]:
            with suppress(psutil.NoSuchProcess):
                one.kill()


def postgresql(folder: Path) -> Store:
    """A new cluster. It refuses to run as root, so root runs it as `postgres`."""
    folder.mkdir(parents=True)
    as_other: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    found = shutil.which("initdb") or max(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    binaries, cluster, port = Path(found).resolve().parent, folder / "cluster", _free_port()
    make = ["--auth=trust", "--username=postgres", "--encoding=UTF8"]
    made = [*as_other, str(binaries / "initdb"), "-D", str(cluster), *make]
    subprocess.run(made, check=True, cwd="/", stdout=subprocess.DEVNULL)
    serve = [str(binaries / "postgres"), "-D", str(cluster), "-p", str(port), "-h", "127.0.0.1"]
    url = f"postgresql+asyncpg://postgres@127.0.0.1:{port}/postgres"
    command = [*as_other, *serve, "-k", str(folder)]
    return Store("postgres", command, {"ASSISTANT_DATABASE_URL": url})


def chroma(folder: Path) -> Store:
    """A Chroma server with a folder of its own."""
    port, program = _free_port(), Path(sys.executable).with_name("chroma")
    command = [str(program), "run", "--path", str(folder), "--host", "127.0.0.1"]
    settings = {"ASSISTANT_CHROMA_URL": f"http://127.0.0.1:{port}"}
    return Store("chroma", [*command, "--port", str(port)], settings)


STORES = {"postgres": postgresql, "chroma": chroma}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
