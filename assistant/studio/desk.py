"""The studio's desk: the one way by which pages and programs read, write and comment streams.

Words change in `StudioDesk`, states in `studio.stepping`. See decisions/0029.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.access.accounts import Account
from assistant.domain.clock import Clock, NewId, china_day
from assistant.domain.studio import StreamDraft
from assistant.domain.studio_flow import (
    FROZEN,
    Comment,
    CommentState,
    Problem,
    Stream,
    StreamState,
    Version,
    VersionNote,
)
from assistant.errors import BadInput, Conflict
from assistant.records.studio import Edit, StudioRecords, Written
from assistant.records.studio_comments import CommentRecords
from assistant.studio.anchors import anchor
from assistant.studio.approving import late, problems
from assistant.studio.differing import Difference, differences
from assistant.studio.drafting.timing import Pace, estimated
from assistant.studio.drafting.wording import Screen
from assistant.studio.fitting_problems import clip_problems, clip_seconds, deck_problems
from assistant.studio.likeness import Near, nearest, runs
from assistant.studio.naming import place_name
from assistant.studio.places import insert, put, spot
from assistant.studio.resting import marked, shifted
from assistant.studio.rights import StudioRights
from assistant.studio.standing import Ground, Grounds
from assistant.studio.views import StreamView
from assistant.voice.exporting import Place

LONGEST = 600
"""Characters of one text."""
LONGEST_WHOLE = 4000
_WHOLE = ("announcement", "plan.")
"""Places that may hold several lines."""
_EARLIER = frozenset({StreamState.AIRED, StreamState.ARCHIVED})
_COMPARED = 60
"""So many earlier streams a draft is compared with, the last ones."""


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What the desk works with. `screen` gives the rules that a text hits.

    `place` is where a clip's voice says that it was made by AI.
    """

    records: StudioRecords
    comments: CommentRecords
    grounds: Grounds
    rights: StudioRights
    clock: Clock
    new_id: NewId
    screen: Screen | None = None
    pace: Pace = estimated
    place: Place = "end"


@dataclass(frozen=True, slots=True)
class Said:
    """A text at a place. `was` is what the writer saw there; another text since is a Conflict."""

    place: str
    text: str
    was: str


class StudioDesk:
    """The desk of one organisation. All methods raise NotFound, Forbidden and Conflict."""

    def __init__(self, on: DeskParts) -> None:
        self._on = on
        self._earlier: dict[str, tuple[str, frozenset[str]]] = {}

    async def streams(
        self, account: Account, states: Collection[StreamState], text: str = ""
    ) -> list[Stream]:
        """What someone may see, the last changed first."""
        self._on.rights.enter(account)
        found = await self._on.records.listed(states, text=text)
        return [one for one in found if self._on.rights.sees(account, one)]

    async def view(self, account: Account, stream_id: str) -> StreamView:
        """A stream with its words, what stands against it, and what the account may do."""
        on = self._on
        stream = await on.records.get(stream_id)
        on.rights.read(account, stream)
        words = await on.records.version(stream_id)
        return await self.looked_at(account, stream, words.draft)

    async def looked_at(self, account: Account, stream: Stream, draft: StreamDraft) -> StreamView:
        """The view of words that are at hand."""
        on = self._on
        comments = await on.comments.of(stream.id)
        grounds, found = await self.judged(stream, draft, comments)
        steps = on.rights.steps(account, stream)
        writes = on.rights.writes(account, stream)
        return StreamView(
            stream=stream,
            draft=draft,
            problems=tuple(found),
            grounds=tuple(grounds),
            comments=tuple((one, anchor(one, draft)) for one in comments),
            near=await self.near(stream, draft),
            steps=steps,
            writes=writes and stream.state in {StreamState.DRAFT, StreamState.CHANGES_ASKED},
            comments_on=writes or on.rights.judges(account, stream),
            wrote=account.id in stream.writers,
            clip_seconds=await asyncio.to_thread(self.clip_seconds, draft),
        )

    async def judged(
        self, stream: Stream, draft: StreamDraft, comments: Sequence[Comment] = ()
    ) -> tuple[list[Ground], list[Problem]]:
        """The sources on the day of broadcast, and everything that stands against an approval."""
        on = self._on
        today = china_day(on.clock())
        planned = china_day(stream.starts_at) if stream.starts_at else draft.brief.day
        grounds = await on.grounds.of(draft.facts, max(planned or today, today))
        found = await asyncio.to_thread(problems, draft, stream.marks, grounds, comments, on.screen)
        over = late(draft, today) if stream.state not in FROZEN else None
        tight = await asyncio.to_thread(self._tight, draft)
        return grounds, [*([over] if over else []), *tight, *found]

    def clip_seconds(self, draft: StreamDraft) -> Mapping[str, float]:
        """How long each clip's film will be, by the clip's id."""
        return clip_seconds(draft, self._on.pace, self._on.place)

    def _tight(self, draft: StreamDraft) -> list[Problem]:
        return [*clip_problems(draft, self.clip_seconds(draft)), *deck_problems(draft.deck)]

    async def edit(self, account: Account, stream_id: str, said: Said) -> StreamView:
        """Put a text at a place, "" takes a sentence out. Raises BadInput for one too long."""
        text = checked(said.text, said.place)

        def change(stream: Stream, before: StreamDraft) -> Written:
            self._on.rights.write(account, stream)
            there = spot(before, said.place)
            if there.text != said.was:
                raise Conflict("这里刚被别人改过", hint="页面会换成新的内容，请再改一次")
            after = put(before, said.place, text, self._on.pace)
            name = place_name(said.place, before)
            marks = marked(before, said.place, stream.marks, self._on.clock(), name)
            if not text and there.spoken:
                marks = shifted(marks, said.place, -1)
            return Written(after, marks, said.place, f"改{name}", stream.sources)

        return await self._edited(account, stream_id, change)

    async def insert(self, account: Account, stream_id: str, after: str, text: str) -> StreamView:
        """Put a new sentence behind one of a segment. Raises BadInput for an empty one."""
        text = checked(text)
        if not text:
            raise BadInput("请写一句话")

        def change(stream: Stream, before: StreamDraft) -> Written:
            self._on.rights.write(account, stream)
            new = insert(before, after, text, self._on.pace)
            marks = shifted(stream.marks, after, 1)
            what = f"在{place_name(after, before)}后加一句"
            return Written(new, marks, after, what, stream.sources)

        return await self._edited(account, stream_id, change)

    async def checked(
        self, account: Account, stream_id: str, places: Collection[str]
    ) -> StreamView:
        """Marked parts were looked at and stand as they are; no place means all of them."""

        def change(stream: Stream, before: StreamDraft) -> Written:
            self._on.rights.write(account, stream)
            left = tuple(m for m in stream.marks if places and m.place not in places)
            what = f"核对了 {len(stream.marks) - len(left)} 处"
            return Written(before, left, "、".join(places), what, stream.sources)

        return await self._edited(account, stream_id, change)

    async def comment(
        self, account: Account, stream_id: str, place: str, text: str, suggestion: str = ""
    ) -> Comment:
        """Remark on a sentence, or suggest another one. Raises BadInput for empty words."""
        on = self._on
        stream = await on.records.get(stream_id)
        on.rights.comment(account, stream)
        text, suggestion = checked(text), checked(suggestion)
        if not text and not suggestion:
            raise BadInput("请写批注或建议的说法")
        if suggestion and not place:
            raise BadInput("建议的说法要写在某一句上")
        words = await on.records.version(stream_id)
        quote = spot(words.draft, place).text if place else ""
        one = Comment(
            on.new_id(), stream_id, place, quote, text, account.id, on.clock(), suggestion
        )
        await on.comments.add(one)
        return one

    async def settle(
        self, account: Account, stream_id: str, comment_id: str, how: CommentState
    ) -> StreamView:
        """Deal with a comment: done, accepted (its suggestion takes the sentence's place) or not.

        Whose suggestion is accepted has written in it too. Raises Conflict where the sentence is
        another one by now.
        """
        on = self._on
        stream = await on.records.get(stream_id)
        on.rights.comment(account, stream)
        words = await on.records.version(stream_id)
        known = next((c for c in await on.comments.of(stream_id) if c.id == comment_id), None)
        if known and how is CommentState.ACCEPTED:
            await self._accept(account, stream, words.draft, known)

        def change(one: Comment) -> Comment:
            if one.state is not CommentState.OPEN:
                raise Conflict("这条批注已经处理过了")
            return replace(one, state=how, settled_by=account.id, settled_at=on.clock())

        await on.comments.settle(stream_id, comment_id, account.id, change)
        return await self.view(account, stream_id)

    async def _accept(
        self, account: Account, stream: Stream, draft: StreamDraft, one: Comment
    ) -> None:
        if not one.suggestion or one.state is not CommentState.OPEN:
            raise Conflict("这条批注没有可采纳的说法")
        at = anchor(one, draft).place
        if not at or spot(draft, at).text != one.quote:
            raise Conflict("这一句已经改过了，不能直接采纳", hint="请对照着改")
        await self.edit(account, stream.id, Said(at, one.suggestion, one.quote))
        await self._on.records.joined(stream.id, one.author)

    async def notes(self, account: Account, stream_id: str) -> list[VersionNote]:
        """Who changed what, the newest first."""
        self._on.rights.read(account, await self._on.records.get(stream_id))
        return await self._on.records.notes(stream_id)

    async def version(self, account: Account, stream_id: str, number: int | None = None) -> Version:
        """The words of a version."""
        self._on.rights.read(account, await self._on.records.get(stream_id))
        return await self._on.records.version(stream_id, number)

    async def difference(
        self, account: Account, stream_id: str, old: int, new: int
    ) -> list[Difference]:
        """What differs between two versions."""
        first = await self.version(account, stream_id, old)
        second = await self.version(account, stream_id, new)
        return await asyncio.to_thread(differences, first.draft, second.draft)

    async def near(self, stream: Stream, draft: StreamDraft) -> Near | None:
        """The earlier stream that held most of this script, where that is too much."""
        earlier = [
            (one.id, one.title, await self._runs(one))
            for one in await self._on.records.listed(_EARLIER, _COMPARED)
            if one.id != stream.id
        ]
        return nearest(await asyncio.to_thread(runs, draft), earlier) if earlier else None

    async def _runs(self, stream: Stream) -> frozenset[str]:
        """Of a stream that was aired: its words change no more."""
        known = self._earlier.get(stream.id)
        if known is None:
            words = await self._on.records.version(stream.id)
            known = (stream.title, await asyncio.to_thread(runs, words.draft))
            self._earlier[stream.id] = known
        return known[1]

    async def _edited(self, account: Account, stream_id: str, change: Edit) -> StreamView:
        stream, draft = await self._on.records.edit(stream_id, account.id, change)
        return await self.looked_at(account, stream, draft)


def checked(text: str, place: str = "") -> str:
    """A text as it is kept: one paragraph, but for plan and announcement. Raises BadInput."""
    whole = place.startswith(_WHOLE)
    lines = text.splitlines() if whole else [text]
    kept = "\n".join(" ".join(line.split()) for line in lines).strip()
    if len(kept) > (LONGEST_WHOLE if whole else LONGEST):
        raise BadInput(f"一处最多 {LONGEST} 个字，请分成几句")
    return kept
