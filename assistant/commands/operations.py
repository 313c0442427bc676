"""`assistant units` and `assistant compose`: the files that run the service."""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from assistant.errors import BadInput
from assistant.operations.files import Installation, containers, units

Out = Annotated[Path, typer.Option(help="Folder to write into; made where it is not there.")]
_ADDRESS = re.compile(r"[A-Za-z0-9.\[\]:-]+:\d{1,5}")
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,30}")


def units_command(
    out: Out,
    user: Annotated[str, typer.Option(help="User that runs it; never root.")] = "assistant",
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1:8000",
    command: Annotated[
        Path | None, typer.Option(help="The `assistant` command; default: this one.")
    ] = None,
) -> None:
    """Write systemd units: socket, two services that relieve each other, push."""
    if not _USER.fullmatch(user) or user == "root":
        raise BadInput(f"不能用用户 {user}", hint="换一个普通用户")
    if not _ADDRESS.fullmatch(address):
        raise BadInput(f"不是监听地址：{address}", hint="例如 127.0.0.1:8000")
    path = command or Path(sys.executable).with_name("assistant")
    made = units(Installation(str(path.absolute()), user, address, _systemd()))
    _write(out, made)


def compose_command(out: Out) -> None:
    """Write compose.yaml and the Containerfile that it builds."""
    _write(out, containers())


def _write(out: Path, files: Mapping[str, str]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (out / name).write_text(text, "utf-8")
        typer.echo(str(out / name))


def _systemd() -> int:
    """The version of this machine's systemd; an old one's where there is none."""
    try:
        told = subprocess.run(["systemctl", "--version"], capture_output=True, check=False)  # noqa: S607
    except OSError:
        return 0
    found = re.search(rb"systemd (\d+)", told.stdout)
    return int(found[1]) if found else 0
