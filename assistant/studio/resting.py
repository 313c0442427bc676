"""What rests on what: parts that state the same facts, marked when one of them is worded anew."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from assistant.answering.folding import grams
from assistant.domain.studio import Fact, FactKind, StreamDraft
from assistant.domain.studio_flow import Stale
from assistant.studio.places import Spot, part_of, spot, spots

REWORDED = "同一依据在{place}改过说法，请核对这里"
_HALF = 0.5
_OWNERS = ("slide ", "announcement")
"""Parts that are marked as a whole: their facts are the part's, not a line's."""


def stated(draft: StreamDraft, one: Spot) -> tuple[str, ...]:
    """The facts that a text states, as far as its part names them.

    A slide, an announcement and a caption name those of the whole part: of a line, the facts that
    share half of its words with it; all of a slide's where none does. A name stands in nearly
    every sentence: it counts where nothing else is stated.
    """
    facts = {fact.id: fact for fact in draft.facts}
    known = [facts[one_id] for one_id in one.facts if one_id in facts]
    if not one.spoken:
        near = [fact for fact in known if _shares(one.text, fact)]
        known = near or (known if one.place.startswith(_OWNERS) else [])
    real = [fact for fact in known if fact.kind is not FactKind.NAME]
    return tuple(fact.id for fact in real or known)


def _shares(text: str, fact: Fact) -> bool:
    if text and (text in fact.text or fact.text in text):
        return True
    own, other = set(grams(text)), set(grams(fact.text))
    return bool(own and other) and len(own & other) >= _HALF * min(len(own), len(other))


def marked(
    before: StreamDraft, place: str, marks: Sequence[Stale], now: datetime, said: str = ""
) -> tuple[Stale, ...]:
    """The marks after a text was changed: gone where it was changed, new where its facts stand.

    `before` is the draft that still holds the old text; `said` names the place for people.
    """
    facts = frozenset(stated(before, spot(before, place)))
    own = part_of(place)
    left = [one for one in marks if one.place not in {place, own}]
    found = dict.fromkeys(
        _as_marked(one.place)
        for one in spots(before)
        if facts & set(stated(before, one)) and _as_marked(one.place) not in {place, own}
    )
    return _added(left, found, facts, REWORDED.format(place=said or place), now)


def of_facts(
    draft: StreamDraft, facts: Iterable[str], why: str, marks: Sequence[Stale], now: datetime
) -> tuple[Stale, ...]:
    """The marks after the ground of some facts changed."""
    changed = frozenset(facts)
    whole = [one for one in spots(draft) if one.spoken or one.place.startswith(_OWNERS)]
    found = dict.fromkeys(_as_marked(one.place) for one in whole if changed & set(one.facts))
    return _added(marks, found, changed, why, now)


def _as_marked(place: str) -> str:
    return part_of(place) if place.startswith(_OWNERS) else place


def _added(
    marks: Sequence[Stale], places: Iterable[str], facts: frozenset[str], why: str, now: datetime
) -> tuple[Stale, ...]:
    known = {one.place for one in marks}
    new = [Stale(place, tuple(sorted(facts)), why, now) for place in places if place not in known]
    return (*marks, *new)


def shifted(marks: Sequence[Stale], place: str, by: int) -> tuple[Stale, ...]:
    """The marks after a sentence was put in behind a place (+1) or taken out there (-1)."""
    owner, _, number = place.partition(".")
    if not number.isdigit():
        return tuple(marks)
    moved = []
    for one in marks:
        its, _, at = one.place.partition(".")
        behind = its == owner and at.isdigit() and int(at) > int(number)
        where = f"{owner}.{int(at) + by}" if behind else one.place
        moved.append(Stale(where, one.facts, one.why, one.at))
    return tuple(moved)
