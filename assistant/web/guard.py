"""The outermost layer: request ids, size limit, security headers, and no traceback to anyone."""

import time
from collections.abc import Callable

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.domain.ids import new_ulid
from assistant.web.problems import Problem, plain

log = structlog.get_logger()
Show = Callable[[Request, Problem], Response]
Limit = Callable[[Scope], int]

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; media-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_SECURITY = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Guard:
    """Wraps the app. Logs method, path and time, never the query string or the body."""

    def __init__(self, app: ASGIApp, limit: Limit, show: Show) -> None:
        self._app = app
        self._limit = limit
        self._show = show

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or pass on what is none."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["request_id"] = new_ulid()
        exchange = _Exchange(scope, receive, send, self._limit(scope), self._show)
        try:
            await exchange.run(self._app)
        except Exception as error:
            # The last line: any defect becomes a plain 500.
            log.exception("request_failed", id=scope["request_id"], kind=type(error).__name__)
            await exchange.fail()
        exchange.log()


class _Exchange:
    """One request and its response."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, limit: int, show: Show) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._limit, self._show = limit, show
        self._read = 0
        self._status = 0
        self._began = time.perf_counter()

    async def run(self, app: ASGIApp) -> None:
        declared = Headers(scope=self._scope).get("content-length", "")
        if declared.isascii() and declared.isdigit() and int(declared[:18]) > self._limit:
            await self._tell(413)
            return
        await app(self._scope, self.receive, self.send)

    async def receive(self) -> Message:
        message = await self._receive()
        self._read += len(message.get("body", b""))
        if self._read > self._limit:
            raise HTTPException(413)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in _SECURITY.items():
                headers.setdefault(name, value)
            headers["X-Request-ID"] = self._scope["request_id"]
        await self._send(message)

    async def fail(self) -> None:
        """A generic 500, unless the response has begun: then the connection just ends."""
        if self._status:
            raise ConnectionAbortedError("the response broke off")
        await self._tell(500)

    async def _tell(self, status: int) -> None:
        response = self._show(Request(self._scope), plain(status))
        await response(self._scope, self._receive, self.send)

    def log(self) -> None:
        log.info(
            "request",
            id=self._scope["request_id"],
            method=self._scope["method"],
            path=self._scope["path"],
            status=self._status,
            ms=round((time.perf_counter() - self._began) * 1000, 1),
        )
