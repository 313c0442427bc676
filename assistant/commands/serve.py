"""`assistant serve`: the service, on one address, until it is stopped."""

import asyncio
import errno
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated

import typer
import uvicorn

from assistant.bootstrap import Assistant, Settings, open_service
from assistant.commands.logs import configure_logs
from assistant.errors import ConfigurationError
from assistant.web.app import create_app
from assistant.web.services import WebOptions

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
) -> None:
    """Serve the page, the API and the metrics until stopped (Ctrl+C)."""
    settings = Settings()
    configure_logs(settings.log_level)
    with bound(host, port) as listener:
        url = address(listener, host)
        if host not in LOOPBACK:
            typer.echo(_warning(url), err=True)
        typer.echo("正在打开知识库…", err=True)
        asyncio.run(_serve(settings, listener, url))


async def _serve(settings: Settings, listener: socket.socket, url: str) -> None:
    options = options_of(settings, url)
    codes: list[str] = []

    @asynccontextmanager
    async def opened() -> AsyncIterator[Assistant]:
        async with open_service(settings, announce=_announced) as assistant:
            if code := await assistant.access.setup.open():
                codes.append(code)
            yield assistant

    app = create_app(opened, options)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=10
    )
    server = _Server(config, url, codes)
    await server.serve(sockets=[listener])
    if not server.started:
        sys.exit(1)


def _announced(text: str) -> None:
    typer.echo(text, err=True)


class _Server(uvicorn.Server):
    """Says when and where it is ready, and the one-time code where nobody administers yet."""

    def __init__(self, config: uvicorn.Config, url: str, codes: Sequence[str]) -> None:
        super().__init__(config)
        self._url = url
        self._codes = codes

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the knowledge, listen, and only then print the address."""
        await super().startup(sockets)
        if self.started:
            typer.echo(f"服务已就绪：{self._url}")
            for code in self._codes:
                typer.echo(f"还没有管理员：请打开 {self._url}/setup ，一次性代码 {code}")


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


def bound(host: str, port: int) -> socket.socket:
    """A socket that is bound to the address, so that a taken port is known before anything opens.

    Raises:
        ConfigurationError: the address cannot be used.
    """
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ConfigurationError(f"无法使用地址 {host}", hint=str(error.strerror)) from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(where)
    except OSError as error:
        listener.close()
        raise _unusable(host, port, error) from error
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
