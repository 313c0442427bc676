"""Two real processes on one data folder and one listening socket: the next takes over."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.bootstrap import Settings, open_assistant
from eval.drills.rolling_process import STANDS_BY, WITH_SOCKET
from tests.support.small_knowledge import write_knowledge
from tests.web.test_served import COMMAND, environment

pytestmark = pytest.mark.integration
PATIENCE = 90.0
READY = "服务已就绪"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rolling")
    path = write_knowledge(folder / "files")

    async def prepare() -> None:
        async with open_assistant(Settings(data_dir=folder / "data")) as assistant:
            await assistant.ingest([path])

    asyncio.run(prepare())
    return folder / "data"


@contextlib.contextmanager
def process(data: Path, listener: socket.socket, *more: str) -> Iterator["subprocess.Popen[str]"]:
    """`assistant serve` with the socket that systemd would hold; its lines on one pipe."""
    handle = listener.fileno()
    made = subprocess.Popen(
        [sys.executable, "-c", WITH_SOCKET, str(handle), *COMMAND, "serve", *more],
        env=environment(data) | {"PYTHONUNBUFFERED": "1", "ASSISTANT_LOG_LEVEL": "ERROR"},
        pass_fds=(handle,),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield made
    finally:
        made.kill()
        made.wait(PATIENCE)
        made.stdout.close()


def until_said(one: "subprocess.Popen[str]", what: str) -> None:
    said = []
    for line in one.stdout:
        said.append(line)
        if what in line:
            return
    raise AssertionError("".join(said))


def test_the_one_that_stands_by_takes_over_and_nobody_is_refused(data: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with process(data, listener) as old, process(data, listener, "--standby") as new:
            until_said(old, READY)
            until_said(new, STANDS_BY)
            assert httpx.get(f"{url}/ready", timeout=PATIENCE).status_code == 200
            assert new.poll() is None

            old.send_signal(signal.SIGTERM)
            assert old.wait(PATIENCE) in {0, -signal.SIGTERM}
            # Nobody accepts for a moment; the socket keeps who comes.
            assert httpx.get(f"{url}/ready", timeout=PATIENCE).status_code == 200
            until_said(new, READY)

            new.send_signal(signal.SIGTERM)
            assert new.wait(PATIENCE) in {0, -signal.SIGTERM}


def test_it_takes_over_from_one_that_was_killed(data: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with process(data, listener) as old, process(data, listener, "--standby") as new:
            until_said(old, READY)
            until_said(new, STANDS_BY)
            os.kill(old.pid, signal.SIGKILL)
            assert httpx.get(f"{url}/ready", timeout=PATIENCE).status_code == 200


def test_of_two_that_start_at_once_one_serves_and_one_waits(data: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with (
            process(data, listener, "--standby") as one,
            process(data, listener, "--standby") as two,
        ):
            assert httpx.get(f"{url}/ready", timeout=PATIENCE).status_code == 200
            assert [each.poll() for each in (one, two)] == [None, None]
            for each in (one, two):
                each.kill()
            said = [each.communicate()[0] for each in (one, two)]
            assert sorted(READY in each for each in said) == [False, True], said
