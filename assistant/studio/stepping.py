"""From draft to air, step by step: who may, what must hold, and what an approval freezes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from assistant.access.accounts import Account
from assistant.domain.audit import AuditEvent
from assistant.domain.clock import Clock, china_day
from assistant.domain.studio import StreamDraft
from assistant.domain.studio_flow import (
    Approval,
    Problem,
    Step,
    Stream,
    StreamState,
    frozen_digest,
    moved,
)
from assistant.domain.workdays import CHINA, Calendar
from assistant.errors import BadInput, Conflict
from assistant.records.studio import Beside, StudioRecords
from assistant.studio.desk import StudioDesk, checked
from assistant.studio.filming import Filming
from assistant.studio.naming import place_name
from assistant.studio.rights import StudioRights
from assistant.studio.seams import AudioKeys, Workdays, silent

OFFICE_HOURS = (time(9), time(11))
"""The usual hours of a stream (DOMAIN §1, S3: every workday 9–11)."""
FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class SteppingParts:
    """What it works with. `films` makes the clips of what is approved."""

    records: StudioRecords
    desk: StudioDesk
    rights: StudioRights
    clock: Clock
    calendar: Workdays
    audio: AudioKeys = silent
    films: Filming | None = None


class Stepping:
    """All steps raise NotFound, Forbidden, and Conflict where the state is another one by now."""

    def __init__(self, on: SteppingParts) -> None:
        self._on = on

    async def submit(self, account: Account, stream_id: str, version: int) -> Stream:
        """Have it looked at; words stand still until it comes back."""
        return await self._step(
            account, stream_id, Step.SUBMIT, version, lambda one: replace(one, asked="")
        )

    async def take_back(self, account: Account, stream_id: str) -> Stream:
        """Go on writing before anybody decided."""
        return await self._step(account, stream_id, Step.TAKE_BACK)

    async def reopen(self, account: Account, stream_id: str) -> Stream:
        """Change what is approved: the approval is gone."""
        return await self._step(account, stream_id, Step.REOPEN)

    async def drop(self, account: Account, stream_id: str) -> Stream:
        """Give it up."""
        return await self._step(account, stream_id, Step.DROP)

    async def archive(self, account: Account, stream_id: str) -> Stream:
        """Put it away after it was aired."""
        return await self._step(account, stream_id, Step.ARCHIVE)

    async def ask_changes(
        self, account: Account, stream_id: str, version: int, asked: str
    ) -> Stream:
        """Send it back with what is to be changed. Raises BadInput for no words."""
        words = checked(asked)
        if not words:
            raise BadInput("请写明要改什么")
        return await self._step(
            account, stream_id, Step.ASK_CHANGES, version, lambda one: replace(one, asked=words)
        )

    async def approve(self, account: Account, stream_id: str, version: int) -> Stream:
        """Freeze these words, slides and sounds; their clips begin to be filmed.

        Raises Conflict that names what blocks it.
        """
        on = self._on
        stream = await on.records.get(stream_id)
        on.rights.step(account, stream, Step.APPROVE)
        words = (await on.records.version(stream_id, version)).draft
        await self._check(stream, words)
        audio = dict(await on.audio(words))
        made = Approval(
            frozen_digest(words, audio),
            version,
            account.id,
            on.clock(),
            tuple(sorted(audio.items())),
        )
        films, job = on.films, on.films.job_of(stream, words, made) if on.films else None
        made = replace(made, films=job.id if job else "")
        beside = films.storing(job) if films and job else None

        def change(one: Stream) -> Stream:
            return replace(one, approval=made, alarm="", asked="")

        told = {"digest": made.digest, "version": str(version)}
        done = await self._step(account, stream_id, Step.APPROVE, version, change, told, beside)
        if films:
            films.chore.wake()
        return done

    async def schedule(
        self, account: Account, stream_id: str, starts_at: datetime, room_id: str | None = None
    ) -> Stream:
        """Set day and time, and the room. The sources must hold on that day.

        Raises BadInput for a time that is over or far away, Conflict for a day other than the one
        that the script names, or one on which a source does not hold.
        """
        on = self._on
        now = on.clock()
        if starts_at <= now:
            raise BadInput("这个时间已经过去")
        if starts_at > now + FARTHEST:
            raise BadInput("排期最远一年")
        stream = await on.records.get(stream_id)
        on.rights.step(account, stream, Step.SCHEDULE)
        words = (await on.records.version(stream_id)).draft
        day = china_day(starts_at)
        if words.brief.day and words.brief.day != day:
            raise Conflict(
                f"稿子里写的是 {words.brief.day} 播", hint="改到那一天，或按新日期重新起草并审核"
            )
        if words.brief.begins and words.brief.begins != starts_at.astimezone(CHINA).time():
            raise Conflict(
                f"稿子里写的是 {words.brief.begins:%H:%M} 开始", hint="改到那个时间，或重新起草"
            )
        planned = replace(stream, starts_at=starts_at)
        await self._check(planned, words)
        told = {"starts_at": starts_at.isoformat(), "room": room_id or ""}
        free = not (await on.calendar()).is_workday(day)

        def change(one: Stream) -> Stream:
            timed = replace(one, starts_at=starts_at, room_id=room_id)
            return replace(timed, on_free_day=free, alarm="")

        return await self._step(account, stream_id, Step.SCHEDULE, None, change, told)

    async def unschedule(self, account: Account, stream_id: str) -> Stream:
        """Take the time back; the approval stands."""
        return await self._step(
            account,
            stream_id,
            Step.UNSCHEDULE,
            change=lambda one: replace(one, starts_at=None, room_id=None),
        )

    async def workdays(self) -> Calendar:
        """The office's calendar."""
        return await self._on.calendar()

    async def suggested(self, days: int = 10) -> list[datetime]:
        """The next workdays at the usual hour."""
        on = self._on
        calendar, now = await on.calendar(), on.clock()
        day = china_day(now)
        found: list[datetime] = []
        while len(found) < days:
            begins = datetime.combine(day, OFFICE_HOURS[0], CHINA)
            if begins > now:
                found.append(begins)
            day = calendar.add_workdays(day, 1)
        return [one for one in found if calendar.is_workday(one.astimezone(CHINA).date())]

    async def _check(self, stream: Stream, words: StreamDraft) -> None:
        """Raises Conflict that names the first things that block, with their places."""
        _, found = await self._on.desk.judged(stream, words)
        blocked(found, words)

    async def _step(
        self,
        account: Account,
        stream_id: str,
        step: Step,
        version: int | None = None,
        change: Callable[[Stream], Stream] = lambda one: one,
        told: Mapping[str, str] | None = None,
        beside: Beside | None = None,
    ) -> Stream:
        def work(stream: Stream, words: StreamDraft) -> Stream:
            del words
            self._on.rights.step(account, stream, step)
            if version is not None and stream.version != version:
                raise Conflict("您看的不是最新的一版", hint="请刷新页面")
            return after(change(stream), step)

        event = AuditEvent(account.id, f"studio.{step}", stream_id, dict(told or {}))
        return await self._on.records.move(stream_id, event, work, beside)


def after(stream: Stream, step: Step) -> Stream:
    """The stream behind a step. Raises Conflict. Without a frozen state there is no approval."""
    state = moved(stream.state, step)
    if state is None:
        raise Conflict("这场直播的状态变了，现在不能这样做", hint="请刷新页面")
    if state in {StreamState.DRAFT, StreamState.IN_REVIEW, StreamState.CHANGES_ASKED}:
        stream = replace(stream, approval=None, starts_at=None, room_id=None)
    return replace(stream, state=state)


def blocked(found: Sequence[Problem], words: StreamDraft) -> None:
    """Raises Conflict that names the first problems that block, with their places."""
    blocking = [one for one in found if one.blocks]
    if blocking:
        raise Conflict(_told(blocking, words), hint="改好以后再提交")


def _told(blocking: list[Problem], words: StreamDraft) -> str:
    named = [f"{place_name(one.place, words)}：{one.reason}" for one in blocking[:3]]
    more = f" 等 {len(blocking)} 处" if len(blocking) > 3 else ""
    return f"还不能批准。{'；'.join(named)}{more}"
