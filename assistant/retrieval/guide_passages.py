"""Guides and question-answer pairs → passages: one for each field that the guide states."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.domain.passage import Passage
from assistant.domain.source import Faq, ServiceGuide, SourceHeader, SourceKind
from assistant.retrieval.guide_render import FIELD_LABELS, render_faq, render_field

FAQ_LOCATOR = "问答"
_BETWEEN = "；"
_ONE_EACH = "faqs"
_NOT_SEARCHED = frozenset({"code", "effective_from", "effective_to", "updated_on"})
"""Fields that nobody searches for by their value."""
_SEARCHED = [field for field in FIELD_LABELS if field not in {*_NOT_SEARCHED, _ONE_EACH}]


def guide_passages(guide: ServiceGuide) -> tuple[Passage, ...]:
    """One passage a stated field, one for each 常见问题; the name is always the first."""
    context = _context(guide)
    return tuple(
        Passage(
            source_id=guide.id,
            kind=SourceKind.GUIDE,
            ordinal=ordinal,
            locator=FIELD_LABELS[field],
            text=text,
            context=context,
            field=field,
        )
        for ordinal, (field, text) in enumerate(_stated(guide))
    )


def faq_passages(faq: Faq) -> tuple[Passage, ...]:
    """The approved answer, found by its question and the similar ones."""
    context = "\n".join((faq.question, *faq.similar_questions))
    return (Passage(faq.id, SourceKind.FAQ, 0, FAQ_LOCATOR, faq.answer, context),)


def with_lay_words(passages: Sequence[Passage], words: Sequence[str]) -> tuple[Passage, ...]:
    """The passages as the index sees them: what people call the item helps to find its name.

    Only the index gets these; stored, shown and quoted are the passages without them.
    """
    if not passages or not words:
        return tuple(passages)
    first = passages[0]
    return (replace(first, context=f"{first.context}\n{_BETWEEN.join(words)}"), *passages[1:])


def _stated(guide: ServiceGuide) -> Iterator[tuple[str, str]]:
    for field in _SEARCHED:
        text = render_field(guide, field)
        if text is not None:
            yield field, text
    for faq in guide.faqs or ():
        yield _ONE_EACH, render_faq(faq)


def _context(guide: ServiceGuide) -> str:
    names = (guide.name, *guide.aliases, guide.parent, guide.authority, *guide.tags)
    return _BETWEEN.join(dict.fromkeys(name for name in names if name))


def aliases_of(header: SourceHeader, passages: Sequence[Passage]) -> list[str]:
    """The aliases of a guide, read from the context of its passages (see `_context`)."""
    known = {header.title, header.parent, header.issuer, *header.tags}
    names = passages[0].context.split(_BETWEEN) if passages else []
    return [name for name in names if name not in known]
