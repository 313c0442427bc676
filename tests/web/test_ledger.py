"""The ledger over HTTP: page, API and workbook tell the same, to who may see it."""

import asyncio
import csv
import io
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import openpyxl
import pytest
import pytest_asyncio

from assistant.bootstrap import Assistant
from assistant.domain.ledger import LedgerFilter
from assistant.records import schema_live
from tests.support.ledger_office import BOSS, FAR, OPERATOR, Browser, full_office, made
from tests.support.live_office import REVIEWER

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="module")]
API, PAGE, XLSX = "/api/v1/ledger", "/console/ledger", "/console/ledger/export.xlsx"
RECORDS = made()
EVIL = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x","y")', "|a",
    "<b>&", "'x",
)  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Assistant, httpx.AsyncClient]]:
    comments = [row for row in RECORDS.rows[schema_live.comments] if "窗口" in row["text"]]
    for row, text in zip(comments, EVIL, strict=False):
        row["text"] = text
    comments[20]["viewer_name"] = "=cmd"
    async with full_office(tmp_path_factory.mktemp("ledger"), RECORDS) as opened:
        yield opened


async def workbook(browser: Browser, **params: str) -> openpyxl.Workbook:
    came = await browser.get(XLSX, **params)
    assert came.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(came.content))


async def test_page_api_and_workbook_hold_the_same_rows(office) -> None:
    _, client = office
    browser = await Browser(client).enter(OPERATOR)
    for params in ({}, {"q": "公积金 材料"}, {"outcome": "merged"}, {"handed": "true"}):
        ids, cursor = [], ""
        while True:
            sent = {**params, "limit": "31", **({"cursor": cursor} if cursor else {})}
            got = (await browser.get(API, **sent)).json()
            ids += [item["id"] for item in got["items"]]
            cursor = got["next"]
            if not cursor:
                break
        assert len(ids) == len(set(ids)) == got["counts"]["rows"] > 0
        sheet = (await workbook(browser, **params))["问题台账"]
        assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ids
        page = await browser.get(PAGE, **params)
        assert page.text.count("<tr>") - 1 == min(50, len(ids))
        assert f"<b>{len(ids)}</b>" in page.text


async def test_no_cell_is_a_formula_and_every_text_comes_back(office) -> None:
    _, client = office
    browser = await Browser(client).enter(OPERATOR)
    book = await workbook(browser)
    sheet = book["问题台账"]
    heads = [cell.value for cell in sheet[1]]
    asked = {row[heads.index("原问")] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert {text.replace("\r", "\n") for text in EVIL} <= {
        str(t).replace("\r", "\n") for t in asked
    }
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            assert cell.data_type in ("s", "n", "d")
            if cell.data_type == "s":
                assert (cell.number_format, cell.quotePrefix) == ("@", True)
    assert {"=**"} & {row[4].value for row in sheet.iter_rows(min_row=2)}
    assert all(cell.data_type == "s" for row in book["说明"] for cell in row)


async def test_the_workbook_is_laid_out_for_reading_and_printing(office) -> None:
    _, client = office
    sheet = (await workbook(await Browser(client).enter(OPERATOR)))["问题台账"]
    assert sheet.freeze_panes == "B2"
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.sheet_properties.pageSetUpPr.fitToPage) == (1, True)
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.column_dimensions["F"].width == 40
    wanted = "编号 场次 平台 时间 脱敏昵称 原问 归一问题 事项编码 地区 分类 风险级 答复 依据文号/条款 生成方式 播出时间 是否转办 承办单位 派单时间 签收时间 截止时间 办结时间 延期/退单 督办次数 回访结果 满意度 超期 重复数 备注"  # noqa: E501
    assert set(wanted.split()) <= {cell.value for cell in sheet[1]}


async def test_who_is_limited_to_a_region_sees_its_rooms_alone(office) -> None:
    assistant, client = office
    browser = await Browser(client).enter(FAR)
    got = (await browser.get(API, limit="200")).json()
    expected = (await assistant.ledger.counts(LedgerFilter(room_id="town"))).rows
    assert {item["room_id"] for item in got["items"]} == {"town"}
    assert got["counts"]["rows"] == expected > 0
    hidden = (await browser.get(API, room="hall")).json()
    assert (hidden["items"], hidden["counts"]["rows"]) == ([], 0)
    assert "清溪县政务直播间" not in (await browser.get(PAGE)).text


async def test_a_session_is_picked_by_room_and_date(office) -> None:
    assistant, client = office
    browser = await Browser(client).enter(OPERATOR)
    groups = picker((await browser.get(PAGE)).text)
    assert groups.keys() == {"清溪县政务直播间", "榆林镇便民直播间"}
    for labels in groups.values():
        assert labels
        assert all(re.match(r"2026-03-\d\d \d\d:\d\d 到 ", one) for one in labels.values())
        assert list(labels.values()) == sorted(labels.values(), reverse=True)
    session_id, label = next(iter(groups["清溪县政务直播间"].items()))
    page = (await browser.get(PAGE, session=session_id)).text
    assert f'<option value="{session_id}" selected>{label}</option>' in page
    count = (await assistant.ledger.counts(LedgerFilter(session_id=session_id))).rows
    assert f"<b>{count}</b>条" in page
    town = (await browser.get(PAGE, room="town", session=session_id)).text
    assert picker(town).keys() == {"榆林镇便民直播间"}  # a new room begins anew
    count = (await assistant.ledger.counts(LedgerFilter(room_id="town"))).rows
    assert f"<b>{count}</b>条" in town
    far = await Browser(client).enter(FAR)
    assert picker((await far.get(PAGE)).text).keys() == {"榆林镇便民直播间"}


def picker(page: str) -> dict[str, dict[str, str]]:
    """Labels of the sessions that can be chosen, by id, by room."""
    (select,) = re.findall(r'<select id="session".*?</select>', page, re.DOTALL)
    groups = re.findall(r'<optgroup label="(.*?)">(.*?)</optgroup>', select, re.DOTALL)
    options = re.compile(r'<option value="(.+?)".*?>(.+?)</option>')
    return {room: dict(options.findall(inside)) for room, inside in groups}


async def test_a_row_leads_to_its_case_for_who_may_approve(office) -> None:
    _, client = office
    params = {"handed": "true"}
    page = (await (await Browser(client).enter(REVIEWER)).get(PAGE, **params)).text
    (case, *_) = re.findall(r'href="(/console/review#\w+)">看复核', page)
    question = re.findall(r'href="(/console/ledger/questions/\w+)"', page)[0]
    reviewer = await Browser(client).enter(REVIEWER)
    assert f'href="{case}">看复核' in (await reviewer.get(question)).text
    operator = await Browser(client).enter(OPERATOR)
    for path in (PAGE, question):
        assert "看复核" not in (await operator.get(path)).text


async def test_a_region_holds_what_lies_below_it(office) -> None:
    _, client = office
    browser = await Browser(client).enter(OPERATOR)
    counted = {
        code: (await browser.get(API, region=code)).json()["counts"]["rows"]
        for code in ("990181", "990199", "990000")
    }
    assert counted["990181"] > 0 < counted["990199"]


async def test_a_form_sends_empty_values_for_what_was_not_chosen(office) -> None:
    _, client = office
    browser = await Browser(client).enter(OPERATOR)
    names = ("room", "session", "from", "to", "outcome", "action", "route", "state", "platform")
    names += ("region", "handed", "overdue", "q", "cursor")
    empty = await browser.get(API, **dict.fromkeys(names, ""))
    assert empty.json() == (await browser.get(API)).json()
    assert (await browser.get(PAGE, **dict.fromkeys(names, ""))).status_code == 200


async def test_nicknames_are_cut_and_dates_are_days_in_china(office) -> None:
    _, client = office
    browser = await Browser(client).enter(OPERATOR)
    first = (await browser.get(API, limit="1")).json()["items"][0]
    assert first["viewer_name"].endswith("**")
    day = first["received_at"][:10]
    got = (await browser.get(API, **{"from": day, "to": day, "limit": "200"})).json()
    at = [item["received_at"] for item in got["items"]]
    assert at
    assert all(f"{day}T16" > one[:13] for one in at)


@pytest.mark.parametrize(
    "params",
    [
        {"outcome": "lost"},
        {"from": "2026-02-30"},
        {"region": "x"},
        {"limit": "0"},
        {"room": "a\0"},
        {"q": "一 二 三 四 五 六 七 八 九"},
    ],
)
async def test_what_cannot_be_asked_is_refused(office, params: dict[str, str]) -> None:
    _, client = office
    browser = await Browser(client).enter(OPERATOR)
    assert (await browser.get(API, **params)).status_code == 422


async def test_an_export_is_in_the_chain_with_its_filter(office) -> None:
    assistant, client = office
    await workbook(await Browser(client).enter(OPERATOR), q="公积金")
    entry, payload = (await assistant.access.audit.recent(1))[0]
    assert (entry.action, '"q": "公积金"' in payload.body) == ("ledger.export", True)
    folders = await (await Browser(client).enter(BOSS)).get(PAGE)
    assert folders.status_code == 200


async def test_a_text_from_a_comment_is_never_markup(office) -> None:
    _, client = office
    page = await (await Browser(client).enter(OPERATOR)).get(PAGE, q="<b>")
    assert "&lt;b&gt;&amp;" in page.text
    assert "<b>&" not in page.text


def _broken_alike(text: object) -> str:
    """XML reads a carriage return as a line feed."""
    return str(text).replace("\r", "\n")


def as_csv(data: bytes, folder: Path) -> list[list[str]]:
    """The first sheet as LibreOffice reads it."""
    book = folder / "ledger.xlsx"
    book.write_bytes(data)
    kind = "csv:Text - txt - csv (StarCalc):44,34,76,1"
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile"]
    command += ["--convert-to", kind, "--outdir", str(folder), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with book.with_suffix(".csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
async def test_libreoffice_opens_it_and_sees_the_same(office, tmp_path: Path) -> None:
    _, client = office
    came = await (await Browser(client).enter(OPERATOR)).get(XLSX)
    rows = await asyncio.to_thread(as_csv, came.content, tmp_path)
    assert rows[0][0] == "编号"
    book = openpyxl.load_workbook(io.BytesIO(came.content))["问题台账"]
    assert len(rows) == book.max_row
    assert {"=1+1", "@SUM(A1)"} <= {row[5] for row in rows}
