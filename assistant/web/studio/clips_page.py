"""The page of clips: being made, shown, off and why; plain forms to take off or put back."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from assistant.access.accounts import Account
from assistant.domain.clips import ClipStanding, ClipState
from assistant.domain.studio_flow import JobState
from assistant.errors import AssistantError
from assistant.studio.building import Studio
from assistant.web.access.pages import staff_page
from assistant.web.console.summary import local
from assistant.web.problems import of_error
from assistant.web.studio.access import Here, Reads, names_of
from assistant.web.studio.models_clips import ClipOut

router = APIRouter(prefix="/console/studio/clips", include_in_schema=False)
GROUPS = {
    "all": ("在架和停播", frozenset(ClipStanding) - {ClipStanding.WITHDRAWN}),
    "shown": ("已上架", frozenset({ClipStanding.SHOWN})),
    "look": ("待核对", frozenset({ClipStanding.DOUBTED})),
    "changed": ("依据已变", frozenset({ClipStanding.CHANGED, ClipStanding.LOST})),
    "off": ("已下架", frozenset({ClipStanding.WITHDRAWN})),
}
TONES = {
    ClipStanding.SHOWN: "auto",
    ClipStanding.CHANGED: "bad",
    ClipStanding.DOUBTED: "review",
    ClipStanding.LOST: "bad",
    ClipStanding.WITHDRAWN: "refuse",
}
FILES = (("clip.mp4", "视频 MP4"), ("clip.srt", "字幕 SRT"), ("clip.vtt", "字幕 VTT"),
         ("cover.png", "封面"))  # fmt: skip
DONE = {"withdraw": "已下架。", "clear": "已核对，重新上架。"}
Why = Annotated[str, Form(max_length=400)]


@router.get("")
async def clips_page(
    request: Request,
    who: Reads,
    studio: Here,
    group: Annotated[str, Query(max_length=20)] = "all",
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Clips by how they stand, and those being made."""
    return await _page(request, who, studio, {"group": group, "done": DONE.get(done, "")})


@router.post("/{clip_id}/{act}")
async def act_on_clip(
    request: Request,
    clip_id: Annotated[str, Path(max_length=100)],
    act: Annotated[str, Path(pattern=r"^(withdraw|clear)$")],
    who: Reads,
    studio: Here,
    why: Why = "",
) -> Response:
    """Take a clip off, or put one in doubt back, with the reason."""
    try:
        if act == "withdraw":
            await studio.clips.withdraw(clip_id, why, who)
        else:
            await studio.clips.clear(clip_id, why, who)
    except AssistantError as error:
        return await _page(request, who, studio, {"group": "all", "of": clip_id}, error)
    return RedirectResponse(f"/console/studio/clips?done={act}", 303)


async def _page(
    request: Request,
    who: Account,
    studio: Studio,
    more: dict[str, Any],
    error: AssistantError | None = None,
) -> Response:
    group = more["group"] if more["group"] in GROUPS else "all"
    state = ClipState.WITHDRAWN if group == "off" else ClipState.APPROVED
    found = [
        one for one in await studio.clips.listed(who, state) if one.standing in GROUPS[group][1]
    ]
    names = await names_of(request)
    jobs = await studio.filming.running(who)
    context = more | {
        "group": group,
        "groups": GROUPS,
        "tones": TONES,
        "files": FILES,
        "jobs": jobs,
        "waiting": JobState.WAITING,
        "clips": [
            {
                "is": ClipOut.of(one, names),
                "may_withdraw": studio.clips.may_withdraw(who, one.clip),
                "may_clear": studio.clips.may_clear(who, one.clip),
            }
            for one in found
        ],
        "local": local,
        "fault": of_error(error).detail if error else "",
    }
    status = of_error(error).status if error else 200
    return await staff_page(request, "console/studio_clips.html", context, status)
