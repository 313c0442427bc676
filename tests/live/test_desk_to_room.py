"""The whole service: settled, said in the room and known; withdrawn and corrected."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.access.accounts import Account
from assistant.bootstrap import Assistant, Settings, live_reads, live_records, open_service
from assistant.domain.question import Question
from assistant.domain.review import ResolutionKind
from assistant.domain.verdict import Action
from assistant.errors import BadInput
from assistant.live import lines
from assistant.live.orders import Automatic
from assistant.live.platforms.page import new_viewer
from assistant.review.orders import Settle, Source
from tests.support.live_office import PASSWORD, REGION, REVIEWER, ROOM, STAFF, hall
from tests.support.small_knowledge import write_knowledge

pytestmark = pytest.mark.integration
ASKED, ANSWER = "云杉便民卡怎么申领", "云杉便民卡在政务大厅三号窗口申领。"
RIGHT = "云杉便民卡在政务大厅五号窗口申领。"
QUOTE = ["第三条", "住房公积金贷款最高额度为八十万元。"][1]
RESTS = (Source("loan.md", QUOTE),)


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Assistant]:
    """The service with a room in automatic mode."""
    settings = Settings(data_dir=tmp_path / "data", database_url=database_url)
    async with open_service(settings) as assistant:
        await assistant.ingest([write_knowledge(tmp_path / "files")])
        for new in STAFF:
            await assistant.access.staff.add("cli", new, PASSWORD)
        await live_records(assistant).put_room(hall())
        live = await assistant.live.desk.open(ROOM)
        await live.command(Automatic(on=True), "王科长")
        yield assistant


async def until(look: Callable[[], Awaitable[Any]]) -> Any:
    async with asyncio.timeout(30):
        while not (found := await look()):  # noqa: ASYNC110 - the database is looked at
            await asyncio.sleep(0.02)
    return found


class Office:
    """What a viewer and a reviewer do."""

    def __init__(self, assistant: Assistant, reviewer: Account) -> None:
        self.on = assistant
        self.reviewer = reviewer
        self.viewers = 0

    async def ask(self, text: str) -> None:
        self.viewers += 1
        page = self.on.live.platforms(ROOM).page
        await page.post(new_viewer(), text, f"c{self.viewers}")

    async def case(self, code: str) -> str:
        async def look() -> str:
            cases = await live_reads(self.on).open_cases(ROOM)
            return next((one.id for one in cases if one.code == code), "")

        return await until(look)

    async def settle(self, case_id: str, text: str, kind: Any = ResolutionKind.ANSWER) -> None:
        view = await self.on.review.take(self.reviewer, case_id, over=True)
        order = Settle(case_id, view.token, kind, text, RESTS, at_once=True)
        await self.on.review.settle(self.reviewer, order)

    async def replied(self, text: str) -> bool:
        live = self.on.live.desk.live(ROOM)
        await live.settle()
        every = await live_reads(self.on).replies(live.session_id)
        return any(one.text == text for one in every)

    async def said(self, text: str) -> bool:
        session = self.on.live.desk.live(ROOM).session_id
        return any(one.text == text for one in await live_records(self.on).cues(session))

    async def gives(self, action: Action, text: str = "") -> bool:
        await self.on.index.refresh()
        outcome = await self.on.answer(Question(ASKED, date(2026, 12, 1), REGION))
        return outcome.verdict.action is action and text in outcome.text


async def test_an_approval_is_said_and_known_and_withdrawn_and_corrected(
    office: Assistant,
) -> None:
    at = Office(office, await office.access.staff.named(REVIEWER))
    await at.ask(ASKED)
    await at.settle(await at.case("no_support"), ANSWER)
    await until(lambda: at.said(ANSWER))
    await until(lambda: at.replied(ANSWER))
    await until(lambda: at.gives(Action.ANSWER, ANSWER))

    live = office.live.desk.live(ROOM)
    (asked,) = [one for one in live.snapshot().questions if one.text == ASKED]
    incident = await office.review.withdraw(at.reviewer, asked.id, "窗口写错了")
    assert await at.gives(Action.REVIEW)
    case_id = await at.case("withdrawn")
    assert case_id == incident.case_id

    async def stopped() -> bool:
        return (await office.incidents.get(incident.id)).applied_at is not None

    await until(stopped)
    with pytest.raises(BadInput):
        await at.settle(case_id, ANSWER)
    await at.ask(ASKED)
    await at.settle(case_id, RIGHT)
    await until(lambda: at.said(lines.CORRECTION + RIGHT))
    await until(lambda: at.replied(lines.CORRECTED + RIGHT))
    await until(lambda: at.gives(Action.ANSWER, RIGHT))
    done = await office.incidents.get(incident.id)
    assert done.corrected_at is not None
    assert (done.audience, done.unreached) == (1, 1)
