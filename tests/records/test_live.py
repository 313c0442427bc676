"""A step of a room is written whole, once, and only by who holds the room."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from assistant.domain.answer import Citation
from assistant.domain.broadcast import (
    Broadcast,
    BroadcastState,
    FallenPart,
    Position,
    Taking,
)
from assistant.domain.live import (
    Alert,
    AlertLevel,
    CueKind,
    CueState,
    LiveSession,
    OutcomeKind,
    QuestionState,
    ReplyState,
    Room,
    RoomState,
    SlideAt,
    Urgency,
)
from assistant.domain.live_commit import Backlog, Commit
from assistant.domain.studio_flow import Approval
from assistant.domain.verdict import Action
from assistant.errors import LostLease, NotFound
from assistant.records.database import Database
from assistant.records.live import LiveRepository
from tests.support.live_values import NOON, case, comment, cue, decision, question, reply

pytestmark = pytest.mark.contract

ROOM = Room(
    "hall",
    "一号厅",
    region="440300",
    state=RoomState.OPEN,
    automatic=True,
    automatic_by="王芳",
    topic="社保",
    officers=("李雷", "韩梅梅"),
    heartbeat_at=NOON,
)


@pytest.fixture
async def live(database: Database, clock) -> LiveRepository:
    """A room with a 场次."""
    repository = LiveRepository(database, "office", clock)
    await repository.put_room(ROOM)
    await repository.open_session(LiveSession("s1", "hall", NOON))
    return repository


@pytest.fixture
async def token(live: LiveRepository) -> int:
    held = await live.lease("hall", "first", 10)
    assert held is not None
    return held


async def test_a_room_comes_back_as_it_was(live: LiveRepository) -> None:
    assert await live.rooms() == [replace(ROOM, session_id="s1")]
    assert await live.room("other") is None
    changed = Room("hall", "二号厅")
    await live.put_room(changed)
    assert await live.room("hall") == changed


async def test_a_session_belongs_to_a_room_and_ends_once(live: LiveRepository) -> None:
    with pytest.raises(NotFound):
        await live.open_session(LiveSession("s2", "nowhere", NOON))
    await live.open_session(LiveSession("s2", "hall", NOON))
    await live.close_session("s1", NOON)  # an old one: the room's stays
    assert (await live.room("hall")).session_id == "s2"
    await live.close_session("s2", NOON)
    assert (await live.room("hall")).session_id is None


async def test_one_holder_at_a_time_with_growing_tokens(live: LiveRepository, clock) -> None:
    first = await live.lease("hall", "first", 10)
    assert await live.lease("hall", "second", 10) is None
    clock.advance(seconds=9)
    assert await live.lease("hall", "first", 10) == first  # renewed
    clock.advance(seconds=9)
    assert await live.lease("hall", "second", 10) is None
    clock.advance(seconds=1)
    second = await live.lease("hall", "second", 10)
    assert second > first
    await live.release("hall", first)  # not its own any more
    assert await live.lease("hall", "first", 10) is None
    await live.release("hall", second)
    third = await live.lease("hall", "first", 10)
    assert third > second


async def test_an_old_holder_writes_nothing(live: LiveRepository, token: int, clock) -> None:
    clock.advance(seconds=10)
    newer = await live.lease("hall", "second", 10)
    with pytest.raises(LostLease):
        await live.commit("hall", token, Commit(comments=[comment()]))
    assert (await live.backlog("s1")).comments == []
    await live.commit("hall", newer, Commit(comments=[comment()]))
    await live.release("hall", newer)
    with pytest.raises(LostLease):
        await live.commit("hall", newer, Commit(comments=[comment(2)]))
    with pytest.raises(LostLease):
        await live.commit("never held", 1, Commit(comments=[comment(3, room_id="never held")]))
    assert (await live.backlog("s1")).comments == [comment()]


async def test_two_holders_race(live: LiveRepository, database_url: str, clock, token: int) -> None:
    """Whoever takes over while another writes: no write lands after the take-over."""
    other_database = await Database.open(database_url)
    other = LiveRepository(other_database, "office", clock)
    clock.advance(seconds=10)
    written: list[int] = []

    async def old_holder() -> None:
        for number in range(50):
            try:
                await live.commit("hall", token, Commit(comments=[comment(number)]))
            except LostLease:
                return
            written.append(number)

    async def new_holder() -> tuple[int | None, list[str]]:
        newer = await other.lease("hall", "second", 10)
        return newer, [each.id for each in (await other.backlog("s1")).comments]

    _, (newer, at_take_over) = await asyncio.gather(old_holder(), new_holder())
    assert newer == token + 1
    assert [each.id for each in (await other.backlog("s1")).comments] == at_take_over
    assert len(at_take_over) == len(written)
    await other_database.close()


async def test_many_take_a_free_room_and_one_gets_it(live: LiveRepository) -> None:
    tokens = await asyncio.gather(*(live.lease("hall", f"p{n}", 10) for n in range(8)))
    assert sorted(tokens, key=lambda token: token is None)[1:] == [None] * 7


ON_AIR = Broadcast(
    "b1",
    "hall",
    "s1",
    "st1",
    "居住证怎么办",
    Approval("digest", 3, "sun", NOON, (("s1.1", "key"),)),
    "王芳",
    NOON,
    Taking.BETWEEN,
    Position(2, 3, paused=True),
    cue_id="q1",
    resumes_at=NOON,
    fallen=(FallenPart(1, "到期"),),
)
EVERYTHING = Commit(
    comments=[comment(1, viewer_name="张*", hidden=("mobile", "plate")), comment(2), comment(3)],
    decisions=[
        decision(1, OutcomeKind.SPOKEN, question_id="q1", is_question=True, action=Action.ANSWER),
        decision(2, OutcomeKind.SET_ASIDE, code="chatter", decision_ms=1.5),
    ],
    questions=[
        question(
            1,
            state=QuestionState.ANSWERED,
            region="440300",
            urgency=Urgency.URGENT,
            asked_by=37,
            action=Action.ANSWER,
            citations=(Citation("g1", "申请材料", "身份证原件", passage_key=7),),
            answered_at=NOON,
        ),
        question(2),
    ],
    cues=[cue(1, question_id="q1", seconds=3.25, actor="王芳"), cue(2, state=CueState.SENT)],
    replies=[reply(1), reply(2, state=ReplyState.SENDING, tries=1)],
    addresses={"c0001": "sealed-1", "c0002": "sealed-2"},
    cases=[case()],
    alerts=[Alert("a1", "hall", "silent", AlertLevel.URGENT, "没有动静", NOON, step=1)],
    broadcasts=[ON_AIR],
)


async def test_everything_comes_back_and_twice_is_once(live: LiveRepository, token: int) -> None:
    for _ in range(2):
        await live.commit("hall", token, EVERYTHING)
        assert await live.backlog("s1") == Backlog(
            comments=[comment(3)],
            questions=EVERYTHING.questions,
            cues=EVERYTHING.cues,
            replies=EVERYTHING.replies,
            alerts=EVERYTHING.alerts,
            cases=EVERYTHING.cases,
            broadcasts=EVERYTHING.broadcasts,
        )
    assert await live.address("c0001") == "sealed-1"


async def test_a_step_is_whole_or_absent(live: LiveRepository, token: int) -> None:
    broken = Commit(comments=[comment()], questions=[replace(question(), text=None)])
    with pytest.raises(Exception, match=r"(?i)null"):
        await live.commit("hall", token, broken)
    assert (await live.backlog("s1")).comments == []


async def test_a_step_survives_a_power_cut_and_only_steps_pay_for_it(
    sqlite_database: Database,
) -> None:
    levels = []
    for durable in (True, False):
        async with sqlite_database.write(durable=durable) as connection:
            levels.append(await connection.scalar(text("PRAGMA synchronous")))
    assert levels == [2, 1]  # FULL and NORMAL


async def test_comments_are_known_by_platform_and_event(live: LiveRepository, token: int) -> None:
    many = [comment(n) for n in range(1000)]
    await live.commit("hall", token, Commit(comments=many))
    keys = [("page", f"e{n}") for n in range(-5, 1005)] + [("bilibili", "e1")]
    assert await live.seen("hall", keys) == {("page", f"e{n}") for n in range(1000)}
    assert await live.seen("other", keys) == set()
    assert await live.seen("hall", []) == set()


async def test_an_event_under_a_second_id_is_left_out_with_its_decision(
    live: LiveRepository, token: int
) -> None:
    """Two processes may have journaled the same event; one of them is first."""
    await live.commit("hall", token, Commit([comment(1)], [decision(1)]))
    again = comment(2, event_id="e1")
    await live.commit("hall", token, Commit([again], [decision(2)]))
    await live.commit("hall", token, Commit([comment(1, text="另一个字样")]))
    assert (await live.backlog("s1")).comments == []


@pytest.mark.parametrize(
    ("steps", "stays"),
    [
        (["waiting", "sent", "started", "done"], "done"),
        (["started", "waiting"], "started"),
        (["started", "sent"], "started"),
        (["sent", "uncertain", "waiting"], "uncertain"),
        (["done", "sent"], "done"),
    ],
)
async def test_a_cue_that_began_never_waits_again(
    live: LiveRepository, token: int, steps: list[str], stays: str
) -> None:
    for state in steps:
        await live.commit("hall", token, Commit(cues=[cue(state=CueState(state))]))
    waiting = [each.state for each in (await live.backlog("s1")).cues]
    is_open = stays in {"waiting", "sent", "started"}  # one that began is still looked after
    assert waiting == ([stays] if is_open else [])


@pytest.mark.parametrize(
    ("steps", "stays"),
    [
        ([("pending", 0), ("sending", 1)], ("sending", 1)),
        ([("sending", 1), ("pending", 0)], ("sending", 1)),
        ([("sending", 1), ("pending", 1)], ("sending", 1)),
        ([("sending", 0), ("pending", 1)], ("pending", 1)),
        ([("sending", 1), ("sent", 1), ("pending", 9)], None),
        ([("sending", 1), ("uncertain", 1), ("sending", 2)], None),
        ([("failed", 3), ("pending", 4)], None),
    ],
)
async def test_a_reply_only_advances(
    live: LiveRepository, token: int, steps: list[tuple[str, int]], stays: tuple[str, int] | None
) -> None:
    for state, tries in steps:
        advanced = reply(state=ReplyState(state), tries=tries)
        await live.commit("hall", token, Commit(replies=[advanced]))
    open_ones = [(each.state, each.tries) for each in (await live.backlog("s1")).replies]
    assert open_ones == ([stays] if stays else [])


async def test_addresses_are_erased_when_used_or_old(
    live: LiveRepository, token: int, clock
) -> None:
    for number in (1, 2, 3):
        step = Commit([comment(number)], [decision(number)], addresses={f"c000{number}": "sealed"})
        await live.commit("hall", token, step)
        clock.advance(hours=1)
    await live.erase_addresses(["c0001", "unknown"])
    assert await live.address("c0001") is None
    assert await live.expire_addresses(clock() - timedelta(minutes=90)) == 1
    assert [await live.address(f"c000{number}") for number in (2, 3)] == [None, "sealed"]


async def test_an_address_that_is_still_needed_stays(live: LiveRepository, token: int) -> None:
    """A receipt was sent; the answer is not made yet, or waits to be sent."""
    steps = (
        Commit([comment(1)], replies=[reply(2, comment_id="c0001", state=ReplyState.SENT)]),
        Commit(decisions=[decision(1)], replies=[reply(1)]),
        Commit(replies=[reply(1, state=ReplyState.SENDING, tries=1)]),
    )
    await live.commit("hall", token, Commit(addresses={"c0001": "sealed"}))
    for step in steps:
        await live.commit("hall", token, step)
        await live.erase_addresses(["c0001"])
        assert await live.address("c0001") == "sealed"
    await live.commit("hall", token, Commit(replies=[reply(1, state=ReplyState.SENT, tries=1)]))
    await live.erase_addresses(["c0001"])
    assert await live.address("c0001") is None


async def test_organisations_do_not_meet(
    live: LiveRepository, token: int, database: Database, clock
) -> None:
    await live.commit("hall", token, EVERYTHING)
    other = LiveRepository(database, "neighbour", clock)
    assert await other.rooms() == []
    assert await other.backlog("s1") == Backlog([], [], [], [], [], [], [])
    assert await other.address("c0001") is None
    assert await other.seen("hall", [("page", "e1")]) == set()
    await other.erase_addresses(["c0001"])
    await other.close_session("s1", NOON)
    await other.put_room(Room("hall", "别处"))
    theirs = await other.lease("hall", "first", 10)
    changed = [replace(question(), text="改"), replace(question(2), text="改")]
    await other.commit("hall", theirs, Commit(decisions=[decision(3)], questions=changed))
    assert (await live.backlog("s1")).comments == [comment(3)]
    assert (await live.backlog("s1")).questions == EVERYTHING.questions
    assert await live.address("c0001") == "sealed-1"
    assert (await live.room("hall")).session_id == "s1"


async def test_a_part_of_a_script_comes_back_with_its_approval_and_slides(
    live: LiveRepository, token: int
) -> None:
    part = replace(
        cue(1), kind=CueKind.SCRIPT, approval="digest", slides=(SlideAt("a"), SlideAt("b", 9))
    )
    await live.commit("hall", token, Commit(cues=(part,)))
    assert await live.cues("s1") == [part]


async def test_a_broadcast_is_found_by_its_stream_and_no_more_when_it_is_over(
    live: LiveRepository, token: int
) -> None:
    await live.commit("hall", token, Commit(broadcasts=(ON_AIR,)))
    over = replace(
        ON_AIR, state=BroadcastState.DONE, position=Position(4, over=True), ended_at=NOON
    )
    await live.commit("hall", token, Commit(broadcasts=(over,)))
    assert (await live.backlog("s1")).broadcasts == []
    assert await live.broadcasts_of("st1") == [over]
    assert await live.broadcasts_of("st2") == []
    with pytest.raises(LostLease):
        await live.commit("hall", token + 1, Commit(broadcasts=(ON_AIR,)))
    assert await live.broadcasts_of("st1") == [over]
