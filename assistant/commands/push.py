"""`assistant push`: a room's stage to RTMP servers, watched and healed, until it is stopped."""

import asyncio
import contextlib
import os
import signal
from pathlib import Path
from typing import Annotated

import typer

from assistant.bootstrap import Settings
from assistant.bootstrap.push import Wanted, open_push
from assistant.commands.logs import configure_logs
from assistant.commands.systemd import notify
from assistant.errors import ConfigurationError

SERVER = "http://127.0.0.1:8000"


def push(
    room: Annotated[str, typer.Option(help="Room whose stage is pushed.")],
    to: Annotated[
        list[str] | None,
        typer.Option(
            help="rtmp(s)://server/app without its key, NAME=URL, or a name; repeatable. "
            "Default: the room's targets in assistant.toml."
        ),
    ] = None,
    portrait: Annotated[bool, typer.Option("--portrait", help="720x1280 for phones.")] = False,
    server: Annotated[str, typer.Option(help="Where `assistant serve` answers.")] = SERVER,
    key_file: Annotated[
        Path | None, typer.Option(help="File of mode 600 with lines `NAME = KEY`.")
    ] = None,
    no_recording: Annotated[
        bool, typer.Option("--no-recording", help="Keep no recording on this machine.")
    ] = False,
    allow_root: Annotated[
        bool, typer.Option("--allow-root", help="Run as root, the browser without its sandbox.")
    ] = False,
) -> None:
    """Push a room's stage to every target until stopped (Ctrl+C).

    The key of a target is the variable ASSISTANT_PUSH_KEY_NAME (ASSISTANT_PUSH_KEY for a URL
    without a name) or a line of the key file: never a word of the command line.
    """
    settings = Settings()
    configure_logs(settings.log_level)
    check_user(allow_root=allow_root)
    wanted = Wanted(room, tuple(to or ()), server.rstrip("/"), portrait, not no_recording, key_file)
    asyncio.run(_push(settings, wanted))


def check_user(*, allow_root: bool) -> None:
    """A browser on the air needs no rights. Raises ConfigurationError."""
    if os.geteuid() == 0 and not allow_root:
        raise ConfigurationError(
            "不要用 root 推流", hint="换一个普通用户；确实要用 root 时加 --allow-root"
        )


async def _push(settings: Settings, wanted: Wanted) -> None:
    task = asyncio.current_task()
    assert task is not None
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        async with open_push(settings, wanted, lambda: notify("WATCHDOG=1")) as session:
            notify("READY=1")
            typer.echo(f"正在推流：直播间 {wanted.room}")
            await session.run()
    notify("STOPPING=1")
    typer.echo("推流已停止")
