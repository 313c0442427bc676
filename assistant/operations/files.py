"""The shipped files with an installation's own paths in them. Pure but for reading them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"
UNITS = (
    "assistant.socket",
    "assistant@.service",
    "assistant-push@.service",
    "assistant.sysusers.conf",
    "assistant.tmpfiles.conf",
)
CONTAINERS = ("compose.yaml", "Containerfile")
BACKOFF_SINCE = 254
"""The first systemd that knows RestartSteps= (its NEWS)."""
_BACKOFF = "RestartSteps=5\nRestartMaxDelaySec=30\n"


@dataclass(frozen=True, slots=True)
class Installation:
    """Where the command lies, who runs it, on which address, under which systemd."""

    command: str
    user: str = "assistant"
    address: str = "127.0.0.1:8000"
    systemd: int = 252


def units(of: Installation) -> Mapping[str, str]:
    """The units by file name."""
    values = {
        "@BIN@": of.command,
        "@USER@": of.user,
        "@ADDRESS@": of.address,
        "@BACKOFF@": _BACKOFF if of.systemd >= BACKOFF_SINCE else "",
        "@HARDENING@": (DATA / "hardening.conf").read_text("utf-8"),
    }
    return {name: _filled((DATA / name).read_text("utf-8"), values) for name in UNITS}


def containers() -> Mapping[str, str]:
    """The compose file and what it builds from, by file name."""
    return {name: (DATA / name).read_text("utf-8") for name in CONTAINERS}


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    return text
