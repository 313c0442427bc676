from collections.abc import Mapping, Sequence

import pytest

from assistant.domain.passage import Passage
from assistant.domain.source import SourceKind
from assistant.retrieval.passage_cache import PassageCache

pytestmark = pytest.mark.unit


class Stored:
    """Keys 1 to 9, and a record of what was read."""

    def __init__(self) -> None:
        self.read: list[list[int]] = []

    async def passages(self, keys: Sequence[int]) -> Mapping[int, Passage]:
        self.read.append(list(keys))
        made = (Passage("s", SourceKind.POLICY, key, "", f"{key}", key=key) for key in keys)
        return {passage.key: passage for passage in made if passage.key < 10}


async def test_what_was_read_is_not_read_again() -> None:
    stored = Stored()
    cache = PassageCache(stored.passages)
    assert [p.text for p in (await cache.get([1, 2])).values()] == ["1", "2"]
    assert sorted(await cache.get([2, 3])) == [2, 3]
    assert stored.read == [[1, 2], [3]]


async def test_an_unknown_key_is_absent_and_asked_for_again() -> None:
    stored = Stored()
    cache = PassageCache(stored.passages)
    assert await cache.get([99]) == {}
    assert await cache.get([99]) == {}
    assert stored.read == [[99], [99]]


async def test_the_longest_unused_goes_first() -> None:
    stored = Stored()
    cache = PassageCache(stored.passages, size=2)
    for keys in ([1], [2], [1], [3], [1]):
        await cache.get(keys)
    assert stored.read == [[1], [2], [3]]
    await cache.get([2])
    assert stored.read[-1] == [2]
