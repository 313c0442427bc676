"""您可以这样问: questions that the knowledge base answers, those that viewers need most first."""

from collections.abc import Iterable

from fastapi import Request

from assistant.domain.live import Room
from assistant.domain.source import SourceHeader, SourceKind, in_force
from assistant.web.live.house import house_of

SHOWN = 12
LOOKED_AT = 500
"""Answered questions of the room, newest, whose sources count."""
LONGEST = 22
"""Characters that stand on one line of the stage."""


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
    return list(dict.fromkeys(_wordings(_ordered(usable, cited, near))))[:SHOWN]


def _ordered(
    headers: list[SourceHeader], cited: dict[str, int], near: tuple[str, ...] | None
) -> list[SourceHeader]:
    """Most cited first, then the nearest region's."""
    depth = {code: at for at, code in enumerate(near or ())}
    return sorted(headers, key=lambda h: (-cited.get(h.id, 0), depth.get(h.region, 0), h.id))


def _wordings(headers: Iterable[SourceHeader]) -> Iterable[str]:
    for header in headers:
        match header.kind:
            case SourceKind.FAQ:
                text = header.title
            case SourceKind.GUIDE:
                text = f"{header.title}要带什么材料？"
            case _:
                continue
        if len(text) <= LONGEST:
            yield text
