"""The words of a stream as the editor shows them: by place, with marks and problems."""

from pydantic import BaseModel

from assistant.domain.studio import Segment, Slide
from assistant.studio.drafting.files import PLAN_NAMES
from assistant.studio.naming import place_name
from assistant.studio.places import part_of, spots
from assistant.studio.views import StreamView
from assistant.web.links import source_url


class FactOut(BaseModel):
    """What a sentence rests on."""

    id: str
    text: str
    source: str
    locator: str
    url: str | None


class TextOut(BaseModel):
    """What stands at a place. `mark`: why it should be looked at again."""

    place: str
    text: str
    facts: tuple[str, ...] = ()
    mark: str = ""
    problems: tuple[str, ...] = ()


class SegmentOut(BaseModel):
    """A segment: when, what is shown, said, captioned, and what viewers are asked."""

    id: str
    name: str
    title: str
    kind: str
    starts: float
    seconds: float
    open_seconds: float
    slides: tuple[str, ...]
    sentences: tuple[TextOut, ...]
    caption: TextOut
    interaction: TextOut
    made_by: str
    fallback: str


class SlideOut(BaseModel):
    """A slide with its texts in order."""

    id: str
    name: str
    title: str
    part: str
    texts: tuple[TextOut, ...]
    mark: str = ""


class ClipOut(BaseModel):
    """A guide clip. `film_seconds`: how long its film will be, with label and pauses."""

    id: str
    title: str
    question: str
    seconds: float
    film_seconds: float
    sentences: tuple[TextOut, ...]


class PlanOut(BaseModel):
    """A field of the plan."""

    place: str
    name: str
    text: str
    problems: tuple[str, ...] = ()


class Texts:
    """The texts of a view by place, with marks and problems."""

    def __init__(self, view: StreamView) -> None:
        self._draft = view.draft
        self._spots = {one.place: one for one in spots(view.draft)}
        self._marks = {one.place: one.why for one in view.stream.marks}
        self._problems: dict[str, list[str]] = {}
        for one in view.problems:
            if one.code != "stale":
                self._problems.setdefault(one.place, []).append(one.reason)

    def at(self, place: str) -> TextOut:
        """What stands at a place."""
        one = self._spots[place]
        found = tuple(self._problems.get(place, ()))
        return TextOut(
            place=place,
            text=one.text,
            facts=one.facts,
            mark=self._marks.get(place, ""),
            problems=found,
        )

    def said(self, owner: str, count: int) -> tuple[TextOut, ...]:
        """The sentences of a segment or clip."""
        return tuple(self.at(f"{owner}.{number}") for number in range(1, count + 1))

    def segment(self, number: int, one: Segment) -> SegmentOut:
        """A segment, counted from 1."""
        return SegmentOut(
            id=one.id,
            name=f"第{number}段",
            title=one.title,
            kind=one.kind.value,
            starts=one.starts,
            seconds=one.seconds,
            open_seconds=one.open_seconds,
            slides=self._shown(one),
            sentences=self.said(one.id, len(one.sentences)),
            caption=self.at(f"{one.id}.caption"),
            interaction=self.at(f"{one.id}.interaction"),
            made_by=one.made_by.value,
            fallback=one.fallback,
        )

    def _shown(self, one: Segment) -> tuple[str, ...]:
        """The slides of a segment with those that they were divided into."""
        ids = [slide.id for slide in self._draft.deck.slides]
        return tuple(i for i in ids if i in one.slides or i.rpartition("~")[0] in one.slides)

    def slide(self, one: Slide) -> SlideOut:
        """A slide."""
        own = f"slide {one.id}"
        return SlideOut(
            id=one.id,
            name=place_name(own, self._draft),
            title=one.title,
            part=one.part,
            texts=tuple(self.at(place) for place in self._spots if part_of(place) == own),
            mark=self._marks.get(own, ""),
        )

    def plan(self, name: str) -> PlanOut:
        """A field of the plan."""
        place = f"plan.{name}"
        text = self.at(place)
        return PlanOut(place=place, name=PLAN_NAMES[name], text=text.text, problems=text.problems)


def facts_of(view: StreamView) -> dict[str, FactOut]:
    """The facts of a view by their ids, with their sources' names."""
    titles = {one.source_id: one.title for one in view.grounds}
    return {
        one.id: FactOut(
            id=one.id,
            text=one.text,
            source=titles.get(one.source_id, "需求"),
            locator=one.locator,
            url=source_url(one.source_id) if one.source_id in titles else None,
        )
        for one in view.draft.facts
    }
