"""Learnt answers: what answers by itself since it was approved, and a second person's word."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from assistant.access.accounts import Account, Permission, may_at
from assistant.domain.review import LearnedAnswer, LearnedState
from assistant.errors import AssistantError, NotFound
from assistant.web.access.pages import staff_page
from assistant.web.console.summary import local
from assistant.web.links import source_url
from assistant.web.openapi import PROBLEMS
from assistant.web.problems import of_error
from assistant.web.review.access import Approving, LearntAnswers, Seconding
from assistant.web.review.models import In, LearnedOut
from assistant.web.review.names import LEARNED_NAMES
from assistant.web.review.seams import Learnt
from assistant.web.state import Here, Running

pages = APIRouter(prefix="/console/review/learned", include_in_schema=False)
api = APIRouter(prefix="/api/v1/review/learned", tags=["review"], responses=PROBLEMS)
FaqId = Annotated[str, Path(min_length=1, max_length=200)]
MOST = 200


class LearnedPage(BaseModel):
    """Learnt answers, the newest first; `total` counts those beyond the page too."""

    items: tuple[LearnedOut, ...]
    total: int


class SecondIn(In):
    """A second person's word."""

    agree: bool


@api.get("", summary="学到的答复")
async def learned(
    who: Approving,
    learnt: LearntAnswers,
    here: Here,
    state: LearnedState = LearnedState.PENDING,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> LearnedPage:
    """Learnt answers in one state."""
    found = await _all(learnt, who, here, state)
    return LearnedPage(items=tuple(map(LearnedOut.of, found[:limit])), total=len(found))


@api.post("/{faq_id}/second", summary="第二个人同意或不同意")
async def second(
    faq_id: FaqId,
    sent: SecondIn,
    who: Approving,
    learnt: LearntAnswers,
    seconding: Seconding,
    here: Here,
) -> LearnedOut:
    """Agree that an answer without a source is given from now on, or refuse it."""
    await _check(learnt, who, here, faq_id)
    return LearnedOut.of(await seconding.second(who, faq_id, agree=sent.agree))


@pages.get("")
async def learned_page(
    request: Request,
    who: Approving,
    learnt: LearntAnswers,
    here: Here,
    state: LearnedState = LearnedState.PENDING,
    done: str = "",
) -> Response:
    """Learnt answers in one state; those that wait for a second person first."""
    found = await _all(learnt, who, here, state)
    return await _page(request, here, found, {"state": state, "done": done})


@pages.post("/{faq_id}")
async def second_page(
    request: Request,
    faq_id: FaqId,
    who: Approving,
    learnt: LearntAnswers,
    seconding: Seconding,
    here: Here,
    agree: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """The same from the page."""
    try:
        await _check(learnt, who, here, faq_id)
        await seconding.second(who, faq_id, agree=agree == "yes")
    except AssistantError as error:
        state = LearnedState.PENDING
        found = await _all(learnt, who, here, state)
        return await _page(request, here, found, {"state": state}, error)
    done = "agreed" if agree == "yes" else "refused"
    return RedirectResponse(f"/console/review/learned?done={done}", 303)


async def _all(
    learnt: Learnt, who: Account, here: Running, state: LearnedState
) -> list[LearnedAnswer]:
    """Learnt answers that the account may see, the newest first."""
    found = [one for one in await learnt.of_states([state]) if _sees(who, one, here)]
    return sorted(found, key=lambda one: one.changed_at, reverse=True)


async def _check(learnt: Learnt, who: Account, here: Running, faq_id: str) -> None:
    """Raises NotFound for what the account may not see."""
    found = await learnt.get(faq_id)
    if found is None or not _sees(who, found, here):
        raise NotFound("没有这条学到的答复")


def _sees(who: Account, one: LearnedAnswer, here: Running) -> bool:
    return may_at(who, Permission.APPROVE, one.region, here.assistant.regions)


async def _page(
    request: Request,
    here: Running,
    found: list[LearnedAnswer],
    more: Mapping[str, Any],
    error: AssistantError | None = None,
) -> Response:
    titles = {id_: one.title for id_, one in here.assistant.index.headers.items()}
    context = {
        "answers": found[:MOST],
        "count": len(found),
        "names": LEARNED_NAMES,
        "regions": here.assistant.regions,
        "titles": titles,
        "local": local,
        "source_url": source_url,
        "fault": of_error(error).detail if error else "",
    }
    status = of_error(error).status if error else 200
    return await staff_page(request, "console/review_learned.html", context | dict(more), status)
