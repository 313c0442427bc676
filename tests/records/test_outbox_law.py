"""Whoever follows the outbox, from wherever and in whatever steps, ends with what is in use."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.clock import system_clock
from assistant.domain.passage import Passage
from assistant.domain.source import Faq, SourceKind
from assistant.records.database import Database
from assistant.records.sources import NewSource, SourceRepository

pytestmark = pytest.mark.contract

IDS = st.sampled_from("abc")
PUT = st.tuples(st.just("put"), st.lists(st.tuples(IDS, st.sampled_from("123")), max_size=4))
RETIRE = st.tuples(st.just("retire"), IDS)
FOLLOW = st.tuples(st.just("follow"), st.integers(1, 3))
STEPS = st.lists(st.one_of(PUT, RETIRE, FOLLOW), max_size=12)


class Follower:
    """Holds the text of each source in use, as an index would."""

    def __init__(self, repository: SourceRepository) -> None:
        self.repository = repository
        self.texts: dict[str, str] = {}
        self.applied = 0

    async def follow(self, limit: int) -> bool:
        changes = await self.repository.changes(self.applied, limit)
        for change in changes:
            self.texts.pop(change.source_id, None)
            for passage in await self.repository.passages_of(change.source_id):
                self.texts[change.source_id] = passage.text
            self.applied = change.seq
        return bool(changes)


def faq(source_id: str, digest: str) -> NewSource:
    passage = Passage(source_id, SourceKind.FAQ, 0, "问答", digest)
    return NewSource(Faq(source_id, "问", digest), [passage], digest)


async def play(url: str, steps: list[tuple[str, object]]) -> None:
    database = await Database.open(url)
    repository = SourceRepository(database, uuid4().hex, system_clock)
    follower, truth = Follower(repository), {}
    for step, what in steps:
        if step == "put":
            await repository.put_many([faq(*row) for row in what])
            truth |= dict(what)
        elif step == "retire":
            assert await repository.retire(what) == (truth.pop(what, None) is not None)
        else:
            await follower.follow(what)
    while await follower.follow(2):
        pass
    digests, last = await repository.digests(), await repository.last_change()
    await database.close()
    assert follower.texts == truth == digests
    assert follower.applied == last


def test_the_follower_ends_with_what_is_in_use(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder: Path = tmp_path_factory.mktemp("outbox")

    @given(STEPS)
    @settings(max_examples=60, deadline=None)
    def check(steps: list[tuple[str, object]]) -> None:
        asyncio.run(play(f"sqlite+aiosqlite:///{folder / 'a.sqlite3'}", steps))

    check()
