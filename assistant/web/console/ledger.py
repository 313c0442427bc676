"""问题台账: what was asked and what became of it; to filter, search and take away as a workbook."""

import asyncio
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from assistant.access.accounts import Account
from assistant.domain.ledger import LedgerFilter
from assistant.errors import BadInput
from assistant.review import ledger as columns_of
from assistant.review.ledger_xlsx import LedgerWorkbook
from assistant.review.names import (
    ACTION_NAMES,
    KIND_NAMES,
    PLATFORM_NAMES,
    ROUTE_NAMES,
    STATE_NAMES,
)
from assistant.web.access.pages import staff_page
from assistant.web.console.access import record
from assistant.web.console.session_picker import fitting, session_label, sessions_to_pick
from assistant.web.console.summary import local
from assistant.web.ledger_in import (
    LedgerIn,
    SeeingLedger,
    Wanted,
    filter_of,
    ledger_of,
    page_and_counts,
    visible_rooms,
)

router = APIRouter(prefix="/console/ledger", include_in_schema=False)
MOST_ROWS = 100_000
"""Rows in one workbook; it takes a quarter of a second a thousand."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIELDS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "outcome": ("去向", KIND_NAMES),
    "state": ("状态", STATE_NAMES),
    "action": ("裁决", ACTION_NAMES),
    "route": ("生成方式", ROUTE_NAMES),
    "platform": ("平台", PLATFORM_NAMES),
    "handed": ("转办", {"true": "已转办", "false": "未转办"}),
    "overdue": ("超期", {"true": "已超期", "false": "未超期"}),
}
"""What can be chosen from a list: parameter, its name, its values."""


@router.get("")
async def ledger_page(request: Request, account: SeeingLedger, wanted: Wanted) -> Response:
    """The ledger, newest first."""
    wanted, ledger = await fitting(request, wanted), ledger_of(request)
    which = await filter_of(request, account, wanted)
    page, counts = await page_and_counts(ledger, which, wanted.limit, wanted.cursor)
    tree, named = request.app.state.running.assistant.regions, wanted.named()
    rooms = await visible_rooms(request, account)
    context = {
        "rows": page.rows,
        "counts": counts,
        "incidents": await ledger.incidents({r.question_id for r in page.rows if r.question_id}),
        "rooms": rooms,
        "sessions": await sessions_to_pick(request, rooms, wanted),
        "session_label": session_label,
        "regions": sorted({room.region for room in rooms if room.region}),
        "region_names": tree,
        "fields": FIELDS,
        "named": named,
        "narrow": len(named.keys() - {"q", "room", "session", "from", "to", "outcome", "state"}),
        "query": urlencode(named),
        "next": urlencode({**named, "cursor": page.cursor}) if page.cursor else "",
        "first": wanted.cursor is None,
        "kinds": KIND_NAMES,
        "platforms": PLATFORM_NAMES,
        "of": columns_of,
        "now": request.app.state.running.assistant.clock(),
        "local": local,
    }
    return await staff_page(request, "console/ledger.html", context)


@router.get("/export.xlsx")
async def export(request: Request, account: SeeingLedger, wanted: Wanted) -> Response:
    """The filtered ledger as a workbook; what was taken away, and by whom, is in the chain."""
    which = await filter_of(request, account, wanted)
    counts = await ledger_of(request).counts(which)
    if counts.rows > MOST_ROWS:
        raise BadInput(f"共 {counts.rows} 行，一次最多导出 {MOST_ROWS} 行", hint="请缩小日期范围")
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="ledger-"))
    try:
        file = await _written(request, account, which, wanted, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    told: dict[str, object] = {"rows": counts.rows, "filter": wanted.named()}
    await record(request, account, "ledger.export", "ledger", told)
    gone = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    return download(file, XLSX, gone)


def download(file: Path, kind: str, gone: BackgroundTask) -> FileResponse:
    """A file to take away, deleted afterwards; no cache keeps it."""
    name = quote(file.name)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
    }
    return FileResponse(file, media_type=kind, headers=headers, background=gone)


async def _written(
    request: Request, account: Account, which: LedgerFilter, wanted: LedgerIn, folder: Path
) -> Path:
    here = request.app.state.running.assistant
    now: datetime = here.clock()
    file = folder / f"问题台账-{columns_of.local(now):%Y%m%d-%H%M}.xlsx"
    rows = 0
    with LedgerWorkbook(file, columns_of.columns(here.regions, now)) as book:
        async for batch in ledger_of(request).batches(which):
            await asyncio.to_thread(book.add, batch)
            rows += len(batch)
        about = {
            "导出时间": f"{columns_of.local(now)}",
            "导出人": account.display_name,
            "行数": str(rows),
            "筛选条件": said(wanted.named()),
        }
        await asyncio.to_thread(book.save, about)
    return file


def said(named: Mapping[str, str]) -> str:
    """The filter in words."""
    titles = {"from": "起", "to": "止", "q": "查找", "room": "直播间", "session": "场次"}
    parts = []
    for name, value in named.items():
        title, names = FIELDS.get(name, (titles.get(name, name), {}))
        parts.append(f"{title} {names.get(value, value)}")
    return "；".join(parts) or "全部"
