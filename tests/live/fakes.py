"""Small stand-ins for what a room works with: each does what its Protocol says, visibly."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from assistant.domain.answer import Citation, Draft, Route, Statement
from assistant.domain.live import Alert, Comment, LiveSession, Room, Urgency
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.domain.screening import Screened, Severity
from assistant.domain.verdict import Action, Verdict
from assistant.errors import ReplyFailed, Unavailable
from assistant.live.clocks import VirtualClock
from assistant.live.room import LiveRoom
from assistant.live.seams import CommentKind, Masked, Match, Triaged
from assistant.live.services import RoomConfig, RoomServices
from assistant.live.simulated import SimulatedStage
from assistant.records.database import Database
from assistant.records.live import LiveRepository
from assistant.records.live_reads import LiveReads
from assistant.records.outcomes import RecordedOutcome

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ROOM = "room-1"
SESSION = "session-1"


def mask(text: str) -> Masked:
    """Hides the one phone number of the tests."""
    hidden = text.replace("13800138000", "［手机号］")
    return Masked(hidden, ("mobile",) if hidden != text else ())


def screen(text: str) -> Screened:
    """Two harmful words: one is set aside, one is serious."""
    if "毒舌" in text:
        return Screened(Severity.SERIOUS, "abuse", "辱骂", "t-2")
    if "广告" in text:
        return Screened(Severity.SET_ASIDE, "spam", "广告", "t-1")
    return Screened()


class Floods:
    """The fourth time of the same text is a flood."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def __call__(self, comment: Comment) -> Screened:
        self._seen[comment.text] = self._seen.get(comment.text, 0) + 1
        if self._seen[comment.text] > 3:
            return Screened(Severity.SET_ASIDE, "flood", "刷屏", "f-1")
        return Screened()


def triage(text: str) -> Triaged:
    """Reads the first word of the comment; raises at 炸."""
    if "炸" in text:
        raise ValueError("triage is broken")
    if "晕倒" in text:
        return Triaged(CommentKind.QUESTION, 0.9, Urgency.EMERGENCY, "120")
    kinds = {"你好": "greeting", "好棒": "praise", "唱歌": "off_topic", "投诉": "complaint"}
    for word, kind in kinds.items():
        if word in text:
            return Triaged(CommentKind(kind), 0.1)
    if "真人" in text:
        return Triaged(CommentKind.IDENTITY, 0.2)
    if "怎么" in text or "多少" in text:
        urgency = Urgency.URGENT if "急" in text else Urgency.NORMAL
        return Triaged(CommentKind.QUESTION, 0.95, urgency)
    return Triaged(CommentKind.CHATTER, 0.05)


class Merger:
    """Merges what is equal without spaces."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def find(self, text: str, region: str | None = None) -> Match | None:
        del region
        found = self.known.get(text.replace(" ", ""))
        return Match(found, 1.0) if found else None

    def add(self, question_id: str, text: str, region: str | None = None) -> None:
        del region
        self.known[text.replace(" ", "")] = question_id

    def forget(self, question_ids: Collection[str]) -> None:
        self.known = {key: one for key, one in self.known.items() if one not in question_ids}


class Answers:
    """Answers by words of the question; counts how many it answers at once.

    补贴 → review, 敏感 → refuse, 证 → clarify, 泄露 → an answer with a phone number,
    断 → raises; all else → an answer that ends in the question.
    """

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.most = 0
        self._now = 0
        self.gate: asyncio.Event | None = None
        self.words: Callable[[str], str] = lambda text: f"答：{text}"

    async def __call__(self, question: Question) -> Outcome:
        self.asked.append(question)
        self._now += 1
        self.most = max(self.most, self._now)
        if self.gate is not None:
            await self.gate.wait()
        await asyncio.sleep(0)
        self._now -= 1
        return self._outcome(question)

    def _outcome(self, question: Question) -> Outcome:
        if "断" in question.text:
            raise RuntimeError("the desk is broken")
        for word, action in (("补贴", "review"), ("敏感", "refuse"), ("证", "clarify")):
            if word in question.text:
                return outcome(question, Action(action), f"{action}：{question.text}")
        if "泄露" in question.text:
            return outcome(question, Action.ANSWER, "请拨打13800138000")
        return outcome(question, Action.ANSWER, self.words(question.text))


def outcome(question: Question, action: Action, text: str) -> Outcome:
    """An outcome with one citation."""
    cited = Citation("guide-1", "办理时限", text, title="指南")
    draft = Draft(Route.GUIDE, (Statement(text, text, (cited,)),), source_ids=("guide-1",))
    return Outcome(question, draft, Verdict(action, 0.9, ("理由",)), text, text)


class Outcomes:
    """Keeps outcomes; fails when told."""

    def __init__(self) -> None:
        self.kept: list[Outcome] = []
        self.fails = False

    async def record(self, outcome: Outcome, key: str | None = None) -> str:
        del key
        if self.fails:
            raise Unavailable("the database is away")
        self.kept.append(outcome)
        return f"outcome-{len(self.kept)}"

    async def get(self, outcome_id: str) -> RecordedOutcome | None:
        outcome = self.kept[int(outcome_id.rpartition("-")[2]) - 1]
        return RecordedOutcome(outcome_id, START, outcome)


class Vault:
    """Addresses written backwards."""

    def seal(self, address: str) -> str:
        return f"sealed:{address[::-1]}"

    def open(self, sealed: str) -> str:
        return sealed.removeprefix("sealed:")[::-1]


class Replier:
    """A platform that takes replies; `fails` are raised one after the other first."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.fails: list[Exception] = []

    async def reply(self, address: str, text: str, key: str) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.sent.append((address, text, key))

    def texts(self, address: str) -> list[str]:
        return [text for to, text, _ in self.sent if to == address]


def not_sent(*, retryable: bool) -> ReplyFailed:
    return ReplyFailed("no", retryable=retryable)


class Notified:
    """Remembers who was told; fails for the names in `away`."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.away: set[str] = set()
        self.tried = 0

    async def __call__(self, officer: str, alert: Alert) -> None:
        self.tried += 1
        if officer in self.away:
            raise Unavailable("nobody answers")
        self.told.append((officer, alert.code))


@dataclass
class World:
    """A room with all that is around it."""

    database: Database
    room: Room
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(START))
    answers: Answers = field(default_factory=Answers)
    outcomes: Outcomes = field(default_factory=Outcomes)
    replier: Replier = field(default_factory=Replier)
    notify: Notified = field(default_factory=Notified)
    config: RoomConfig = field(default_factory=lambda: RoomConfig(heartbeat=None))
    ids: "count[int]" = field(default_factory=lambda: count(1))
    withheld: set[str] = field(default_factory=set)
    live: LiveRoom = field(init=False)
    stage: SimulatedStage = field(init=False)
    records: LiveRepository = field(init=False)

    def __post_init__(self) -> None:
        self.stage = SimulatedStage(self.clock)
        self.records = LiveRepository(self.database, "org", self.clock.now)
        self.reads = LiveReads(self.database, "org")

    def new_id(self) -> str:
        return f"x{next(self.ids):020d}"

    def services(self, **changed: object) -> RoomServices:
        services = RoomServices(
            records=self.records,
            askers=self.reads.of_question,
            outcomes=self.outcomes,
            answers=self.answers,
            mask=mask,
            screen=screen,
            floods=Floods,
            triage=triage,
            merger=Merger,
            stage=self.stage,
            vault=Vault(),
            notify=self.notify,
            clock=self.clock,
            new_id=self.new_id,
            repliers={"page": self.replier},
            config=self.config,
            withheld=lambda text, cited: text in self.withheld,
        )
        return replace(services, **changed)  # type: ignore[arg-type]

    async def open(self, **changed: object) -> LiveRoom:
        """Open the room's session, or take it up again after a crash."""
        if await self.records.room(ROOM) is None:
            await self.records.put_room(self.room)
            await self.records.open_session(LiveSession(SESSION, ROOM, START))
        room = await self.records.room(ROOM)
        token = await self.records.lease(ROOM, f"process-{next(self.ids)}", 0.0)
        assert room is not None
        assert token is not None
        self.live = LiveRoom(self.services(**changed), room, SESSION, token)
        await self.live.start()
        return self.live

    def comment(self, text: str, viewer: str = "v1", **changed: object) -> Comment:
        number = next(self.ids)
        made = Comment(
            id=f"c{number:020d}",
            room_id=ROOM,
            session_id=SESSION,
            platform="page",
            event_id=f"e{number}",
            received_at=self.clock.now(),
            viewer=viewer,
            text=text,
            viewer_name=f"网友{viewer}",
        )
        return replace(made, **changed)  # type: ignore[arg-type]

    async def say(self, *comments: Comment, settle: bool = True) -> None:
        """Comments come in, each viewer's address being `to-` and the pseudonym."""
        sealed = {one.id: Vault().seal(f"to-{one.viewer}") for one in comments}
        await self.live.take(comments, sealed)
        if settle:
            await self.live.settle()

    async def ask(self, text: str, viewer: str = "v1") -> Comment:
        """One comment, settled."""
        comment = self.comment(text, viewer)
        await self.say(comment)
        return comment

    async def pass_(self, seconds: float, step: float = 1.0) -> None:
        """Let time go by, second by second."""
        for _ in range(round(seconds / step)):
            self.clock.set(self.clock.now() + timedelta(seconds=step))
            for event in self.stage.step():
                await self.live.staged(event)
            await self.live.advance()
            for event in self.stage.step():
                await self.live.staged(event)
        await self.live.settle()

    async def decided(self) -> Mapping[str, str]:
        """`kind/code` by comment id."""
        rows = await self.records.entries(SESSION, limit=10_000)
        return {
            row.comment.id: f"{row.decision.kind}/{row.decision.code}" if row.decision else ""
            for row in rows
        }
