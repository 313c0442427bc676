"""One part anew: with a wish it is reworded; without one it is drafted from today's sources.

Drafted anew, facts keep their ids, and what rests on a fact that changed is marked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.access.accounts import Account
from assistant.domain.clock import Clock, china_day
from assistant.domain.studio import Fact, Segment, Sentence, Slide, StreamDraft
from assistant.domain.studio_flow import Stale, Stream
from assistant.errors import Conflict, NotFound
from assistant.records.studio import StudioRecords, Written
from assistant.studio.desk import StudioDesk, checked
from assistant.studio.drafting.timing import Pace, estimated
from assistant.studio.jobs import sources_of
from assistant.studio.naming import place_name
from assistant.studio.places import part_of, spots, with_segment
from assistant.studio.resting import of_facts
from assistant.studio.rights import StudioRights
from assistant.studio.seams import OpenDrafting
from assistant.studio.views import StreamView

_NEWER = "依据已换成最新内容，请核对这里"


@dataclass(frozen=True, slots=True)
class RedoParts:
    """What it works with."""

    records: StudioRecords
    desk: StudioDesk
    rights: StudioRights
    drafting: OpenDrafting
    clock: Clock
    pace: Pace = estimated


class Redoing:
    """Writes a part anew. Raises NotFound, Forbidden, Conflict as the desk; BadInput."""

    def __init__(self, on: RedoParts) -> None:
        self._on = on

    async def redo(self, account: Account, stream_id: str, place: str, wish: str) -> StreamView:
        """A segment (`s3`) or a slide (`slide ID`) anew."""
        on, part = self._on, part_of(place)
        stream = await on.records.get(stream_id)
        on.rights.write(account, stream)
        known = (await on.records.version(stream_id)).draft
        wish = checked(wish)
        async with on.drafting(None) as drafting:
            if wish:
                whole = await drafting.revise(known, part, wish)
                made, fresh = _part_in(whole, part), known
            else:
                fresh = await drafting.draft(known.brief, china_day(on.clock()))
                made = _drafted(known, fresh, part)

        def change(now: Stream, before: StreamDraft) -> Written:
            on.rights.write(account, now)
            if _part_in(before, part) != _part_in(known, part):
                raise Conflict("这里刚被别人改过", hint="请刷新页面")
            after, changed = _taken_over(before, fresh, made, on.pace)
            marks = of_facts(after, changed, _NEWER, now.marks, on.clock())
            what = f"重写{place_name(part, before)}" + (f"（{wish}）" if wish else "")
            left = _living(marks, after, part)
            return Written(after, left, part, what, sources_of(after), whole=True)

        stream, draft = await on.records.edit(stream_id, account.id, change)
        return await on.desk.looked_at(account, stream, draft)


def _part_in(draft: StreamDraft, part: str) -> Segment | Slide:
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
    old = _part_in(known, part)
    if isinstance(old, Slide):
        return _part_in(fresh, part)
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


def _taken_over(
    before: StreamDraft, fresh: StreamDraft, part: Segment | Slide, pace: Pace
) -> tuple[StreamDraft, list[str]]:
    """The draft with the part in it, and the ids of facts whose text is another one now."""
    facts, ids, changed = _merged(before, fresh)
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


def _living(marks: tuple[Stale, ...], draft: StreamDraft, done: str) -> tuple[Stale, ...]:
    """Without marks on the part that is new, and on places that are gone."""
    places = {one.place for one in spots(draft)}
    places |= {part_of(place) for place in places}
    return tuple(m for m in marks if part_of(m.place) != done and m.place in places)
