"""Who of the staff may do what in which room, and the record of what they did."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request

from assistant.access.accounts import Account, Permission, may_at
from assistant.domain.live import Room
from assistant.errors import Forbidden, NotFound
from assistant.web.access.session import access_of, require
from assistant.web.live.house import room_of

Watching = Annotated[Account, Depends(require(Permission.WATCH_ROOM))]
Running = Annotated[Account, Depends(require(Permission.RUN_ROOM))]
Ruling = Annotated[Account, Depends(require(Permission.EDIT_RULES))]


def may_in(request: Request, account: Account, permission: Permission, room: Room) -> bool:
    """Whether an account may do this in a room, which is of a region."""
    regions = request.app.state.running.assistant.regions
    return may_at(account, permission, room.region, regions)


async def room_for(
    request: Request,
    account: Account,
    room_id: str,
    permission: Permission = Permission.WATCH_ROOM,
) -> Room:
    """A room that the account may see and act in.

    Raises NotFound for an unknown room or one of another region, Forbidden for too few rights.
    """
    room = await room_of(request, room_id)
    if not may_in(request, account, Permission.WATCH_ROOM, room):
        raise NotFound(f"没有直播间 {room_id}")
    if not may_in(request, account, permission, room):
        raise Forbidden("您没有这项操作的权限", hint="请联系管理员")
    return room


async def record(
    request: Request,
    account: Account,
    action: str,
    subject: str,
    payload: Mapping[str, object] | None = None,
) -> None:
    """Put what was done into the audit chain."""
    await access_of(request).audit.record(account.id, action, subject, payload)
