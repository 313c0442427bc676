"""What hostile files, comments and addresses try: none of it reaches a network, a file, or a page.

Each test fails where its defence is taken away (tried by hand, one at a time). Elsewhere: rights
and the page's token on every route (test_rights), the workbook (test_ledger,
review/test_ledger_xlsx), bombs by size (readers/test_containers), the screen (safety/test_screen,
answering/test_guard).
"""

import io
import re
import socket
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import docx
import httpx
import pytest
import pytest_asyncio

from assistant import web
from assistant.bootstrap import Assistant, Settings, open_service
from assistant.domain.source import PolicyDocument
from assistant.web.app import create_app
from tests.support.live_office import fill, hall
from tests.support.small_knowledge import write_knowledge

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="module")]
SECRET = "机密内容-7f3a"
OUTSIDE = "http://169.254.169.254/latest/meta-data"
SHIPPED = Path(web.__file__).parent


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Assistant, httpx.AsyncClient, Path]]:
    """The service over a data folder; a file with a secret lies beside that folder."""
    folder = tmp_path_factory.mktemp("attacked")
    given = Settings(data_dir=folder / "data")
    await fill(given, write_knowledge(folder / "files"), hall())
    (folder / "secret.txt").write_text(SECRET, encoding="utf-8")
    app = create_app(lambda: open_service(given))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://office") as client:
            yield app.state.running.assistant, client, folder


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every name that is looked up and every address that is connected to."""
    found: list[str] = []

    def looked_up(host: Any, *rest: Any, **more: Any) -> Any:
        found.append(str(host))
        raise OSError("no network")

    def connected(self: socket.socket, address: Any) -> None:
        found.append(str(address))
        raise OSError("no network")

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(socket.socket, "connect", connected)
    return found


def changed(data: bytes, **parts: bytes) -> bytes:
    """An archive with some of its members replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            name = info.filename
            new.writestr(info, parts.get(name.replace("/", "__").replace(".", "_"), old.read(name)))
    return out.getvalue()


def word_that_calls(entity: str, before: str = "", encoding: str = "utf-8") -> bytes:
    """A Word file whose text is an outside entity, and whose pictures and template lie outside."""
    word = docx.Document()
    word.add_paragraph("第一条　津贴按月发放。")
    word.part.relate_to(
        f"{OUTSIDE}/p.png",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image",
        is_external=True,
    )
    word.part.relate_to(
        f"{OUTSIDE}/t.dotm",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate",
        is_external=True,
    )
    out = io.BytesIO()
    word.save(out)
    xml = zipfile.ZipFile(out).read("word/document.xml").decode()
    body = xml.split("?>", 1)[1]
    doctype = f'{before}<!DOCTYPE x [<!ENTITY e SYSTEM "{entity}">]>'
    body = body.replace("第一条", "第一条&e;")
    head = f'<?xml version="1.0" encoding="{encoding}" standalone="yes"?>'
    return changed(out.getvalue(), word__document_xml=f"{head}{doctype}{body}".encode(encoding))


def files(folder: Path) -> dict[str, bytes]:
    secret = (folder / "secret.txt").as_uri()
    page = (
        f'<html><head><link rel="stylesheet" href="{OUTSIDE}/a.css"><script src="{OUTSIDE}/a.js">'
        f'</script></head><body><img src="{OUTSIDE}/a.png"><iframe src="{secret}"></iframe>'
        f'<object data="{secret}"></object><p>第一条　津贴按月发放，详见{OUTSIDE}。</p></body>'
    )
    xml = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{secret}">]><x>&e;</x>'
    ofd = io.BytesIO()
    with zipfile.ZipFile(ofd, "w") as package:
        package.writestr("OFD.xml", xml)
    return {
        "page.html": page.encode(),
        "picture.md": f"# 办法\n\n第一条　津贴![图]({OUTSIDE}/a.png)按月发放。".encode(),
        "remote.docx": word_that_calls(f"{OUTSIDE}/e.txt"),
        "local.docx": word_that_calls(secret),
        "wide.docx": word_that_calls(secret, encoding="utf-16"),
        "late.docx": word_that_calls(secret, f"<!-- {'x' * 5000} -->"),
        "entity.ofd": ofd.getvalue(),
    }


async def test_reading_a_file_fetches_nothing_and_reads_no_other_file(
    office, reached: list[str], tmp_path: Path
) -> None:
    assistant, _, folder = office
    for name, data in files(folder).items():
        (tmp_path / name).write_bytes(data)
    report = await assistant.ingest([tmp_path])
    assert reached == []
    statuses = {Path(row.path).name: row.status for row in report.rows}
    assert statuses["page.html"] == statuses["picture.md"] == "created"
    words = {status for name, status in statuses.items() if name.endswith(".docx")}
    assert words == {"failed"}
    for name in ("page.html", "picture.md"):
        source = await assistant.sources.get(name)
        assert isinstance(source, PolicyDocument)
        assert "津贴" in source.text
        assert SECRET not in source.text
    assert SECRET not in "".join(row.message for row in report.rows)


async def test_a_comment_with_an_address_is_not_followed(office, reached: list[str]) -> None:
    _, client, _ = office
    for text in (f"看 {OUTSIDE} 里怎么说", f"![x]({OUTSIDE}/x.png)办营业执照收费吗"):
        reply = await client.post("/api/v1/questions", json={"question": text})
        assert reply.status_code < 500
    assert reached == []


UP = [
    "../secret.txt",
    "..%2fsecret.txt",
    "%2e%2e/secret.txt",
    "..%5csecret.txt",
    "....//secret.txt",
]
UP += ["..%252fsecret.txt", "%2e%2e%2f%2e%2e%2fsecret.txt", "/../../secret.txt", "%00../secret.txt"]
PLACES = ["/static/", "/sources/", "/cards/", "/api/v1/sources/", "/stage/hall/audio/"]
PLACES += ["/stage/hall/presenter/", "/stage/hall/qr/", "/questions/", "/room/"]


@pytest.mark.parametrize("place", PLACES)
async def test_no_path_leads_out_of_a_folder(office, place: str) -> None:
    _, client, folder = office
    deep = "../" * 12 + str(folder / "secret.txt").lstrip("/")
    for path in (*UP, deep, deep.replace("/", "%2f"), str(folder / "secret.txt")):
        address = httpx.URL(f"http://office{place}x").copy_with(raw_path=(place + path).encode())
        reply = await client.get(address)
        assert SECRET not in reply.text, path
        assert reply.status_code < 500, path


async def test_members_of_an_archive_are_written_nowhere(office, tmp_path: Path) -> None:
    assistant, _, folder = office
    before = {path for path in folder.rglob("*") if "data" not in path.parts}
    archive = tmp_path / "in" / "路径.zip"
    archive.parent.mkdir()
    with zipfile.ZipFile(archive, "w") as package:
        for name in ("../../planted.txt", "/tmp/planted-7f3a.txt", "..\\planted.txt"):
            package.writestr(name, "第一条　津贴按月发放。")
    await assistant.ingest([archive])
    assert {path for path in folder.rglob("*") if "data" not in path.parts} == before
    assert not list(tmp_path.rglob("planted*"))
    assert not Path("/tmp/planted-7f3a.txt").exists()


def shipped(*endings: str) -> dict[str, str]:
    return {
        path.name: path.read_text(encoding="utf-8")
        for path in SHIPPED.rglob("*")
        if path.suffix in endings and ".min." not in path.name
    }


OWN_DRAWING = "{{ qr | safe }}"
"""A code that segno drew: squares, and no letter of what they say."""
RAW = re.compile(
    r"\|\s*safe\b|autoescape\s+false|\bon(?:click|load|error|submit|input)\s*=|javascript:",
    re.IGNORECASE,
)
WRITES = re.compile(
    r"\.(?:inner|outer)HTML\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function\("
    r"|createContextualFragment"
)


async def test_pages_and_scripts_make_no_markup_of_a_text() -> None:
    pages, scripts = shipped(".html"), shipped(".js")
    assert len(pages) > 30 < len(pages) + len(scripts)
    pages["card.html"] = pages["card.html"].replace(OWN_DRAWING, "")
    assert {name for name, text in pages.items() if RAW.search(text)} == set()
    assert {name for name, text in scripts.items() if WRITES.search(text)} == set()


HOSTILE = "<img src=x onerror=alert(7)>\"'><script>alert(7)</script>"


async def test_a_stored_question_is_text_on_its_page(office) -> None:
    """The public page; staff pages: test_ledger, test_review_pages, browser/test_review_desk."""
    _, client, _ = office
    asked = await client.post(
        "/ask", data={"question": f"营业执照{HOSTILE}"}, headers={"accept": "text/html"}
    )
    page = await client.get(asked.headers["location"], headers={"accept": "text/html"})
    assert "营业执照" in page.text
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
