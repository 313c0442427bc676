"""Sounds go with what they rest on: changed, retired, or no longer in force."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assistant.domain.source import SourceHeader, SourceKind
from assistant.voice.following import SourceWatch, WithdrawnWatch

pytestmark = pytest.mark.unit


@dataclass
class Change:
    seq: int
    source_id: str


@dataclass
class Sources:
    rows: list[Change] = field(default_factory=list)
    all: list[SourceHeader] = field(default_factory=list)

    async def changes(self, after: int, limit: int = 1000) -> list[Change]:
        return [one for one in self.rows if one.seq > after][:limit]

    async def superseding(self) -> list[SourceHeader]:
        return [one for one in self.all if one.supersedes]

    async def headers(self) -> list[SourceHeader]:
        return self.all


class Forget:
    def __init__(self) -> None:
        self.ids: list[set[str]] = []

    async def __call__(self, ids) -> int:
        self.ids.append(set(ids))
        return len(self.ids[-1])


def watch(sources: Sources, forget: Forget, folder: Path, day: list[int]) -> SourceWatch:
    return SourceWatch(
        sources, forget, folder / "audio" / "seen", lambda: datetime(2026, 3, day[0], 2, tzinfo=UTC)
    )


async def test_each_change_is_followed_once_also_after_a_restart(tmp_path: Path) -> None:
    sources, forget = Sources([Change(1, "a"), Change(2, "b")]), Forget()
    first = watch(sources, forget, tmp_path, [1])
    assert await first.follow()
    assert not await first.follow()
    sources.rows.append(Change(5, "c"))
    again = watch(sources, forget, tmp_path, [1])
    assert await again.follow()
    assert not await again.follow()
    assert forget.ids == [{"a", "b"}, {"c"}]


async def test_what_ends_on_a_day_is_forgotten_on_the_next(tmp_path: Path) -> None:
    old = SourceHeader("old", SourceKind.POLICY, 1, "旧", effective_to=date(2026, 3, 1))
    replaced = SourceHeader("replaced", SourceKind.POLICY, 1, "被代替")
    new = SourceHeader(
        "new",
        SourceKind.POLICY,
        1,
        "新",
        effective_from=date(2026, 3, 2),
        supersedes=("replaced",),
    )
    day, forget = [1], Forget()
    following = watch(Sources([], [old, replaced, new]), forget, tmp_path, day)
    await following.follow()
    assert forget.ids == [{"new"}]  # not yet in force: nothing may rest on it
    await following.follow()
    day[0] = 2
    await following.follow()
    assert forget.ids[1:] == [{"old", "replaced"}]


@dataclass
class Incident:
    id: str
    source_ids: tuple[str, ...]


async def test_the_sounds_of_a_withdrawn_answer_go_once() -> None:
    incidents, forget = [Incident("1", ("guide-a", "faq-b"))], Forget()

    async def read() -> list[Incident]:
        return list(incidents)

    watched = WithdrawnWatch(read, forget)
    await watched.follow()
    await watched.follow()
    incidents.append(Incident("2", ("guide-c",)))
    await watched.follow()
    assert forget.ids == [{"guide-a", "faq-b"}, {"guide-c"}]
