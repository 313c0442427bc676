"""The voice: how each engine does, consent to the network voice, and what can leave the machine."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Protocol, cast

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from assistant.access.accounts import Account, Permission
from assistant.errors import Forbidden, NotFound
from assistant.web.access.pages import staff_page
from assistant.web.access.session import require
from assistant.web.console.summary import local

router = APIRouter(prefix="/console/voice", include_in_schema=False)
Managing = Annotated[Account, Depends(require(Permission.MANAGE_ACCOUNTS))]
ENGINE_NAMES = {
    "edge": "网络语音",
    "openai": "语音服务",
    "local": "本机模型",
    "offline": "离线语音",
}
STATE_NAMES = {"ok": "正常", "failing": "上一句失败", "resting": "暂停使用"}


class Said(Protocol):
    """The last word on consent."""

    given: bool
    actor: str
    at: datetime


class Voice(Protocol):
    """What the page shows and does (bootstrap.voice.VoiceDesk)."""

    def states(self) -> list[dict[str, Any]]:
        """The engines that speak now, in order."""
        ...

    def hosts(self) -> Sequence[Any]:
        """Every outside host: part, host, sent, state."""
        ...

    async def consent(self) -> Said | None:
        """The last word; None where nobody ever said anything."""
        ...

    async def decide(self, *, given: bool, actor: str) -> None:
        """Give or withdraw it; it holds in this process at once."""
        ...


class ConsentForm(BaseModel):
    """The switch."""

    given: bool


@router.get("")
async def voice_page(request: Request, account: Managing) -> Response:
    """Engines, consent, hosts."""
    _everywhere(account)
    desk = _desk(request)
    said = await desk.consent()
    staff = request.app.state.running.assistant.access.staff
    names = {one.id: one.display_name for one in await staff.everyone()} if said else {}
    context = {
        "engines": desk.states(),
        "hosts": desk.hosts(),
        "said": said,
        "by": names.get(said.actor, said.actor) if said else "",
        "engine_names": ENGINE_NAMES,
        "state_names": STATE_NAMES,
        "local": local,
    }
    return await staff_page(request, "console/voice.html", context)


@router.post("/consent")
async def decide(
    request: Request, account: Managing, form: Annotated[ConsentForm, Form()]
) -> Response:
    """Give or withdraw consent to the network voice."""
    _everywhere(account)
    await _desk(request).decide(given=form.given, actor=account.id)
    return RedirectResponse("/console/voice", 303)


def _desk(request: Request) -> Voice:
    desk = getattr(request.app.state.running.assistant, "voice_desk", None)
    if desk is None:
        raise NotFound("这里没有语音")
    return cast("Voice", desk)


def _everywhere(account: Account) -> None:
    """What leaves the machine concerns the whole office."""
    if account.regions:
        raise Forbidden("只有不限地区的管理员可以设置语音")
