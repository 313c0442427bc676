"""What the API says: outcomes, sources, passages and search hits as JSON."""

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from assistant.domain.answer import Citation, Route
from assistant.domain.evidence import Hit
from assistant.domain.outcome import Outcome
from assistant.domain.passage import Passage
from assistant.domain.source import SourceKind
from assistant.domain.verdict import Action
from assistant.evaluation.results import CitationLine, ResultLine, result_of
from assistant.web.holdings import Holding
from assistant.web.links import Placed, web_address

AI_LABEL = "内容由人工智能生成"
_BY_PEOPLE = {Route.FAQ, Route.NONE}
_SAID = {Action.ANSWER, Action.CLARIFY}


class CitationOut(CitationLine):
    """A citation with what a client needs to open the source at the place."""

    title: str = ""
    document_number: str | None = None
    url: str
    source_url: str | None = None
    field: str | None = None
    passage_key: int = 0


class QuestionOut(ResultLine):
    """The keys of a line of `cases.jsonl` (FORMATS §4), and what a page shows beside it.

    `ai_label` is null where a machine composed nothing: a fixed line, a person's answer.
    """

    citations: tuple[CitationOut, ...]
    question: str
    options: tuple[str, ...] = ()
    ai_label: str | None = None


class SourceOut(BaseModel):
    """A source in a list."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: SourceKind
    title: str
    region: str
    region_name: str | None
    document_number: str | None
    issuer: str | None
    published_on: date | None
    effective_from: date | None
    effective_to: date | None
    validity: str
    answers: bool = Field(description="whether it may answer today")
    superseded_by: tuple[str, ...]
    tags: tuple[str, ...]
    version: int
    url: str
    source_url: str | None


class PassageOut(BaseModel):
    """A passage: one field of a guide, one clause or section, one question-answer pair."""

    model_config = ConfigDict(frozen=True)

    key: int
    source_id: str
    kind: SourceKind
    ordinal: int
    locator: str
    field: str | None
    text: str
    context: str
    url: str


class SourceDetail(SourceOut):
    """A source with its passages."""

    passages: tuple[PassageOut, ...]


class SourcePage(BaseModel):
    """One page of a list; `next` is the cursor of the next one."""

    items: tuple[SourceOut, ...]
    total: int
    next: str | None


class ScoresOut(BaseModel):
    """The features that ranked a hit; all but `total` lie in 0..1."""

    lexical: float
    document: float
    dense: float
    coverage: float
    total: float


class HitOut(BaseModel):
    """One hit of the search, with the scores that an answer would see."""

    title: str
    document_number: str | None
    passage: PassageOut
    scores: ScoresOut


class SearchOut(BaseModel):
    """Hits, best first."""

    query: str
    ranked_ids: tuple[str, ...]
    hits: tuple[HitOut, ...]


class RegionOut(BaseModel):
    """A region; `sources` counts the sources of exactly this region."""

    code: str
    name: str
    parent: str | None
    sources: int


class TagOut(BaseModel):
    """A tag and how many sources carry it."""

    tag: str
    sources: int


def ai_label(outcome: Outcome) -> str | None:
    """The label that must stand beside what a machine made, and only beside that."""
    made = outcome.verdict.action in _SAID and outcome.draft.route not in _BY_PEOPLE
    return AI_LABEL if made else None


def shown_citations(outcome: Outcome) -> tuple[Citation, ...]:
    """The citations of what is said; a draft that is not said shows none."""
    return outcome.draft.citations if outcome.verdict.action in _SAID else ()


def question_out(question_id: str, outcome: Outcome, shown: Sequence[Placed]) -> QuestionOut:
    """The reply. `shown` are the shown citations, in order."""
    line = result_of(question_id, outcome)
    citations = tuple(_citation_out(each) for each in shown)
    said = outcome.verdict.action is Action.CLARIFY
    return QuestionOut(
        **dict(line) | {"citations": citations},
        question=outcome.question.text,
        options=outcome.draft.options if said else (),
        ai_label=ai_label(outcome),
    )


def _citation_out(placed: Placed) -> CitationOut:
    citation = placed.citation
    return CitationOut(
        source_id=citation.source_id,
        locator=citation.locator,
        quote=citation.quote,
        title=citation.title,
        document_number=citation.document_number,
        url=placed.url,
        source_url=web_address(citation.source_url),
        field=citation.field,
        passage_key=citation.passage_key,
    )


def source_out(holding: Holding, url: str) -> SourceOut:
    """A source as a list shows it."""
    header = holding.header
    return SourceOut(
        id=header.id,
        kind=header.kind,
        title=header.title,
        region=header.region,
        region_name=holding.region_name,
        document_number=header.document_number,
        issuer=header.issuer,
        published_on=header.published_on,
        effective_from=header.effective_from,
        effective_to=header.effective_to,
        validity=holding.validity.label,
        answers=holding.validity.answers,
        superseded_by=holding.superseded_by,
        tags=header.tags,
        version=header.version,
        url=url,
        source_url=web_address(header.source_url),
    )


def passage_out(passage: Passage, url: str) -> PassageOut:
    """A passage with the address that opens it."""
    return PassageOut(
        key=passage.key,
        source_id=passage.source_id,
        kind=passage.kind,
        ordinal=passage.ordinal,
        locator=passage.locator,
        field=passage.field,
        text=passage.text,
        context=passage.context,
        url=url,
    )


def hit_out(hit: Hit, url: str) -> HitOut:
    """A hit of the search."""
    scores = hit.scores
    return HitOut(
        title=hit.source.title,
        document_number=hit.source.document_number,
        passage=passage_out(hit.passage, url),
        scores=ScoresOut(
            lexical=scores.lexical,
            document=scores.document,
            dense=scores.dense,
            coverage=scores.coverage,
            total=scores.total,
        ),
    )
