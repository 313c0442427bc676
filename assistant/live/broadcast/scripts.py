"""Approved scripts as a room says them: the rundown, its sources of today, its slides as stored."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from assistant.domain.answer import Citation
from assistant.domain.studio import StreamDraft
from assistant.domain.studio_flow import Approval, Version
from assistant.errors import BadInput
from assistant.stage.script import written
from assistant.stage.slides import SlideStore
from assistant.studio.deck.fitting import DoesNotFit
from assistant.studio.deck.html import markup
from assistant.studio.deck.laying import laid_out
from assistant.studio.rundown import Part, Rundown
from assistant.studio.standing import Grounds


class Versions(Protocol):
    """The words of streams (`records.studio`)."""

    async def version(self, stream_id: str, number: int | None = None) -> Version:
        """The words of a version. Raises NotFound."""
        ...


@dataclass(frozen=True, slots=True)
class Script:
    """An approved script, ready to be said. `slides` are stored ones by the ids of the deck."""

    rundown: Rundown
    grounds: Grounds
    slides: Mapping[str, str]

    def __len__(self) -> int:
        return len(self.rundown)

    @property
    def titles(self) -> tuple[str, ...]:
        """Its parts by name."""
        return tuple(one.title for one in self.rundown.draft.segments)

    @property
    def lengths(self) -> tuple[int, ...]:
        """How many written sentences each part has."""
        each = self.rundown.draft.segments
        return tuple(len(written("".join(s.text for s in one.sentences))) for one in each)

    @property
    def longest(self) -> float:
        """Seconds of its longest part."""
        return max(one.seconds for one in self.rundown.draft.segments)

    def planned(self, number: int) -> Part:
        """A part as it was approved."""
        return self._stored(self.rundown.planned(number))

    async def part(self, number: int, today: date) -> Part:
        """A part as it may be said today, or the approved line in its place."""
        return self._stored(await self.rundown.part(number, self.grounds, today))

    def cited(self, number: int) -> tuple[Citation, ...]:
        """What a part states, by its sources."""
        draft = self.rundown.draft
        said = {fact for one in draft.segments[number].sentences for fact in one.facts}
        stated = (one for one in draft.facts if one.id in said)
        return tuple(Citation(one.source_id, one.locator, one.text) for one in stated)

    def _stored(self, part: Part) -> Part:
        slides = {
            number: self.slides[name] for number, name in part.slides.items() if name in self.slides
        }
        return replace(part, slides=slides)


@dataclass(frozen=True, slots=True)
class Scripts:
    """Loads what was approved."""

    versions: Versions
    grounds: Grounds
    store: SlideStore

    async def load(self, stream_id: str, approval: Approval) -> Script:
        """The approved words of a stream with their slides. Raises NotFound, BadInput."""
        draft = (await self.versions.version(stream_id, approval.version)).draft
        return await asyncio.to_thread(self._script, draft, approval)

    def _script(self, draft: StreamDraft, approval: Approval) -> Script:
        rundown = Rundown(draft, approval)
        try:
            laid = laid_out(draft.deck)
        except DoesNotFit as error:
            raise BadInput("幻灯片排不下，不能播出", hint="请在稿子页改短") from error
        stored = {one.slide.id: self.store.put(markup(one)) for one in laid}
        return Script(rundown, self.grounds, stored)
