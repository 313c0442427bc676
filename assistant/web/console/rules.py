"""The rule packs: look, edit as JSON, try before saving, save as a new version, go back."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from assistant.errors import AssistantError, Conflict, FormatError, NotFound
from assistant.safety.rules import Rules
from assistant.safety.screen import LEARNED
from assistant.web.access.pages import staff_page
from assistant.web.console.access import Ruling, record
from assistant.web.console.summary import local
from assistant.web.problems import of_error

router = APIRouter(prefix="/console/rules", include_in_schema=False)
LONGEST_PACK = 200_000
SEVERITY_NAMES: Mapping[str, str] = {
    "clean": "放行",
    "set_aside": "屏蔽",
    "serious": "屏蔽并提醒值班",
}


class TriedIn(BaseModel):
    """A draft of a pack, and a text to try it on."""

    draft: str = Field(max_length=LONGEST_PACK)
    text: str = Field(max_length=1000)


@router.get("")
async def packs_page(request: Request, account: Ruling) -> Response:
    """All packs that count now."""
    del account  # their right is all that matters
    rules = rules_of(request)
    active = await rules.active()
    context = {"packs": sorted(rules.packs.values(), key=lambda one: one.name), "active": active}
    more = {"local": local, "fingerprint": rules.screen.version}
    return await staff_page(request, "console/rules.html", context | more)


@router.get("/{name}")
async def pack_page(
    request: Request, name: str, account: Ruling, version: int | None = None, done: str = ""
) -> Response:
    """One pack: the text that counts, or that of an older version to begin from."""
    del account
    rules = rules_of(request)
    pack = rules.packs.get(name)
    if pack is None:
        raise NotFound(f"没有规则包 {name}")
    text = pack.text if version is None else await _text(rules, name, version)
    return await _page(request, rules, name, text, {"shown": version, "done": done})


@router.post("/{name}/test")
async def try_draft(request: Request, name: str, sent: TriedIn, account: Ruling) -> Response:
    """What a draft says of a text; nothing is kept."""
    del account
    try:
        tried = await asyncio.to_thread(rules_of(request).try_, name, sent.draft, sent.text)
    except FormatError as error:
        return JSONResponse({"error": error.message, "hint": error.hint})
    verdict = tried.verdict
    return JSONResponse(
        {
            "verdict": SEVERITY_NAMES[verdict.severity],
            "is_clean": verdict.severity == "clean",
            "reason": verdict.reason,
            "learned": verdict.rule == LEARNED,
            "hits": [
                {
                    "rule": f"{hit.pack} / {hit.rule}",
                    "mine": hit.pack == name,
                    "matched": hit.matched,
                    "reason": hit.reason,
                    "severity": SEVERITY_NAMES[hit.severity],
                    "spared_by": hit.spared_by,
                }
                for hit in tried.hits
            ],
        }
    )


@router.post("/{name}")
async def save_pack(
    request: Request,
    name: str,
    account: Ruling,
    text: Annotated[str, Form(max_length=LONGEST_PACK)] = "",
    note: Annotated[str, Form(max_length=200)] = "",
    after: Annotated[int, Form()] = 0,
) -> Response:
    """Keep a new version; it counts from the next comment on."""
    rules = rules_of(request)
    if name not in rules.packs:
        raise NotFound(f"没有规则包 {name}")
    text = text.replace("\r\n", "\n")
    try:
        saved = await rules.save(name, text, actor=account.display_name, note=note, after=after)
    except (FormatError, Conflict) as error:
        return await _page(request, rules, name, text, {"note": note}, error)
    await record(request, account, "rules.save", name, {"version": saved.number, "note": note})
    return RedirectResponse(f"/console/rules/{name}?done={saved.number}", 303)


@router.post("/{name}/revert")
async def revert(
    request: Request, name: str, account: Ruling, number: Annotated[int, Form()]
) -> Response:
    """Make an old version count again; 0 is the one that came with the program."""
    saved = await rules_of(request).revert(name, number, actor=account.display_name)
    payload = {"version": saved.number, "from": number}
    await record(request, account, "rules.revert", name, payload)
    return RedirectResponse(f"/console/rules/{name}?done={saved.number}", 303)


def rules_of(request: Request) -> Rules:
    """The rule packs of the running app. Raises NotFound where it has none."""
    rules: Rules | None = getattr(request.app.state.running.assistant, "rules", None)
    if rules is None:
        raise NotFound("这里没有规则包")
    return rules


async def _text(rules: Rules, name: str, number: int) -> str:
    shipped = rules.shipped(name)
    if number == 0 and shipped is not None:
        return shipped.text
    found = [one for one in await rules.versions(name) if one.number == number]
    if not found:
        raise NotFound(f"规则包 {name} 没有第 {number} 版")
    return found[0].text


async def _page(
    request: Request,
    rules: Rules,
    name: str,
    text: str,
    more: Mapping[str, Any],
    error: AssistantError | None = None,
) -> Response:
    versions = await rules.versions(name)
    context = {
        "name": name,
        "text": text,
        "versions": versions[::-1],
        "after": versions[-1].number if versions else 0,
        "has_shipped": rules.shipped(name) is not None,
        "fault": of_error(error).detail if error else "",
        "local": local,
    }
    status = of_error(error).status if error else 200
    return await staff_page(request, "console/rule_pack.html", {**context, **more}, status)
