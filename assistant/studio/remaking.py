"""A part of a draft anew, and the draft with it: what pages and the command line both do.

With a wish it is reworded; without one it is drafted from today's sources. Drafted anew, facts keep
their ids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.domain.studio import Fact, Segment, Sentence, Slide, StreamDraft
from assistant.errors import NotFound
from assistant.studio.drafting.timing import Pace
from assistant.studio.places import with_segment
from assistant.studio.seams import Drafting


@dataclass(frozen=True, slots=True)
class Remade:
    """A part as it is now, and the draft whose facts it states."""

    part: Segment | Slide
    of: StreamDraft


async def remake(
    known: StreamDraft, place: str, wish: str, drafting: Drafting, today: date
) -> Remade:
    """A segment (`s3`) or a slide (`slide ID`) anew. Raises NotFound, BadInput."""
    part_in(known, place)
    if wish:
        return Remade(await drafting.revise(known, place, wish), known)
    fresh = await drafting.draft(known.brief, today)
    return Remade(_drafted(known, fresh, place), fresh)


def part_in(draft: StreamDraft, part: str) -> Segment | Slide:
    """A part by its place. Raises NotFound."""
    slide_id = part.removeprefix("slide ")
    known: Sequence[Segment | Slide] = draft.segments
    if part.startswith("slide "):
        known = draft.deck.slides
    found = next((one for one in known if one.id == slide_id), None)
    if found is None:
        raise NotFound("稿子里没有这个位置", hint="请刷新页面")
    return found


def _drafted(known: StreamDraft, fresh: StreamDraft, part: str) -> Segment | Slide:
    """The part as it is drafted now, under its known id. Raises NotFound."""
    old = part_in(known, part)
    if isinstance(old, Slide):
        return part_in(fresh, part)
    new = _same(old, known, fresh)
    if new is None:
        raise NotFound("这一段现在起草不出来", hint="可直接修改文字")
    return replace(new, id=old.id, section=old.section, slides=old.slides)


def _same(old: Segment, known: StreamDraft, fresh: StreamDraft) -> Segment | None:
    """The segment of the same section: by kind, source and title, else by kind and source."""
    of = {one.id: one.source_id for one in known.outline}
    new = {one.id: one.source_id for one in fresh.outline}
    alike = [
        one
        for one in fresh.segments
        if one.kind is old.kind and new.get(one.section) == of.get(old.section)
    ]
    titled = [one for one in alike if one.title == old.title]
    return next(iter([*titled, *alike]), None)


def taken_over(before: StreamDraft, made: Remade, pace: Pace) -> tuple[StreamDraft, list[str]]:
    """The draft with the part in it, and the ids of facts whose text is another one now."""
    part = made.part
    facts, ids, changed = _merged(before, made.of)
    draft = replace(before, facts=facts)
    if isinstance(part, Slide):
        old = next(one for one in draft.deck.slides if one.id == part.id)
        new = replace(part, notes=old.notes, facts=tuple(ids[f] for f in part.facts))
        slides = tuple(new if one.id == part.id else one for one in draft.deck.slides)
        return replace(draft, deck=replace(draft.deck, slides=slides)), changed
    said = tuple(Sentence(s.text, tuple(ids[f] for f in s.facts)) for s in part.sentences)
    seconds = sum(one.open_seconds for one in before.segments if one.id == part.id)
    return with_segment(draft, replace(part, sentences=said, open_seconds=seconds), pace), changed


def _merged(
    before: StreamDraft, fresh: StreamDraft
) -> tuple[tuple[Fact, ...], Mapping[str, str], list[str]]:
    """All facts under ids that keep their meaning; fresh ids in terms of them; what changed."""
    by_key = {fact.key: fact for fact in before.facts}
    taken = {fact.id for fact in before.facts}
    ids: dict[str, str] = {}
    changed: list[str] = []
    for fact in fresh.facts:
        old = by_key.get(fact.key)
        if old is None:
            new_id = next(f"f{n}" for n in range(1, 100_000) if f"f{n}" not in taken)
            taken.add(new_id)
            by_key[fact.key] = replace(fact, id=new_id)
        else:
            changed += [old.id] if old.text != fact.text else []
            by_key[fact.key] = replace(fact, id=old.id)
        ids[fact.id] = by_key[fact.key].id
    return tuple(by_key.values()), ids, changed
