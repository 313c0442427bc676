"""Which numbers and addresses the knowledge base makes public."""

import asyncio
from collections.abc import Iterable

from assistant.domain.source import ServiceGuide
from assistant.records.sources import SourceRepository
from assistant.safety.official import Official, phones_in


async def official_of(sources: SourceRepository) -> Official:
    """Read from all sources in use."""
    numbers = await public_numbers(sources)
    return Official(numbers, public_addresses(await sources.guides()))


async def public_numbers(sources: SourceRepository) -> set[str]:
    """Every phone number that stands in a passage."""
    numbers: set[str] = set()
    async for passages in sources.all_passages():
        numbers |= await asyncio.to_thread(_phones, [passage.text for passage in passages])
    return numbers


def public_addresses(guides: Iterable[ServiceGuide]) -> set[str]:
    """The addresses at which a guide's service is given."""
    places = (place for guide in guides for place in guide.locations or ())
    return {place.address for place in places if place.address}


def _phones(texts: Iterable[str]) -> set[str]:
    return {phone for text in texts for phone in phones_in(text)}
