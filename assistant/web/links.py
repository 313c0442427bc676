"""Addresses inside the service: a citation opens its source at the place, the quote marked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from markupsafe import Markup

from assistant.domain.answer import Citation
from assistant.domain.passage import Passage
from assistant.web.services import SourceReader

_ADDRESS = re.compile(r"(https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'*+,;=%]*[A-Za-z0-9/=#])")


def source_url(source_id: str) -> str:
    """The page of a source. Ids may hold slashes and Chinese."""
    return f"/sources/{quote(source_id, safe='/')}"


def card_url(source_id: str) -> str:
    """The 一次性告知清单 of a guide."""
    return f"/cards/{quote(source_id, safe='/')}"


def passage_url(source_id: str, key: int) -> str:
    """The page of a source at a passage."""
    return f"{source_url(source_id)}#p-{key}" if key else source_url(source_id)


@dataclass(frozen=True, slots=True)
class Placed:
    """A citation with its passage's key, and the page that opens there, the quote marked."""

    citation: Citation
    url: str


async def placed(citations: Sequence[Citation], sources: SourceReader) -> tuple[Placed, ...]:
    """Citations with addresses, in order. Where one has no key, its words find the passage."""
    keys = sorted({c.passage_key for c in citations if c.passage_key})
    passages = dict(await sources.passages(keys)) if keys else {}
    without = {c.source_id for c in citations if not c.passage_key}
    current = {source_id: await sources.passages_of(source_id) for source_id in without}
    with_keys = (
        c if c.passage_key else replace(c, passage_key=_key_of(c, current[c.source_id], passages))
        for c in citations
    )
    return tuple(Placed(citation, _url(citation, passages)) for citation in with_keys)


def _url(citation: Citation, passages: Mapping[int, Passage]) -> str:
    """The page at the cited passage; `mark` gives the quote as `key.start-end` in its text."""
    key = citation.passage_key
    if not key:
        return source_url(citation.source_id)
    passage = passages.get(key)
    start = passage.text.find(citation.quote) if passage and citation.quote else -1
    mark = f"{key}.{start}-{start + len(citation.quote)}" if start >= 0 else str(key)
    return f"{source_url(citation.source_id)}?mark={mark}#p-{key}"


def _key_of(citation: Citation, candidates: Sequence[Passage], found: dict[int, Passage]) -> int:
    """The key of the passage that holds the quote, the one with its locator first."""
    holding = [p for p in candidates if citation.quote and citation.quote in p.text]
    holding.sort(key=lambda passage: passage.locator != citation.locator)
    if not holding:
        return 0
    found[holding[0].key] = holding[0]
    return holding[0].key


def web_address(url: str | None) -> str | None:
    """The address, if a citizen may follow it: http and https only, never `javascript:`."""
    plain = (url or "").strip()
    return plain if plain.lower().startswith(("http://", "https://")) else None


def linked(text: str) -> Markup:
    """The text, escaped, with the http and https addresses in it made links."""
    parts = _ADDRESS.split(text)
    shown = (Markup("{}"), Markup('<a href="{0}" rel="noopener noreferrer external">{0}</a>'))
    return Markup("").join(shown[at % 2].format(part) for at, part in enumerate(parts))
