"""Addresses inside the service: a citation opens its source at the place, the quote marked."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from markupsafe import Markup

from assistant.domain.answer import Citation
from assistant.domain.passage import Passage
from assistant.web.services import SourceReader

_ADDRESS = re.compile(r"(https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'*+,;=%]*[A-Za-z0-9/=#])")


def source_url(source_id: str) -> str:
    """The page of a source. Ids may hold slashes and Chinese."""
    return f"/sources/{quote(source_id, safe='/')}"


def passage_url(source_id: str, key: int) -> str:
    """The page of a source at a passage."""
    return f"{source_url(source_id)}#p-{key}" if key else source_url(source_id)


def citation_url(citation: Citation, passages: Mapping[int, Passage]) -> str:
    """The page at the cited passage; `mark` gives the quote as `key.start-end` in its text."""
    key = citation.passage_key
    if not key:
        return source_url(citation.source_id)
    passage = passages.get(key)
    start = passage.text.find(citation.quote) if passage and citation.quote else -1
    mark = f"{key}.{start}-{start + len(citation.quote)}" if start >= 0 else str(key)
    return f"{source_url(citation.source_id)}?mark={mark}#p-{key}"


async def citation_urls(citations: Sequence[Citation], sources: SourceReader) -> list[str]:
    """The addresses of citations, in order."""
    keys = sorted({c.passage_key for c in citations if c.passage_key})
    passages = await sources.passages(keys) if keys else {}
    return [citation_url(citation, passages) for citation in citations]


def web_address(url: str | None) -> str | None:
    """The address, if a citizen may follow it: http and https only, never `javascript:`."""
    plain = (url or "").strip()
    return plain if plain.lower().startswith(("http://", "https://")) else None


def linked(text: str) -> Markup:
    """The text, escaped, with the http and https addresses in it made links."""
    parts = _ADDRESS.split(text)
    shown = (Markup("{}"), Markup('<a href="{0}" rel="noopener noreferrer external">{0}</a>'))
    return Markup("").join(shown[at % 2].format(part) for at, part in enumerate(parts))
