"""What all parts of an open room share: its state, its memory, and the one way to change rows."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from assistant.answering.cited_links import unlinked
from assistant.domain.answer import Citation
from assistant.domain.audit import AuditEvent
from assistant.domain.duty import DutyBook, Hold
from assistant.domain.live import Comment, Decision, OutcomeKind, Room, RoomState
from assistant.domain.live_commit import Commit, Entry
from assistant.live import lines
from assistant.live.clocks import Airtime
from assistant.live.hub import Hub, RoomEvent
from assistant.live.memory import Memory
from assistant.live.services import RoomServices
from assistant.live.sorting import unsafe
from assistant.live.writer import Writer

Listener = Callable[[Commit], None]
HARMFUL = "harmful_"
"""Codes of decisions about harmful comments begin with this: their text is shown nowhere."""


class Core:
    """An open room of one session, held under a lease."""

    def __init__(self, on: RoomServices, room: Room, session_id: str, token: int, hub: Hub) -> None:
        self.on = on
        self.room = room
        self.session_id = session_id
        self.memory = Memory(on.config)
        self.airtime = Airtime(on.clock.now())
        self.number = 0
        self.quiet = asyncio.Event()
        self.quiet.set()
        self.token = token
        self._taking = 0
        self._hub = hub
        self._writer = Writer(on.records, room.id, token)
        self._listeners: list[Listener] = []

    @property
    def now(self) -> datetime:
        """The room's time."""
        return self.on.clock.now()

    @property
    def may_speak(self) -> bool:
        """Whether the stage may be given something to say."""
        room = self.room
        return room.state is RoomState.OPEN and not room.muted and not room.carded

    @property
    def officer_is_there(self) -> bool:
        """Whether a page of somebody who may run the room beats, or they said so lately."""
        limit = self.on.config.heartbeat
        if limit is None:
            return True
        room, page = self.room, timedelta(seconds=limit)
        plan = self.duty.plan(room.id)
        return plan.is_there(self.now, room.heartbeat_at, room.present_at, page)

    @property
    def duty(self) -> DutyBook:
        """Rotas, hours and the calendar as they are now."""
        return self.on.duty()

    @property
    def hold(self) -> Hold:
        """Why no answer is given by itself now, though the room is in automatic mode."""
        if not self.room.automatic:
            return Hold.NONE
        if not self.duty.answers_by_itself(self.room.id, self.now):
            return Hold.HOURS
        return Hold.NONE if self.officer_is_there else Hold.DUTY

    @contextmanager
    def taking(self) -> Iterator[None]:
        """While comments are being decided it is not quiet: answers begin afterwards."""
        self._taking += 1
        self.quiet.clear()
        try:
            yield
        finally:
            self._taking -= 1
            if not self._taking:
                self.quiet.set()

    def listen(self, listener: Listener) -> None:
        """Be told of each step once it is stored."""
        self._listeners.append(listener)

    async def commit(self, step: Commit) -> None:
        """Store a step, then tell of it. Raises LostLease where the room is no longer ours."""
        await self.on_its_way(step)

    def on_its_way(self, step: Commit) -> Coroutine[None, None, None]:
        """The same in two parts: the step has its place among all steps when this returns.

        What is given must be awaited; then the step is stored.
        """
        return self._stored(self._writer.commit(step), step)

    async def _stored(self, written: asyncio.Future[None], step: Commit) -> None:
        await written
        for listener in self._listeners:
            listener(step)
        self.tell(step)

    def tell(self, step: Commit, room: Room | None = None) -> None:
        """Tell the subscribers what changed."""
        self.number += 1
        if len(self._hub):
            event = RoomEvent(self.room.id, self.number, self.now, shown(step), room)
            self._hub.tell(event)

    async def put_room(self, room: Room, event: AuditEvent | None = None) -> None:
        """Store the room's own row and tell of it. Raises LostLease where it is not ours."""
        self.airtime.tick(self.now, runs=self.may_speak)
        await self.on.records.change_room(room, self.token, event)
        self.room = room
        self.airtime.tick(self.now, runs=self.may_speak)
        self.tell(Commit(), room)

    def unsafe(self, text: str) -> str:
        """Why a text may not go out to viewers; "" where it may."""
        return unsafe(text, self.on.mask(text), self.on.screen(text))

    def unfit(self, text: str, spoken: str, cited: Sequence[Citation]) -> str:
        """Why an answer may not go out now; links that its sources hold are not a viewer's."""
        if self.on.withheld(text, cited):
            return "已撤回，等待更正"
        words = (unlinked(each, cited) for each in dict.fromkeys((text, spoken)))
        return next(filter(None, map(self.unsafe, words)), "")


def shown(step: Commit) -> Commit:
    """A step without the words of harmful comments."""
    harmful = {one.comment_id for one in step.decisions if is_harmful(one)}
    if not harmful:
        return step
    comments = tuple(hidden(one) if one.id in harmful else one for one in step.comments)
    return replace(step, comments=comments)


def is_harmful(decision: Decision) -> bool:
    """Whether the comment's words may not be shown."""
    return decision.kind is OutcomeKind.SET_ASIDE and decision.code.startswith(HARMFUL)


def hidden(comment: Comment) -> Comment:
    """The comment without its words; a name may be an offence too."""
    return replace(comment, text=lines.HIDDEN, viewer_name="")


def entries_of(step: Commit) -> Sequence[Entry]:
    """The comments of a step with their decisions, as they may be shown."""
    decided: Mapping[str, Decision] = {one.comment_id: one for one in step.decisions}
    return [Entry(one, decided.get(one.id)) for one in shown(step).comments]
