"""A studio over SQLite with two editors, two reviewers and an operator, and sources in memory."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest_asyncio

from assistant.access.accounts import Account, Role
from assistant.domain.clips import FilmJob
from assistant.domain.clock import Clock
from assistant.domain.passage import Passage
from assistant.domain.region import Region, RegionTree
from assistant.domain.source import Material, ServiceGuide, Source, SourceHeader, SourceKind
from assistant.domain.studio import Brief, Clip, Fact, Segment, Slide, StreamDraft
from assistant.domain.studio_flow import DraftJob, Stream
from assistant.domain.workdays import Calendar, CalendarDay
from assistant.records.accounts_audit import AuditRecords
from assistant.records.clips import ClipRecords
from assistant.records.database import Database
from assistant.records.events import EventRecords
from assistant.records.sources import IndexChange
from assistant.records.studio import StudioRecords
from assistant.records.studio_comments import CommentRecords
from assistant.records.studio_jobs import JobRecords
from assistant.studio.airing import Airing, AiringParts
from assistant.studio.clips.desk import ClipDesk, ClipDeskParts
from assistant.studio.clips.looking import ClipLooks
from assistant.studio.clips.making import MadeClip
from assistant.studio.desk import DeskParts, StudioDesk
from assistant.studio.filming import Filming, FilmParts
from assistant.studio.following import FollowingParts, StudioFollowing
from assistant.studio.jobs import DraftJobs, JobParts
from assistant.studio.places import put
from assistant.studio.redoing import Redoing, RedoParts
from assistant.studio.remaking import part_in
from assistant.studio.rights import StudioRights
from assistant.studio.seams import Keep
from assistant.studio.standing import Grounds
from assistant.studio.stepping import Stepping, SteppingParts
from tests.studio.sample import GUIDE, draft
from tests.support.films import unfilmed

COUNTY = "990101"
REGIONS = RegionTree([Region("990000", "示例省", None), Region(COUNTY, "示例县", "990000")])


def person(name: str, *roles: Role, regions: tuple[str, ...] = ()) -> Account:
    return Account(name, "office", name, name, frozenset(roles), regions)


ANN, EVE = person("ann", Role.EDITOR), person("eve", Role.EDITOR)
BOB, BOTH = person("bob", Role.REVIEWER), person("both", Role.EDITOR, Role.REVIEWER)
OLLY, FAR = person("olly", Role.OPERATOR), person("far", Role.REVIEWER, regions=("990199",))


@dataclass
class Shelf:
    """Sources in memory; `put` is a new version."""

    held: dict[str, tuple[SourceHeader, Source]] = field(default_factory=dict)
    seen: list[IndexChange] = field(default_factory=list)

    def put(self, guide: ServiceGuide, **more: object) -> None:
        version = self.held[guide.id][0].version + 1 if guide.id in self.held else 1
        header = SourceHeader(guide.id, SourceKind.GUIDE, version, guide.name)
        self.held[guide.id] = (replace(header, **more), guide)
        self.seen.append(IndexChange(len(self.seen) + 1, "put", guide.id, version))

    def retire(self, source_id: str) -> None:
        del self.held[source_id]
        self.seen.append(IndexChange(len(self.seen) + 1, "retire", source_id, 0))

    async def header(self, source_id: str) -> SourceHeader | None:
        return self.held[source_id][0] if source_id in self.held else None

    async def get(self, source_id: str, version: int | None = None) -> Source | None:
        return self.held[source_id][1] if source_id in self.held else None

    async def passages_of(self, source_id: str) -> list[Passage]:
        return []

    async def superseding(self) -> list[SourceHeader]:
        return [header for header, _ in self.held.values() if header.supersedes]

    async def changes(self, after: int, limit: int = 1000) -> list[IndexChange]:
        return [one for one in self.seen if one.seq > after][:limit]


def guide(**more: object) -> ServiceGuide:
    """The guide that the sample's facts come from."""
    known = {
        "id": GUIDE,
        "name": "个体工商户设立登记",
        "materials": (Material("登记申请书", originals=1),),
        "fee": "不收费",
    }
    return ServiceGuide(**(known | more))


@dataclass
class Studio:
    """Everything of one office."""

    records: StudioRecords
    desk: StudioDesk
    stepping: Stepping
    airing: Airing
    following: StudioFollowing
    jobs: DraftJobs
    shelf: Shelf
    audit: AuditRecords
    told: list[str]
    redoing: Redoing
    drafting: "FakeDrafting"
    clock: Clock
    filming: Filming
    films: "FakeFilms"
    clips: ClipRecords
    looks: ClipLooks
    days: dict[date, CalendarDay]

    async def stream(self, stream_id: str = "st1", words: StreamDraft | None = None) -> Stream:
        """A stream that Ann drafted."""
        words = words or draft()
        now = self.clock()
        one = Stream(
            stream_id,
            words.brief.title,
            words.brief.kind,
            ANN.id,
            now,
            now,
            region=COUNTY,
            day=words.brief.day,
            writers=(ANN.id,),
            sources=(GUIDE,),
        )
        await self.records.create(one, words, "起草")
        return one

    async def approved(self, stream_id: str = "st1") -> Stream:
        """A stream that Bob approved."""
        await self.stream(stream_id)
        await self.stepping.submit(ANN, stream_id, 1)
        return await self.stepping.approve(BOB, stream_id, 1)


class FakeFilms:
    """Films in no time; what it is told to raise, it raises; `between` happens meanwhile."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.raises: dict[str, BaseException] = {}
        self.between: Callable[[], Awaitable[object]] | None = None

    async def __call__(
        self, clip: Clip, facts: Sequence[Fact], office: str, region: str | None
    ) -> MadeClip:
        if self.between:
            await self.between()
        if clip.id in self.raises:
            raise self.raises.pop(clip.id)
        self.made.append(clip.id)
        return unfilmed(clip, facts, office, region)


class FakeDrafting:
    """Drafts the sample, each segment by a "model"; what it is told to raise, it raises."""

    def __init__(self) -> None:
        self.raises: list[BaseException] = []
        self.wrote: list[str] = []
        self.stops_before = ""
        self.fresh = draft()
        self.keep: Keep | None = None
        self.between: Callable[[], Awaitable[object]] | None = None

    @asynccontextmanager
    async def __call__(self, keep: Keep | None) -> AsyncIterator["FakeDrafting"]:
        self.keep = keep
        yield self

    async def brief(self, text: str, today: date, region: str | None = None) -> Brief:
        return replace(draft().brief, text=text, region=region)

    async def draft(self, brief: Brief, today: date) -> StreamDraft:
        if self.raises:
            raise self.raises.pop()
        for number, segment in enumerate(self.fresh.segments, start=1):
            if self.keep:
                await self._write(segment.id)
                await self.keep.told(number, len(self.fresh.segments))
        return replace(self.fresh, brief=brief)

    async def _write(self, key: str) -> None:
        if self.keep.known(key):
            return
        if key == self.stops_before:
            raise KeyboardInterrupt
        if self.between:
            await self.between()
        self.wrote.append(key)
        await self.keep.put(key, "写好了")

    async def revise(self, known: StreamDraft, part: str, wish: str) -> Segment | Slide:
        return part_in(put(known, f"{part}.1", f"{wish}。"), part)


@pytest_asyncio.fixture
async def studio(sqlite_url: str, clock, new_id, tmp_path: Path) -> AsyncIterator[Studio]:
    clock.now = clock.now.replace(month=8, day=3)
    database = await Database.open(sqlite_url)
    audit = AuditRecords(database, "office", clock)
    records = StudioRecords(database, "office", clock, audit)
    shelf, rights, told = Shelf(), StudioRights(REGIONS), []
    days: dict[date, CalendarDay] = {}
    shelf.put(guide())
    grounds = Grounds(shelf)
    comments = CommentRecords(database, "office", audit)
    desk = StudioDesk(DeskParts(records, comments, grounds, rights, clock, new_id))
    drafting = FakeDrafting()

    async def calendar() -> Calendar:
        return Calendar(days)

    async def tell(stream: Stream, words: str) -> None:
        told.append(words)

    people = {one.id: one for one in (ANN, EVE, BOB, BOTH)}

    async def account(account_id: str) -> Account:
        return people[account_id]

    clips, films = ClipRecords(database, "office", audit), FakeFilms()
    looks = ClipLooks(shelf, tmp_path / "clips", clock)
    filming = Filming(
        FilmParts(
            JobRecords(database, "office", clock, audit, FilmJob),
            records,
            rights,
            clips,
            ClipDesk(ClipDeskParts(clips, looks, REGIONS, clock, new_id)),
            looks,
            films,
            account,
            clock,
            new_id,
        )
    )
    offsets = EventRecords(database, "office")
    follow = FollowingParts(records, grounds, shelf, offsets, clock, tell)
    job_records = JobRecords(database, "office", clock, audit, DraftJob)
    yield Studio(
        records,
        desk,
        Stepping(SteppingParts(records, desk, rights, clock, calendar, films=filming)),
        Airing(AiringParts(records, desk, rights, clock, tell)),
        StudioFollowing(follow),
        DraftJobs(JobParts(job_records, records, rights, drafting, clock, new_id)),
        shelf,
        audit,
        told,
        Redoing(RedoParts(records, desk, rights, drafting, clock)),
        drafting,
        clock,
        filming,
        films,
        clips,
        looks,
        days,
    )
    await database.close()
