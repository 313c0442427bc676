"""A review desk over an empty database: a room on air, its questions and cases, two reviewers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from assistant.access.accounts import Account, Role
from assistant.domain.answer import Citation, Draft, Route, Statement
from assistant.domain.live import LiveQuestion, LiveSession, QuestionState, ReviewCase, Room
from assistant.domain.live_commit import Commit
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.domain.region import Region, RegionTree
from assistant.domain.review import CaseState, DeskCase
from assistant.domain.source import NATIONAL, PolicyDocument
from assistant.domain.verdict import Action, Verdict
from assistant.records import review_groups
from assistant.records.accounts_audit import AuditRecords
from assistant.records.accounts_schema import accounts
from assistant.records.database import Database
from assistant.records.events import EventRecords
from assistant.records.live import LiveRepository
from assistant.records.outcomes import OutcomeRepository
from assistant.records.review import ReviewRecords
from assistant.records.review_resolutions import ResolutionRecords
from assistant.records.sources import SourceRepository
from assistant.retrieval.sections import policy_passages
from assistant.review.building import Review, ReviewParts, build_review
from assistant.review.desk import ReviewDesk

OFFICE, ROOM, SESSION = "office", "hall", "s1"
CITY, COUNTY, OTHER = "990100", "990181", "990182"
REGIONS = RegionTree(
    [
        Region(NATIONAL, "全国", None),
        Region(CITY, "示例市", NATIONAL),
        Region(COUNTY, "清溪县", CITY),
        Region(OTHER, "白石县", CITY),
    ]
)
QUOTE = "缴存职工连续足额缴存住房公积金六个月以上的，可以申请住房公积金贷款。"
LOAN = PolicyDocument(
    id="loan",
    title="示例县住房公积金贷款办法（示例）",
    document_number="示例发〔2025〕8号",
    region=COUNTY,
    effective_from=date(2025, 5, 10),
    text=f"第一条　为规范住房公积金贷款，制定本办法。\n\n第二条　{QUOTE}",
)
DRAFT = "连续缴存公积金六个月以上可以申请贷款。"
CITED = Citation("loan", "第二条", QUOTE, LOAN.title, LOAN.document_number)
BAD_WORD, PRIVATE = "坏词", "13800000000"


def unsafe(text: str) -> str:
    """As the screen: one word and one number may not go out."""
    if PRIVATE in text:
        return "含有个人信息"
    return "含有不宜播出的内容（辱骂）" if BAD_WORD in text else ""


def reviewer(number: int = 1, **changes: Any) -> Account:
    """A reviewer of the whole office."""
    made = Account(
        f"r{number}", OFFICE, f"sun{number}", f"孙立{number}", frozenset({Role.REVIEWER})
    )
    return replace(made, **changes)


SUN, LI = reviewer(1), reviewer(2)
OUTSOURCED = reviewer(3, is_outsourced=True)
FAR = reviewer(4, regions=(OTHER,))
NEAR = reviewer(5, regions=(CITY,))
OPERATOR = reviewer(6, roles=frozenset({Role.OPERATOR}))


@dataclass
class ReviewOffice:
    """What tests of the desk hold in their hands. Made by `open_office`."""

    database: Database
    clock: Callable[[], Any]
    new_id: Callable[[], str]
    review: Review
    sources: SourceRepository
    outcomes: OutcomeRepository
    records: ReviewRecords
    resolutions: ResolutionRecords
    events: EventRecords
    audit: AuditRecords
    live: LiveRepository
    room_token: int = 0

    @property
    def desk(self) -> ReviewDesk:
        return self.review.desk

    async def ask(self, number: int = 1, **changes: Any) -> str:
        """A question that waits; gives the id of its case. `draft` of None: nothing is drafted."""
        draft = changes.pop("draft", DRAFT)
        cited = changes.pop("cited", (CITED,))
        desk = changes.pop("desk", {"region": COUNTY})
        text = changes.pop("text", f"公积金贷款要缴多久？第{number}问")
        outcome_id = (
            None if draft is None else await self.outcomes.record(outcome(text, draft, cited))
        )
        question = LiveQuestion(
            f"q{number:05d}", ROOM, SESSION, text, self.clock(), QuestionState.IN_REVIEW,
            asked_by=changes.pop("asked_by", 1), outcome_id=outcome_id,
        )  # fmt: skip
        case = ReviewCase(
            f"k{number:05d}", ROOM, SESSION, question.id, "no_source", "资料未载明", self.clock(),
            **changes,
        )  # fmt: skip
        await self.commit(Commit(questions=[question], cases=[case]))
        await self.set(case.id, **desk)
        return case.id

    async def commit(self, commit: Commit) -> None:
        """What the room writes."""
        self.room_token = self.room_token or await self.live.lease(ROOM, "test", 1e6) or 0
        await self.live.commit(ROOM, self.room_token, commit)

    async def set(self, case_id: str, **columns: Any) -> None:
        """Write the desk's columns, as reception does."""
        async with self.database.write() as connection:
            await review_groups.change(connection, OFFICE, [case_id], **columns)

    async def room_settles(self, case_id: str) -> None:
        """The room says what there is to say, by itself or for the desk."""
        case = await self.case(case_id)
        names = (field.name for field in fields(ReviewCase))
        own = ReviewCase(**{name: getattr(case, name) for name in names})
        await self.commit(Commit(cases=[replace(own, settled_at=self.clock())]))

    async def group(self, lead: str, *others: str) -> None:
        """Put cases together, as reception does."""
        for one in others:
            await self.set(one, group_id=lead)

    async def case(self, case_id: str) -> DeskCase:
        return await self.records.case(case_id)

    async def states(self, *ids: str) -> list[CaseState]:
        return [(await self.case(one)).state for one in ids]

    async def finish(self) -> None:
        """Do what the chore does, until nothing is due."""
        finishing = next(one for one in self.review.chores if one.name == "review.finishing")
        while await finishing.run():
            pass

    async def actions(self) -> list[str]:
        """What the audit chain tells, oldest first."""
        return [entry.action for entry, _ in reversed(await self.audit.recent(1000))]


def outcome(text: str, draft: str, cited: Sequence[Citation]) -> Outcome:
    """A question that the product is not sure of, with a draft."""
    made = Draft(
        Route.POLICY if cited else Route.NONE,
        (Statement(draft, draft, tuple(cited)),) if draft else (),
        notes=("证据只覆盖问题的一半",),
    )
    question = Question(text, date(2026, 3, 2), COUNTY, ("公积金在哪里查",))
    verdict = Verdict(Action.REVIEW, 0.62, ("把握不足",))
    return Outcome(question, made, verdict, "已转人工", "已转人工")


def desk_of(database: Database, clock: Any, new_id: Any) -> Review:
    """A desk over an open database: one process has one."""
    sources = SourceRepository(database, OFFICE, clock)
    outcomes = OutcomeRepository(database, OFFICE, clock, new_id)
    return build_review(
        ReviewParts(database, OFFICE, clock, new_id, REGIONS, sources, outcomes, unsafe)
    )


async def open_office(
    database: Database, clock: Any, new_id: Any, *, on_air: bool = True
) -> ReviewOffice:
    """The office over an open, empty database."""
    sources = SourceRepository(database, OFFICE, clock)
    outcomes = OutcomeRepository(database, OFFICE, clock, new_id)
    audit, events = AuditRecords(database, OFFICE, clock), EventRecords(database, OFFICE)
    office = ReviewOffice(
        database, clock, new_id, desk_of(database, clock, new_id), sources, outcomes,
        ReviewRecords(database, OFFICE, clock, audit),
        ResolutionRecords(database, OFFICE, clock, audit, events),
        events, audit, LiveRepository(database, OFFICE, clock),
    )  # fmt: skip
    await office.live.put_room(Room(ROOM, "清溪县政务直播间", COUNTY))
    if on_air:
        await office.live.open_session(LiveSession(SESSION, ROOM, clock()))
    await sources.put(LOAN, policy_passages(LOAN), digest="1", origin=None)
    for account in (SUN, LI, OUTSOURCED, FAR, NEAR, OPERATOR):
        await add(database, account, clock())
    return office


async def add(database: Database, account: Account, at: Any) -> None:
    """An account's row: its name is shown."""
    row = {
        "id": account.id,
        "organization_id": account.organization,
        "name": account.name,
        "display_name": account.display_name,
        "roles": "[]",
        "regions": "[]",
        "is_outsourced": account.is_outsourced,
        "password_hash": "",
        "created_at": at,
        "password_at": at,
    }
    async with database.write() as connection:
        await connection.execute(insert(accounts).values(row))


WINDOW = timedelta(seconds=10)
