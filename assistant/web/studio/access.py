"""Who may do what in the studio, and where the routes find it."""

from collections import Counter
from typing import Annotated, cast

from fastapi import Depends, Path, Request

from assistant.access.accounts import Account, Permission, may
from assistant.domain.clips import ClipState
from assistant.errors import NotFound
from assistant.studio.building import Studio
from assistant.web.access.session import access_of, require

Reads = Annotated[Account, Depends(require(Permission.READ_SCRIPTS))]
Writes = Annotated[Account, Depends(require(Permission.WRITE_SCRIPTS))]
Judges = Annotated[Account, Depends(require(Permission.APPROVE_SCRIPTS))]
StreamId = Annotated[str, Path(min_length=1, max_length=100)]


def studio_of(request: Request) -> Studio:
    """The studio of the running app. Raises NotFound where it has none."""
    found = getattr(request.app.state.running.assistant, "studio", None)
    if found is None:
        raise NotFound("这里没有开通直播工作室")
    return cast("Studio", found)


Here = Annotated[Studio, Depends(studio_of)]


async def names_of(request: Request) -> dict[str, str]:
    """The names of all staff by their ids; the program itself too."""
    staff = {one.id: one.display_name for one in await access_of(request).staff.everyone()}
    return staff | {"system": "系统"}


async def doubted_clips(request: Request, who: Account) -> Counter[str]:
    """How many clips each withdrawn answer holds off the shelf, of those that someone may see."""
    studio: Studio | None = getattr(request.app.state.running.assistant, "studio", None)
    if studio is None or not may(who, Permission.READ_SCRIPTS):
        return Counter()
    found = await studio.clips.listed(who, ClipState.APPROVED)
    return Counter(doubt.id for one in found for doubt in one.doubts)
