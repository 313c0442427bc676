"""Lay terms that a model proposed for a guide: editors see them on its page, and remove them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Protocol, cast

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from assistant.access.accounts import Account, Permission, may_at
from assistant.domain.source import SourceHeader
from assistant.errors import Forbidden, NotFound
from assistant.web.access.session import require
from assistant.web.links import source_url
from assistant.web.state import Here, Running

router = APIRouter(prefix="/console/lay-terms", include_in_schema=False)
Editing = Annotated[Account, Depends(require(Permission.EDIT_KNOWLEDGE))]


class Proposals(Protocol):
    """What was proposed (bootstrap.proposals)."""

    async def of(self, source_id: str) -> Sequence[Any]:
        """The terms of a guide: term, state, why_not, origin, at."""
        ...

    async def remove(self, source_id: str, term: str, *, actor: str) -> None:
        """Search a term no more. Raises NotFound."""
        ...

    def state(self) -> dict[str, Any]:
        """How the work stands; empty where no model proposes."""
        ...


class RemovedForm(BaseModel):
    """Which term of which guide."""

    source_id: str = Field(max_length=1000)
    term: str = Field(max_length=40)


@router.post("/remove")
async def remove(
    request: Request, here: Here, account: Editing, form: Annotated[RemovedForm, Form()]
) -> Response:
    """Search a proposed term no more, whatever is proposed later."""
    header = here.assistant.index.headers.get(form.source_id)
    proposals = _proposals(here)
    if header is None or proposals is None:
        raise NotFound("知识库里没有这份指南，或没有提议过俗称")
    if not _may_edit(here, account, header):
        raise Forbidden("您没有这份指南所在地区的编辑权限")
    await proposals.remove(form.source_id, form.term, actor=account.id)
    return RedirectResponse(f"{source_url(form.source_id)}#lay-proposed", 303)


async def proposed(request: Request, here: Running, header: SourceHeader) -> Mapping[str, Any]:
    """What editors see on a guide's page; nothing for others."""
    who, proposals = getattr(request.state, "signed_in", None), _proposals(here)
    if proposals is None or who is None or not _may_edit(here, who.account, header):
        return {}
    terms = await proposals.of(header.id)
    return {"proposed": terms, "proposing": proposals.state(), "csrf": who.csrf}


def _may_edit(here: Running, account: Account, header: SourceHeader) -> bool:
    regions = here.assistant.regions
    return may_at(account, Permission.EDIT_KNOWLEDGE, header.region, regions)


def _proposals(here: Running) -> Proposals | None:
    return cast("Proposals | None", getattr(here.assistant, "proposals", None))
