"""The morning's report over HTTP: page, PDF and command tell the same, to who may see it."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import httpx
import pypdf
import pytest
import pytest_asyncio
from click.testing import Result
from typer.testing import CliRunner

from assistant.access.accounts import Role
from assistant.access.staff import NewAccount
from assistant.bootstrap import Assistant
from assistant.commands.live import app as live_commands
from assistant.printing.marking import label_in
from assistant.records import schema_live
from tests.support.ledger_office import BOSS, FAR, OPERATOR, Browser, full_office, made
from tests.support.live_office import PASSWORD, REVIEWER

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="module")]
PAGE, PDF, ADD = "/console/morning", "/console/morning/report.pdf", "/console/sources/new"
RECORDS = made(240)


def begun(day: date, hours: float) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(hours=hours)


TIMES: list[datetime] = [row["received_at"] for row in RECORDS.rows[schema_live.comments]]
DAY = max(
    (date(2026, 3, 3) + timedelta(days=n) for n in range(4)),
    key=lambda day: sum(begun(day - timedelta(days=1), 9.5) <= at < begun(day, 1) for at in TIMES),
).isoformat()
"""The workday before which the most came."""
Office = tuple[Assistant, httpx.AsyncClient]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with full_office(tmp_path_factory.mktemp("morning"), RECORDS) as opened:
        yield opened


def figure(page: str, name: str) -> int:
    """The number that stands before a word."""
    before, _, _ = page.partition(f"</b>{name}")
    return int(before.rpartition("<b>")[2])


async def test_the_page_tells_the_numbers_of_the_report(office: Office) -> None:
    assistant, client = office
    page = (await (await Browser(client).enter(OPERATOR)).get(PAGE, day=DAY)).text
    report = await assistant.mornings.report(datetime.fromisoformat(DAY).date())
    assert figure(page, "条评论") == report.received > 0
    assert figure(page, "条提问") == report.ledger.rows > 0
    assert figure(page, "条已答复") == report.answered
    for lack in report.lacks:
        assert lack.topic in page


async def test_rooms_are_those_that_one_may_see(office: Office) -> None:
    assistant, client = office
    day = datetime.fromisoformat(DAY).date()
    by_room = {name: await assistant.mornings.report(day, {name}) for name in ("hall", "town")}
    page = (await (await Browser(client).enter(FAR)).get(PAGE, day=DAY)).text
    assert figure(page, "条评论") == by_room["town"].received
    assert "清溪县政务直播间" not in page
    refused = await client.get(PAGE, params={"day": DAY, "room": "hall"})
    assert refused.status_code == 404
    chosen = (await (await Browser(client).enter(BOSS)).get(PAGE, day=DAY, room="hall")).text
    assert figure(chosen, "条评论") == by_room["hall"].received


async def test_the_pdf_is_labelled_and_its_taking_is_recorded(office: Office) -> None:
    assistant, client = office
    came = await (await Browser(client).enter(OPERATOR)).get(PDF, day=DAY)
    assert came.headers["content-type"] == "application/pdf"
    assert label_in("pdf", came.content) is not None
    text = pypdf.PdfReader(io.BytesIO(came.content)).pages[0].extract_text()
    assert DAY in text
    newest = await assistant.access.audit.recent(5)
    assert "morning.export" in [entry.action for entry, _ in newest]


async def test_a_night_to_come_and_nonsense_are_refused(office: Office) -> None:
    browser = await Browser(office[1]).enter(OPERATOR)
    assert (await browser.get(PAGE, day="2199-01-01")).status_code == 422
    assert (await browser.get(PAGE, day="1900-01-01")).status_code == 200
    assert (await browser.get(PAGE, day="gestern")).status_code == 422


async def test_who_is_not_logged_in_sees_no_morning(office: Office) -> None:
    office[1].cookies.clear()
    assert (await office[1].get(PAGE)).status_code == 303


async def test_a_source_is_added_by_who_may(office: Office, tmp_path: Path) -> None:
    assistant, client = office
    app = client._transport.app
    options = replace(app.state.running.options, uploads=tmp_path)
    app.state.running = replace(app.state.running, options=options)
    keeper = NewAccount("qian", frozenset({Role.EDITOR}), "钱静")
    await assistant.access.staff.add("cli", keeper, PASSWORD)
    browser = await Browser(client).enter("qian")
    assert "网友在问：公积金提取" in (await browser.get(ADD, about="公积金提取")).text
    row = {
        "kind": "faq",
        "id": "faq-night",
        "question": "夜间停车怎么收费",
        "answer": "夜间停车不收费。",
    }
    files = {"file": ("夜间.jsonl", json.dumps(row, ensure_ascii=False).encode())}
    came = await client.post(ADD, data={"csrf": browser.csrf}, files=files)
    assert "已加入" in came.text
    bad = await client.post(ADD, data={"csrf": browser.csrf}, files={"file": ("x", b"1")})
    assert bad.status_code == 422
    assert "文件名无效" in bad.text
    assert (await (await Browser(client).enter(REVIEWER)).get(ADD)).status_code == 403


async def test_the_command_tells_the_same(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path))

    def run(*given: str) -> Result:
        return CliRunner().invoke(live_commands, ["morning", "--day", "2026-03-02", *given])

    told = json.loads((await asyncio.to_thread(run, "--json")).stdout)
    assert (told["received"], told["night"]["day"]) == (0, "2026-03-02")
    assert "没有直播" in (await asyncio.to_thread(run)).stdout
    out = tmp_path / "m.pdf"
    assert (await asyncio.to_thread(run, "--out", str(out))).exit_code == 0
    assert label_in("pdf", out.read_bytes()) is not None
    assert (await asyncio.to_thread(run, "--day", "morgen")).exit_code == 1
