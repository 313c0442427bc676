"""Uploading a file: only by who may edit the knowledge, only under a plain name."""

from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from assistant.access.accounts import Account, Role
from assistant.errors import BadInput, UnreadableFile
from assistant.web import uploads
from assistant.web.app import create_app
from assistant.web.services import WebOptions
from assistant.web.uploads import file_name
from tests.web.fake_desk import FakeDesk

pytestmark = pytest.mark.integration

SOURCES = "/api/v1/sources"
FILE = {"file": ("办法.md", "第一条 内容".encode(), "text/markdown")}


EDITOR = Account("e1", "default", "editor", "编辑", frozenset({Role.EDITOR}))


class Chain:
    """Keeps what was recorded."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, ...]] = []

    async def record(self, actor: str, action: str, subject: str, payload: object = None) -> None:
        del payload
        self.entries.append((actor, action, subject))


@pytest.fixture
def chain(desk: FakeDesk) -> Chain:
    desk.access = SimpleNamespace(audit=Chain())
    return desk.access.audit


@pytest.fixture
def app(desk: FakeDesk, tmp_path: Path, chain: Chain) -> FastAPI:
    del chain
    app = create_app(desk.open, WebOptions(uploads=tmp_path / "uploads"))
    app.dependency_overrides[uploads.editing] = lambda: EDITOR
    return app


@pytest.fixture
def here(client: httpx.AsyncClient) -> httpx.AsyncClient:
    return client


async def test_a_file_is_ingested_under_its_name(here: httpx.AsyncClient, desk: FakeDesk) -> None:
    reply = await here.post(SOURCES, files=FILE)
    assert reply.json() == [{"status": "created", "source_ids": ["办法.md"], "message": ""}]
    assert desk.ingested == [("办法.md", "第一条 内容".encode())]


async def test_who_uploaded_is_recorded(here: httpx.AsyncClient, chain: Chain) -> None:
    await here.post(SOURCES, files=FILE)
    assert chain.entries == [("e1", "knowledge.upload", "办法.md")]


async def test_a_stranger_cannot_upload(desk: FakeDesk, tmp_path: Path) -> None:
    app = create_app(desk.open, WebOptions(uploads=tmp_path / "uploads"))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        reply = await client.post(SOURCES, files=FILE)
    assert reply.status_code == 401
    assert reply.headers["content-type"] == "application/problem+json"
    assert desk.ingested == []


async def test_without_a_folder_there_are_no_uploads(desk: FakeDesk) -> None:
    app = create_app(desk.open)
    app.dependency_overrides[uploads.editing] = lambda: EDITOR
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
