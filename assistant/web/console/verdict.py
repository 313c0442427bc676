"""放行标准: what is said without a person, how surely, and whether the calibration still fits."""

import asyncio
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response

from assistant.errors import NotFound
from assistant.web.access.pages import staff_page
from assistant.web.console.access import Watching
from assistant.web.state import Here

router = APIRouter(prefix="/console/verdict", include_in_schema=False)


@router.get("")
async def verdict_page(request: Request, here: Here, account: Watching) -> Response:
    """The standard in use, the price of each bound, drift."""
    del account
    verdict = here.assistant.verdict
    if verdict is None:
        raise NotFound("这里没有放行标准")
    prices = _by_bound(await asyncio.to_thread(verdict.prices))
    context = {"now": verdict.state(), "prices": prices}
    return await staff_page(request, "console/verdict.html", context)


def _by_bound(prices: Sequence[tuple[str, Any]]) -> list[tuple[float, dict[str, Any]]]:
    """For each bound what it costs of each kind."""
    found: dict[float, dict[str, Any]] = {}
    for name, promise in prices:
        found.setdefault(promise.bound, {})[name] = promise
    return sorted(found.items())
