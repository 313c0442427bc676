"""What systemd is told, and what it passes on, over real sockets."""

import asyncio
import os
import socket
from pathlib import Path

import pytest

from assistant.commands.server import beating
from assistant.commands.systemd import FIRST, beat_every, given_socket, notify

pytestmark = pytest.mark.unit
ME = str(os.getpid())


def test_the_manager_hears_each_state(tmp_path: Path) -> None:
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(path))
        for state in ("READY=1", "STOPPING=1"):
            notify(state, {"NOTIFY_SOCKET": str(path)})
            assert manager.recv(100).decode() == state


def test_a_manager_that_is_gone_or_none_at_all_is_no_fault(tmp_path: Path) -> None:
    notify("READY=1", {"NOTIFY_SOCKET": str(tmp_path / "gone")})
    notify("READY=1", {})


def test_a_manager_that_reads_nothing_holds_nobody_up(tmp_path: Path) -> None:
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(path))
        for _ in range(2000):  # more than the kernel keeps for it
            notify("WATCHDOG=1", {"NOTIFY_SOCKET": str(path)})
        assert manager.recv(100) == b"WATCHDOG=1"


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "60000000"}, 30.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": ME}, 30.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_signs_of_life_come_twice_as_often_as_they_are_awaited(
    environment: dict[str, str], seconds: float | None
) -> None:
    assert beat_every(environment) == seconds


async def test_the_manager_hears_of_a_long_opening_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "notify"
    monkeypatch.setenv("NOTIFY_SOCKET", str(path))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(path))
        manager.setblocking(False)
        async with beating(0.01):
            for _ in range(3):
                async with asyncio.timeout(10):
                    said = await asyncio.get_running_loop().sock_recv(manager, 100)
                assert said == b"WATCHDOG=1"
        async with beating(None):
            pass


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"LISTEN_PID": "1", "LISTEN_FDS": "1"},
        {"LISTEN_PID": ME},
        {"LISTEN_PID": ME, "LISTEN_FDS": "0"},
    ],
)
def test_without_a_passed_socket_we_bind_our_own(environment: dict[str, str]) -> None:
    assert FIRST == 3
    assert given_socket(environment) is None
