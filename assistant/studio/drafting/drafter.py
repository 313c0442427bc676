"""Brief → draft: gather, compose, fit to the time, assemble, check. Without a model."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from assistant.domain.studio import (
    Brief,
    Fact,
    Finding,
    Segment,
    Sentence,
    StreamDraft,
)
from assistant.domain.workdays import Calendar
from assistant.errors import BadInput
from assistant.studio.drafting import slides
from assistant.studio.drafting.announcing import announcement_of, plan_of
from assistant.studio.drafting.assembling import Made, Script, assemble, key_of
from assistant.studio.drafting.brief import MINUTES, offered, read_brief
from assistant.studio.drafting.checking import Checker, names_in
from assistant.studio.drafting.clips import clips_of
from assistant.studio.drafting.compose import compose
from assistant.studio.drafting.gathering import Gathered, gather
from assistant.studio.drafting.knowledge import Knowledge
from assistant.studio.drafting.timing import (
    TOLERANCE,
    Pace,
    Timed,
    carried,
    estimated,
    fit,
    refit,
)
from assistant.studio.drafting.voiced import Hear, corrected
from assistant.studio.drafting.wording import Screen, findings_of
from assistant.studio.drafting.writer import ModelWriter

_OFFICE = "政务服务直播间"


@dataclass(frozen=True, slots=True)
class Drafter:
    """Drafts by templates. `pace` says how long a sentence takes; `screen` judges each text."""

    knowledge: Knowledge
    calendar: Calendar
    pace: Pace = estimated
    screen: Screen | None = None
    writer: ModelWriter | None = None
    hear: Hear | None = None

    async def brief(self, text: str, today: date, region: str | None = None) -> Brief:
        """Read a brief; a stream longer than its sources carry is asked back. Raises BadInput."""
        brief = await read_brief(text, self.knowledge, today, self.calendar, region)
        on = await gather(brief, self.knowledge, brief.day or today)
        if not on.items and not on.documents:
            return brief
        return offered(brief, await asyncio.to_thread(self.carried, brief, on))

    def carried(self, brief: Brief, on: Gathered) -> int:
        """The minutes asked for, or as many as what was gathered makes."""
        return carried(compose(brief, on), brief.minutes or MINUTES, self.pace, brief.kind)

    async def draft(self, brief: Brief, today: date) -> StreamDraft:
        """The whole draft. Raises BadInput where nothing is found that it could rest on."""
        on = await gather(brief, self.knowledge, brief.day or today)
        if not on.items and not on.documents:
            raise BadInput("；".join(brief.missing) or "没有找到可以依据的事项或文件")
        timed = await asyncio.to_thread(self.fitted, brief, on)
        if self.hear:
            return await self._by_voice(brief, today, on, timed)
        if self.writer is None:
            return await asyncio.to_thread(self.written, brief, on, timed)
        return await self._by_model(brief, on, timed, self.writer)

    async def _by_voice(
        self, brief: Brief, today: date, on: Gathered, timed: Sequence[Timed]
    ) -> StreamDraft:
        """Speak what was chosen, take the voice's own pace, and draft again by it."""
        spoken = [one.text for part in timed for one in part.sentences]
        clips = [one.text for clip in clips_of(on.items, self.pace) for one in clip.sentences]
        heard = await self.hear([*spoken, *clips]) if self.hear else {}
        pace = corrected(self.pace, heard)
        return await replace(self, pace=pace, hear=None).draft(brief, today)

    async def _by_model(
        self, brief: Brief, on: Gathered, timed: Sequence[Timed], writer: ModelWriter
    ) -> StreamDraft:
        """The templates' draft in the model's words, as far as they hold, fitted anew."""
        failed: list[str] = []
        angles = await writer.outline(brief, timed, failed)
        facts = on.book.facts
        retold = await writer.retold(timed, angles, facts, checker_of(facts, on))
        failed += [one.why for one in retold if one.why]
        made = {key_of(one.timed): Made(one.made_by, one.why) for one in retold}
        minutes = brief.minutes or MINUTES
        again = [one.timed for one in retold]
        refitted = await asyncio.to_thread(refit, again, minutes, self.pace, brief.kind)
        said = [_with_said(one, on) for one in refitted]
        return await asyncio.to_thread(self.written, brief, on, said, made, tuple(failed))

    def fitted(self, brief: Brief, on: Gathered) -> list[Timed]:
        """The parts with the blocks that fill the time."""
        timed = fit(compose(brief, on), brief.minutes or MINUTES, self.pace, brief.kind)
        return [_with_said(one, on) for one in timed]

    def written(
        self,
        brief: Brief,
        on: Gathered,
        timed: Sequence[Timed],
        made: Mapping[str, Made] | None = None,
        fallbacks: tuple[str, ...] = (),
    ) -> StreamDraft:
        """Everything that follows from the script."""
        script = assemble(brief, timed, _office(on), made)
        draft = StreamDraft(
            brief=brief,
            facts=tuple(on.book.facts),
            outline=script.outline,
            segments=script.segments,
            deck=script.deck,
            clips=clips_of(on.items, self.pace),
            announcement=announcement_of(brief, on, script.outline),
            plan=plan_of(brief, on, script.outline),
            fallbacks=fallbacks,
        )
        found = [*_otherwise_long(brief, script, partial(self.carried, brief, on))]
        found += _unsupported(draft, on)
        return replace(draft, findings=(*found, *findings_of(draft, self.screen)))


def _office(on: Gathered) -> str:
    """Who speaks: the authority of the first item, or who issued the document."""
    for item in on.items:
        if item.guide.authority:
            return item.guide.authority
    issuers = [document.header.issuer for document in on.documents if document.header.issuer]
    return issuers[0] if issuers else _OFFICE


def _with_said(one: Timed, on: Gathered) -> Timed:
    """Questions that are not said are not on the slide either."""
    first = one.part.slides[0] if one.part.slides else None
    if first is None or not first.id.startswith("questions"):
        return one
    said = {fact for sentence in one.sentences for fact in sentence.facts}
    shown = slides.questions([a for a in on.asked if a.fact.id in said], first.title)
    one.part.slides[0] = replace(shown, id=first.id)
    return one


def checker_of(facts: Sequence[Fact], on: Gathered) -> Checker:
    """Checks sentences against facts."""
    places = {place.name or "" for item in on.items for place in item.guide.locations or ()}
    return Checker.of(facts, names_in(facts) | places - {""})


def _unsupported(draft: StreamDraft, on: Gathered) -> list[Finding]:
    checker = checker_of(draft.facts, on)
    return [
        Finding(place, sentence.text, fault, "删去，或改成依据里的说法")
        for place, sentence in _sentences(draft)
        for fault in checker.faults(sentence)
    ]


def _sentences(draft: StreamDraft) -> list[tuple[str, Sentence]]:
    parts: list[tuple[str, tuple[Sentence, ...]]] = [
        *((segment.id, segment.sentences) for segment in draft.segments),
        *((clip.id, clip.sentences) for clip in draft.clips),
    ]
    return [
        (f"{place}.{number}", sentence)
        for place, sentences in parts
        for number, sentence in enumerate(sentences, start=1)
    ]


def _otherwise_long(brief: Brief, script: Script, carried: Callable[[], int]) -> list[Finding]:
    """Where the time asked for could not be met: by how much, and what would be."""
    minutes = brief.minutes or MINUTES
    made = lasts(script.segments)
    if abs(made - minutes * 60) <= TOLERANCE * minutes * 60:
        return []
    reason = f"按要求的{minutes}分钟，排出来约{round(made / 60)}分钟"
    if made > minutes * 60:
        return [Finding("plan.time", "", f"内容较多，{reason}", "改时长，或减少事项")]
    least = carried()
    reason = f"内容不够，资料连答疑够讲约{least}分钟，{reason}"
    return [Finding("plan.time", "", reason, f"把时长改成{least}分钟，或再加事项")]


def lasts(segments: Sequence[Segment]) -> float:
    """Seconds of a whole script."""
    return sum(segment.seconds for segment in segments)
