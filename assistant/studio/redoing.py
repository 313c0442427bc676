"""One part of a kept stream anew, as a version of its own.

What rests on a fact that is another one now is marked.
"""

from dataclasses import dataclass

from assistant.access.accounts import Account
from assistant.domain.clock import Clock, china_day
from assistant.domain.studio import StreamDraft
from assistant.domain.studio_flow import Stale, Stream
from assistant.errors import Conflict
from assistant.records.studio import StudioRecords, Written
from assistant.studio.desk import StudioDesk, checked
from assistant.studio.drafting.timing import Pace, estimated
from assistant.studio.jobs import sources_of
from assistant.studio.naming import place_name
from assistant.studio.places import part_of, spots
from assistant.studio.remaking import part_in, remake, taken_over
from assistant.studio.resting import of_facts
from assistant.studio.rights import StudioRights
from assistant.studio.seams import OpenDrafting
from assistant.studio.views import StreamView

_NEWER = "依据已换成最新内容，请核对这里"


@dataclass(frozen=True, slots=True)
class RedoParts:
    """What it works with."""

    records: StudioRecords
    desk: StudioDesk
    rights: StudioRights
    drafting: OpenDrafting
    clock: Clock
    pace: Pace = estimated


class Redoing:
    """Writes a part anew. Raises NotFound, Forbidden, Conflict as the desk; BadInput."""

    def __init__(self, on: RedoParts) -> None:
        self._on = on

    async def redo(self, account: Account, stream_id: str, place: str, wish: str) -> StreamView:
        """A segment (`s3`) or a slide (`slide ID`) anew."""
        on, part = self._on, part_of(place)
        stream = await on.records.get(stream_id)
        on.rights.write(account, stream)
        known = (await on.records.version(stream_id)).draft
        wish = checked(wish)
        async with on.drafting(None) as drafting:
            made = await remake(known, part, wish, drafting, china_day(on.clock()))

        def change(now: Stream, before: StreamDraft) -> Written:
            on.rights.write(account, now)
            if part_in(before, part) != part_in(known, part):
                raise Conflict("这里刚被别人改过", hint="请刷新页面")
            after, changed = taken_over(before, made, on.pace)
            marks = of_facts(after, changed, _NEWER, now.marks, on.clock())
            what = f"重写{place_name(part, before)}" + (f"（{wish}）" if wish else "")
            left = _living(marks, after, part)
            return Written(after, left, part, what, sources_of(after), whole=True)

        stream, draft = await on.records.edit(stream_id, account.id, change)
        return await on.desk.looked_at(account, stream, draft)


def _living(marks: tuple[Stale, ...], draft: StreamDraft, done: str) -> tuple[Stale, ...]:
    """Without marks on the part that is new, and on places that are gone."""
    places = {one.place for one in spots(draft)}
    places |= {part_of(place) for place in places}
    return tuple(m for m in marks if part_of(m.place) != done and m.place in places)
