"""What is stored of a viewer: to look at, to hand out, to erase. For those who administer."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import BaseModel, Field

from assistant.access.accounts import Account, Permission
from assistant.errors import AssistantError, BadInput, Forbidden, NotFound
from assistant.review.names import PLATFORM_NAMES
from assistant.review.person import PersonDesk
from assistant.web.access.pages import staff_page
from assistant.web.access.session import require
from assistant.web.problems import of_error

router = APIRouter(prefix="/console/people", include_in_schema=False)
Managing = Annotated[Account, Depends(require(Permission.MANAGE_ACCOUNTS))]
SURE = "删除"
SHOWN = 100
"""Comments that the page shows; the file holds all."""


class PersonForm(BaseModel):
    """Who is meant: by the pseudonym, or by platform and id. In the body, so in no log."""

    viewer: str = Field("", max_length=64, pattern=r"^[^\x00]*$")
    platform: str = Field("", max_length=64)
    user: str = Field("", max_length=200)
    sure: str = Field("", max_length=20)


Filled = Annotated[PersonForm, Form()]


@router.get("")
async def people_page(request: Request, account: Managing) -> Response:
    """The form."""
    _everywhere(account)
    return await _page(request, PersonForm(), {})


@router.post("")
async def look(request: Request, account: Managing, form: Filled) -> Response:
    """What is stored of a viewer."""
    _everywhere(account)
    try:
        form.viewer = _viewer(request, form)
        found = await people_of(request).find(form.viewer)
    except AssistantError as error:
        return await _page(request, form, {}, error)
    return await _page(request, form, {"person": found, "counts": found.counts})


@router.post("/export")
async def export(request: Request, account: Managing, form: Filled) -> Response:
    """All of it as a file."""
    _everywhere(account)
    found = await people_of(request).export(form.viewer, account.id)
    text = json.dumps(found, ensure_ascii=False, indent=1)
    headers = {
        "Content-Disposition": 'attachment; filename="person.json"',
        "Cache-Control": "no-store",
    }
    return Response(text, media_type="application/json", headers=headers)


@router.post("/erase")
async def erase(request: Request, account: Managing, form: Filled) -> Response:
    """Blank it all."""
    _everywhere(account)
    try:
        if form.sure.strip() != SURE:
            raise BadInput(f"请在框里写“{SURE}”两个字确认")
        gone = await people_of(request).erase(form.viewer, account.id)
    except AssistantError as error:
        return await _page(request, form, {}, error)
    return await _page(request, PersonForm(), {"gone": gone})


def people_of(request: Request) -> PersonDesk:
    """The desk of the running app. Raises NotFound where it has none."""
    people: PersonDesk | None = getattr(request.app.state.running.assistant, "people", None)
    if people is None:
        raise NotFound("这里没有直播记录")
    return people


def _everywhere(account: Account) -> None:
    """A viewer's words may be in every room. Raises Forbidden for who is limited to regions."""
    if account.regions:
        raise Forbidden("个人信息涉及全部直播间，限定地区的账号不能处理")


def _viewer(request: Request, form: PersonForm) -> str:
    if form.viewer.strip():
        return form.viewer.strip()
    if not form.platform or not form.user.strip():
        raise BadInput("请填写化名，或选择平台并填写用户编号")
    made: str = people_of(request).pseudonym(form.platform, form.user.strip())
    return made


async def _page(
    request: Request,
    form: PersonForm,
    more: dict[str, object],
    error: AssistantError | None = None,
) -> Response:
    context = {
        "form": form,
        "platforms": PLATFORM_NAMES,
        "fault": of_error(error).detail if error else "",
        "sure": SURE,
        "shown": SHOWN,
        "person": None,
        "gone": None,
    }
    status = of_error(error).status if error else 200
    return await staff_page(request, "console/people.html", context | more, status)
