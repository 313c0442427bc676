"""Proposed lay terms: taken up by one, kept apart, removed for good, told to the index."""

import asyncio
from datetime import timedelta

import pytest

from assistant.domain.proposals import TermState
from assistant.domain.source import ServiceGuide
from assistant.errors import NotFound
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.proposed_lay import ProposedLay
from assistant.records.sources import SourceRepository
from assistant.retrieval.guide_passages import guide_passages

pytestmark = pytest.mark.contract
SOON = timedelta(minutes=1)
GUIDE = ServiceGuide("g-1", "个体工商户注销登记")


def proposals(database: Database, clock, owner: str = "office") -> ProposedLay:
    return ProposedLay(database, owner, clock, AuditRecords(database, owner, clock))


async def stored(database: Database, clock) -> SourceRepository:
    sources = SourceRepository(database, "office", clock)
    await sources.put(GUIDE, guide_passages(GUIDE), digest="d1", origin=None)
    return sources


async def test_one_process_takes_a_guide_up_and_the_lease_ends(database, clock) -> None:
    one, other = proposals(database, clock), proposals(database, clock)
    taken = await asyncio.gather(*(p.take("g-1", 1, clock() + SOON) for p in (one, other, one)))
    assert [held is not None for held in taken].count(True) == 1
    clock.advance(seconds=61)
    again = await other.take("g-1", 1, clock() + SOON)
    assert again.tries == 2
    assert not await one.finish("g-1", next(filter(None, taken)), {"收摊": ""}, "m"), "it was late"
    assert await one.of("g-1") == []
    assert await other.finish("g-1", again, {"收摊": ""}, "m")
    assert await one.take("g-1", 1, clock() + SOON) is None, "done"
    assert (await one.take("g-1", 2, clock() + SOON)).tries == 1, "a new version"


async def test_what_failed_is_put_off_and_says_why(database, clock) -> None:
    ours = proposals(database, clock)
    held = await ours.take("g-1", 1, clock() + SOON)
    await ours.put_off("g-1", held, clock() + 5 * SOON, "模型超时")
    row = (await ours.progress())["g-1"]
    assert (row.done, row.tries, row.told, row.until) == (False, 1, "模型超时", clock() + 5 * SOON)
    assert await ours.take("g-1", 1, clock() + SOON) is None
    clock.advance(seconds=301)
    assert (await ours.take("g-1", 1, clock() + SOON)).tries == 2


async def test_kept_terms_are_told_to_the_index_and_a_removed_one_stays_away(
    database, clock
) -> None:
    sources, ours = await stored(database, clock), proposals(database, clock)
    held = await ours.take("g-1", 1, clock() + SOON)
    await ours.finish("g-1", held, {"收摊": "", "小店不干了": "", "退休": "像别的"}, "m / 1")
    assert await ours.kept(["g-1", "g-2"]) == {"g-1": ("小店不干了", "收摊")}
    assert await proposals(database, clock, "other").kept(["g-1"]) == {}
    told = await sources.changes(1)
    assert [(one.op, one.source_id, one.version) for one in told] == [("put", "g-1", 1)]
    await ours.remove("g-1", "收摊", "A1")
    assert len(await sources.changes(1)) == 2
    for wrong in ("收摊", "退休", "没有的"):
        with pytest.raises(NotFound):
            await ours.remove("g-1", wrong, "A1")
    held = await ours.take("g-1", 2, clock() + SOON)
    await ours.finish("g-1", held, {"收摊": "", "小店不干了": ""}, "m / 2")
    assert await ours.kept(["g-1"]) == {"g-1": ("小店不干了",)}
    assert len(await sources.changes(1)) == 2, "what is searched is the same"
    states = {one.term: one.state for one in await ours.of("g-1")}
    assert states == {"小店不干了": TermState.KEPT, "收摊": TermState.REMOVED}
    audited = (await AuditRecords(database, "office", clock).recent(1))[0]
    assert (audited[0].action, audited[0].subject) == ("lay_term.removed", "g-1")
