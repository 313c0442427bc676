"""What is decided in a room: one transaction with what it says; the desk's own word stays."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from assistant.domain.live import LiveSession, ReviewCase, Room
from assistant.domain.live_commit import Commit
from assistant.domain.review import CaseState, Incident, Resolution, ResolutionKind
from assistant.records.database import Database
from assistant.records.live import LiveRepository
from assistant.records.live_rows import INCIDENTS, RESOLUTIONS
from assistant.records.schema_live import review_cases
from assistant.records.schema_review import incidents, review_resolutions
from tests.support.live_values import NOON, case

pytestmark = pytest.mark.contract

RESOLUTION = Resolution(
    "r1",
    ResolutionKind.EDIT,
    ("k1",),
    "答",
    "答",
    "a1",
    "王芳",
    NOON,
    NOON,
    sent_at=NOON,
    learn=False,
)
INCIDENT = Incident(
    "i1", "hall", "s1", "q1", "o1", "print", "错", ("g1",), "自动", "过期", "a1", NOON,
    audience=3, case_id="k1", faq_ids=("faq-1",),
)  # fmt: skip


@pytest.fixture
async def live(database: Database, clock) -> LiveRepository:
    repository = LiveRepository(database, "office", clock)
    await repository.put_room(Room("hall", "一号厅"))
    await repository.open_session(LiveSession("s1", "hall", NOON))
    return repository


@pytest.fixture
async def token(live: LiveRepository) -> int:
    held = await live.lease("hall", "first", 10)
    assert held is not None
    return held


async def stored(database: Database, table, kind):
    async with database.read() as connection:
        return [kind.value(row) for row in await connection.execute(select(*kind.columns))]


async def of_case(database: Database, case_id: str):
    columns = review_cases.c
    query = select(columns.state, columns.resolution_id, columns.settled_how)
    async with database.read() as connection:
        return tuple((await connection.execute(query.where(columns.id == case_id))).one())


def settled(number: int, how: str) -> ReviewCase:
    return replace(case(number), settled_at=NOON, settled_how=how)


async def test_a_decision_in_the_room_is_written_with_the_case(
    live: LiveRepository, token: int, database: Database
) -> None:
    await live.commit("hall", token, Commit(cases=[case(1), case(2)]))
    step = Commit(cases=[settled(1, "said")], resolutions=[RESOLUTION])
    await live.commit("hall", token, step)
    await live.commit("hall", token, step)
    assert await stored(database, review_resolutions, RESOLUTIONS) == [RESOLUTION]
    assert await of_case(database, "k1") == (CaseState.RESOLVED, "r1", "said")
    assert await of_case(database, "k2") == (CaseState.WAITING, None, None)
    await live.commit("hall", token, Commit(cases=[settled(1, "sent")]))
    assert (await of_case(database, "k1"))[2] == "said"


async def test_the_desk_s_resolution_stays(
    live: LiveRepository, token: int, database: Database
) -> None:
    await live.commit("hall", token, Commit(cases=[case(1)]))
    async with database.write() as connection:
        await connection.execute(update(review_cases).values(resolution_id="desk", state="sending"))
    await live.commit("hall", token, Commit(cases=[settled(1, "said")], resolutions=[RESOLUTION]))
    assert await of_case(database, "k1") == (CaseState.SENDING, "desk", "said")


async def test_an_incident_goes_forward_only(
    live: LiveRepository, token: int, database: Database
) -> None:
    await live.commit("hall", token, Commit(incidents=[INCIDENT]))
    applied = replace(INCIDENT, applied_at=NOON)
    done = replace(applied, corrected_at=NOON + timedelta(minutes=1), unreached=2)
    await live.commit("hall", token, Commit(incidents=[applied]))
    await live.commit("hall", token, Commit(incidents=[done]))
    again = replace(done, applied_at=NOON + timedelta(hours=1), answer="别的")
    await live.commit("hall", token, Commit(incidents=[again]))
    assert await stored(database, incidents, INCIDENTS) == [done]
