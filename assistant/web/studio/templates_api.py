"""`/api/v1/studio/templates`: an office's own templates, and what a stream's deck is drawn on."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, UploadFile
from pydantic import BaseModel, Field

from assistant.access.accounts import Account
from assistant.domain.templates import DeckTemplate
from assistant.printing.aigc import AigcLabel
from assistant.studio.building import Studio
from assistant.studio.deck.own_file import LARGEST
from assistant.studio.drafting.files import produce_id
from assistant.web.openapi import PROBLEMS
from assistant.web.state import Here as App
from assistant.web.studio.access import Here, Reads, StreamId, Writes, names_of
from assistant.web.studio.models_in import In

UPLOADS = frozenset({"/api/v1/studio/templates", "/console/studio/templates"})
"""Paths that take a file."""
router = APIRouter(prefix="/api/v1/studio", tags=["studio"], responses=PROBLEMS)
TemplateId = Annotated[str, Path(min_length=1, max_length=100)]
Id = Annotated[str, Field(max_length=100)]


class TemplateOut(BaseModel):
    """A template. `told`: what it cannot keep of any deck."""

    id: str
    name: str
    size: int
    told: tuple[str, ...]
    by: str
    at: datetime
    is_default: bool

    @classmethod
    def of(cls, one: DeckTemplate, names: dict[str, str], default: str) -> "TemplateOut":
        """With the name of who uploaded it."""
        return cls(
            id=one.id,
            name=one.name,
            size=one.size,
            told=one.told,
            by=names.get(one.by, one.by),
            at=one.at,
            is_default=one.id == default,
        )


class TemplatesOut(BaseModel):
    """The newest first. `default` is "" where decks have our own look."""

    templates: tuple[TemplateOut, ...]
    default: str


class DefaultIn(In):
    """The template of the office's decks; "" is our own look."""

    template: Id


class ChoiceIn(In):
    """A stream's template: "" is our own look, null follows the office's choice."""

    template: Id | None


class ChoiceOut(BaseModel):
    """What a stream's deck is drawn on ("" for our look), and what of this deck cannot be kept.

    `own`: it was chosen for this stream.
    """

    template: str
    name: str
    own: bool
    told: tuple[str, ...]


@router.get("/templates", summary="课件模板")
async def templates(request: Request, who: Reads, studio: Here) -> TemplatesOut:
    """The office's templates."""
    default = await studio.templates.default()
    names = await names_of(request)
    found = await studio.templates.listed(who)
    shown = tuple(TemplateOut.of(one, names, default) for one in found)
    return TemplatesOut(templates=shown, default=default)


@router.post("/templates", status_code=201, summary="上传课件模板")
async def upload(
    request: Request,
    who: Writes,
    studio: Here,
    file: UploadFile,
    name: Annotated[str, Form(max_length=200)] = "",
) -> TemplateOut:
    """Keep a .pptx or .potx without macros and links; 422 says what is wrong with it."""
    one = await taken(studio, who, file, name)
    return TemplateOut.of(one, await names_of(request), await studio.templates.default())


async def taken(studio: Studio, who: Account, file: UploadFile, name: str) -> DeckTemplate:
    """An uploaded file as a template; without a name it has the file's."""
    data = await file.read(LARGEST + 1)
    plain = (file.filename or "").replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
    return await studio.templates.add(who, name.strip() or plain, data)


@router.put("/templates/default", summary="本单位默认的课件模板")
async def choose_for_all(
    request: Request, sent: DefaultIn, who: Writes, studio: Here
) -> TemplatesOut:
    """What decks are drawn on where a stream has no choice of its own."""
    await studio.templates.choose_for_all(who, sent.template)
    return await templates(request, who, studio)


@router.delete("/templates/{template_id}", status_code=204, summary="删去课件模板")
async def remove(template_id: TemplateId, who: Writes, studio: Here) -> None:
    """Take it away; decks on it have the office's default again."""
    await studio.templates.remove(who, template_id)


@router.get("/streams/{stream_id}/template", summary="这场直播的课件模板")
async def chosen(stream_id: StreamId, who: Reads, studio: Here, app: App) -> ChoiceOut:
    """What its deck is drawn on, and every degradation of this very deck."""
    return await choice_of(stream_id, who, studio, app.options.producer)


@router.put("/streams/{stream_id}/template", summary="选课件模板")
async def choose(
    stream_id: StreamId, sent: ChoiceIn, who: Writes, studio: Here, app: App
) -> ChoiceOut:
    """Choose for this stream."""
    await studio.templates.choose(who, stream_id, sent.template)
    return await choice_of(stream_id, who, studio, app.options.producer)


async def choice_of(stream_id: str, who: Account, studio: Studio, producer: str) -> ChoiceOut:
    """A stream's template with what is told of its deck. Raises BadInput where it has no room."""
    found = await studio.templates.chosen(who, stream_id)
    one = found.template
    told: tuple[str, ...] = ()
    if one:
        words = (await studio.desk.version(who, stream_id)).draft
        label = AigcLabel.first(producer, produce_id(words))
        told = (await studio.templates.drawn(words, one, label)).told
    return ChoiceOut(
        template=one.id if one else "", name=one.name if one else "", own=found.own, told=told
    )
