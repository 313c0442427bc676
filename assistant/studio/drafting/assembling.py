"""Timed parts → outline, segments and deck: the same sentences in script and notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.domain.studio import Brief, Deck, Maker, Section, Segment, Slide
from assistant.studio.deck.fitting import base_id, fitted
from assistant.studio.drafting.timing import Timed


@dataclass(frozen=True, slots=True)
class Made:
    """Who wrote a part, and why a template where a model was asked."""

    by: Maker = Maker.TEMPLATE
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """Outline, segments and slides that belong together."""

    outline: tuple[Section, ...]
    segments: tuple[Segment, ...]
    deck: Deck


def assemble(
    brief: Brief, timed: Sequence[Timed], office: str, made: Mapping[str, Made] | None = None
) -> Script:
    """Number the parts, place them in time, and put what is said into the slides' notes.

    `made` says by `key_of` who wrote a part.
    """
    segments: list[Segment] = []
    deck: dict[str, Slide] = {}
    starts = 0.0
    for number, one in enumerate(timed, start=1):
        segments.append(
            _segment(number, one, round(starts, 1), (made or {}).get(key_of(one), Made()))
        )
        starts += one.seconds
        for slide in _noted(one):
            before = deck.get(slide.id)
            notes = f"{before.notes}{slide.notes}" if before else slide.notes
            deck[slide.id] = replace(slide, notes=notes)
    whole = fitted(Deck(brief.title, office, brief.day, tuple(deck.values())))
    return Script(
        tuple(outline_of(segments, timed)),
        tuple(_with_parts(segments, whole)),
        whole,
    )


def _with_parts(segments: Sequence[Segment], deck: Deck) -> list[Segment]:
    """Segments that show every part of a slide that had to be divided."""
    parts: dict[str, list[str]] = {}
    for slide in deck.slides:
        parts.setdefault(base_id(slide), []).append(slide.id)
    return [
        replace(one, slides=tuple(part for slide in one.slides for part in parts[slide]))
        for one in segments
    ]


def key_of(one: Timed) -> str:
    """Names a part among the parts of a draft."""
    return f"{one.part.kind} {one.part.title}"


def _segment(number: int, one: Timed, starts: float, made: Made) -> Segment:
    part = one.part
    return Segment(
        id=f"s{number}",
        section=f"p{number}",
        kind=part.kind,
        title=part.title,
        starts=starts,
        seconds=one.seconds,
        slides=tuple(slide.id for slide in part.slides),
        sentences=one.sentences,
        caption=part.caption,
        interaction=part.interaction,
        made_by=made.by,
        fallback=made.fallback,
        open_seconds=one.open_seconds,
    )


def outline_of(segments: Sequence[Segment], timed: Sequence[Timed]) -> list[Section]:
    """A section a segment."""
    return [
        Section(segment.section, segment.kind, segment.title, segment.seconds, one.part.source_id)
        for segment, one in zip(segments, timed, strict=True)
    ]


def _noted(one: Timed) -> list[Slide]:
    """The slides of a part with what is said while they stand."""
    return [
        replace(
            slide,
            notes="".join(
                sentence.text
                for block in one.blocks
                if min(block.slide, len(one.part.slides) - 1) == number
                for sentence in block.sentences
            ),
        )
        for number, slide in enumerate(one.part.slides)
    ]
