"""Places in a draft, as findings and comments name them: what stands there, and putting it anew.

`s3.2` the second sentence of segment s3 · `s3.caption`, `s3.interaction` · `clip1.2` ·
`slide ID.title`, `slide ID.line.1`, `slide ID.flow.1`, `slide ID.cell.1.2` · `announcement`,
`announcement.title` · `plan.risk`. Numbers count from 1.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.domain.studio import (
    Clip,
    Deck,
    Maker,
    Segment,
    Sentence,
    Slide,
    StreamDraft,
    StreamPlan,
)
from assistant.errors import NotFound
from assistant.studio.drafting.timing import Pace, estimated

PLAN_FIELDS = tuple(StreamPlan.__dataclass_fields__)
_SEGMENT_TEXTS = ("caption", "interaction")


@dataclass(frozen=True, slots=True)
class Spot:
    """What stands at a place, and the facts that it states."""

    place: str
    text: str
    facts: tuple[str, ...] = ()
    spoken: bool = False


def spots(draft: StreamDraft) -> Iterator[Spot]:
    """Everything that can be changed in a draft, in its order."""
    for segment in draft.segments:
        yield from _said(segment.id, segment.sentences)
        facts = dict.fromkeys(fact for one in segment.sentences for fact in one.facts)
        for name in _SEGMENT_TEXTS:
            yield Spot(f"{segment.id}.{name}", getattr(segment, name), tuple(facts))
    for slide in draft.deck.slides:
        for name, text in _slide_texts(slide):
            yield Spot(f"slide {slide.id}.{name}", text, slide.facts)
    for clip in draft.clips:
        yield from _said(clip.id, clip.sentences)
    told = draft.announcement
    yield Spot("announcement.title", told.title, told.facts)
    yield Spot("announcement", told.text, told.facts)
    for name in PLAN_FIELDS:
        yield Spot(f"plan.{name}", getattr(draft.plan, name))


def _said(owner: str, sentences: Sequence[Sentence]) -> Iterator[Spot]:
    for number, one in enumerate(sentences, start=1):
        yield Spot(f"{owner}.{number}", one.text, one.facts, spoken=True)


def _slide_texts(slide: Slide) -> Iterator[tuple[str, str]]:
    yield "title", slide.title
    for number, line in enumerate(slide.lines, start=1):
        yield f"line.{number}", line
    for number, step in enumerate(slide.flow, start=1):
        yield f"flow.{number}", step
    for number, row in enumerate(slide.table.rows if slide.table else (), start=1):
        for column, cell in enumerate(row, start=1):
            yield f"cell.{number}.{column}", cell


def spot(draft: StreamDraft, place: str) -> Spot:
    """What stands at a place. Raises NotFound."""
    for one in spots(draft):
        if one.place == place:
            return one
    raise NotFound("稿子里没有这个位置", hint="可能已被别人改动，请刷新页面")


def part_of(place: str) -> str:
    """The part that a place lies in: `s3` of `s3.2`, `slide x` of `slide x.line.1`, `plan.risk`."""
    if place.startswith("plan."):
        return place
    return place.split(".", 1)[0]


def put(draft: StreamDraft, place: str, text: str, pace: Pace = estimated) -> StreamDraft:
    """The draft with another text at a place; "" takes a sentence, line or step out.

    Raises NotFound. Times, outline and the slides' notes follow.
    """
    spot(draft, place)
    owner, _, rest = place.partition(".")
    if owner == "plan":
        return replace(draft, plan=replace(draft.plan, **{rest: text}))
    if owner == "announcement":
        told = draft.announcement
        told = replace(told, title=text) if rest else replace(told, text=text)
        return replace(draft, announcement=told)
    if owner.startswith("slide "):
        return _with_slide(draft, owner.removeprefix("slide "), rest, text)
    if any(clip.id == owner for clip in draft.clips):
        return _with_clip(draft, owner, int(rest), text, pace)
    segment = next(one for one in draft.segments if one.id == owner)
    return with_segment(draft, _rewritten_segment(segment, rest, text), pace)


def _rewritten_segment(segment: Segment, rest: str, text: str) -> Segment:
    if rest == "caption":
        return replace(segment, caption=text)
    if rest == "interaction":
        return replace(segment, interaction=text)
    return _resaid(segment, int(rest), text)


def insert(draft: StreamDraft, after: str, text: str, pace: Pace = estimated) -> StreamDraft:
    """The draft with a new sentence, without facts, behind one of a segment. Raises NotFound."""
    owner, _, number = after.partition(".")
    segment = next((one for one in draft.segments if one.id == owner), None)
    if segment is None or not number.isdigit() or int(number) > len(segment.sentences):
        raise NotFound("稿子里没有这个位置", hint="只能在口播的句子后面加一句")
    said = list(segment.sentences)
    said.insert(int(number), Sentence(text))
    return with_segment(draft, replace(segment, sentences=tuple(said), made_by=Maker.PERSON), pace)


def with_segment(draft: StreamDraft, new: Segment, pace: Pace = estimated) -> StreamDraft:
    """The draft with a segment written anew: its length, all times and its slides' notes follow."""
    old = next(one for one in draft.segments if one.id == new.id)
    if old.sentences != new.sentences:
        said = sum(pace(one.text) for one in new.sentences)
        new = replace(new, seconds=round(said + new.open_seconds, 1))
    segments = _placed([new if one.id == new.id else one for one in draft.segments])
    seconds = {one.section: one.seconds for one in segments}
    outline = tuple(replace(one, seconds=seconds.get(one.id, one.seconds)) for one in draft.outline)
    deck = _noted(draft.deck, old, new)
    return replace(draft, segments=segments, outline=outline, deck=deck)


def _resaid(segment: Segment, number: int, text: str) -> Segment:
    said = list(segment.sentences)
    if text:
        said[number - 1] = replace(said[number - 1], text=text)
    else:
        del said[number - 1]
    return replace(segment, sentences=tuple(said), made_by=Maker.PERSON)


def _placed(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    starts, placed = 0.0, []
    for one in segments:
        placed.append(replace(one, starts=round(starts, 1)))
        starts += one.seconds
    return tuple(placed)


def _noted(deck: Deck, old: Segment, new: Segment) -> Deck:
    """Notes are what is said while a slide stands: each sentence stays on its slide.

    A sentence that no slide's notes held goes to the slide of the sentence before it.
    """
    owned = [slide for slide in deck.slides if slide.id in new.slides]
    if not owned or old.sentences == new.sentences:
        return deck
    at, current = {}, 0
    for sentence in old.sentences:
        current = next(
            (n for n, s in enumerate(owned) if n >= current and sentence.text in s.notes), current
        )
        at[sentence.text] = current
    notes, current = ["" for _ in owned], 0
    kept = list(old.sentences)
    for number, sentence in enumerate(new.sentences):
        before = kept[number].text if number < len(kept) and len(kept) == len(new.sentences) else ""
        current = at.get(sentence.text, at.get(before, current))
        notes[current] += sentence.text
    others = {slide.id: _of_others(slide.notes, old) for slide in owned}
    written = {
        slide.id: replace(slide, notes=others[slide.id] + said)
        for slide, said in zip(owned, notes, strict=True)
    }
    return replace(deck, slides=tuple(written.get(one.id, one) for one in deck.slides))


def _of_others(notes: str, segment: Segment) -> str:
    """What other segments say while the slide stands."""
    for sentence in segment.sentences:
        notes = notes.replace(sentence.text, "", 1)
    return notes


def _with_slide(draft: StreamDraft, slide_id: str, rest: str, text: str) -> StreamDraft:
    slides = tuple(
        _rewritten(one, rest, text) if one.id == slide_id else one for one in draft.deck.slides
    )
    return replace(draft, deck=replace(draft.deck, slides=slides))


def _rewritten(slide: Slide, rest: str, text: str) -> Slide:
    name, *numbers = rest.split(".")
    if name == "title":
        return replace(slide, title=text)
    if name == "line":
        return replace(slide, lines=_changed(slide.lines, int(numbers[0]), text))
    if name == "flow":
        return replace(slide, flow=_changed(slide.flow, int(numbers[0]), text))
    assert slide.table is not None
    rows = [list(row) for row in slide.table.rows]
    rows[int(numbers[0]) - 1][int(numbers[1]) - 1] = text
    return replace(slide, table=replace(slide.table, rows=tuple(tuple(row) for row in rows)))


def _changed(texts: tuple[str, ...], number: int, text: str) -> tuple[str, ...]:
    left = (*texts[: number - 1], text, *texts[number:])
    return left if text else (*texts[: number - 1], *texts[number:])


def _with_clip(draft: StreamDraft, clip_id: str, number: int, text: str, pace: Pace) -> StreamDraft:
    return replace(
        draft,
        clips=tuple(
            _clip_resaid(one, number, text, pace) if one.id == clip_id else one
            for one in draft.clips
        ),
    )


def _clip_resaid(clip: Clip, number: int, text: str, pace: Pace) -> Clip:
    said = list(clip.sentences)
    if text:
        said[number - 1] = replace(said[number - 1], text=text)
    else:
        del said[number - 1]
    seconds = round(sum(pace(one.text) for one in said), 1)
    return replace(clip, sentences=tuple(said), seconds=seconds)
