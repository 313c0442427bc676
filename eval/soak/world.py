"""The system of the fault drill, taken up again where an earlier life of the soak left it."""

import asyncio
import json
import os
import random
import shutil
import time
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from eval.drills import drill_counts
from eval.drills.drill_faults import FAULTS
from eval.drills.drill_world import World
from eval.drills.faults import Fault
from eval.drills.serve_process import ServeProcess
from eval.soak.journal import Journal, Line, State
from eval.soak.plan import Plan
from eval.soak.platform import Listener, Platform, Replies, event
from eval.soak.processes import MARK, Sampled, end_leftovers, sample

NAMED = {one.name: one for one in FAULTS}
AT_LEAST = 20.0
"""Seconds that each fault is looked at: an alarm may come that late."""
_SERVICE = "service.json"
_LIVED = 600.0
"""Seconds for which moments of the picture are kept."""


def drawn(seed: int, number: int) -> str:
    """The fault that is drawn as `number`: each comes once, in a new order each round."""
    whole, place = divmod(number, len(FAULTS))
    deck = [one.name for one in FAULTS]
    random.Random(f"{seed}/faults/{whole}").shuffle(deck)
    return deck[place]


class SoakWorld(World):
    """See `run.Scene`."""

    asking: Platform

    def __init__(self, folder: Path, plan: Plan, state: State, journal: Journal) -> None:
        super().__init__(folder, plan.seed)
        self._plan, self._state, self._journal = plan, state, journal
        self.replies = Replies(plan.seed, state, journal)
        self._asked_before = 0

    async def start(self) -> None:
        """End what was left of an earlier life, then begin as the drill does."""
        os.environ[MARK] = str(self.folder)
        await asyncio.to_thread(end_leftovers, self.folder)
        await super().start()

    async def service(self, reply_url: str, settings: Mapping[str, str]) -> ServeProcess:
        """The one that an earlier life prepared, with its session, or a new one."""
        file = self.folder / _SERVICE
        if not file.exists():  # an earlier life may have been ended while it prepared
            shutil.rmtree(self.data)
            self.data.mkdir()
            made = await super().service(reply_url, settings)
            _keep(file, {"session": made.session_id, "token": made.token})
            return made
        kept = json.loads(file.read_text("utf-8"))
        made = ServeProcess(self.data, reply_url, settings=settings)
        made.session_id, made.token = kept["session"], kept["token"]
        return made

    def platform(self) -> Platform:
        """One that goes on counting."""
        return Platform(self.serve.url, self._plan, self._state, self._journal)

    def listener(self, line: str) -> Listener:
        """One that goes on remembering."""
        return Listener(line, self._state, self._journal)

    @property
    def traffic_hours(self) -> float:
        """Hours of traffic that were got through."""
        return self.asking.traffic_hours

    def lived(self) -> Sequence[float]:
        """When the picture moved of late."""
        moments = self.viewer.lived
        while moments and moments[0] < time.monotonic() - _LIVED:
            moments.pop(0)
        return moments

    def sampled(self) -> Sampled:
        """What each part needs."""
        serve = push = None
        with suppress(psutil.NoSuchProcess):
            serve = self.process
        with suppress(psutil.NoSuchProcess):
            push = self.push.process
        return sample(serve, push)

    def draw(self, number: int) -> tuple[str, str]:
        """A fault, and why it cannot strike here or ""."""
        name = drawn(self._plan.seed, number)
        return name, NAMED[name].needs(self)

    async def struck(self, name: str, limit: float) -> Line:
        """Strike, hold, undo; look on until all is well, `limit` seconds at most."""
        fault = NAMED[name]
        await self.well(fault.alarms, AT_LEAST)
        begun = time.monotonic()
        wrong = await self._tried(self._held(fault))
        wrong = await self._tried(fault.undo(self)) or wrong  # undone however it struck
        served = await self._well(begun, limit)
        codes = self.alarms(begun)
        telling = fault.answering(codes) or codes
        told = [one.at for one in self.bell.since(begun) if one.code in telling]
        return {
            "picture": self.viewer.gap(begun, time.monotonic()),
            "away": fault.away,
            "served": served,
            "alarms": sorted(set(codes)),
            "told": round(min(told) - begun, 1) if told else None,
            "untold": fault.is_untold(codes),
            "broke": wrong,
        }

    async def _held(self, fault: Fault) -> None:
        await fault.strike(self)
        await asyncio.sleep(fault.hold)

    @staticmethod
    async def _tried(work: Awaitable[None]) -> str:
        """Do it; what broke, in words. The soak goes on, its report tells."""
        try:
            await work
        except Exception as error:  # noqa: BLE001 - see above
            return f"{type(error).__name__}: {error}"
        return ""

    async def _well(self, begun: float, limit: float) -> float | None:
        """Seconds from the strike until it serves and took all that was asked until now."""
        undone, served = time.monotonic(), None
        pending = self.asking.sent.keys() - self.asking.acknowledged
        while (now := time.monotonic()) - begun < limit:
            pending -= self.asking.acknowledged
            if served is None and not pending and await self.health() is not None:
                served = round(now - begun, 1)
            has_picture = any(at > undone for at in self.viewer.lived[-4:])
            if served is not None and has_picture and now - begun > AT_LEAST:
                break
            await asyncio.sleep(0.5)
        return served

    async def settled(self, limit: float) -> float | None:
        """Ask no more; seconds until all has its outcome, None past the limit."""
        self.asking.is_held = True
        return await self.idle(limit)

    async def counted(self, *, final: bool) -> Line:
        """What was lost, said twice, unsupported; before the end only of what is older."""
        number = len(self.asking.sent) if final else self._asked_before
        self._asked_before = len(self.asking.sent)
        told = dict(self.mirror.told)
        lines = await asyncio.to_thread(self.serve.outcomes, self.folder / "export")
        cues = await self.stored_cues()
        return {
            "asked": number,
            "lost": drill_counts.lost((event(n) for n in range(number)), lines),
            "twice": drill_counts.twice(cues, self.replies.keys),
            "unsupported": drill_counts.unsupported(cues, told),
            "said": len(told),
            "replies": len(self.replies.keys),
            "restarts": dict(self.restarts),
        }


def _keep(file: Path, what: Mapping[str, str]) -> None:
    """It holds a token: only its owner reads it; whole or not at all."""
    made = file.with_suffix(".new")
    made.touch(mode=0o600)
    made.write_text(json.dumps(what), "utf-8")
    made.replace(file)
