"""An approved script as the stage will say it: parts with their slides, checked again one by one.

A part is a segment. Before it airs, the words must still be the approved ones and every source that
it rests on must hold on the day; else an approved line takes its place and the script goes back to
review. Pure but for `Rundown.part`, which looks at the sources.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from assistant.domain.studio import Segment, StreamDraft
from assistant.domain.studio_flow import Approval, holds
from assistant.errors import BadInput
from assistant.studio.standing import Grounds

INSTEAD = "这部分内容的依据刚有变化，正在重新核对，先为您讲下一部分，请以最新公布的为准。"
"""The line that is said in place of a part that fell; it states nothing."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is said of one segment. `slides` are ids by the number of the sentence they come with.

    `fallen` says why an approved line stands in its place, "" where it is the script's own.
    """

    segment: str
    title: str
    sentences: tuple[str, ...]
    slides: Mapping[int, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    open_seconds: float = 0.0
    fallen: str = ""


@dataclass(frozen=True, slots=True)
class Rundown:
    """The parts of an approved script. Raises BadInput where it is not the approved one."""

    draft: StreamDraft
    approval: Approval

    def __post_init__(self) -> None:
        if not holds(self.approval, self.draft):
            raise BadInput("现在的稿子和批准的不一致，不能播出")

    def __len__(self) -> int:
        return len(self.draft.segments)

    def index(self, segment: str) -> int:
        """The place of a segment, to jump there. Raises BadInput."""
        ids = [one.id for one in self.draft.segments]
        if segment not in ids:
            raise BadInput("稿子里没有这一段")
        return ids.index(segment)

    def planned(self, number: int) -> Part:
        """A part as it was approved: to be voiced ahead."""
        segment = self.draft.segments[number]
        return Part(
            segment.id,
            segment.title,
            tuple(one.text for one in segment.sentences),
            placed(segment, self.draft),
            self._sources(segment),
            segment.open_seconds,
        )

    async def part(self, number: int, grounds: Grounds, today: date) -> Part:
        """A part as it may be said today: its own words, or the line in their place."""
        planned = self.planned(number)
        facts = [one for one in self.draft.facts if one.id in self._stated(number)]
        fallen = [one for one in await grounds.of(facts, today) if not one.stands]
        if not fallen:
            return planned
        why = "；".join(f"依据《{one.title}》{one.why or '的内容有改动'}" for one in fallen)
        return Part(planned.segment, planned.title, (INSTEAD,), fallen=why)

    def _stated(self, number: int) -> set[str]:
        """The facts of what is said and shown in a part."""
        segment = self.draft.segments[number]
        shown = {one.id: one.facts for one in self.draft.deck.slides}
        said = {fact for one in segment.sentences for fact in one.facts}
        return said | {fact for one in slides_of(segment, self.draft) for fact in shown[one]}

    def _sources(self, segment: Segment) -> tuple[str, ...]:
        known = {fact.id: fact.source_id for fact in self.draft.facts}
        facts = (fact for one in segment.sentences for fact in one.facts)
        return tuple(dict.fromkeys(known[one] for one in facts if one in known))


def slides_of(segment: Segment, draft: StreamDraft) -> list[str]:
    """The slides of a segment, with those that they were divided into, in the deck's order."""
    return [
        one.id
        for one in draft.deck.slides
        if one.id in segment.slides or one.id.rpartition("~")[0] in segment.slides
    ]


def placed(segment: Segment, draft: StreamDraft) -> dict[int, str]:
    """With which sentence each slide comes: the first one that its notes hold.

    The first slide stands from the beginning; one whose notes hold no sentence of the part comes
    with the last.
    """
    notes = {one.id: one.notes for one in draft.deck.slides}
    found: dict[int, str] = {}
    behind = 0
    for slide in slides_of(segment, draft):
        last = max(len(segment.sentences) - 1, 0)
        held = (
            number
            for number, one in enumerate(segment.sentences)
            if number >= behind and one.text in notes[slide]
        )
        at = next(held, last) if found else 0
        if at not in found:
            found[at] = slide
        behind = at + 1 if found else at
    return found
