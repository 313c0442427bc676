"""A chat model may propose official terms for an everyday question; search decides what they find.

A term counts only where an item of the knowledge base is called so. It changes the order in which a
person is shown what may be meant, never what is said: how often a model is right is not measured.
"""

from collections.abc import Sequence

import structlog

from assistant.answering.folding import fold
from assistant.answering.guide_answer import GuideAnswerer
from assistant.answering.items import Catalogue
from assistant.answering.official_words import names_item
from assistant.errors import ModelFailed
from assistant.models.chat import LIVE_SECONDS, ChatModel
from assistant.models.prompts import Prompt, fence, load_prompt

log = structlog.get_logger()

_MOST = 3
_LONGEST = 40
_NAMED = 0.5
"""So well a term must name an item to count."""
_NEAR = 20


class TermProposer:
    """Official terms from a chat model; none where it is late, fails or names nothing known."""

    def __init__(
        self,
        chat: ChatModel,
        guides: GuideAnswerer,
        *,
        prompt: Prompt | None = None,
        seconds: float = LIVE_SECONDS,
    ) -> None:
        self._chat = chat
        self._guides = guides
        self._prompt = prompt or load_prompt("official_terms")
        self._seconds = seconds

    async def __call__(self, text: str) -> str:
        """The proposed terms that name items, as words to search with; or an empty text."""
        try:
            messages = self._prompt.render({"question": fence(text)})
            reply = await self._chat.complete(messages, self._seconds)
        except ModelFailed as error:
            log.info("no_terms_proposed", reason=error.message)
            return ""
        return " ".join(known(reply.splitlines(), self._guides.catalogue))


def known(lines: Sequence[str], catalogue: Catalogue) -> list[str]:
    """The lines that name an item of the catalogue, each at most once, three at most."""
    terms = dict.fromkeys(line.strip(" 0123456789.、-*") for line in lines)
    named = (term for term in terms if 1 < len(term) <= _LONGEST and _names(fold(term), catalogue))
    return list(named)[:_MOST]


def _names(term: str, catalogue: Catalogue) -> bool:
    pairs = {pair: 1.0 for pair, _ in catalogue.index.weights(term)[0]}
    near = (catalogue.index.strings[number] for number in catalogue.index.similar(pairs, _NEAR))
    official = catalogue.lexicon.guide_words.official
    return any(names_item(term, surface, surface, official) >= _NAMED for surface in near)
