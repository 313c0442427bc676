"""Answers from policy documents: the words of the clause that answers, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.asked import fold, read_question
from assistant.answering.clause_features import Grid, grid_of
from assistant.answering.clauses import clauses_of
from assistant.answering.frames import inside_frames, only_frames
from assistant.answering.kinds import Demand, demand_of
from assistant.answering.listings import cut_off
from assistant.answering.policy_support import Places, support_of
from assistant.answering.quotes import Cut, block, citation, shown, spoken_of
from assistant.answering.sought import Sought, sought
from assistant.answering.sought_found import is_found, said
from assistant.answering.span_model import SpanModel, Window, best_window, default_model
from assistant.answering.table_answer import table_answer
from assistant.domain.answer import NO_DRAFT, Draft, Route, Statement, Support
from assistant.domain.evidence import Hit, Ranking
from assistant.domain.question import Question
from assistant.domain.region import RegionTree
from assistant.domain.source import SourceKind
from assistant.retrieval.closing import CLOSING

_LACKS = "依据中没有所问的内容"


class PolicyAnswerer:
    """Quotes the clause of a policy document that answers. About 4 ms a question.

    `regions` lets it recognise the places that a question names.
    """

    def __init__(self, model: SpanModel | None = None, regions: RegionTree | None = None) -> None:
        self._model = model or default_model()
        self._places = Places(regions)

    def draft(self, question: Question, ranking: Ranking) -> Draft:
        """Draft from the hits of policy documents; NO_DRAFT where there are none."""
        hits = [hit for hit in ranking.hits if _may_answer(hit)]
        clauses = clauses_of(hits)
        if not clauses:
            return NO_DRAFT
        grid = grid_of(read_question(question.text), clauses)
        wants = Wants.of(question.text)
        window = best_window(grid, self._model, accept=lambda one: wants.are_met(grid, one))
        support = support_of(grid, window, hits, self._places)
        if support.features["marks"] == 0.0 or not wants.are_met(grid, window):
            return replace(_draft(grid, window, _none_of(support)), notes=(_LACKS,))
        return _draft(grid, window, support)


@dataclass(frozen=True, slots=True)
class Wants:
    """What the words of an answer must hold."""

    demand: Demand
    seeks: Sought

    @classmethod
    def of(cls, question: str) -> "Wants":
        """Read from the question."""
        return cls(demand_of(question), sought(question))

    def are_met(self, grid: Grid, window: Window) -> bool:
        """Whether what would be voiced holds the kind of thing that is asked.

        A question that stands in the document (4.培养目标是什么？) answers nothing.
        """
        words = said(_told(grid, inside_frames(grid, window))[1])
        published = grid.clauses[window.begin].hit.source.published_on
        return (
            words != ""
            and self.demand.is_met(words)
            and is_found(self.seeks, fold(words), published)
        )


def _none_of(support: Support) -> Support:
    """The numbers of a clause that lacks what is asked: it was not found."""
    return replace(support, match=0.0, margin=0.0, asked=0.0)


def _draft(grid: Grid, window: Window, support: Support) -> Draft:
    found, spoken = _told(grid, inside_frames(grid, window))
    statement = Statement(
        text=block(found),
        spoken=spoken,
        citations=tuple(citation(cut) for cut in found),
    )
    return Draft(
        route=Route.POLICY,
        statements=(statement,),
        support=support,
        source_ids=tuple(dict.fromkeys(cut.hit.source.id for cut in found)),
        notes=_notes(support),
    )


def _may_answer(hit: Hit) -> bool:
    """Passages of policy documents; a title or a signature alone answers nothing."""
    if hit.source.kind is not SourceKind.POLICY or hit.passage.locator.endswith(CLOSING):
        return False
    return not only_frames(hit.passage.text, hit.source.title)


def _told(grid: Grid, window: Window) -> tuple[Sequence[Cut], str]:
    """What is shown and what is voiced of a window."""
    table = table_answer(grid, window)
    if table is not None:
        return table.shown, table.spoken
    listing = cut_off(grid, window.begin, window.end)
    return shown(grid, window, listing), spoken_of(grid, window, listing)


def _notes(support: Support) -> tuple[str, ...]:
    """What a reviewer should know first."""
    notes = []
    if support.features["places"] < 1.0:
        notes.append("依据没有提到所问的地区")
    if support.features["names"] < 1.0:
        notes.append("依据没有提到所问的名称或数字")
    if support.features["source"] < 0.6:
        notes.append("依据只覆盖问题的一部分")
    return tuple(notes)
