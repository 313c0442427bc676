"""Reads the sources that a brief rests on, and what the knowledge base has beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answering.folding import fold, grams
from assistant.answering.verify import overlap
from assistant.domain.question import Scope
from assistant.domain.source import (
    Faq,
    PolicyDocument,
    ServiceGuide,
    SourceHeader,
    SourceKind,
    in_force,
)
from assistant.domain.studio import Brief, Fact
from assistant.studio.drafting.facts import (
    Clause,
    FactBook,
    ItemFacts,
    clause_facts,
    document_fact,
    faq_fact,
    item_facts,
    stream_facts,
    validity_fact,
)
from assistant.studio.drafting.knowledge import Knowledge
from assistant.studio.drafting.say_frame import FOCUS
from assistant.studio.drafting.say_more import Asked, asked_faq, asked_of

_MOST_CLAUSES = 8
_MOST_FAQS = 8
_NEAR = 0.55
"""So much of an item's words an approved FAQ must hold to be asked in its stream."""
_LEAST_CLAUSE = 12
_SHARED = 2
_SAME = 0.85
_COMMON = frozenset(grams("办理登记申请申领社会服务条例规定办法管理"))
"""Pairs of characters that say little about what a question is about."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document's clauses that are to be read, in the document's order."""

    header: SourceHeader
    fact: Fact
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that a draft may state, and where it comes from."""

    book: FactBook
    stream: dict[str, Fact]
    items: tuple[ItemFacts, ...]
    validity: dict[str, Fact | None]
    documents: tuple[Document, ...]
    asked: tuple[Asked, ...]
    headers: tuple[SourceHeader, ...]


async def gather(brief: Brief, on: Knowledge, day: date) -> Gathered:
    """Read what the brief rests on; sources that do not hold on the day are left out."""
    book = FactBook()
    stream = dict(stream_facts(brief, book))
    items, headers, validity = [], [], {}
    for source_id in brief.items:
        guide, header = await on.sources.get(source_id), on.headers.get(source_id)
        if isinstance(guide, ServiceGuide) and header and in_force(header, day):
            items.append(item_facts(guide, header.version, book))
            validity[guide.id] = validity_fact(guide, header.version, book)
            headers.append(header)
    documents = [
        document
        for source_id in brief.policies
        if (document := await _document(source_id, brief, on, day, book))
    ]
    asked = [one for item in items for one in asked_of(item)]
    asked += await _faqs(brief, items, documents, on, day, book)
    return Gathered(
        book,
        stream,
        tuple(items),
        validity,
        tuple(documents),
        tuple(_once(asked)),
        (*headers, *(document.header for document in documents)),
    )


async def _document(
    source_id: str, brief: Brief, on: Knowledge, day: date, book: FactBook
) -> Document | None:
    source, header = await on.sources.get(source_id), on.headers.get(source_id)
    if not isinstance(source, PolicyDocument) or not header or not in_force(header, day):
        return None
    passages = [p for p in await on.sources.passages_of(source_id) if len(p.text) >= _LEAST_CLAUSE]
    if len(passages) > _MOST_CLAUSES:
        wanted = await _fitting(brief, header, on, day)
        order = {p.ordinal: n for n, p in enumerate(passages)}
        ranked = sorted(passages, key=lambda p: (wanted.get(p.ordinal, 999), order[p.ordinal]))
        passages = sorted(ranked[:_MOST_CLAUSES], key=lambda p: p.ordinal)
    clauses = clause_facts(source, header, passages, book)
    return Document(header, document_fact(header, book), tuple(clauses))


async def _fitting(brief: Brief, header: SourceHeader, on: Knowledge, day: date) -> dict[int, int]:
    """Which clauses of a long document the brief is about: their ordinals by rank."""
    words = " ".join(FOCUS[name] for name in brief.emphasis if name in FOCUS)
    scope = Scope(day, brief.region, kinds=frozenset({SourceKind.POLICY}))
    ranking = await on.search(f"{header.title} {brief.text} {words}", scope, 200)
    hits = [hit for hit in ranking.hits if hit.source.id == header.id]
    return {hit.passage.ordinal: rank for rank, hit in enumerate(hits)}


async def _faqs(
    brief: Brief,
    items: Sequence[ItemFacts],
    documents: Sequence[Document],
    on: Knowledge,
    day: date,
    book: FactBook,
) -> list[Asked]:
    """Approved FAQs about the items, or about the documents where there is no item."""
    scope = Scope(day, brief.region, kinds=frozenset({SourceKind.FAQ}))
    found: dict[str, int] = {}
    for words in _topics(items, documents):
        ranking = await on.search(words, scope, _MOST_FAQS)
        for hit in ranking.hits:
            if hit.scores.coverage >= _NEAR and on.holds(hit.source.id, day):
                found.setdefault(hit.source.id, hit.source.version)
    asked = []
    for source_id, version in list(found.items())[:_MOST_FAQS]:
        faq = await on.sources.get(source_id)
        if isinstance(faq, Faq) and _is_about(faq, items, documents):
            asked.append(asked_faq(faq, faq_fact(faq, version, book)))
    return asked


def _is_about(faq: Faq, items: Sequence[ItemFacts], documents: Sequence[Document]) -> bool:
    """Whether the question shares enough words with what an item or document is called."""
    asked = " ".join((faq.question, *faq.similar_questions))
    pairs = set(grams(fold(asked)))
    called = [(i.guide.name, i.guide.parent or "", *i.guide.aliases) for i in items]
    called += [(document.header.title,) for document in documents]
    return any(
        sum(pair in pairs for pair in set(grams(fold(" ".join(names)))) - _COMMON) >= _SHARED
        for names in called
    )


def _topics(items: Sequence[ItemFacts], documents: Sequence[Document]) -> list[str]:
    if items:
        return [words for i in items for words in (i.guide.name, *i.guide.aliases[:3])]
    return [document.header.title for document in documents]


def _once(asked: Sequence[Asked]) -> list[Asked]:
    """Each question once, and none that an earlier one answers in the same words."""
    kept: list[Asked] = []
    for one in asked:
        same = any(overlap(one.answer, other.answer) >= _SAME for other in kept)
        if not same and one.question not in {other.question for other in kept}:
            kept.append(one)
    return kept
