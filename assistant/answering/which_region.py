"""Ask back which region is meant, where nobody said and the sources of two give other amounts.

高龄津贴多少钱: each county has its own sum. One of them said to everybody would be wrong for most.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.answering.disagreement import differ, stated
from assistant.domain.answer import NO_DRAFT, Citation, Draft, Route, Statement, Support
from assistant.domain.evidence import Hit, Ranking
from assistant.domain.question import Question
from assistant.domain.region import RegionTree
from assistant.domain.source import SourceKind

ASKS_REGION = "asks_region"
"""The number in the support of a draft that asks for the region."""
_MOST_HITS = 16
_BEST = 2
_NOTE = "没有说明是哪个地区，各地标准不同"


class RegionAsker:
    """Drafts a question back from the two best sources, if they are two regions' and differ."""

    def __init__(self, regions: RegionTree) -> None:
        self._regions = regions

    def draft(self, question: Question, ranking: Ranking) -> Draft:
        """A draft with the names of the two regions; NO_DRAFT where the region is known."""
        if question.region is not None:
            return NO_DRAFT
        hits = ranking.hits[:_MOST_HITS]
        for one, other in pairwise(_firsts(hits)):
            pair = self._pair(hits, one, other)
            if pair is not None:
                return self._asked(pair, one)
        return NO_DRAFT

    def _pair(self, hits: Sequence[Hit], one: Hit, other: Hit) -> tuple[Hit, Hit] | None:
        """Two passages of the sources that give other amounts for the same."""
        if not self._apart(one.source.region, other.source.region):
            return None
        if one.source.kind is not other.source.kind:
            return None
        mine = [hit for hit in hits if hit.source.id == one.source.id]
        theirs = [hit for hit in hits if hit.source.id == other.source.id]
        return next(((a, b) for a in mine for b in theirs if _disagree(a, b)), None)

    def _apart(self, one: str, other: str) -> bool:
        known = self._regions.get(one) and self._regions.get(other)
        return bool(known) and not (
            self._regions.sees(one, other) or self._regions.sees(other, one)
        )

    def _asked(self, pair: tuple[Hit, Hit], best: Hit) -> Draft:
        names = tuple(self._name(hit.source.region) for hit in pair)
        text = f"各地标准不同，请问您问的是哪里：{'；'.join(names)}？"
        statement = Statement(text, text, tuple(_cited(hit) for hit in pair))
        support = Support(
            match=1.0,
            asked=1.0,
            coverage=best.scores.coverage,
            dense=best.scores.dense,
            features={ASKS_REGION: 1.0},
        )
        ids = tuple(hit.source.id for hit in pair)
        return Draft(Route.CLARIFY, (statement,), names, support, ids, (_NOTE,))

    def _name(self, code: str) -> str:
        region = self._regions.get(code)
        return region.name if region else code


def _firsts(hits: Sequence[Hit]) -> Iterator[Hit]:
    """The best hit of each of the best sources, FAQs and policies apart; nothing after a guide."""
    seen: set[str] = set()
    for kind in (SourceKind.FAQ, SourceKind.POLICY):
        seen.clear()
        for hit in hits:
            if hit.source.kind is SourceKind.GUIDE or len(seen) == _BEST:
                break
            if hit.source.kind is kind and hit.source.id not in seen:
                seen.add(hit.source.id)
                yield hit


def _disagree(one: Hit, other: Hit) -> bool:
    mine, theirs = list(stated(one.passage.text)), list(stated(other.passage.text))
    return any(differ(a, b) for a in mine for b in theirs)


def _cited(hit: Hit) -> Citation:
    header, passage = hit.source, hit.passage
    return Citation(
        source_id=header.id,
        locator=passage.locator,
        quote=passage.text,
        title=header.title,
        document_number=header.document_number,
        source_url=header.source_url,
        passage_key=passage.key,
    )
