"""What may be said, and what is said often: the voice beside the answers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING

from assistant.bootstrap.assistant import Assistant, rules_of
from assistant.bootstrap.library import Library
from assistant.domain.verdict import Action

if TYPE_CHECKING:
    from assistant.domain.outcome import Outcome
    from assistant.voice.ahead import Ahead, Wanted

RECENT, MOST = 500, 100
"""Outcomes that are looked at for what is asked most, and how many answers are voiced of them."""


async def screen_of(library: Library) -> Callable[[str], Awaitable[str]]:
    """Why a text may not be said, "" where it may: personal data and banned words may not.

    Public numbers and addresses of the knowledge base are no personal data.
    """
    from assistant.live.official import official_of
    from assistant.live.sorting import unsafe
    from assistant.safety.masking import Masker

    rules, mask = await rules_of(library), Masker()

    async def why_not(text: str) -> str:
        if mask(text).text != text:  # only now is it worth reading all passages
            mask.replace_official(await official_of(library.sources))
        return unsafe(text, mask(text), rules.screen(text))

    return why_not


def ahead_of(assistant: Assistant) -> "Ahead | None":
    """Voices ahead what is asked most, then the FAQs; None where nothing is voiced."""
    from assistant.voice.ahead import Ahead

    if assistant.voice is None or assistant.reading is None:
        return None
    region = assistant.settings.region
    return Ahead(lambda: _wanted(assistant), assistant.reading, assistant.voice, region)


async def _wanted(assistant: Assistant) -> "AsyncIterator[Wanted]":
    from assistant.domain.clock import china_day
    from assistant.domain.question import Question
    from assistant.voice.ahead import most_asked

    page = await assistant.outcomes.recent(RECENT)
    said = [_said(row.outcome) for row in page.rows if _is_answer(row.outcome)]
    for one in most_asked(said, MOST):
        yield one
    if assistant.settings.chat_model:
        return  # each FAQ would be a call of the model, and worded anew when it is asked
    region, today = assistant.settings.region, china_day(assistant.clock())
    for faq in await assistant.sources.faqs():
        outcome = await assistant.answer(Question(faq.question, region=region, as_of=today))
        if _is_answer(outcome):
            yield _said(outcome)


def _is_answer(outcome: "Outcome") -> bool:
    return outcome.verdict.action is Action.ANSWER


def _said(outcome: "Outcome") -> "Wanted":
    from assistant.voice.ahead import Wanted

    cited = dict.fromkeys(one.source_id for one in outcome.draft.citations)
    return Wanted(outcome.spoken, tuple(cited))
