"""The pages of an office's own templates: the shelf of them, and a stream's choice. Plain forms."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from assistant.access.accounts import Account, Permission
from assistant.errors import AssistantError, BadInput, NotFound
from assistant.studio.building import Studio
from assistant.studio.deck.own_file import LARGEST
from assistant.web.access.pages import staff_page
from assistant.web.console.summary import local
from assistant.web.problems import of_error
from assistant.web.state import Here as App
from assistant.web.studio.access import Here, Reads, StreamId, Writes, names_of
from assistant.web.studio.pages import base
from assistant.web.studio.templates_api import choice_of, taken

router = APIRouter(prefix="/console/studio", include_in_schema=False)
_SHELF = "/console/studio/templates"
_OFFICE = "office"
"""What the form sends for the office's own choice."""
Text = Annotated[str, Form(max_length=200)]


@router.get("/templates")
async def shelf(request: Request, who: Reads, studio: Here) -> Response:
    """The office's templates with what each cannot keep."""
    return await _shelf(request, who, studio)


@router.post("/templates")
async def upload(
    request: Request, who: Writes, studio: Here, file: UploadFile, name: Text = ""
) -> Response:
    """Keep an uploaded file."""
    try:
        await taken(studio, who, file, name)
    except AssistantError as error:
        return await _shelf(request, who, studio, error)
    return RedirectResponse(_SHELF, 303)


@router.post("/templates/{what}")
async def change(
    request: Request, what: str, who: Writes, studio: Here, template: Text = ""
) -> Response:
    """`default`: what all decks are drawn on; `remove`: take one away."""
    try:
        if what == "default":
            await studio.templates.choose_for_all(who, template)
        elif what == "remove":
            await studio.templates.remove(who, template)
        else:
            raise NotFound("没有这个页面")
    except AssistantError as error:
        return await _shelf(request, who, studio, error)
    return RedirectResponse(_SHELF, 303)


async def _shelf(
    request: Request, who: Account, studio: Studio, error: AssistantError | None = None
) -> Response:
    context = {
        "templates": await studio.templates.listed(who),
        "default": await studio.templates.default(),
        "names": await names_of(request),
        "local": local,
        "writes": request.state.signed_in.may(Permission.WRITE_SCRIPTS) and not who.regions,
        "largest": LARGEST // 1024 // 1024,
    }
    return await _page(request, "console/studio_templates.html", context, error)


@router.get("/streams/{stream_id}/template")
async def stream_template(
    request: Request, stream_id: StreamId, who: Reads, studio: Here, app: App
) -> Response:
    """What this stream's deck is drawn on, and what of it cannot be kept."""
    return await _choice(request, stream_id, who, studio, app)


@router.post("/streams/{stream_id}/template")
async def choose(
    request: Request,
    stream_id: StreamId,
    who: Writes,
    studio: Here,
    app: App,
    template: Text = "",
) -> Response:
    """Choose for this stream."""
    try:
        wanted = None if template == _OFFICE else template
        await studio.templates.choose(who, stream_id, wanted)
    except AssistantError as error:
        return await _choice(request, stream_id, who, studio, app, error)
    return RedirectResponse(f"/console/studio/streams/{stream_id}/template", 303)


async def _choice(
    request: Request,
    stream_id: str,
    who: Account,
    studio: Studio,
    app: App,
    error: AssistantError | None = None,
) -> Response:
    view = await studio.desk.view(who, stream_id)
    found = await studio.templates.chosen(who, stream_id)
    told: tuple[str, ...] = ()
    try:
        told = (await choice_of(stream_id, who, studio, app.options.producer)).told
    except BadInput as unfit:
        error = error or unfit
    listed = await studio.templates.listed(who)
    default = await studio.templates.default()
    context = base(request, view.stream, who) | {
        "chosen": found.template,
        "own": found.own,
        "told": told,
        "templates": listed,
        "default_name": next((one.name for one in listed if one.id == default), "本系统的样式"),
        "office": _OFFICE,
    }
    return await _page(request, "console/studio_template.html", context, error)


async def _page(
    request: Request, name: str, context: dict[str, Any], error: AssistantError | None
) -> Response:
    problem = of_error(error) if error else None
    fault = problem.detail if problem else ""
    status = problem.status if problem else 200
    return await staff_page(request, name, context | {"fault": fault}, status)
