"""The stage of one room: pages that show and say cues, or the simulation while none is open.

One line speaks: a renderer, else the first page that joined with the room's key. What it
acknowledges counts; the others go along with it. See decisions/0026.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from assistant.domain.live import NOBODY, Asking, Cue, StageEvent, StageEventKind
from assistant.domain.speech import Said
from assistant.stage import messages
from assistant.stage.behind import Behind
from assistant.stage.given import Given
from assistant.stage.line import Role, StageLine
from assistant.stage.lines import Lines
from assistant.stage.messages import Message
from assistant.stage.playing import Playing
from assistant.stage.voicing import StageVoice, sources_of

AWAITED = timedelta(seconds=20)
"""For so long a page that was there before is waited for: it reconnects within some seconds."""
FINAL = 0.25
"""Seconds for which a stop waits for the page to say how far it was heard."""
AHEAD = 2
"""Cues that are shown as next, and voiced before they are called."""


class Fallback(Protocol):
    """A stage without a page."""

    async def play(self, cue: Cue, asking: Asking = NOBODY) -> None:
        """Play a cue."""
        ...

    async def stop(self) -> Said | None:
        """Fall silent."""
        ...

    def progress(self, cue_id: str) -> Said | None:
        """How far a cue has come by its time."""
        ...

    def events(self) -> AsyncIterator[StageEvent]:
        """Starts and ends."""
        ...


class StageHub:
    """`Stage` of a room (live.seams). `now` gives the room's time."""

    def __init__(
        self, fallback: Fallback, now: Callable[[], datetime], voice: StageVoice | None = None
    ) -> None:
        self.region: str | None = None
        """Picks the readings of place names."""
        self.given = Given()
        self._fallback = fallback
        self._now = now
        self._voice = voice or StageVoice()
        self._lines = Lines()
        self._playing: Playing | None = None
        self._stopped: Playing | None = None
        self._is_final = asyncio.Event()
        self._notice: Message = messages.notice("idle", "")
        self._cover: Message = messages.cover(silent=False, carded=False)
        self._is_last_notice = False
        self._next: Message = messages.following(())
        self._happened: asyncio.Queue[StageEvent] = asyncio.Queue()
        self._awaited_until: datetime | None = None
        self._voicing: asyncio.Task[None] | None = None
        self._behind = Behind(self._voice)

    @property
    def pages(self) -> int:
        """Lines that are open."""
        return len(self._lines)

    @property
    def sounds(self) -> bool:
        """Whether a page says something now that is to be heard."""
        playing = None if self._cover["silent"] else self._playing
        if playing is None or not playing.has_begun or playing.is_simulated:
            return False
        here = playing.position().sentence
        return here < len(playing.speeches) and bool(playing.speeches[here].audio)

    @property
    def lines(self) -> Lines:
        """The lines that are open."""
        return self._lines

    async def play(self, cue: Cue, asking: Asking = NOBODY) -> None:
        """Hand a cue to every line; without one that may speak, its time is simulated.

        While a page is awaited nothing is: who plays is asked again soon (live.speech).
        """
        if self._playing is None or self._playing.cue.id != cue.id:
            await self._take_up(cue, asking)
        elif not self._playing.has_begun:
            self._lines.each(self._offer)
        if self._lines.speaker is None and not self._is_page_awaited:
            await self._fallback.play(cue)

    async def rejoin(self, cue: Cue, asking: Asking = NOBODY) -> None:
        """A cue that had begun before a restart: a page that still says it is given the rest.

        What it reports first shows where it is; till then the others are told nothing of it.
        """
        await self._take_up(cue, asking, rejoins=True)

    async def stop(self) -> Said | None:
        """Stop what is being said; gives how far it was heard, where a page knows that."""
        playing, self._playing = self._playing, None
        self._stopped = playing
        self._is_final.clear()
        self._lines.tell(messages.stop())
        self._end_voicing()
        await self._fallback.stop()
        speaks = self._lines.speaker is not None
        if playing is None or not playing.has_begun or (playing.is_simulated and not speaks):
            return None
        if speaks:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_final.wait(), FINAL)
        self._behind.keep(playing)
        return playing.said

    async def events(self) -> AsyncIterator[StageEvent]:
        """Starts and ends, from the speaking page or from the simulation, for ever."""
        forward = asyncio.create_task(self._forward())
        try:
            while True:
                yield await self._happened.get()
        finally:
            forward.cancel()
            with suppress(asyncio.CancelledError):
                await forward

    def notice(self, state: str, line: str, topic: str = "") -> None:
        """What the stage shows while nothing is said: paused, taken over, a holding line."""
        if self._is_last_notice:
            return
        self._notice = messages.notice(state, line, topic)
        self._lines.tell(self._notice)

    def cover(self, *, silent: bool, carded: bool) -> None:
        """The sound off while captions go on; a card over the picture."""
        told = messages.cover(silent=silent, carded=carded)
        if told != self._cover:
            self._cover = told
            self._lines.tell(told)

    def hold(self, line: str, *, last: bool = False) -> None:
        """Show the holding card; as the `last` notice it stands until another process tells one."""
        self.notice(messages.HOLDING, line)
        self._is_last_notice = last

    def progress(self, cue_id: str) -> Said | None:
        """How far what is being said was heard, by its page; without one by the time."""
        playing = self._playing
        if playing is None or playing.cue.id != cue_id or not playing.has_begun:
            return None
        return (playing.is_simulated and self._fallback.progress(cue_id)) or playing.said

    def ahead(self, waiting: Sequence[tuple[Cue, Asking]], script: Cue | None = None) -> None:
        """What is next: it is shown, and voiced so that its sound is there when it is called.

        A script goes on behind it: voiced, and not shown as next.
        """
        told = messages.following(waiting[:AHEAD])
        if told != self._next:
            self._next = told
            self._lines.tell(told)
        cues = [cue for cue, _ in waiting[:AHEAD]]
        self._behind.ahead([*cues, *([script] if script else [])], self.region, self._voicing)

    def join(self, *, may_speak: bool, role: Role = Role.PAGE) -> StageLine:
        """A page has come: it is told what the stage shows now."""
        line = StageLine(may_speak=may_speak, role=role)
        self._lines.add(line)
        for message in (self._notice, self._cover, self._next):
            self._lines.put(line, message)
        if self._playing is not None:
            self._offer(line)
        return line

    def await_page(self) -> None:
        """A page that spoke is gone for a moment, or was there before a restart."""
        self._awaited_until = self._now() + AWAITED

    def leave(self, line: StageLine) -> None:
        """A page has gone."""
        if line is self._lines.speaker:
            self.await_page()
        self._lines.remove(line)

    def heard(self, line: StageLine, said: Mapping[str, Any]) -> None:
        """What a line says; of a mirror only its status counts, what is of no known form never."""
        if said.get("type") == "status":
            line.report(said, self._now())
        elif line is not self._lines.speaker:
            return
        elif said.get("type") == "heard":
            self._heard(messages.heard(said))
        elif event := messages.acknowledged(said, self._now()):
            self._acknowledged(event)

    async def _take_up(self, cue: Cue, asking: Asking, *, rejoins: bool = False) -> None:
        sentences = await asyncio.to_thread(self._voice.read, cue.spoken, self.region)
        self._end_voicing()
        self._playing = playing = Playing(cue, sentences, asking, rejoins=rejoins)
        for slide in cue.slides:
            self.given.add(slide.name)
        self._lines.each(self._offer)
        self._voicing = asyncio.create_task(self._speak(playing))

    async def _speak(self, playing: Playing) -> None:
        """The sentences, each told as soon as it is voiced."""
        cue = playing.cue
        async for speech in self._voice.say(playing.sentences, sources_of(cue)):
            playing.speeches.append(speech)
            self.given.add(speech.audio)
            self._lines.tell(messages.sentence(playing, len(playing.speeches) - 1))

    def _end_voicing(self) -> None:
        if self._voicing is not None:
            self._voicing.cancel()
            self._voicing = None

    def _offer(self, line: StageLine) -> bool:
        """The current cue with what is voiced of it; who speaks goes on where it was heard."""
        playing = self._playing
        if playing is None or (playing.rejoins and line is not self._lines.speaker):
            return True
        follows = line is not self._lines.speaker or playing.is_simulated
        if playing.has_begun and follows:
            told = messages.cue(playing, position=playing.position())
        else:
            told = messages.cue(playing, begins_at=playing.resumed)
        numbers = range(len(playing.speeches))
        every = [told, *(messages.sentence(playing, number) for number in numbers)]
        return all(self._lines.put(line, message) for message in every)

    def _heard(self, one: messages.Heard | None) -> None:
        """How far the speaker is; the others go along."""
        if one is None:
            return
        for playing in (self._playing, self._stopped):
            if playing is not None and playing.cue.id == one.cue_id:
                playing.report(one.position, one.characters)
                if playing.rejoins:
                    self._is_back(playing)
                if one.final:
                    self._is_final.set()
                elif playing is self._playing:
                    self._lines.tell_mirrors(messages.position(one.cue_id, one.position))

    def _is_back(self, playing: Playing) -> None:
        """The page that said it before a restart says it still: the others may go along."""
        playing.rejoins = False
        if playing is self._playing:
            speaker = self._lines.speaker
            self._lines.each(lambda line: line is speaker or self._offer(line))

    def _acknowledged(self, event: StageEvent) -> None:
        """A cue that the page ended was heard to its end; the others end it too."""
        playing = self._playing
        ends = event.kind is StageEventKind.ENDED
        if ends and playing is not None and playing.cue.id == event.cue_id:
            playing.heard = playing.characters
            event = replace(event, said=playing.said)
            self._behind.keep(playing)
            self._lines.tell_mirrors(messages.ended(event.cue_id))
        self._happen(event)

    @property
    def _is_page_awaited(self) -> bool:
        return self._awaited_until is not None and self._now() < self._awaited_until

    async def _forward(self) -> None:
        """What the simulation acknowledges, also of a cue that it began before a page came."""
        async for event in self._fallback.events():
            if event.kind is StageEventKind.ENDED:
                self._lines.tell(messages.ended(event.cue_id))
            elif self._playing is not None and self._lines.speaker is None:
                self._playing.is_simulated = True
            self._happen(event)

    def _happen(self, event: StageEvent) -> None:
        playing = self._playing
        if playing is not None and playing.cue.id == event.cue_id:
            if event.kind is StageEventKind.ENDED:
                self._playing = None
            elif not playing.has_begun:
                playing.begin()
        self._happened.put_nowait(event)
