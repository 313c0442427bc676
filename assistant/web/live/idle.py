"""您可以这样问: questions that the knowledge base answers, those that viewers need most first."""

from collections.abc import Callable, Iterable, Mapping

from fastapi import Request

from assistant.domain.live import Room
from assistant.domain.source import ServiceGuide, SourceHeader, SourceKind, in_force
from assistant.web.live.house import house_of

SHOWN = 12
LOOKED_AT = 500
"""Answered questions of the room, newest, whose sources count."""
LONGEST = 22
"""Characters that stand on one line of the stage."""
_ASKS: tuple[tuple[Callable[[ServiceGuide], object], str], ...] = (
    (lambda guide: guide.materials, "要带什么材料？"),
    (lambda guide: guide.steps, "怎么办？"),
    (lambda guide: guide.promised_limit or guide.statutory_limit, "多久能办好？"),
    (lambda guide: guide.locations, "去哪里办？"),
    (lambda guide: guide.fee, "要收费吗？"),
    (lambda guide: guide.online, "能在网上办吗？"),
    (lambda guide: guide.consult_phone, "咨询电话是多少？"),
)
"""What may be asked of an item where its guide states it; what is asked most stands first."""


async def suggestions(request: Request, room: Room) -> list[str]:
    """Fixed wordings of approved sources alone: never a viewer's own words."""
    running = request.app.state.running
    cited = await house_of(request).reads.most_cited(room.id, LOOKED_AT)
    day, tree = running.today(), running.assistant.regions
    near = tree.lineage(room.region) if room.region else None
    usable = [
        header
        for header in running.assistant.index.headers.values()
        if in_force(header, day) and (near is None or header.region in near)
    ]
    guides = running.assistant.desk.guides.catalogue.guides
    return list(dict.fromkeys(_wordings(_ordered(usable, cited, near), guides)))[:SHOWN]


def _ordered(
    headers: list[SourceHeader], cited: dict[str, int], near: tuple[str, ...] | None
) -> list[SourceHeader]:
    """Most cited first, then the nearest region's."""
    depth = {code: at for at, code in enumerate(near or ())}
    return sorted(headers, key=lambda h: (-cited.get(h.id, 0), depth.get(h.region, 0), h.id))


def _wordings(headers: Iterable[SourceHeader], guides: Mapping[str, ServiceGuide]) -> Iterable[str]:
    for header in headers:
        text = ""
        if header.kind is SourceKind.FAQ:
            text = header.title
        elif header.id in guides:
            text = question_on(guides[header.id])
        if text and len(text) <= LONGEST:
            yield text


def question_on(guide: ServiceGuide) -> str:
    """A question that the guide answers; "" where it states nothing that is asked for."""
    return next((f"{guide.name}{words}" for states, words in _ASKS if states(guide)), "")
