"""`/api/v1`: ask, look up what came of a question, search, and see what is in the knowledge."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from assistant.domain.question import Scope
from assistant.domain.region import RegionTree
from assistant.domain.source import SourceKind
from assistant.errors import BadInput, NotFound
from assistant.web.asking import Asked
from assistant.web.holdings import Filter
from assistant.web.inputs import (
    TAG_LIMIT,
    OptionalDay,
    OptionalRegion,
    QuestionIn,
    QuestionText,
    SearchText,
    TagText,
)
from assistant.web.links import passage_url, placed, source_url
from assistant.web.openapi import PROBLEMS
from assistant.web.replies import (
    PassageOut,
    QuestionOut,
    RegionOut,
    SearchOut,
    SourceDetail,
    SourcePage,
    TagOut,
    hit_out,
    passage_out,
    question_out,
    shown_citations,
    source_out,
)
from assistant.web.services import check_region
from assistant.web.state import Here, Running

router = APIRouter(prefix="/api/v1", responses=PROBLEMS)

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="the same key gives the same outcome, asked once",
    ),
]
Limit = Annotated[int, Query(ge=1, le=200)]
LARGEST_KEY = 2**63 - 1


async def reply_of(here: Running, asked: Asked) -> QuestionOut:
    """The JSON of an outcome, its citations with addresses."""
    shown = await placed(shown_citations(asked.outcome), here.assistant.sources)
    return question_out(asked.id, asked.outcome, shown)


@router.post("/questions", tags=["questions"], summary="提问")
async def ask(
    body: QuestionIn, here: Here, response: Response, key: IdempotencyKey = None
) -> QuestionOut:
    """Answer a question. What came of it is recorded before it is returned."""
    question = body.question_on(here.today())
    asked = await here.asker.ask(question, "api", key=key, dated=body.as_of is not None)
    response.headers["Content-Location"] = f"/api/v1/questions/{asked.id}"
    if asked.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return await reply_of(here, asked)


@router.get("/questions/{question_id}", tags=["questions"], summary="查看一次提问的结果")
async def question(question_id: str, here: Here) -> QuestionOut:
    """What came of a question that was asked before."""
    return await reply_of(here, Asked(question_id, await here.asker.get(question_id)))


@router.get("/sources", tags=["knowledge"], summary="知识库里有什么")
async def sources(
    here: Here,
    kind: SourceKind | None = None,
    tag: TagText | None = None,
    region: OptionalRegion = None,
    q: SearchText = "",
    cursor: Annotated[str | None, Query(max_length=4000)] = None,
    limit: Limit = 50,
) -> SourcePage:
    """Sources in a steady order. `region` gives what a viewer there is answered from."""
    holdings = await here.holdings()
    wanted = Filter(kind=kind, tag=tag, region=region, text=q)
    page = await asyncio.to_thread(holdings.page, wanted, cursor, limit)
    items = tuple(source_out(item, source_url(item.header.id)) for item in page.items)
    return SourcePage(items=items, total=page.total, next=page.next)


@router.get("/sources/{source_id:path}", tags=["knowledge"], summary="一份资料和它的条款")
async def source(source_id: str, here: Here) -> SourceDetail:
    """One source with its passages in order."""
    holding = (await here.holdings()).get(source_id)
    if holding is None:
        raise NotFound("知识库里没有这份资料")
    passages = await here.assistant.sources.passages_of(source_id)
    listed = source_out(holding, source_url(source_id))
    return SourceDetail(
        **dict(listed),
        passages=tuple(passage_out(p, passage_url(source_id, p.key)) for p in passages),
    )


@router.get("/passages/{key}", tags=["knowledge"], summary="一个条款")
async def passage(key: int, here: Here) -> PassageOut:
    """One passage, of the current or an earlier version of its source."""
    found = None
    if 0 < key <= LARGEST_KEY:
        found = (await here.assistant.sources.passages([key])).get(key)
    if found is None:
        raise NotFound("没有这个条款")
    return passage_out(found, passage_url(found.source_id, key))


@router.get("/search", tags=["knowledge"], summary="命中测试")
async def search(
    here: Here,
    q: QuestionText,
    region: OptionalRegion = None,
    as_of: OptionalDay = None,
    tag: Annotated[list[TagText] | None, Query(max_length=TAG_LIMIT)] = None,
    kind: Annotated[list[SourceKind] | None, Query(max_length=3)] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> SearchOut:
    """The hit test: the same search and the same scores that an answer rests on."""
    check_region(region, here.assistant)
    scope = Scope(
        as_of=as_of or here.today(),
        region=region,
        tags=frozenset(tag or ()),
        kinds=frozenset(kind) if kind else None,
    )
    ranking = await here.assistant.search(q, scope, limit)
    hits = tuple(
        hit_out(hit, passage_url(hit.source.id, hit.passage.key)) for hit in ranking.hits[:limit]
    )
    return SearchOut(query=q, ranked_ids=ranking.source_ids(), hits=hits)


@router.get("/regions", tags=["knowledge"], summary="行政区划")
async def regions(
    here: Here,
    q: SearchText = "",
    parent: OptionalRegion = None,
    limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
) -> list[RegionOut]:
    """Known regions by code; `q` filters by name or code, `parent` by the region above."""
    if q and parent:
        raise BadInput("q 与 parent 只能给一个")
    counts = (await here.holdings()).regions
    found = await asyncio.to_thread(_regions, here.assistant.regions, counts, q, parent)
    return found[:limit]


def _regions(
    tree: RegionTree, counts: Mapping[str, int], text: str, parent: str | None
) -> list[RegionOut]:
    found = (
        region
        for region in tree
        if (parent is None or region.parent == parent)
        and (text in region.name or region.code.startswith(text))
    )
    return [
        RegionOut(code=r.code, name=r.name, parent=r.parent, sources=counts.get(r.code, 0))
        for r in sorted(found, key=lambda region: region.code)
    ]


@router.get("/tags", tags=["knowledge"], summary="标签")
async def tags(here: Here) -> list[TagOut]:
    """All tags, the most used first."""
    counts = (await here.holdings()).tags
    ordered = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return [TagOut(tag=tag, sources=count) for tag, count in ordered]
