"""Whatever is sent: no 500, no traceback, and no question without a record."""

import asyncio
import contextlib
import json
import re
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from assistant.web.app import create_app
from tests.web.fake_desk import FakeDesk
from tests.web.rights import RIGHTS

pytestmark = pytest.mark.integration

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
OPEN = {
    re.sub(":path", "", route) for route, right in RIGHTS.items() if right in {"public", "signed"}
}


def is_open(context: Any) -> bool:
    """Whether nobody need be logged in for an operation."""
    operation = context.operation
    return f"{operation.method.upper()} {operation.path}" in OPEN


schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(FakeDesk().open))


@schema.include(is_open).parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_open_api_is_what_it_says(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=CHECKS)


@schema.exclude(is_open).parametrize()
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
def test_without_a_login_the_rest_is_refused_as_it_says(case: schemathesis.Case) -> None:
    """What lies behind the login is tried with every right in test_fuzz_staff."""
    assert case.call_and_validate(checks=CHECKS).status_code >= 400


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
questions = st.dictionaries(
    st.sampled_from(["question", "region", "as_of", "history", "tags", "messages", "stream"]), junk
)
bodies = st.one_of(
    st.binary(max_size=200),
    junk.map(lambda value: json.dumps(value).encode()),
    questions.map(lambda value: json.dumps(value).encode()),
)
paths = st.sampled_from(
    ["/api/v1/questions", "/v1/chat/completions", "/ask", "/api/v1/sources", "/", "/metrics"]
)
types = st.sampled_from(
    [
        "application/json",
        "application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "",
    ]
)


class Host:
    """One app whose desk is fresh for every example."""

    def __init__(self) -> None:
        self.desk = FakeDesk()
        self.app = create_app(self._open)

    def _open(self) -> contextlib.AbstractAsyncContextManager[FakeDesk]:
        return self.desk.open()

    def send(self, *requests: httpx.Request) -> list[httpx.Response]:
        self.desk = FakeDesk()
        return asyncio.run(self._send(requests))

    async def _send(self, requests: tuple[httpx.Request, ...]) -> list[httpx.Response]:
        async with (
            self.app.router.lifespan_context(self.app),
            httpx.AsyncClient(transport=httpx.ASGITransport(self.app)) as client,
        ):
            return [await client.send(request) for request in requests]


host = Host()


@settings(max_examples=80, deadline=None)
@given(paths, bodies, types, st.sampled_from(["POST", "GET", "PUT", "PATCH"]))
def test_malformed_requests_break_nothing(path: str, body: bytes, kind: str, method: str) -> None:
    headers = {"content-type": kind} if kind else {}
    request = httpx.Request(method, f"http://desk{path}", content=body, headers=headers)
    (reply,) = host.send(request)
    assert reply.status_code < 500
    assert "Traceback" not in reply.text
    assert len(host.desk.outcomes.kept) == len(host.desk.asked)
    if reply.status_code >= 400:
        assert reply.headers["content-type"] == "application/problem+json"


STARTS = ["/", "/sources/", "/api/v1/sources/", "/api/v1/questions/", "/static/"]


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=40), st.binary(max_size=30), st.sampled_from(["*/*", "text/html"]))
def test_any_path_and_query_is_survived(path: bytes, query: bytes, accept: str) -> None:
    tail = f"{quote(path)}?q={quote(query)}&mark={quote(path)}&cursor={quote(query)}"
    headers = {"accept": accept}
    replies = host.send(
        *(httpx.Request("GET", f"http://desk{start}{tail}", headers=headers) for start in STARTS)
    )
    assert all(reply.status_code < 500 for reply in replies)
    assert not any("Traceback" in reply.text for reply in replies)


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_any_text_is_answered_or_refused_and_shown_as_text(text: str) -> None:
    asking = httpx.Request(
        "POST", "http://desk/ask", data={"question": text}, headers={"accept": "text/html"}
    )
    (reply,) = host.send(asking)
    assert reply.status_code in {303, 422}
    assert (reply.status_code == 303) == (len(host.desk.outcomes.kept) == 1)
