"""放行标准: what is said without a person, how surely, and whether the calibration still fits."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from assistant.access.accounts import Account, Permission, may
from assistant.errors import BadInput, Conflict, Forbidden, NotFound
from assistant.web.access.pages import staff_page
from assistant.web.access.session import require
from assistant.web.console.access import Watching
from assistant.web.console.summary import local
from assistant.web.problems import of_error
from assistant.web.services import Bounds, VerdictStates
from assistant.web.state import Here

router = APIRouter(prefix="/console/verdict", include_in_schema=False)
Setting = Annotated[Account, Depends(require(Permission.SET_BOUND))]
CONFIDENCES = (90.0, 95.0, 99.0)
"""Percent; that of the settings is offered beside them."""


class BoundForm(BaseModel):
    """What an administrator wants; rates and confidences in percent."""

    choice: Literal["bound", "none", "setting"]
    rate: float | None = Field(None, gt=0, lt=100)
    confidence: float = Field(95.0, gt=0, lt=100)


@router.get("")
async def verdict_page(request: Request, here: Here, account: Watching, done: str = "") -> Response:
    """The standard in use, the price of each bound, drift."""
    return await _page(request, _verdict(here), account, {"done": done})


@router.get("/outlook")
async def outlook(
    request: Request,
    here: Here,
    account: Watching,
    rate: Annotated[float, Query(gt=0, lt=100)],
    confidence: Annotated[float, Query(gt=0, lt=100)] = 95.0,
) -> Response:
    """What a bound, in percent, would let through: a piece of the page."""
    del account
    try:
        kinds, refused = await asyncio.to_thread(
            _bounds(here).outlook, rate / 100, confidence / 100
        )
    except BadInput as error:
        kinds, refused = (), of_error(error).detail
    context = {"kinds": kinds, "refused": refused, "rate": rate, "confidence": confidence}
    return await staff_page(request, "console/_outlook.html", context)


@router.post("/bound")
async def choose(
    request: Request, here: Here, account: Setting, form: Annotated[BoundForm, Form()]
) -> Response:
    """Set a bound, none, or that of the settings; it holds from the next question on."""
    bounds = _bounds(here)
    if account.regions:
        raise Forbidden("只有不限地区的管理员可以设误差上限")
    try:
        if form.choice != "bound":
            await bounds.lift(to_setting=form.choice == "setting", actor=account.id)
        else:
            rate = form.rate or 0.0  # nothing filled in: refused as too small
            await bounds.choose(rate / 100, form.confidence / 100, actor=account.id)
    except (BadInput, Conflict) as error:
        problem = of_error(error)
        more = {"fault": problem.detail, "rate": form.rate, "confidence": form.confidence}
        return await _page(request, _verdict(here), account, more, problem.status)
    return RedirectResponse(f"/console/verdict?done={form.choice}", 303)


async def _page(
    request: Request,
    verdict: VerdictStates,
    account: Account,
    more: Mapping[str, object],
    status: int = 200,
) -> Response:
    prices = _by_bound(await asyncio.to_thread(verdict.prices))
    context: dict[str, Any] = {"now": verdict.state(), "prices": prices, "fault": "", "done": ""}
    if verdict.bounds:
        context |= await _choosing(request, verdict.bounds)
    context["may_set"] = (
        verdict.bounds is not None and may(account, Permission.SET_BOUND) and not account.regions
    )
    return await staff_page(request, "console/verdict.html", {**context, **more}, status)


async def _choosing(request: Request, bounds: Bounds) -> dict[str, Any]:
    """Who chose the bound, and what the form begins with."""
    chosen, setting = bounds.chosen, bounds.setting
    staff = request.app.state.running.assistant.access.staff
    names = {one.id: one.display_name for one in await staff.everyone()} if chosen else {}
    begin = chosen if chosen and chosen.rate else setting
    own = round(begin.confidence * 100, 1) if begin else 95.0
    return {
        "chosen": chosen,
        "setting": setting,
        "by": names.get(chosen.actor, chosen.actor) if chosen else "",
        "rate": round(begin.rate * 100, 2) if begin else 2.0,
        "confidence": own,
        "confidences": sorted({*CONFIDENCES, own}),
        "local": local,
    }


def _verdict(here: Here) -> VerdictStates:
    verdict = here.assistant.verdict
    if verdict is None:
        raise NotFound("这里没有放行标准")
    return verdict


def _bounds(here: Here) -> Bounds:
    bounds = _verdict(here).bounds
    if bounds is None:
        raise NotFound("这里不能设误差上限")
    return bounds


def _by_bound(prices: Sequence[tuple[str, Any]]) -> list[tuple[float, dict[str, Any]]]:
    """For each bound what it costs of each kind."""
    found: dict[float, dict[str, Any]] = {}
    for name, promise in prices:
        found.setdefault(promise.bound, {})[name] = promise
    return sorted(found.items())
