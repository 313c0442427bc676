"""Uploading a file: only from this machine, only under a plain name."""

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import BadInput, UnreadableFile
from assistant.web.app import create_app
from assistant.web.services import WebOptions
from assistant.web.uploads import file_name
from tests.web.fake_desk import FakeDesk

pytestmark = pytest.mark.integration

SOURCES = "/api/v1/sources"
FILE = {"file": ("办法.md", "第一条 内容".encode(), "text/markdown")}


@pytest.fixture
def app(desk: FakeDesk, tmp_path: Path) -> FastAPI:
    return create_app(desk.open, WebOptions(uploads=tmp_path / "uploads"))


@pytest.fixture
def here(client: httpx.AsyncClient) -> httpx.AsyncClient:
    client.base_url = httpx.URL("http://127.0.0.1:8000")
    return client


async def test_a_file_is_ingested_under_its_name(here: httpx.AsyncClient, desk: FakeDesk) -> None:
    reply = await here.post(SOURCES, files=FILE)
    assert reply.json() == [{"status": "created", "source_ids": ["办法.md"], "message": ""}]
    assert desk.ingested == [("办法.md", "第一条 内容".encode())]


@pytest.mark.parametrize(
    ("base", "headers"),
    [
        ("http://evil.example", {}),
        ("http://127.0.0.1:8000", {"origin": "http://evil.example"}),
        ("http://127.0.0.1:8000", {"origin": "null"}),
        ("http://127.0.0.1:8000", {"origin": "http://127.0.0.1:9000"}),
        ("http://127.0.0.1:8000", {"sec-fetch-site": "cross-site"}),
    ],
)
async def test_a_foreign_page_cannot_upload(
    client: httpx.AsyncClient, desk: FakeDesk, base: str, headers: dict[str, str]
) -> None:
    reply = await client.post(f"{base}{SOURCES}", files=FILE, headers=headers)
    assert reply.status_code == 403
    assert reply.headers["content-type"] == "application/problem+json"
    assert desk.ingested == []


async def test_without_a_folder_there_are_no_uploads(desk: FakeDesk) -> None:
    app = create_app(desk.open)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        assert (await client.post(SOURCES, files=FILE)).status_code == 403


async def test_a_file_beyond_the_limit_is_refused(here: httpx.AsyncClient, desk: FakeDesk) -> None:
    large = {"file": ("a.md", b" " * (32 * 1024 * 1024), "text/markdown")}
    assert (await here.post(SOURCES, files=large)).status_code == 413
    assert desk.ingested == []


async def test_an_unreadable_file_is_said(here: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.failure = UnreadableFile("文件已加密", code="encrypted")
    reply = await here.post(SOURCES, files=FILE)
    assert (reply.status_code, reply.json()["detail"]) == (422, "文件已加密")


@pytest.mark.parametrize(
    "given_name", ["", ".md", "无扩展名", "..", "a.", "../", "\x00.md", "file", "/etc/passwd"]
)
def test_a_name_that_is_none_is_refused(given_name: str) -> None:
    with pytest.raises(BadInput):
        file_name(given_name)


@given(st.text(st.characters(), max_size=300))
def test_no_name_leaves_the_folder(given_name: str) -> None:
    try:
        name = file_name(f"{given_name}.md")
    except BadInput:
        return
    folder = Path("/uploads")
    assert (folder / name).resolve().parent == folder
    assert not name.startswith(".")
    assert len(name.encode()) <= 200
    assert name.endswith(".md")
