"""The drafter as jobs and desk use it: a model's replies are kept, so a restart loses none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from assistant.domain.studio import Brief, Segment, Slide, StreamDraft
from assistant.models.chat import Message
from assistant.models.structured import FormattedChat
from assistant.studio.drafting.drafter import Drafter
from assistant.studio.drafting.revising import Reviser
from assistant.studio.seams import Keep


@dataclass(frozen=True, slots=True)
class KeptChat:
    """A chat model that is asked the same thing once in the life of a job."""

    chat: FormattedChat
    keep: Keep

    async def complete(
        self,
        messages: Sequence[Message],
        seconds: float = 20.0,
        *,
        response_format: Mapping[str, object] | None = None,
    ) -> str:
        """The reply, from before where it is known. Raises ModelFailed, FormatRefused, Conflict."""
        key = sha256(repr((list(messages), response_format)).encode()).hexdigest()[:40]
        known = self.keep.known(key)
        if known is not None:
            return known
        reply = await self.chat.complete(messages, seconds, response_format=response_format)
        await self.keep.put(key, reply)
        return reply


@dataclass(frozen=True, slots=True)
class OfficeDrafting:
    """Drafts, and makes one part anew, with the same pace and the same hand."""

    drafter: Drafter
    keep: Keep | None = None

    async def brief(self, text: str, today: date, region: str | None = None) -> Brief:
        """What is understood of a brief. Raises BadInput."""
        return await self.drafter.brief(text, today, region)

    async def draft(self, brief: Brief, today: date) -> StreamDraft:
        """The whole draft; the job hears of each segment that a model has written."""
        if self.drafter.writer and self.keep:
            self.drafter.writer.told = self.keep.told
        return await self.drafter.draft(brief, today)

    async def revise(self, draft: StreamDraft, part: str, wish: str) -> Segment | Slide:
        """A segment or a slide said otherwise. Raises NotFound, BadInput for nothing new."""
        reviser = Reviser(self.drafter.pace, self.drafter.writer)
        if part.startswith("slide "):
            return await reviser.slide(draft, part.removeprefix("slide "), wish)
        return await reviser.segment(draft, part, wish)
