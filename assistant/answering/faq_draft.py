"""The draft of an approved answer, and of two that exclude each other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.spoken import shorten
from assistant.answering.torn import TORN
from assistant.domain.answer import NO_DRAFT, Citation, Draft, Route, Statement, Support
from assistant.domain.evidence import Ranking
from assistant.domain.source import Faq

_MORE = "完整答复见屏幕。"


@dataclass(frozen=True, slots=True)
class Match:
    """The FAQ found, how alike the questions are, and the likeness of the next best other FAQ."""

    faq: Faq
    likeness: float
    rival: float


def drafted(found: Match, ranking: Ranking) -> Draft:
    """The approved answer with how alike the questions are."""
    faq = found.faq
    dense = max((h.scores.dense for h in ranking.hits if h.source.id == faq.id), default=0.0)
    key = next((h.passage.key for h in ranking.hits if h.source.id == faq.id), 0)
    citation = Citation(faq.id, "常见问题", faq.answer, title=faq.question, passage_key=key)
    return Draft(
        route=Route.FAQ,
        statements=(Statement(faq.answer, shorten(faq.answer, tail=_MORE), (citation,)),),
        support=Support(
            match=found.likeness,
            margin=max(0.0, min(1.0, found.likeness - found.rival)),
            asked=1.0,
            coverage=found.likeness,
            dense=dense,
        ),
        source_ids=(faq.id,),
        notes=(_note(found.likeness),),
    )


def torn(sure: Sequence[Match], ranking: Ranking) -> Draft:
    """Two answers of one region that exclude each other, for a person; NO_DRAFT for fewer."""
    if len(sure) < 2 or len({one.faq.region for one in sure}) > 1:
        return NO_DRAFT
    both = [drafted(one, ranking) for one in sure[:2]]
    return replace(
        both[0],
        statements=tuple(statement for draft in both for statement in draft.statements),
        support=replace(both[0].support, features={TORN: 1.0}),
        source_ids=tuple(one.faq.id for one in sure[:2]),
    )


def _note(alike: float) -> str:
    return "与常见问题的问法一致" if alike >= 0.999 else f"与常见问题的问法相近（{alike:.0%}）"
