"""What comes of a stream: its slides as pictures, its segments as sound, its files."""

import asyncio
from collections import OrderedDict
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel
from starlette.responses import FileResponse

from assistant.domain.studio import Clip, Segment, StreamDraft
from assistant.domain.studio_flow import frozen_digest
from assistant.errors import BadInput, NotFound, Unavailable
from assistant.printing.aigc import AigcLabel
from assistant.studio.deck import DoesNotFit
from assistant.studio.deck.html import markup
from assistant.studio.deck.laying import laid_out
from assistant.studio.drafting.files import file_of, produce_id
from assistant.web.openapi import PROBLEMS
from assistant.web.state import Here as App
from assistant.web.studio.access import Here, Reads, StreamId

router = APIRouter(prefix="/api/v1/studio", tags=["studio"], responses=PROBLEMS)
_KEPT = {"Cache-Control": "private, max-age=3600"}
_TYPES = {
    "script.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "deck.pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "deck.pdf": "application/pdf",
    "announcement.txt": "text/plain; charset=utf-8",
    "plan.txt": "text/plain; charset=utf-8",
}
_NAMES = {
    "script.docx": "口播稿",
    "deck.pptx": "课件",
    "deck.pdf": "课件",
    "announcement.txt": "直播预告",
    "plan.txt": "直播方案",
}
NO_ROOM = "有一页的文字放不下，请改短"
_DECKS = 8
_SVG = ('<svg class="deck-wide"', "</svg>")


class SaidOut(BaseModel):
    """A sentence as it sounds; `url` is "" where only a caption can be had."""

    place: str
    text: str
    seconds: float
    url: str


@router.get("/streams/{stream_id}/slides/{slide_id}.svg", summary="一页幻灯片的图")
async def slide(
    stream_id: StreamId,
    slide_id: Annotated[str, Path(max_length=200)],
    who: Reads,
    studio: Here,
    v: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """A slide as the stage shows it. `v` is a version; the picture of one never changes much."""
    words = (await studio.desk.version(who, stream_id)).draft
    pictures = await asyncio.to_thread(_pictures.of, words)
    if slide_id not in pictures:
        raise NotFound("没有这一页")
    del v  # only so that browsers ask anew
    headers = {"Cache-Control": "private, max-age=60"}
    return Response(pictures[slide_id], media_type="image/svg+xml", headers=headers)


class _Pictures:
    """The slides of the last decks, wide, by their ids."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, dict[str, str]] = OrderedDict()

    def of(self, words: StreamDraft) -> dict[str, str]:
        """All slides of a draft. Raises BadInput where a slide has no room. Blocking."""
        digest = frozen_digest(words)
        found = self._known.get(digest)
        if found is None:
            found = self._known[digest] = _drawn(words)
        while len(self._known) > _DECKS:
            self._known.popitem(last=False)
        return found


_pictures = _Pictures()


def _drawn(words: StreamDraft) -> dict[str, str]:
    try:
        return {laid.slide.id: _wide(markup(laid)) for laid in laid_out(words.deck)}
    except DoesNotFit as error:
        raise BadInput(NO_ROOM) from error


def _wide(text: str) -> str:
    start = text.index(_SVG[0])
    return text[start : text.index(_SVG[1], start) + len(_SVG[1])]


@router.get("/streams/{stream_id}/segments/{segment_id}/speech", summary="试听一段")
async def speech(
    stream_id: StreamId,
    segment_id: Annotated[str, Path(max_length=100)],
    who: Reads,
    studio: Here,
    app: App,
) -> tuple[SaidOut, ...]:
    """The sentences of a segment (or clip) by the voice, in order."""
    words = (await studio.desk.version(who, stream_id)).draft
    parts: list[Segment | Clip] = [*words.segments, *words.clips]
    found = next((one for one in parts if one.id == segment_id), None)
    if found is None:
        raise NotFound("没有这一段")
    voice, reading = app.assistant.voice, getattr(app.assistant, "reading", None)
    if voice is None or reading is None:
        raise Unavailable("语音没有开通")
    said = []
    for number, one in enumerate(found.sentences, start=1):
        for text in reading(one.text, words.brief.region):
            spoken = await voice(text, tuple(_sources(words, one.facts)))  # type: ignore[operator]
            url = f"/api/v1/studio/sounds/{quote(spoken.audio)}" if spoken.audio else ""
            place = f"{segment_id}.{number}"
            said.append(SaidOut(place=place, text=text.display, seconds=spoken.seconds, url=url))
    return tuple(said)


def _sources(words: StreamDraft, facts: tuple[str, ...]) -> list[str]:
    known = {fact.id: fact.source_id for fact in words.facts}
    return list(dict.fromkeys(known[one] for one in facts if one in known))


@router.get("/sounds/{name}", summary="一句的声音")
async def sound(name: Annotated[str, Path(max_length=100)], who: Reads, app: App) -> Response:
    """A sentence's sound from the cache."""
    del who
    file = app.assistant.voice.file(name) if app.assistant.voice else None  # type: ignore[attr-defined]
    if file is None:
        raise NotFound("没有这段声音")
    return FileResponse(file, headers=_KEPT)


@router.get("/streams/{stream_id}/files/{name}", summary="下载")
async def download(
    request: Request,
    stream_id: StreamId,
    name: Annotated[str, Path(max_length=40)],
    who: Reads,
    studio: Here,
    app: App,
) -> Response:
    """`script.docx`, `deck.pptx`, `deck.pdf`, `announcement.txt` or `plan.txt`, with AI labels.

    The deck as .pptx is drawn on the template that was chosen for the stream, else the office's.
    """
    del request
    if name not in _TYPES:
        raise NotFound("没有这个文件")
    words = (await studio.desk.version(who, stream_id)).draft
    label = AigcLabel.first(app.options.producer, produce_id(words))
    if name == "deck.pptx" and (chosen := (await studio.templates.chosen(who, stream_id)).template):
        return _sent(name, words, (await studio.templates.drawn(words, chosen, label)).data)
    titles = {key: header.title for key, header in app.assistant.index.headers.items()}
    try:
        data = await asyncio.to_thread(file_of, name, words, titles, label)
    except DoesNotFit as error:
        raise BadInput(NO_ROOM) from error
    return _sent(name, words, data)


def _sent(name: str, words: StreamDraft, data: bytes) -> Response:
    title = f"{words.brief.title}-{_NAMES[name]}{name[name.index('.') :]}"
    shown = f"attachment; filename=\"{name}\"; filename*=UTF-8''{quote(title)}"
    return Response(data, media_type=_TYPES[name], headers={"Content-Disposition": shown})
