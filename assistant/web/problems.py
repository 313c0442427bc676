"""Every error as `application/problem+json` (RFC 9457); as a page where a browser asks for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse
from starlette.requests import Request
from starlette.responses import Response

from assistant.errors import AssistantError, BadInput, Conflict, Forbidden, NotFound, Unavailable
from assistant.web.messages import message, utf8, where

MEDIA_TYPE = "application/problem+json"

_SLUGS = {
    400: ("bad-request", "请求有误"),
    401: ("login-needed", "需要登录"),
    403: ("forbidden", "不允许"),
    404: ("not-found", "没有找到"),
    405: ("method-not-allowed", "不支持这种请求方法"),
    406: ("not-acceptable", "无法按要求的格式答复"),
    409: ("conflict", "与已有记录冲突"),
    413: ("too-large", "内容太大"),
    415: ("unsupported-media-type", "不支持这种内容格式"),
    422: ("invalid-input", "填写的内容有误"),
    500: ("internal", "系统出错"),
    503: ("unavailable", "服务暂时不可用"),
}

_DETAILS = {
    400: "请求无法读取，请检查格式。",
    403: "只能在运行服务的这台机器上导入资料。",
    404: "这个地址没有内容。",
    405: "这个地址不支持这种请求方法。",
    413: "请求内容超过大小限制。",
    500: "系统处理出错，已记录。请稍后再试，或拨打12345咨询。",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem detail. `errors` names each wrong place of the input."""

    status: int
    detail: str
    errors: tuple[dict[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The kind of problem, in Chinese."""
        return self._slug[1]

    @property
    def _slug(self) -> tuple[str, str]:
        fallback = ("server-error" if self.status >= 500 else "bad-request", "请求未能完成")
        return _SLUGS.get(self.status, fallback)

    def body(self, path: str, request_id: str) -> dict[str, Any]:
        """The JSON object; `error` repeats the detail for clients in OpenAI's style."""
        kind = self._slug[0]
        known: dict[str, Any] = {
            "type": f"urn:problem:assistant:{kind}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": path,
            "request_id": request_id,
        }
        if self.errors:
            known["errors"] = list(self.errors)
        if path.startswith("/v1/"):
            known["error"] = {"message": self.detail, "type": kind, "code": kind, "param": None}
        return known


def plain(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """A problem of which only the status is known."""
    detail = _DETAILS.get(status) or f"请求未能完成（{HTTPStatus(status).phrase}）。"
    return Problem(status, detail, headers=headers or {})


def of_error(error: AssistantError) -> Problem:
    """The problem that tells of one of our own errors."""
    detail = f"{error.message}（{error.hint}）" if error.hint else error.message
    if isinstance(error, Unavailable):
        retry = {"Retry-After": "2"} if error.retryable else {}
        return Problem(503, detail, headers=retry)
    status = _status_of(error)
    return Problem(status, detail, headers={"WWW-Authenticate": "Bearer"} if status == 401 else {})


def _status_of(error: AssistantError) -> int:
    statuses: tuple[tuple[type[AssistantError], int], ...] = (
        (BadInput, 422),
        (NotFound, 404),
        (Conflict, 409),
        (Forbidden, 401 if getattr(error, "needs_login", False) else 403),
    )
    return next((status for kind, status in statuses if isinstance(error, kind)), 500)


def of_validation(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """The problem that lists what is wrong with an input. Values are never repeated."""
    listed = tuple(
        {"where": where(error["loc"]), "message": message(error)} for error in errors[:20]
    )
    unreadable = any(error["type"] == "json_invalid" for error in errors)
    detail = "；".join(f"{row['where']}：{row['message']}" for row in listed[:3])
    return Problem(400 if unreadable else 422, detail or "填写的内容有误", listed)


def respond(request: Request, problem: Problem) -> Response:
    """The problem as JSON."""
    request_id = str(request.scope.get("request_id", ""))
    return JSONResponse(
        problem.body(utf8(request.scope.get("path", "")), request_id),
        problem.status,
        headers=dict(problem.headers),
        media_type=MEDIA_TYPE,
    )


def wants_page(request: Request) -> bool:
    """Whether a person in a browser asks, not a program."""
    path = request.scope.get("path", "")
    machine = path.startswith(("/api/", "/v1/", "/health", "/ready", "/metrics", "/openapi"))
    return not machine and "text/html" in request.headers.get("accept", "")
