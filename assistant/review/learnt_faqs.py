"""The FAQs of learnt answers: each stands among the sources as its row says, or is out of use."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from assistant.answering.faq_match import form_of
from assistant.answering.masking import masked_text
from assistant.domain.review import LearnedAnswer, LearnedState, Resolution
from assistant.domain.source import Faq, FaqBasis, Source
from assistant.errors import Conflict, NotFound
from assistant.records.learned import Decided, LearnedRecords
from assistant.records.source_rows import NewSource
from assistant.records.source_writes import Put
from assistant.retrieval.ingest import new_sources
from assistant.review.standing import Span, Standing

TRIES = 5
MOST_WORDINGS = 50
ORIGIN = "review:"
"""Where these FAQs come from, before the id of the resolution."""


class SourceWriter(Protocol):
    """Puts sources into use and out of it (`SourceRepository`)."""

    async def put_many(self, rows: Sequence[NewSource]) -> list[Put]:
        """Store sources; what is stored already changes nothing."""
        ...

    async def retire(self, source_id: str) -> bool:
        """Take a source out of use."""
        ...

    async def origins(self) -> dict[str, list[str]]:
        """The ids of sources in use by where they came from."""
        ...

    async def newest(self, source_id: str) -> Source | None:
        """The newest version of a source, in use or not."""
        ...


def faq_id_of(resolution_id: str) -> str:
    """The id of the FAQ that comes from a resolution."""
    return f"faq-{resolution_id.lower()}"


class LearntFaqs:
    """Makes the sources follow the rows of the learnt answers."""

    def __init__(self, records: LearnedRecords, sources: SourceWriter, standing: Standing) -> None:
        self._records = records
        self._sources = sources
        self._standing = standing

    async def follow(self, faq_id: str) -> None:
        """Put a FAQ into use, or out of it, as its row is now.

        The row may change in another process meanwhile: then once more, so that the last word is
        the row's. Raises Conflict where it never rests.
        """
        for _ in range(TRIES):
            row = await self._records.get(faq_id)
            if row is None:
                return
            if row.state is LearnedState.ACTIVE:
                await self._put(row)
            else:
                await self._sources.retire(faq_id)
            if await self._records.get(faq_id) == row:
                return
        raise Conflict("这条学习到的答复正在变动")

    async def astray(self, rows: Iterable[LearnedAnswer]) -> list[LearnedAnswer]:
        """Those whose FAQ is not as the row says: the program stopped in between."""
        origins = await self._sources.origins()
        in_use = {i for origin, ids in origins.items() if origin.startswith(ORIGIN) for i in ids}
        return [r for r in rows if (r.state is LearnedState.ACTIVE) != (r.faq_id in in_use)]

    async def _put(self, row: LearnedAnswer) -> None:
        decided = await self._decided(row.resolution_id)
        before = await self._sources.newest(row.faq_id)
        old = before if isinstance(before, Faq) else None
        faq = faq_of(row, decided, old, await self._standing.span(row.basis))
        await self._sources.put_many(new_sources([faq], f"{ORIGIN}{row.resolution_id}"))

    async def _decided(self, resolution_id: str) -> Decided | None:
        """What it was decided by; None where that was purged."""
        try:
            return await self._records.decided(resolution_id)
        except NotFound:
            return None


def faq_of(row: LearnedAnswer, decided: Decided | None, old: Faq | None, span: Span) -> Faq:
    """The FAQ of a learnt answer; the wordings of its version before stay, if not ruled out."""
    made = decided.resolution if decided else None
    negatives = made.negatives if made else ()
    asked = [question.text for question in decided.questions] if decided else []
    kept = (old.question, *old.similar_questions) if old else ()
    added = made.similar if made else ()
    similar = wordings([*asked, *added, *kept], (row.question, *negatives))
    barred = [*negatives, *(old.negative_questions if old else ())]
    return Faq(
        id=row.faq_id,
        question=row.question,
        answer=row.answer,
        similar_questions=similar,
        negative_questions=wordings(barred, (row.question, *similar)),
        region=row.region,
        tags=span.tags,
        basis=tuple(FaqBasis(one.source_id, one.quote) for one in row.basis),
        effective_from=span.first,
        effective_to=span.last,
        approved_by=made.actor_name if made else getattr(old, "approved_by", None),
        approved_at=_final_at(made) if made else getattr(old, "approved_at", None),
    )


def wordings(texts: Iterable[str], without: Iterable[str] = ()) -> tuple[str, ...]:
    """Masked wordings that differ, and differ from some others; a few."""
    known = {form_of(text).text for text in without}
    found = []
    for text in (masked_text(text).strip() for text in texts):
        form = form_of(text).text
        if form and form not in known:
            known.add(form)
            found.append(text)
    return tuple(found[:MOST_WORDINGS])


def _final_at(made: Resolution) -> str:
    return (made.sent_at or made.sends_at).isoformat()
