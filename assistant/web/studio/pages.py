"""The studio's pages: the list, a new brief, one stream's words, its versions."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from assistant.access.accounts import Account, Permission
from assistant.domain.studio_flow import STATE_NAMES, Stream, StreamState
from assistant.studio.drafting.files import PLAN_NAMES
from assistant.studio.naming import place_name
from assistant.web.access.pages import staff_page
from assistant.web.console.summary import local
from assistant.web.studio.access import Here, Reads, StreamId, Writes, names_of

router = APIRouter(prefix="/console/studio", include_in_schema=False)
GROUPS: Mapping[str, tuple[str, frozenset[StreamState]]] = {
    "all": ("全部", frozenset(StreamState) - {StreamState.ARCHIVED, StreamState.DROPPED}),
    "writing": ("在写", frozenset({StreamState.DRAFT, StreamState.CHANGES_ASKED})),
    "review": ("待审核", frozenset({StreamState.IN_REVIEW})),
    "approved": (
        "已批准",
        frozenset({StreamState.APPROVED, StreamState.SCHEDULED, StreamState.ON_AIR}),
    ),
    "past": ("已播出", frozenset({StreamState.AIRED, StreamState.ARCHIVED})),
    "dropped": ("已弃用", frozenset({StreamState.DROPPED})),
}
TONES = {
    StreamState.DRAFT: "open",
    StreamState.IN_REVIEW: "review",
    StreamState.CHANGES_ASKED: "bad",
    StreamState.APPROVED: "auto",
    StreamState.SCHEDULED: "auto",
    StreamState.ON_AIR: "auto",
}


@router.get("")
async def studio_list(
    request: Request,
    who: Reads,
    studio: Here,
    group: Annotated[str, Query(max_length=20)] = "all",
    text: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Streams by where they stand, and drafts that are being made."""
    group = group if group in GROUPS else "all"
    found = await studio.desk.streams(who, GROUPS[group][1], text.strip())
    writes = request.state.signed_in.may(Permission.WRITE_SCRIPTS)
    context = {
        "streams": found,
        "local": local,
        "jobs": await studio.jobs.running(who) if writes else (),
        "group": group,
        "groups": GROUPS,
        "text": text,
        "writes": writes,
        "names": await names_of(request),
        "state_names": STATE_NAMES,
        "tones": TONES,
    }
    return await staff_page(request, "console/studio.html", context)


@router.get("/new")
async def new_page(request: Request, who: Writes, job: str = "") -> Response:
    """One field; what was understood is shown and can be changed before anything is drafted."""
    del who
    context = {"job": job, "kinds": KINDS, "emphases": EMPHASES}
    return await staff_page(request, "console/studio_new.html", context)


@router.get("/streams/{stream_id}")
async def stream_page(request: Request, stream_id: StreamId, who: Reads, studio: Here) -> Response:
    """Segments and slides side by side: to write, to comment, to approve. Its script fills it."""
    view = await studio.desk.view(who, stream_id)
    context = base(request, view.stream, who) | {"plan_names": PLAN_NAMES}
    return await staff_page(request, "console/studio_stream.html", context)


@router.get("/streams/{stream_id}/versions")
async def versions_page(
    request: Request,
    stream_id: StreamId,
    who: Reads,
    studio: Here,
    old: Annotated[int | None, Query(ge=1)] = None,
    new: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """Who changed what, and what differs between two versions."""
    view = await studio.desk.view(who, stream_id)
    notes = await studio.desk.notes(who, stream_id)
    newer = new or view.stream.version
    older = old or max(1, newer - 1)
    found = await studio.desk.difference(who, stream_id, older, newer) if older != newer else []
    words = (await studio.desk.version(who, stream_id, newer)).draft
    context = base(request, view.stream, who) | {
        "notes": notes,
        "names": await names_of(request),
        "old": older,
        "new": newer,
        "differences": [(place_name(one.place, words), one.pieces) for one in found],
    }
    return await staff_page(request, "console/studio_versions.html", context)


def base(request: Request, stream: Stream, who: Account) -> dict[str, Any]:
    """What every page of a stream shows."""
    del who
    return {
        "stream": stream,
        "local": local,
        "state_name": STATE_NAMES[stream.state],
        "tone": TONES.get(stream.state, "refuse"),
        "writes": request.state.signed_in.may(Permission.WRITE_SCRIPTS),
    }


KINDS = ("高频业务", "政策解读", "办事指南", "互动问答", "民生热点", "直播+在线帮办")
EMPHASES: Mapping[str, str] = {
    "materials": "材料",
    "steps": "流程",
    "online": "线上办理",
    "conditions": "条件",
    "fee": "费用",
    "limits": "时限",
    "locations": "地点",
    "mistakes": "常见误区",
    "faqs": "常见问题",
    "basis": "依据",
}
