"""The pages: ask, one answer, what is in the knowledge base, one source. They work without JS."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.templating import Jinja2Templates

from assistant import __version__
from assistant.domain.passage import Passage
from assistant.domain.question import Question
from assistant.domain.source import SourceKind
from assistant.errors import NotFound
from assistant.web.access.session import signed_in
from assistant.web.answer_view import AnswerView, answer_view
from assistant.web.asking import Asked
from assistant.web.blocks import Mark, parse_mark
from assistant.web.choices import KIND_NAMES, kind_counts, region_choices, tag_choices
from assistant.web.holdings import Filter
from assistant.web.inputs import (
    HISTORY_LIMIT,
    TAG_LIMIT,
    OptionalDay,
    OptionalRegion,
    QuestionIn,
    QuestionText,
    SearchText,
    TagText,
)
from assistant.web.lay_terms import proposed
from assistant.web.links import card_url, linked, placed, source_url
from assistant.web.problems import Problem
from assistant.web.replies import AI_LABEL, shown_citations
from assistant.web.source_view import basis_view, source_view
from assistant.web.state import Here, Running

router = APIRouter(include_in_schema=False, dependencies=[Depends(signed_in)])


def _staff(request: Request) -> dict[str, Any]:
    """Who of the staff looks at a page, where that is known: the header leads them on."""
    return {"staff": getattr(request.state, "signed_in", None)}


templates = Jinja2Templates(
    directory=Path(__file__).parent / "templates", context_processors=[_staff]
)
templates.env.globals.update(
    AI_LABEL=AI_LABEL, KIND_NAMES=KIND_NAMES, source_url=source_url, version=__version__
)
templates.env.filters["linked"] = linked
PAGE_SIZE = 30


def by_htmx(request: Request) -> bool:
    """Whether the page's script asks, and wants a fragment."""
    return request.headers.get("hx-request") == "true"


def problem_page(request: Request, problem: Problem) -> Response:
    """An error as a page, or as a notice inside the page that asked."""
    name = "_notice.html" if by_htmx(request) else "problem.html"
    context = {"problem": problem, "request_id": request.scope.get("request_id", "")}
    return templates.TemplateResponse(
        request, name, context, status_code=problem.status, headers=dict(problem.headers)
    )


@router.get("/")
async def home(request: Request, here: Here) -> Response:
    """The page to ask from."""
    blank = Question(text="", as_of=here.today(), region=here.options.region)
    return templates.TemplateResponse(request, "ask.html", await _ask_context(here, blank, None))


@router.post("/ask")
async def ask(
    request: Request,
    here: Here,
    question: Annotated[QuestionText, Form()],
    region: Annotated[OptionalRegion, Form()] = None,
    as_of: Annotated[OptionalDay, Form()] = None,
    history: Annotated[list[QuestionText] | None, Form(max_length=HISTORY_LIMIT)] = None,
    tag: Annotated[list[TagText] | None, Form(max_length=TAG_LIMIT)] = None,
) -> Response:
    """Ask; the script gets the answer's fragment, a bare form is sent to the answer's page."""
    form = QuestionIn.model_construct(
        question=question, region=region, as_of=as_of, history=history or [], tags=tag or []
    )
    asked = await here.asker.ask(form.question_on(here.today()), "page")
    address = f"/questions/{asked.id}"
    if not by_htmx(request):
        return RedirectResponse(address, status_code=303)
    context = {"answer": await _view(here, asked), "fresh": True}
    headers = {"HX-Push-Url": address}
    return templates.TemplateResponse(request, "_answer.html", context, headers=headers)


@router.get("/questions/{question_id}")
async def question(request: Request, question_id: str, here: Here) -> Response:
    """The page of one answer, ready for the next question."""
    outcome = await here.asker.get(question_id)
    view = await _view(here, Asked(question_id, outcome))
    context = await _ask_context(here, outcome.question, view)
    return templates.TemplateResponse(request, "ask.html", context)


@router.get("/sources")
async def sources(
    request: Request,
    here: Here,
    kind: str = "",
    tag: str = "",
    region: OptionalRegion = None,
    q: SearchText = "",
    cursor: Annotated[str | None, Query(max_length=4000)] = None,
) -> Response:
    """What is in the knowledge base."""
    holdings = await here.holdings()
    chosen = SourceKind(kind) if kind in set(SourceKind) else None
    wanted = Filter(kind=chosen, tag=tag or None, region=region, text=q)
    page = await asyncio.to_thread(holdings.page, wanted, cursor, PAGE_SIZE)
    context = {
        "page": page,
        "wanted": wanted,
        "kinds": kind_counts(holdings),
        "count": len(holdings),
        "tags": tag_choices(holdings),
        "regions": region_choices(holdings, here.assistant.regions),
        "first": cursor is None,
    }
    return templates.TemplateResponse(request, "sources.html", context)


@router.get("/sources/{source_id:path}")
async def source(request: Request, source_id: str, here: Here, mark: str | None = None) -> Response:
    """One source; `mark` is the cited place."""
    holdings = await here.holdings()
    holding = holdings.get(source_id)
    if holding is None:
        raise NotFound("知识库里没有这份资料")
    passages = list(await here.assistant.sources.passages_of(source_id))
    cited = parse_mark(mark)
    earlier = await _earlier(here, source_id, passages, cited)
    view = source_view(holding, holdings, passages, cited, earlier)
    is_faq = holding.header.kind is SourceKind.FAQ
    basis = basis_view(await here.assistant.sources.get(source_id) if is_faq else None, holdings)
    is_guide = holding.header.kind is SourceKind.GUIDE
    card = card_url(source_id) if is_guide and holding.validity.answers else None
    context: dict[str, Any] = {"source": view, "basis": basis, "card": card}
    context["lay_words"] = here.assistant.lay_words(source_id) if is_guide else ()
    context |= await proposed(request, here, holding.header) if is_guide else {}
    return templates.TemplateResponse(request, "source.html", context)


async def _earlier(
    here: Running, source_id: str, passages: list[Passage], mark: Mark | None
) -> Passage | None:
    """The cited passage, where the source has a newer version without it."""
    if mark is None or mark.key in {passage.key for passage in passages}:
        return None
    found = (await here.assistant.sources.passages([mark.key])).get(mark.key)
    return found if found and found.source_id == source_id else None


async def _view(here: Running, asked: Asked) -> AnswerView:
    shown = await placed(shown_citations(asked.outcome), here.assistant.sources)
    return answer_view(asked, shown)


async def _ask_context(
    here: Running, question: Question, answer: AnswerView | None
) -> dict[str, Any]:
    holdings = await here.holdings()
    return {
        "answer": answer,
        "question": question,
        "history": answer.history if answer else (),
        "today": here.today(),
        "regions": region_choices(holdings, here.assistant.regions),
        "tags": tag_choices(holdings),
        "kinds": kind_counts(holdings),
        "count": len(holdings),
    }
