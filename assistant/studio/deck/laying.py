"""A deck as pages: the same slides, wide and tall, that every rendering draws."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, repeat

from assistant.domain.studio import Deck, Slide
from assistant.printing.aigc import UNREGISTERED, AigcLabel
from assistant.studio.deck.fitting import DoesNotFit, base_id, day_words, fitted
from assistant.studio.deck.frames import TALL, WIDE, Frame
from assistant.studio.deck.pages import Around, page_at
from assistant.studio.deck.shapes import Page
from assistant.studio.deck.theme import SIZES


@dataclass(frozen=True, slots=True)
class Laid:
    """One slide with its pages."""

    slide: Slide
    wide: Page
    tall: Page


def laid_out(deck: Deck, *, labelled: bool = True) -> tuple[Laid, ...]:
    """Every slide of the deck, divided where needed, on both pages. Raises DoesNotFit."""
    deck = fitted(deck)
    wide = pages(deck, WIDE, labelled=labelled)
    tall = pages(deck, TALL, labelled=labelled)
    return tuple(Laid(*each) for each in zip(deck.slides, wide, tall, strict=True))


def pages(deck: Deck, frame: Frame, *, labelled: bool = True) -> tuple[Page, ...]:
    """The pages of a fitted deck in one frame. Parts of one slide count on, in one size."""
    made: list[Page] = []
    for _, group in groupby(deck.slides, base_id):
        parts = list(group)
        around = Around(deck.office, day_words(deck), len(made) + 1, labelled=labelled)
        made += _alike(parts, frame, around)
    return tuple(made)


def _alike(parts: Sequence[Slide], frame: Frame, around: Around) -> list[Page]:
    """Pages of one slide's parts, all in the largest size that fits them all."""
    arounds, first = [], 1
    steps = any(part.flow for part in parts)
    for at, part in enumerate(parts):
        arounds.append(replace(around, number=around.number + at, first=first))
        first += len(part.flow if steps else part.lines)
    for size in SIZES:
        made = [
            page_at(*each)
            for each in zip(parts, repeat(frame), repeat(size), arounds, strict=False)
        ]
        found = [page for page in made if page is not None]
        if len(found) == len(parts):
            return found
    raise DoesNotFit(f"slide {parts[0].id}: no room")


def own_label(deck: Deck) -> AigcLabel:
    """The hidden label before an office has a code; its id is the deck's content."""
    content = hashlib.sha256(repr(deck).encode()).hexdigest()[:32]
    return AigcLabel.first(UNREGISTERED, f"deck-{content}")
