"""`assistant serve`: the service, on one address, until it is stopped."""

import asyncio
import errno
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Annotated

import typer

from assistant.bootstrap import Assistant, Settings, open_service, stand_by
from assistant.commands.logs import configure_logs
from assistant.commands.server import LeavingServer
from assistant.commands.systemd import given_socket, notify
from assistant.errors import ConfigurationError
from assistant.web.app import create_app
from assistant.web.leaving import leave
from assistant.web.services import WebOptions

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
STANDBY_PORT = 10.0
"""Seconds for which the port of the process that ended may still be taken."""


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    standby: Annotated[
        bool, typer.Option("--standby", help="Wait until the process that serves ends, then serve.")
    ] = False,
    finish: Annotated[
        float, typer.Option(min=0, max=60, help="Seconds in which a sentence may end on SIGTERM.")
    ] = 8.0,
) -> None:
    """Serve the page, the API and the metrics until stopped (Ctrl+C)."""
    settings = Settings()
    configure_logs(settings.log_level)
    over: Callable[[], None] = _nothing
    if standby:
        notify("READY=1")
        over = stand_by(settings, _Waiting()).over
    given = given_socket()
    with given or bound(host, port, patience=STANDBY_PORT if standby else 0.0) as listener:
        url = address(listener, host)
        if host not in LOOPBACK and given is None:
            typer.echo(_warning(url), err=True)
        typer.echo("正在打开知识库…", err=True)
        asyncio.run(_serve(settings, listener, url, finish, over))


def _nothing() -> None:
    """Nobody waits for a turn."""


class _Waiting:
    """Says once that it waits, and again and again that it lives."""

    said = False

    def __call__(self) -> None:
        if not self.said:
            typer.echo("待命：等正在运行的服务结束后接手", err=True)
        self.said = True
        notify("WATCHDOG=1")


async def _serve(
    settings: Settings,
    listener: socket.socket,
    url: str,
    seconds: float,
    over: Callable[[], None],
) -> None:
    options = options_of(settings, url)
    codes: list[str] = []

    def ready() -> None:
        over()
        _ready(url, codes)

    @asynccontextmanager
    async def opened() -> AsyncIterator[Assistant]:
        async with open_service(settings, announce=_announced) as assistant:
            if code := await assistant.access.setup.open():
                codes.append(code)
            yield assistant

    app = create_app(opened, options)
    server = LeavingServer(app, ready, lambda: leave(app, seconds))
    await server.serve(sockets=[listener])
    if not server.started:
        sys.exit(1)


def _announced(text: str) -> None:
    typer.echo(text, err=True)


def _ready(url: str, codes: Sequence[str]) -> None:
    """Say where, and the one-time code where nobody administers yet."""
    typer.echo(f"服务已就绪：{url}")
    for code in codes:
        typer.echo(f"还没有管理员：请打开 {url}/setup ，一次性代码 {code}")


def options_of(settings: Settings, url: str) -> WebOptions:
    """What the web needs to know of the settings; no secrets."""
    parts = {
        "chat_model": settings.chat_model or "未配置，按原文答复",
        "embedding": settings.embedding_model or "内置",
        "database": "PostgreSQL" if settings.sql_url.startswith("postgresql") else "SQLite",
        "chroma": "服务器" if settings.chroma_url else "内置",
        "offline": "是" if settings.offline else "否",
    }
    return WebOptions(
        region=settings.region,
        parts=parts,
        url=url,
        uploads=settings.data_dir / "uploads",
        warm_up=True,
        producer=settings.aigc_producer,
    )


def bound(host: str, port: int, patience: float = 0.0) -> socket.socket:
    """A socket that is bound to the address, so that a taken port is known before anything opens.

    A port that is taken is tried again for `patience` seconds.

    Raises:
        ConfigurationError: the address cannot be used.
    """
    until = time.monotonic() + patience
    while True:
        try:
            return _bound(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() >= until:
                raise _unusable(host, port, error) from error
        time.sleep(0.1)


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise ConfigurationError(f"无法使用地址 {host}", hint=str(error.strerror)) from error
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(where)
    except OSError:
        listener.close()
        raise
    return listener


def _unusable(host: str, port: int, error: OSError) -> ConfigurationError:
    if error.errno == errno.EADDRINUSE:
        return ConfigurationError(f"端口 {port} 已被占用", hint="请换一个端口：--port")
    if error.errno == errno.EACCES:
        return ConfigurationError(f"没有权限使用端口 {port}", hint="请换 1024 以上的端口")
    return ConfigurationError(f"无法使用地址 {host}:{port}", hint=str(error.strerror))


def address(listener: socket.socket, host: str) -> str:
    """The URL that a browser on this machine opens."""
    port = listener.getsockname()[1]
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - only named here
    return f"http://{f'[{name}]' if ':' in name and '[' not in name else name}:{port}"


def _warning(url: str) -> str:
    return (
        "警告：服务对本机以外开放，且没有加密（TLS）：提问和登录密码都会明文传输。\n"
        f"      请只在可信网络中使用，或放在有 HTTPS 的反向代理之后。本机地址：{url}"
    )
