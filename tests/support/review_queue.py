"""A prepared queue in a served office: sixty cases of a room, groups among them, as rows."""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from assistant.access.accounts import Role
from assistant.access.staff import NewAccount
from assistant.bootstrap import Assistant, Settings, live_records, open_assistant, open_service
from assistant.domain.answer import NO_DRAFT, Citation, Draft, Route, Statement
from assistant.domain.clock import system_clock
from assistant.domain.live import (
    Comment,
    Decision,
    LiveQuestion,
    LiveSession,
    OutcomeKind,
    QuestionState,
    ReviewCase,
)
from assistant.domain.live_commit import Commit
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.domain.verdict import Action, Verdict
from assistant.records import review_groups
from assistant.web.app import create_app
from tests.support.live_office import PASSWORD, REGION, ROOM, fill, hall
from tests.support.served import served
from tests.support.small_knowledge import write_knowledge

SESSION = "01SESSION"
SECOND = "qian"
FEE = Citation("licence", "收费", "收费：不收费", "个体工商户设立登记", field="fee")
GONE = Citation("old", "第一条", "旧办法的条文。", "旧办法（示例）")
XSS = "<img src=x onerror=\"document.title='xss'\"><script>document.title='xss'</script>"


@dataclass(frozen=True)
class Planned:
    """One case of the queue. `draft` of "" means that nothing is drafted."""

    number: int
    text: str
    draft: str = "不收费。"
    cited: tuple[Citation, ...] = (FEE,)
    group: int | None = None
    asked_by: int = 1
    history: tuple[str, ...] = ()
    name: str = "网友"

    @property
    def id(self) -> str:
        return f"01CASE{self.number:05d}"


def sixty() -> list[Planned]:
    """48 alone with a draft, of which 3 on a source that is gone; 3 without; groups of 3, 3, 3."""
    alone = [Planned(n, f"第{n}家小店办执照收不收钱") for n in range(45)]
    gone = [Planned(n, f"第{n}种补贴还有没有", "有补贴。", (GONE,)) for n in range(45, 48)]
    bare = [Planned(n, f"第{n}块地能不能种土豆", "", ()) for n in range(48, 51)]
    groups = [
        Planned(
            51 + 3 * g + m, f"第{g}组第{m}问：办执照要交多少钱", group=51 + 3 * g if m else None
        )
        for g in range(3)
        for m in range(3)
    ]
    return alone + gone + bare + groups


async def prepare(assistant: Assistant, planned: Sequence[Planned]) -> None:
    """Write a session of the room with these cases; it is on air in no process."""
    live, now = live_records(assistant), system_clock()
    await live.open_session(LiveSession(SESSION, ROOM, now - timedelta(minutes=30)))
    token = await live.lease(ROOM, "prepared", 60.0)
    assert token is not None
    step = [await _rows(assistant, one) for one in planned]
    comments, decisions, questions, cases = (list(rows) for rows in zip(*step, strict=True))
    commit = Commit(comments=comments, decisions=decisions, questions=questions, cases=cases)
    await live.commit(ROOM, token, commit)
    await live.release(ROOM, token)
    await _place(assistant, planned)


async def _rows(
    assistant: Assistant, one: Planned
) -> tuple[Comment, Decision, LiveQuestion, ReviewCase]:
    at = system_clock() - timedelta(seconds=600 - one.number)
    route = Route.GUIDE if one.draft else Route.NONE
    said = Statement(one.draft, one.draft, one.cited)
    draft = Draft(route, (said,), notes=("证据只覆盖问题的一半",)) if one.draft else NO_DRAFT
    question = Question(one.text, date(2026, 3, 2), REGION, one.history)
    verdict = Verdict(Action.REVIEW, 0.62, ("把握不足",))
    outcome = Outcome(question, draft, verdict, "已转人工", "已转人工")
    outcome_id = await assistant.outcomes.record(outcome)
    asked, number = f"01QUESTION{one.number:05d}", one.number
    return (
        Comment(
            f"01COMMENT{number:05d}", ROOM, SESSION, "page", f"e{number}", at, "v1", one.text,
            viewer_name=one.name,
        ),
        Decision(
            f"01COMMENT{number:05d}", OutcomeKind.QUEUED_FOR_REVIEW, "no_support", "依据不足", at,
            is_question=True, question_id=asked,
        ),
        LiveQuestion(
            asked, ROOM, SESSION, one.text, at, QuestionState.IN_REVIEW, region=REGION,
            asked_by=one.asked_by, outcome_id=outcome_id,
        ),
        ReviewCase(one.id, ROOM, SESSION, asked, "no_support", "依据不足", at),
    )  # fmt: skip


async def _place(assistant: Assistant, planned: Sequence[Planned]) -> None:
    """What reception would write: region, deadline, group."""
    own = assistant.settings.organization
    due = system_clock() + timedelta(hours=1)
    async with assistant.database.write() as connection:
        for one in planned:
            lead = f"01CASE{one.group:05d}" if one.group is not None else None
            at = due + timedelta(seconds=one.number)
            placed = {"region": REGION, "due_at": at, "due_class": "live", "group_id": lead}
            await review_groups.change(connection, own, [one.id], **placed)


@contextlib.contextmanager
def review_office(
    folder: Path, planned: Sequence[Planned], database_url: str | None = None
) -> Iterator[str]:
    """The address of a served office with these cases and a second reviewer."""
    settings = Settings(data_dir=folder / "data", database_url=database_url)
    path = write_knowledge(folder / "files")
    with ThreadPoolExecutor() as threads:  # this thread may have playwright's event loop
        threads.submit(lambda: asyncio.run(_filled(settings, path, planned))).result()
    with served(create_app(lambda: open_service(settings))) as url:
        yield url


async def _filled(settings: Settings, knowledge: Path, planned: Sequence[Planned]) -> None:
    await fill(settings, knowledge, hall())
    async with open_assistant(settings) as assistant:
        second = NewAccount(SECOND, frozenset({Role.REVIEWER}), "钱坤")
        await assistant.access.staff.add("cli", second, PASSWORD)
        await prepare(assistant, planned)
