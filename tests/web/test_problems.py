"""Every error is a problem, and none tells of the inside."""

import httpx
import pytest

from assistant.errors import (
    AssistantError,
    BadInput,
    Conflict,
    IndexLocked,
    IndexMismatch,
    NotFound,
)
from tests.web.fake_desk import FakeDesk

pytestmark = pytest.mark.integration

SECRET = "postgres://user:secret@db"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nope", 404),
        ("GET", "/api/v1/nope", 404),
        ("GET", "/static/nope.css", 404),
        ("GET", "/static/../app.py", 404),
        ("GET", "/api/v1/questions/nope", 404),
        ("GET", "/questions/nope", 404),
        ("GET", "/api/v1/sources/nope", 404),
        ("GET", "/sources/nope", 404),
        ("GET", "/api/v1/passages/999", 404),
        ("GET", f"/api/v1/passages/{10**30}", 404),
        ("GET", "/api/v1/passages/x", 422),
        ("GET", "/api/v1/search", 422),
        ("GET", "/api/v1/sources?cursor=x", 422),
        ("GET", "/api/v1/sources?cursor=WzEsMiwzXQ", 422),
        ("GET", "/api/v1/sources?kind=x", 422),
        ("GET", "/api/v1/sources?limit=0", 422),
        ("DELETE", "/api/v1/questions", 405),
        ("PUT", "/", 405),
        ("POST", "/health", 405),
        ("GET", "/ask", 405),
        ("GET", "/v1/chat/completions", 405),
    ],
)
async def test_every_error_is_a_problem(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    reply = await client.request(method, path)
    body = reply.json()
    assert reply.headers["content-type"] == "application/problem+json"
    assert (reply.status_code, body["status"]) == (status, status)
    assert {"type", "title", "detail", "instance", "request_id"} <= set(body)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadInput("读不了"), 422),
        (NotFound("没有"), 404),
        (Conflict("变了"), 409),
        (IndexLocked("正忙"), 503),
        (IndexMismatch("要重建"), 503),
        (AssistantError("其他"), 500),
        (RuntimeError(SECRET), 500),
        (RecursionError(SECRET), 500),
    ],
)
async def test_errors_are_translated_at_the_edge(
    client: httpx.AsyncClient, desk: FakeDesk, error: Exception, status: int
) -> None:
    desk.failure = error
    for path in ("/api/v1/questions", "/v1/chat/completions"):
        message = {"role": "user", "content": "设立登记"}
        body = {"question": "设立登记"} if "api" in path else {"messages": [message]}
        reply = await client.post(path, json=body)
        assert reply.status_code == status
        assert reply.headers["content-type"] == "application/problem+json"
        assert SECRET not in reply.text
        assert "Traceback" not in reply.text
    assert (reply.headers.get("Retry-After") is not None) == getattr(error, "retryable", False)


async def test_a_body_that_is_too_large_is_not_read(client: httpx.AsyncClient) -> None:
    reply = await client.post("/api/v1/questions", content=b" " * 300_000)
    assert reply.status_code == 413
    assert reply.headers["content-type"] == "application/problem+json"


async def test_a_body_that_hides_its_size_is_cut_off(client: httpx.AsyncClient) -> None:
    async def endless():
        for _ in range(100):
            yield b" " * 10_000

    headers = {"content-type": "application/json"}
    reply = await client.post("/api/v1/questions", content=endless(), headers=headers)
    assert reply.status_code == 413


async def test_a_person_sees_a_page(client: httpx.AsyncClient, desk: FakeDesk) -> None:
    headers = {"accept": "text/html,*/*"}
    missing = await client.get("/sources/nope", headers=headers)
    assert missing.status_code == 404
    assert "知识库里没有这份资料" in missing.text
    desk.failure = RuntimeError(SECRET)
    broken = await client.post("/ask", data={"question": "设立登记"}, headers=headers)
    assert broken.status_code == 500
    assert "系统出错" in broken.text
    assert SECRET not in broken.text


async def test_headers_keep_scripts_of_others_out(client: httpx.AsyncClient) -> None:
    for path in ("/", "/nope", "/health", "/static/app.js"):
        headers = (await client.get(path)).headers
        assert "script-src 'self';" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in headers
