"""The numbers of the latest drafts: of every process, the newest of a kind, by one program."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from assistant.domain.ids import new_ulid
from assistant.records.database import Database
from assistant.records.drift_batches import DriftBatches, drift_batches
from assistant.records.retention import RetentionRecords
from assistant.records.retention_limits import Retention

pytestmark = pytest.mark.contract
KEPT = 10


def batches(database: Database, clock, made_by: str = "p1", owner: str = "office") -> DriftBatches:
    return DriftBatches(database, owner, clock, new_ulid, made_by=made_by, kept=KEPT)


def rows(*numbers: float) -> list[dict[str, float]]:
    return [{"match": number, "margin": 0.5} for number in numbers]


async def stored(database: Database) -> int:
    async with database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(drift_batches))


async def test_several_processes_add_up_and_each_sees_what_was_added(database, clock) -> None:
    one, other = batches(database, clock), batches(database, clock)
    assert await one.newest() is None
    await one.add({"guide": rows(0.1, 0.2), "faq": []})
    first = await other.newest()
    await other.add({"guide": rows(0.30004), "policy": rows(0.9)})
    assert await one.newest() != first
    assert await one.latest() == {"guide": rows(0.1, 0.2, 0.3), "policy": rows(0.9)}
    assert await one.latest() == await other.latest()
    await asyncio.gather(*(each.add({"faq": rows(0.4)}) for each in (one, other, one)))
    assert (await one.latest())["faq"] == rows(0.4, 0.4, 0.4)


async def test_only_the_newest_of_a_kind_stay(database, clock) -> None:
    ours = batches(database, clock)
    for n in range(25):
        await ours.add({"guide": rows(n / 100), "faq": rows(0.5) if n == 0 else []})
    assert [one["match"] for one in (await ours.latest())["guide"]] == [
        n / 100 for n in range(15, 25)
    ]
    assert await stored(database) == KEPT + 1
    await ours.add({"guide": rows(*(n / 100 for n in range(40)))})
    assert (await ours.latest())["guide"][0]["match"] == 0.3
    assert (await ours.latest())["faq"] == rows(0.5)


async def test_another_programs_numbers_and_another_organisations_are_apart(
    database, clock
) -> None:
    await batches(database, clock).add({"guide": rows(0.1)})
    assert await batches(database, clock, "p2").latest() == {}
    assert await batches(database, clock, owner="other").newest() is None


async def test_old_batches_go_with_the_content(database, clock) -> None:
    await batches(database, clock).add({"guide": rows(0.1)})
    await batches(database, clock, owner="other").add({"guide": rows(0.1)})
    old = RetentionRecords(database, "office")
    limits = Retention(180, 200)
    assert (await old.purge(limits.at(clock() + timedelta(days=179))))["drift_batches"] == 0
    assert (await old.purge(limits.at(clock() + timedelta(days=181))))["drift_batches"] == 1
    assert await stored(database) == 1
