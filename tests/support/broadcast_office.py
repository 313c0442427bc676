"""A served office with a short approved script for today, over two guides, and its own voice."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from assistant.access.accounts import Account
from assistant.bootstrap import Assistant, Settings, open_service
from assistant.bootstrap.studio import drafter_of
from assistant.domain.clock import china_day
from assistant.domain.studio import Brief, SectionKind, Segment, StreamDraft, StreamKind
from assistant.domain.studio_flow import Stream
from assistant.web.app import create_app
from tests.support.live_office import REGION, fill, hall
from tests.support.served import served
from tests.support.small_knowledge import FAQ, GUIDE, write_knowledge
from tests.support.studio_office import EDITOR, REVIEWER, add_editor

T = TypeVar("T")
STREAM = "stream-1"
PERMIT = GUIDE | {
    "id": "permit",
    "name": "食品经营许可证核发",
    "aliases": ["办食品证"],
    "materials": [{"name": "食品经营许可申请书", "originals": 1, "copies": 0}],
    "promised_limit": {"value": 7, "unit": "workday"},
}


@dataclass
class BroadcastOffice:
    """The running service, reached from the test's own thread."""

    url: str = ""
    running: list[tuple[Assistant, asyncio.AbstractEventLoop]] = field(default_factory=list)

    @property
    def assistant(self) -> Assistant:
        return self.running[-1][0]

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something in the service."""
        return asyncio.run_coroutine_threadsafe(work, self.running[-1][1]).result(120)

    async def staff(self, name: str) -> Account:
        everyone = await self.assistant.access.staff.everyone()
        return next(one for one in everyone if one.name == name)

    async def approved(self, stream_id: str = STREAM) -> StreamDraft:
        """A real draft of two guides, cut to a minute, through two accounts."""
        words = short(await self._draft())
        studio, one = self.assistant.studio, await self.staff(EDITOR)
        now = self.assistant.clock()
        stream = Stream(
            stream_id, words.brief.title, words.brief.kind, one.id, now, now,
            region=REGION, day=words.brief.day, writers=(one.id,),
            sources=tuple(dict.fromkeys(fact.source_id for fact in words.facts)),
        )  # fmt: skip
        await studio.stepping._on.records.create(stream, words, "起草")
        await studio.stepping.submit(one, stream_id, 1)
        await studio.stepping.approve(await self.staff(REVIEWER), stream_id, 1)
        return words

    async def _draft(self) -> StreamDraft:
        drafter = await drafter_of(self.assistant)
        today = china_day(self.assistant.clock())
        brief = Brief(
            "讲个体户执照和食品证", StreamKind.GUIDE, "开店先办这两件事", today, 8,
            region=REGION, items=("licence", "permit"),
        )  # fmt: skip
        return await drafter.draft(brief, today)

    async def stream(self, stream_id: str = STREAM) -> Stream:
        """The stream as it is."""
        return await self.assistant.studio.stepping._on.records.get(stream_id)

    async def retire(self, source_id: str) -> None:
        """A source ends while the script is on air."""
        await self.assistant.sources.retire(source_id)


def short(words: StreamDraft) -> StreamDraft:
    """Opening, the papers of both items, and a closing that rests on nothing."""
    kinds = (SectionKind.OPENING, SectionKind.MATERIALS)
    chosen = [one for one in words.segments if one.kind in kinds]
    return replace(words, segments=tuple(map(_cut, (*chosen, words.segments[-1]))))


def _cut(one: Segment) -> Segment:
    if one.kind is SectionKind.RECAP:
        return replace(one, sentences=one.sentences[:1], slides=())
    return replace(one, sentences=one.sentences[:3])


@contextlib.contextmanager
def broadcast_office(folder: Path, **set_: object) -> Iterator[BroadcastOffice]:
    """The office while a block runs."""
    settings = Settings(data_dir=folder / "data", **{"audible_label": "off", **set_})
    path = write_knowledge(folder / "files", GUIDE, PERMIT, FAQ)
    office = BroadcastOffice()

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Assistant]:
        async with open_service(settings) as assistant:
            office.running.append((assistant, asyncio.get_running_loop()))
            yield assistant

    async def prepare() -> None:
        await fill(settings, path, hall())
        await add_editor(settings)

    with ThreadPoolExecutor() as threads:  # this thread may have playwright's event loop
        threads.submit(lambda: asyncio.run(prepare())).result()
    with served(create_app(opened)) as url:
        office.url = url
        yield office
