"""What systemd and a service say to each other: a socket that it holds, and that we live.

Source: sd_listen_fds(3), sd_notify(3). Nothing happens where no systemd started us.
"""

import os
import socket
from collections.abc import Mapping

FIRST = 3
"""The first descriptor that is passed on."""


def given_socket(environment: Mapping[str, str] = os.environ) -> socket.socket | None:
    """The listening socket that systemd holds for us, so that a restart refuses nobody."""
    mine = environment.get("LISTEN_PID") == str(os.getpid())
    if not mine or not environment.get("LISTEN_FDS", "").isdigit():
        return None
    return socket.socket(fileno=FIRST) if int(environment["LISTEN_FDS"]) >= 1 else None


def notify(state: str, environment: Mapping[str, str] = os.environ) -> None:
    """Tell systemd, e.g. `READY=1`; a manager that is gone is no fault of ours."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        return
    path = f"\0{address[1:]}" if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
        line.setblocking(False)  # a manager that reads nothing must not hold us up
        try:
            line.connect(path)
            line.send(state.encode())
        except OSError:
            return


def beat_every(environment: Mapping[str, str] = os.environ) -> float | None:
    """Seconds between two signs of life, half of what systemd waits; None where it waits for none.

    A number that is none counts as none.
    """
    micro = environment.get("WATCHDOG_USEC", "")
    watched = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    return int(micro) / 2_000_000 if micro.isdigit() and int(micro) and watched else None
