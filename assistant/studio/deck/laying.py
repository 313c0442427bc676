"""A deck as pages: the same slides, wide and tall, that every rendering draws."""

from dataclasses import dataclass

from assistant.domain.studio import Deck, Slide
from assistant.studio.deck.fitting import DoesNotFit, base_id, day_words, fitted
from assistant.studio.deck.frames import TALL, WIDE, Frame
from assistant.studio.deck.pages import Around, page_of
from assistant.studio.deck.shapes import Page


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
    """The pages of a fitted deck in one frame. Parts of one slide count on."""
    made: list[Page] = []
    first, before = 1, None
    for number, slide in enumerate(deck.slides, start=1):
        first = first if before is not None and base_id(before) == base_id(slide) else 1
        around = Around(deck.office, day_words(deck), number, first, labelled)
        page = page_of(slide, frame, around)
        if page is None:
            raise DoesNotFit(f"slide {slide.id}: no room")
        made.append(page)
        first, before = first + len(slide.lines or slide.flow), slide
    return tuple(made)
