"""One segment or one slide anew, with a wish (短一点, 举个例子); all else stays as it is.

With a model it rewords; without one, or where it fails, what code can do of the wish is done and
the rest is said to be left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.domain.studio import Finding, Maker, Segment, Sentence, Slide, StreamDraft
from assistant.errors import NotFound
from assistant.studio.drafting.checking import Checker, names_in
from assistant.studio.drafting.parts import MUST, TELLING, Block, Part
from assistant.studio.drafting.phrases import bank
from assistant.studio.drafting.timing import Pace, Timed
from assistant.studio.drafting.writer import ModelWriter

_SHORTER = ("短", "精简", "简洁", "压缩", "快一点")
_EXAMPLE = ("例子", "举例", "场景", "生动", "故事")


@dataclass(frozen=True, slots=True)
class Reviser:
    """Makes a part of a draft anew. `pace` is the one that the draft was made with."""

    pace: Pace
    writer: ModelWriter | None = None

    async def segment(self, draft: StreamDraft, segment_id: str, wish: str) -> StreamDraft:
        """The draft with one segment said otherwise. Raises NotFound."""
        old = next((one for one in draft.segments if one.id == segment_id), None)
        if old is None:
            raise NotFound(f"没有段落 {segment_id}")
        said, by, why = await self._said(draft, old, wish)
        new = replace(old, sentences=said, made_by=by, fallback=why, seconds=self._lasts(old, said))
        return _placed(draft, new)

    async def slide(self, draft: StreamDraft, slide_id: str, wish: str) -> StreamDraft:
        """The draft with the lines of one slide in other words. Raises NotFound.

        Tables and flows are the source's own and stay; so do the lines without a model.
        """
        old = next((one for one in draft.deck.slides if one.id == slide_id), None)
        if old is None:
            raise NotFound(f"没有幻灯片 {slide_id}")
        lines = await self._lines(draft, old, wish)
        slides = tuple(replace(s, lines=lines) if s is old else s for s in draft.deck.slides)
        if lines == old.lines:
            left = Finding(
                f"slide {slide_id}", "", "这一页没有改动", "内容是依据原文；可以手工修改"
            )
            return replace(draft, findings=(*draft.findings, left))
        return replace(draft, deck=replace(draft.deck, slides=slides))

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


def _placed(draft: StreamDraft, new: Segment) -> StreamDraft:
    """The draft with a segment in its place: later ones move, its slides' notes follow."""
    old = next(one for one in draft.segments if one.id == new.id)
    later = new.seconds - old.seconds
    segments = tuple(
        new
        if one.id == new.id
        else replace(one, starts=round(one.starts + later, 1))
        if one.starts > old.starts
        else one
        for one in draft.segments
    )
    outline = tuple(
        replace(one, seconds=new.seconds) if one.id == new.section else one for one in draft.outline
    )
    notes = _notes(draft, old, new)
    slides = tuple(replace(s, notes=notes.get(s.id, s.notes)) for s in draft.deck.slides)
    deck = replace(draft.deck, slides=slides)
    return replace(draft, segments=segments, outline=outline, deck=deck)


def _notes(draft: StreamDraft, old: Segment, new: Segment) -> Mapping[str, str]:
    """The new words divided over the segment's slides as the old ones were, at sentences' ends."""
    slides = {slide.id: slide for slide in draft.deck.slides}
    said = "".join(one.text for one in old.sentences)
    if len(new.slides) == 1:
        (only,) = new.slides
        whole = "".join(one.text for one in new.sentences)
        return {only: slides[only].notes.replace(said, whole) if said else whole}
    shares = [len(slides[one].notes) for one in new.slides]
    total, left = sum(shares) or 1, list(new.sentences)
    notes: dict[str, str] = {}
    for number, (slide_id, share) in enumerate(zip(new.slides, shares, strict=True), start=1):
        last = number == len(new.slides)
        take = len(left) if last else min(len(left), round(len(new.sentences) * share / total))
        notes[slide_id] = "".join(one.text for one in left[:take])
        left = left[take:]
    return notes
