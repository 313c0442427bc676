"""From the database into the room: once, whatever fails; and what no room will ever say."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from assistant.answering.withheld import Withheld
from assistant.domain.live import QuestionState, ReviewCase, Room, RoomState
from assistant.domain.live_commit import Commit
from assistant.domain.review import WITHDRAWN, CaseState, Incident, Resolution, ResolutionKind
from assistant.errors import Unavailable
from assistant.live import lines
from assistant.live.carrier import Carrier, CarrierParts
from assistant.live.desk import ADDRESSES
from assistant.live.orders import Order
from assistant.live.room import LiveRoom
from assistant.records.accounts_audit import AuditRecords
from assistant.records.carrying import CarryRecords
from assistant.records.database import Database
from assistant.records.events import EventRecords
from assistant.records.incidents import IncidentRecords
from assistant.records.live_rows import INCIDENTS, RESOLUTIONS
from assistant.records.schema_live import review_cases
from assistant.records.schema_review import incidents, review_resolutions, withheld_answers
from tests.live.fakes import ROOM, SESSION, World

pytestmark = pytest.mark.contract
Kind = ResolutionKind


class Desk:
    """The rooms of this process: the world's one, while it is open."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.open = True
        self.fails: list[Exception] = []
        self.orders: list[Order] = []

    @property
    def open_rooms(self) -> Mapping[str, LiveRoom]:
        return {ROOM: self.world.live} if self.open else {}

    async def rooms(self) -> list[Room]:
        return await self.world.records.rooms()

    def live(self, room_id: str) -> LiveRoom:
        return self.open_rooms[room_id]

    async def command(self, room_id: str, order: Order, actor: str) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.orders.append(order)
        await self.live(room_id).command(order, actor)
        await self.live(room_id).settle()


@pytest.fixture
async def world(database: Database):
    made = World(database, Room(ROOM, "一号", state=RoomState.OPEN, automatic=True))
    await made.open()
    yield made
    await made.live.stop()


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


@pytest.fixture
def carrier(world: World, desk: Desk) -> Carrier:
    events = EventRecords(world.database, "org")
    now = world.clock.now
    audit = AuditRecords(world.database, "org", now)
    kept = IncidentRecords(world.database, "org", now, audit, events)
    carried = CarryRecords(world.database, "org")
    return Carrier(CarrierParts(desk, carried, kept, Withheld(kept.withheld), now))


async def finish(world: World, *case_ids: str, kind: Kind = Kind.APPROVE, **changes) -> Resolution:
    """The desk has settled some cases for good."""
    now = world.clock.now()
    values = {"text": "三百元", "spoken": "三百元"} | changes
    made = Resolution(
        world.new_id(), kind, case_ids, **values, actor="a1", actor_name="王芳",
        made_at=now, sends_at=now, sent_at=now,
    )  # fmt: skip
    state = CaseState.HANDED if kind is Kind.HAND_OVER else CaseState.RESOLVED
    settled = update(review_cases).where(review_cases.c.id.in_(case_ids))
    async with world.database.write() as connection:
        await connection.execute(insert(review_resolutions).values(RESOLUTIONS.values("org", made)))
        await connection.execute(settled.values(state=state, resolution_id=made.id))
    return made


async def case_of(world: World, question_id: str) -> str:
    (found,) = [one for one in await world.reads.open_cases() if one.question_id == question_id]
    return found.id


async def how(world: World, case_id: str) -> str | None:
    query = select(review_cases.c.settled_how).where(review_cases.c.id == case_id)
    async with world.database.read() as connection:
        return await connection.scalar(query)


async def cues(world: World) -> list[str]:
    return [one.text for one in await world.records.cues(SESSION)]


async def test_it_is_said_once_however_often_the_carrier_looks(world, desk, carrier) -> None:
    first = await world.ask("补贴多少")
    case_id = await case_of(world, first.id)
    assert await carrier.run() is False
    await finish(world, case_id)
    for _ in range(3):
        await carrier.run()
    assert await cues(world) == ["三百元"]
    assert world.replier.texts("to-v1")[-1] == "三百元"
    assert await how(world, case_id) == "said"
    assert len(desk.orders) == 1


async def test_what_fails_comes_again_and_holds_up_nothing_else(world, desk, carrier) -> None:
    first, second = await world.ask("补贴多少"), await world.ask("补贴怎么领", "v2")
    ids = [await case_of(world, one.id) for one in (first, second)]
    for case_id in ids:
        await finish(world, case_id, text=f"答{case_id}", spoken="答")
    desk.fails = [Unavailable("no")]
    await carrier.run()
    assert len(desk.orders) == 1
    await carrier.run()
    assert len(desk.orders) == 1  # not before its pause is over
    world.clock.set(world.clock.now() + timedelta(seconds=2))
    await carrier.run()
    assert len(desk.orders) == 2
    assert {await how(world, one) for one in ids} == {"said"}


async def test_a_crash_between_reading_and_saying_loses_and_doubles_nothing(world, carrier) -> None:
    first = await world.ask("补贴多少")
    case_id = await case_of(world, first.id)
    await world.live.stop()
    await finish(world, case_id)
    await world.open()
    await carrier.run()
    await world.live.stop()
    await world.open()
    await carrier.run()
    assert await cues(world) == ["三百元"]
    assert world.replier.texts("to-v1").count("三百元") == 1


async def test_a_room_off_air_is_waited_for_until_nobody_can_be_reached(
    world, desk, carrier
) -> None:
    first = await world.ask("补贴多少")
    case_id = await case_of(world, first.id)
    await finish(world, case_id)
    desk.open = False
    room = await world.records.room(ROOM)
    await world.records.put_room(replace(room, state=RoomState.CLOSED, session_id=None))
    await carrier.run()
    assert await how(world, case_id) is None
    world.clock.set(world.clock.now() + ADDRESSES + timedelta(minutes=2))
    await carrier.run()
    assert await how(world, case_id) == "too_old"


async def test_what_has_no_room_or_no_question_is_settled(world, desk, carrier) -> None:
    now = world.clock.now()
    lost = ReviewCase("k1", "gone", "s", "q", "no_support", "", now)
    none = ReviewCase("k2", ROOM, SESSION, "q", "no_support", "", now)
    first = await world.ask("社保怎么办")
    learnt = ReviewCase("k3", ROOM, SESSION, first.id, "suspended", "", now)
    await world.live._core.commit(Commit(cases=(lost, none, learnt)))
    for case_id in ("k1", "k2", "k3"):
        await finish(world, case_id)
    await carrier.run()
    assert [await how(world, one) for one in ("k1", "k2", "k3")] == ["done"] * 3
    assert desk.orders == []
    asked = world.live.snapshot().questions[0]
    await world.live._core.commit(Commit(cases=(replace(lost, id="k4", question_id=asked.id),)))
    await finish(world, "k4")
    world.clock.set(now + timedelta(minutes=2))
    await carrier.run()
    assert await how(world, "k4") == "room_gone"


async def withdrawn(world: World, question_id: str) -> str:
    """As `review.withdrawing` writes it; gives the id of the case."""
    asked = next(q for q in world.live.snapshot().questions if q.id == question_id)
    now = world.clock.now()
    case = ReviewCase(world.new_id(), ROOM, asked.session_id, asked.id, WITHDRAWN, "", now)
    incident = Incident(
        world.new_id(), ROOM, asked.session_id, asked.id, None, "print", asked.answer, (),
        "自动", "错", "a1", now, audience=1, case_id=case.id,
    )  # fmt: skip
    await world.live._core.commit(Commit(cases=(case,), incidents=(incident,)))
    row = {"organization_id": "org", "fingerprint": "print", "made_at": now}
    async with world.database.write() as connection:
        made = insert(withheld_answers)
        await connection.execute(made.values(row | {"incident_id": incident.id}))
    return case.id


async def incident_of(world: World) -> Incident:
    async with world.database.read() as connection:
        row = (await connection.execute(select(*INCIDENTS.columns))).one()
    return INCIDENTS.value(row)


async def state_of(world: World, question_id: str) -> QuestionState:
    found = await CarryRecords(world.database, "org").questions([question_id])
    return found[question_id].state


async def test_a_withdrawn_answer_stops_and_its_correction_is_said(world, desk, carrier) -> None:
    first = await world.ask("社保怎么办")
    case_id = await withdrawn(world, first.id)
    await carrier.run()
    await carrier.run()
    assert len(desk.orders) == 1
    assert await state_of(world, first.id) is QuestionState.IN_REVIEW
    assert (await incident_of(world)).applied_at is not None
    await world.ask("社保怎么办", "v2")
    await finish(world, case_id, kind=Kind.EDIT)
    await carrier.run()
    assert (await cues(world))[-1] == "更正：三百元"
    assert world.replier.texts("to-v2")[-1] == lines.CORRECTED + "三百元"
    done = await incident_of(world)
    assert done.corrected_at is not None
    assert done.unreached == 1  # v1's address was erased when the answer had arrived


async def test_a_confirmed_answer_is_lifted_and_stands(world, carrier) -> None:
    first = await world.ask("社保怎么办")
    case_id = await withdrawn(world, first.id)
    await carrier.run()
    await finish(world, case_id, kind=Kind.CONFIRM, text="", spoken="")
    await carrier.run()
    assert await state_of(world, first.id) is QuestionState.ANSWERED
    assert (await incident_of(world)).corrected_at is not None
    async with world.database.read() as connection:
        lifted = (await connection.execute(select(withheld_answers.c.lifted_at))).scalar_one()
    assert lifted is not None


async def test_of_a_room_off_air_only_the_records_are_changed(world, desk, carrier) -> None:
    first = await world.ask("社保怎么办")
    await withdrawn(world, first.id)
    desk.open = False
    await carrier.run()  # on air elsewhere, for all this process knows
    assert await state_of(world, first.id) is QuestionState.ANSWERED
    room = await world.records.room(ROOM)
    await world.records.put_room(replace(room, state=RoomState.CLOSED, session_id=None))
    await carrier.run()
    assert await state_of(world, first.id) is QuestionState.IN_REVIEW
    assert (await incident_of(world)).applied_at is not None


def test_incidents_table_is_the_domain_s() -> None:
    assert {column.name for column in incidents.columns} - {"organization_id"} == set(
        INCIDENTS.names
    )
