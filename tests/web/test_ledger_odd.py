"""Whatever stands in the ledger's filters: 422 or an honest result, on both databases."""

import asyncio
import random
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from assistant.bootstrap import Settings, open_service
from assistant.domain.ledger import LedgerFilter
from assistant.web.app import create_app
from tests.support.ledger_office import OPERATOR, Browser, filled, made

pytestmark = pytest.mark.integration
PATHS = ("/api/v1/ledger", "/console/ledger")
NAMES = [
    "room",
    "session",
    "from",
    "to",
    "outcome",
    "action",
    "route",
    "state",
    "platform",
    "region",
    "handed",
    "overdue",
    "q",
    "cursor",
    "limit",
]
CONTROLS = [
    "\0",
    "a\0b",
    "\x01",
    "\x1f",
    "\x85",
    "\u2028",
    "\ufeff",
    "\ufffe",
    "\U0010ffff",
    "\u200b",
]
SYNTAX = [
    "'",
    "''",
    '"',
    '""',
    "*",
    "(",
    ")",
    "((",
    "a*",
    "NEAR(",
    "AND",
    "NOT",
    "^a",
    "-a",
    "a:b",
    "%",
    "%%",
    "_",
    "\\",
    "\\\\",
    "\\%",
    "[a-",
    "?",
    "$1",
    ":x",
    "%s",
    "%(x)s",
    "{}",
    "--",
    "/*",
    "{",
    "[]",
    "null",
    "\\u0000",
    '\\"',
    "document_number",
]
NUMBERS = ["9" * 20, "9" * 5000, "-1", "1e999", "nan", "inf", "true", "0x10", "１２３４５６"]
DAYS = [
    "0696-01-01",
    "0001-01-01",
    "1900-01-01",
    "2200-12-31",
    "9999-12-31",
    "10000-01-01",
    "2026-02-30",
    "2026-13-01",
    "-0001-01-01",
    "２０２６-01-01",
    "1900-01-01T00:00",
]
LONG = [
    "z" * 64,
    "z" * 65,
    "公" * 500,
    "公" * 501,
    "%" * 400,
    "\\" * 400,
    "a b c d e f g h",
    "İßKﬁ",
]
BROKEN = [b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80x"]
SIGNS = ("%", "_", "\\", "'", '"', "*", "(", "{", "document_number")
ODD: list[str | bytes] = ["", " ", "~", *CONTROLS, *SYNTAX, *NUMBERS, *DAYS, *LONG, *BROKEN]


def queries() -> list[str]:
    """Each value in each place, then a few together."""

    def part(name: str, value: str | bytes) -> str:
        return f"{name}={quote(value)}"

    chance = random.Random(1)
    mixed = [
        "&".join(part(name, chance.choice(ODD)) for name in chance.sample(NAMES, 3))
        for _ in range(60)
    ]
    return [part(name, value) for name in NAMES for value in ODD] + mixed


async def statuses(given: Settings) -> tuple[Counter[int], list[str]]:
    app = create_app(lambda: open_service(given))
    async with app.router.lifespan_context(app):
        await filled(app.state.running.assistant, made(40, 20))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        headers = {"accept": "text/html"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://office", headers=headers
        ) as client:
            await Browser(client).enter(OPERATOR)
            seen: Counter[int] = Counter()
            wrong = []
            for number, query in enumerate(queries()):
                came = await client.get(f"{PATHS[number % 2]}?{query}")
                seen[came.status_code] += 1
                if came.status_code not in (200, 422):
                    wrong.append(f"{came.status_code} {query}")
    return seen, wrong


def test_no_filter_breaks_the_ledger(database_url: str, tmp_path: Path) -> None:
    given = Settings(data_dir=tmp_path / "data", database_url=database_url, content_days=36_500)
    seen, wrong = asyncio.run(statuses(given))
    assert wrong == []
    assert seen[200] > 300 < seen[422]


async def test_what_a_database_would_read_as_a_sign_is_looked_for_as_it_is(
    database_url: str, tmp_path: Path
) -> None:
    """Rows found are those that hold it: a sign of LIKE or of JSON does not find everything."""
    given = Settings(data_dir=tmp_path / "data", database_url=database_url, content_days=36_500)
    async with open_service(given) as assistant:
        await filled(assistant, made(40, 20))
        every = (await assistant.ledger.page(LedgerFilter(), 500)).rows
        for word in SIGNS:
            found = (await assistant.ledger.page(LedgerFilter(words=(word,)), 500)).rows
            meant = {row.id for row in every if word in f"{row.text}\n{row.question}\n{row.answer}"}
            assert {row.id for row in found} == meant
