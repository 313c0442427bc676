"""What has no room: clips that would be too long, slides whose words do not fit. Each blocks."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import groupby

from assistant.domain.clips import MOST_SECONDS
from assistant.domain.studio import Deck, Slide, StreamDraft
from assistant.domain.studio_flow import Problem
from assistant.studio.clips.lines import LONGEST, SAFE, film_seconds
from assistant.studio.deck import DoesNotFit
from assistant.studio.deck.fitting import base_id
from assistant.studio.deck.laying import laid_out
from assistant.studio.drafting.timing import Pace
from assistant.voice.exporting import Place


def clip_seconds(draft: StreamDraft, pace: Pace, place: Place) -> Mapping[str, float]:
    """How long each clip's film will be, by the clip's id, before anything is spoken."""
    return {one.id: film_seconds(one, draft.facts, pace, place) for one in draft.clips}


def clip_problems(draft: StreamDraft, seconds: Mapping[str, float]) -> Iterator[Problem]:
    """Clips that cannot end in time, which blocks; and those that may not."""
    for clip in draft.clips:
        if (long := seconds[clip.id]) > SAFE:
            reason = f"短视频约 {long:.1f} 秒，须短于 {MOST_SECONDS:.0f} 秒"
            fix = "删去或改短几句"
            yield Problem(clip.id, "", reason, fix, blocks=long > LONGEST, code="clip")


def deck_problems(deck: Deck) -> Iterator[Problem]:
    """Slides that cannot be drawn whatever their size."""
    for _, group in groupby(deck.slides, base_id):
        slides = tuple(group)
        if not _fits(slides, deck.office, deck.day):
            reason = "这一页的文字放不下"
            suggestion = "改短标题和最长的一条，或删去一条"
            yield Problem(f"slide {slides[0].id}", "", reason, suggestion, code="slide")


@lru_cache(512)
def _fits(slides: tuple[Slide, ...], office: str, day: date | None) -> bool:
    """Whether the parts of one slide have room; kept, for an edit changes one slide of many."""
    try:
        laid_out(Deck("", office, day, slides))
    except DoesNotFit:
        return False
    return True
