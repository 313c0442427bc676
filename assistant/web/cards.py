"""一次性告知清单: a guide as a card, for citizens: as a page, a picture, a PDF, a Word file."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response

from assistant.domain.source import ServiceGuide
from assistant.errors import Conflict, NotFound, Unavailable
from assistant.printing.aigc import AigcLabel
from assistant.printing.qr import qr_svg
from assistant.studio.card import Card, Place, card_of
from assistant.web.access.session import signed_in
from assistant.web.links import card_url, source_url
from assistant.web.openapi import PROBLEMS
from assistant.web.pages import templates
from assistant.web.state import Here, Running

router = APIRouter(responses=PROBLEMS, tags=["cards"], dependencies=[Depends(signed_in)])
KEPT = 64
"""Files that are kept: drawing one takes a second of a core."""
WAITING = 8
"""Files that may wait to be drawn; further ones are asked to come again."""


def _pdf(card: Card) -> bytes:
    from assistant.studio.card_pdf import pdf_of

    return pdf_of(card)


def _png(card: Card) -> bytes:
    from assistant.studio.card_pdf import png_of

    return png_of(card)


def _docx(card: Card) -> bytes:
    from assistant.studio.card_docx import docx_of

    return docx_of(card)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file."""

    media_type: str
    make: Callable[[Card], bytes]


KINDS: Mapping[str, Kind] = {
    "png": Kind("image/png", _png),
    "pdf": Kind("application/pdf", _pdf),
    "docx": Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx),
}


class Files:
    """Cards as files: one is drawn at a time, the last ones are kept."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[object, ...], bytes] = OrderedDict()
        self._one = asyncio.Lock()
        self._waiting = 0

    async def get(self, key: tuple[object, ...], make: Callable[[], bytes]) -> bytes:
        """The file of a key. Raises Unavailable where too many wait."""
        if key not in self._made:
            if self._waiting >= WAITING:
                raise Unavailable("正在生成的清单太多", hint="请稍后再试")
            self._waiting += 1
            try:
                async with self._one:
                    if key not in self._made:
                        self._keep(key, await asyncio.to_thread(make))
            finally:
                self._waiting -= 1
        return self._made[key]

    def _keep(self, key: tuple[object, ...], data: bytes) -> None:
        self._made[key] = data
        while len(self._made) > KEPT:
            self._made.popitem(last=False)


@router.get("/cards/{source_id:path}", summary="一次性告知清单")
async def card(
    request: Request,
    source_id: str,
    here: Here,
    kind: Annotated[str, Query(alias="as", pattern="^(html|png|pdf|docx)$")] = "html",
) -> Response:
    """The card of a guide that is in force; `as` is html, png, pdf or docx."""
    made, version = await _card(request, here, source_id)
    if kind == "html":
        context = {"card": made, "qr": qr_svg(made.link), "url": card_url(source_id)}
        return templates.TemplateResponse(request, "card.html", context)
    key = (source_id, version, kind, made.made_on, made.link)
    data = await _files(request).get(key, lambda: _file(made, kind, here.options.producer, version))
    name = quote(f"一次性告知清单-{made.name}.{kind}", safe="")
    shown = "inline" if kind in ("png", "pdf") else "attachment"
    headers = {"Content-Disposition": f"{shown}; filename*=UTF-8''{name}"}
    return Response(data, media_type=KINDS[kind].media_type, headers=headers)


async def _card(request: Request, here: Running, source_id: str) -> tuple[Card, int]:
    holding = (await here.holdings()).get(source_id)
    guide = await here.assistant.sources.get(source_id) if holding else None
    if holding is None or not isinstance(guide, ServiceGuide):
        raise NotFound("知识库里没有这份办事指南")
    if not holding.validity.answers:
        raise Conflict(f"这份办事指南{holding.validity.label}，不提供告知清单")
    page = str(request.base_url.replace(path=source_url(source_id)))
    region = holding.region_name or holding.header.region
    return card_of(guide, Place(region, page, here.today())), holding.header.version


def _file(made: Card, kind: str, producer: str, version: int) -> bytes:
    """The file with its hidden label, read back."""
    from assistant.printing.marking import marked

    produce_id = quote(f"card/{made.source_id}/{version}/{made.made_on.isoformat()}", safe="/")
    return marked(kind, KINDS[kind].make(made), AigcLabel.first(producer, produce_id))


def _files(request: Request) -> Files:
    state = request.app.state
    if not hasattr(state, "card_files"):
        state.card_files = Files()
    files: Files = state.card_files
    return files
