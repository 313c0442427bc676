"""One segment or one slide in other words, by a wish (短一点, 举个例子).

With a model it rewords; without one, or where it fails, what code can do of the wish is done.
Nothing done is said so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.domain.studio import Maker, Segment, Sentence, Slide, StreamDraft
from assistant.errors import BadInput, NotFound
from assistant.studio.drafting.checking import Checker, names_in
from assistant.studio.drafting.parts import MUST, TELLING, Block, Part
from assistant.studio.drafting.phrases import bank
from assistant.studio.drafting.timing import Pace, Timed
from assistant.studio.drafting.writer import ModelWriter

_SHORTER = ("短", "精简", "简洁", "压缩", "快一点")
_BY_HAND = "可以直接改文字，或换个要求"
_EXAMPLE = ("例子", "举例", "场景", "生动", "故事")


@dataclass(frozen=True, slots=True)
class Reviser:
    """Makes a part of a draft anew. `pace` is the one that the draft was made with."""

    pace: Pace
    writer: ModelWriter | None = None

    async def segment(self, draft: StreamDraft, segment_id: str, wish: str) -> Segment:
        """The segment said otherwise. Raises NotFound, BadInput where nothing came of it."""
        old = next((one for one in draft.segments if one.id == segment_id), None)
        if old is None:
            raise NotFound(f"没有段落 {segment_id}")
        said, by, why = await self._said(draft, old, wish)
        if said == old.sentences:
            raise BadInput(f"这一段没有改动：{why or '模型没有换说法'}", hint=_BY_HAND)
        return replace(
            old, sentences=said, made_by=by, fallback=why, seconds=self._lasts(old, said)
        )

    async def slide(self, draft: StreamDraft, slide_id: str, wish: str) -> Slide:
        """The slide with its lines in other words. Raises NotFound, BadInput as `segment`.

        Tables and flows are the source's own and stay; so do the lines without a model.
        """
        old = next((one for one in draft.deck.slides if one.id == slide_id), None)
        if old is None:
            raise NotFound(f"没有幻灯片 {slide_id}")
        lines = await self._lines(draft, old, wish)
        if lines == old.lines:
            raise BadInput("这一页没有改动：内容是依据原文", hint=_BY_HAND)
        return replace(old, lines=lines)

    async def _said(
        self, draft: StreamDraft, old: Segment, wish: str
    ) -> tuple[tuple[Sentence, ...], Maker, str]:
        why = "没有配置模型，按模板处理"
        if self.writer:
            facts = {fact.id: fact for fact in draft.facts}
            made = await self.writer.segment(_timed(old), "", wish, facts, _checker(draft))
            if not made.why:
                return made.timed.sentences, Maker.MODEL, ""
            why = made.why
        return (*_by_rule(draft, old, wish), why)

    async def _lines(self, draft: StreamDraft, old: Slide, wish: str) -> tuple[str, ...]:
        if not self.writer or not old.lines or not old.facts:
            return old.lines
        sample = tuple(Sentence(line, old.facts) for line in old.lines)
        part = Part(draft.segments[0].kind, old.title, blocks=[Block(sample)])
        facts = {fact.id: fact for fact in draft.facts}
        timed = Timed(part, (Block(sample),), 0.0, 0.0)
        made = await self.writer.segment(
            timed, "", f"{wish}；这是幻灯片上的短句", facts, _checker(draft)
        )
        stated = [one.text.rstrip("。") for one in made.timed.sentences if one.facts]
        return old.lines if made.why else tuple(stated)

    def _lasts(self, old: Segment, said: Sequence[Sentence]) -> float:
        return round(sum(self.pace(one.text) for one in said) + old.open_seconds, 1)


def _by_rule(draft: StreamDraft, old: Segment, wish: str) -> tuple[tuple[Sentence, ...], Maker]:
    """What code can do of a wish: leave out connecting sentences, or begin with a scene."""
    if any(word in wish for word in _SHORTER):
        stated = tuple(one for one in old.sentences if one.facts)
        return stated or old.sentences[:1], Maker.TEMPLATE
    if any(word in wish for word in _EXAMPLE):
        spoken = {one.text for segment in draft.segments for one in segment.sentences}
        fresh = [line for line in bank().get(f"scene.{old.kind}", ()) if line not in spoken]
        return (*(Sentence(line) for line in fresh[:1]), *old.sentences), Maker.TEMPLATE
    return old.sentences, old.made_by


def _timed(segment: Segment) -> Timed:
    """A segment as a part: what states facts must be told, what connects may go."""
    blocks = tuple(Block((one,), MUST if one.facts else TELLING) for one in segment.sentences)
    part = Part(segment.kind, segment.title, blocks=list(blocks))
    return Timed(part, blocks, segment.seconds, segment.open_seconds)


def _checker(draft: StreamDraft) -> Checker:
    return Checker.of(draft.facts, names_in(draft.facts))
