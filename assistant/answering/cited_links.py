"""Links in an answer that stand in its sources: official, so the screen need not judge them."""

import re
from collections.abc import Iterable

from assistant.domain.answer import Citation

_LINK = re.compile(
    r"(?:https?://|www\.)[!-~]+|(?:[\w-]+\.)+[a-z]{2,}(?:[:/][!-~]*)?", re.IGNORECASE
)
_STANDS_FOR = "官方网址"


def unlinked(text: str, cited: Iterable[Citation]) -> str:
    """The text with every link that a citation holds, verbatim, replaced by two plain words.

    A link that no citation holds stays, and is judged like everything else.
    """
    sources = [f"{one.quote}\n{one.source_url or ''}" for one in cited]

    def judged(found: re.Match[str]) -> str:
        link = found.group().rstrip(".,;)")
        official = any(link in source for source in sources)
        return found.group().replace(link, _STANDS_FOR) if official else found.group()

    return _LINK.sub(judged, text)
