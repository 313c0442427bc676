"""Banned and absolute words in what we say ourselves, with the place and a suggestion.

The rule packs of the comment screen apply too. Verbatim words of a source are marked as such: a
law may say 唯一 where a host may not.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.domain.studio import Deck, Finding, Segment, StreamDraft
from assistant.safety.packs import Hit

_FILE = Path(__file__).parent / "data" / "wording.json"
_FOR_VIEWERS = frozenset({"injection", "privacy"})
"""Packs that ask what a viewer wants of us; they say nothing of what we say ourselves."""
Screen = Callable[[str], Sequence[Hit]]
"""`RulePacks.test`: the rules that a text hits."""


@dataclass(frozen=True, slots=True)
class WordRule:
    """Words of one kind, and the longer words in which they are meant otherwise."""

    kind: str
    words: tuple[str, ...]
    exceptions: tuple[str, ...]
    suggestion: str


@cache
def word_rules() -> tuple[WordRule, ...]:
    """The shipped rules."""
    rows = json.loads(_FILE.read_text("utf-8"))["rules"]
    return tuple(
        WordRule(r["kind"], tuple(r["words"]), tuple(r["except"]), r["suggestion"]) for r in rows
    )


def words_in(text: str) -> Iterator[tuple[str, WordRule]]:
    """The words of a text that should not be said."""
    for rule in word_rules():
        left = text
        for exception in rule.exceptions:
            left = left.replace(exception, "　" * len(exception))
        for word in rule.words:
            if word in left:
                yield word, rule


def findings_in(
    place: str, text: str, quoted: Sequence[str] = (), screen: Screen | None = None
) -> list[Finding]:
    """What to look at in a text. `quoted` are verbatim words of sources within it."""
    found = []
    for word, rule in words_in(text):
        if any(word in quote for quote in quoted):
            reason, suggestion = f"{rule.kind}（依据原文里的词）", "保留原文，播出前由审核人确认"
        else:
            reason, suggestion = rule.kind, rule.suggestion
        found.append(Finding(place, word, reason, suggestion))
    hits = screen(text) if screen and text else ()
    return found + [
        Finding(place, hit.matched, hit.reason, "改写这一句，或删去")
        for hit in hits
        if not hit.spared_by and hit.pack not in _FOR_VIEWERS
    ]


def findings_of(draft: StreamDraft, screen: Screen | None = None) -> tuple[Finding, ...]:
    """Everything in a draft that is said or shown."""
    facts = {fact.id: fact for fact in draft.facts}
    found: list[Finding] = []
    for place, text, ids in _texts(draft):
        found += findings_in(place, text, [facts[one].text for one in ids if one in facts], screen)
    return tuple(dict.fromkeys(found))


def _texts(draft: StreamDraft) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    yield from _segments(draft.segments)
    yield from _slides(draft.deck)
    for clip in draft.clips:
        for one in clip.sentences:
            yield clip.id, one.text, one.facts
    yield "announcement", draft.announcement.text, draft.announcement.facts
    for name in draft.plan.__dataclass_fields__:
        yield f"plan.{name}", getattr(draft.plan, name), ()


def _segments(segments: Iterable[Segment]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for segment in segments:
        for number, one in enumerate(segment.sentences, start=1):
            yield f"{segment.id}.{number}", one.text, one.facts


def _slides(deck: Deck) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for slide in deck.slides:
        rows = [cell for row in (slide.table.rows if slide.table else ()) for cell in row]
        for text in (slide.title, *slide.lines, *slide.flow, *rows):
            yield f"slide {slide.id}", text, slide.facts
