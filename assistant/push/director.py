"""Puts sources on air, watches them, and does what the ladder says."""

import asyncio
import itertools
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from assistant.domain.live import AlertLevel
from assistant.errors import Unavailable
from assistant.push.faults import Cure, Fault, Watch
from assistant.push.flv import tags
from assistant.push.ladder import Ladder, Mode, Step
from assistant.push.relay import Relay
from assistant.push.seams import Now, PictureSource, SourceReadings

log = structlog.get_logger()
LOOK = 0.5
"""Seconds between two looks."""
_HANDED_OVER = 5.0
_TOLD_AGAIN = 300.0
_NAMES = {Mode.BROWSER: "正常画面", Mode.SAFE: "安全模式", Mode.CARD: "停播卡"}
_LEVELS = {
    Step.RELOAD: AlertLevel.WARNING,
    Step.RESTART: AlertLevel.URGENT,
    Step.SAFE: AlertLevel.URGENT,
    Step.CARD: AlertLevel.EMERGENCY,
    Step.BACK: AlertLevel.WARNING,
}
_DONE = {
    Step.RELOAD: "已重新加载直播页面",
    Step.RESTART: "正在重新启动画面",
    Step.SAFE: "已转入安全模式",
    Step.CARD: "已转为停播卡",
    Step.TRY: "正在后台试启动正常画面",
    Step.BACK: "已恢复正常画面",
    Step.DROP: "正常画面仍不稳定，稍后再试",
}
Tell = Callable[[str, str, AlertLevel | None], None]
"""Takes a code, a text for staff, and how urgently a person must know."""


@dataclass(frozen=True, slots=True)
class DirectorParts:
    """`browser` and `safe` make a new run of each source; `speaks` is what the hub says."""

    relay: Relay
    browser: Callable[[], PictureSource]
    safe: Callable[[], PictureSource]
    now: Now
    tell: Tell
    speaks: Callable[[], bool] = lambda: False


@dataclass(slots=True)
class Run:
    """One run of a source. Only one that `leads` may take over the relay."""

    source: PictureSource
    origin: str
    watch: Watch
    leads: bool = True
    feeding: "asyncio.Task[None] | None" = None


@dataclass(slots=True)
class _Told:
    """Faults that were told of, and when: each once in a while."""

    at: dict[str, float] = field(default_factory=dict)

    def is_new(self, code: str, now: float) -> bool:
        """Whether to tell of it now."""
        if now - self.at.get(code, -_TOLD_AGAIN) < _TOLD_AGAIN:
            return False
        self.at[code] = now
        return True


class Director:
    """`run` goes on until it is cancelled, and then ends every source."""

    def __init__(self, parts: DirectorParts, ladder: Ladder | None = None) -> None:
        self._parts = parts
        self._ladder = ladder or Ladder(parts.now())
        self._numbers = itertools.count(1)
        self._air: Run | None = None
        self._trial: Run | None = None
        self._trying: asyncio.Task[None] | None = None
        self._told = _Told()
        self.faults: Sequence[Fault] = ()

    @property
    def mode(self) -> Mode:
        """What is on air, or is being brought there."""
        return self._ladder.mode

    @property
    def readings(self) -> SourceReadings:
        """Of what is on air."""
        return self._air.source.readings() if self._air else SourceReadings()

    def preview(self) -> bytes | None:
        """A small JPEG of what is on air; None where that is the card."""
        return self._air.source.preview() if self._air else None

    async def run(self) -> None:
        """Begin with the browser; then look, and heal."""
        try:
            await self._replace(Mode.BROWSER)
            while True:
                await asyncio.sleep(LOOK)
                await self._look()
        finally:
            await self._end()

    async def _look(self) -> None:
        now = self._parts.now()
        self.faults = self._seen(self._air, now)
        worst = self.faults[0] if self.faults else None
        for one in self.faults:
            if one.cure is Cure.ALARM and self._told.is_new(one.code, now):
                self._parts.tell(one.code, one.text, AlertLevel.URGENT)
        trial = self._seen(self._trial, now) if self._trial else []
        cure = worst.cure if worst else None
        step = self._ladder.look(cure, now, trial[0].cure if trial else None)
        if step is not Step.NONE:
            await self._do(step, worst)

    def _seen(self, run: Run | None, now: float) -> Sequence[Fault]:
        if run is None:
            return [Fault("nothing", Cure.RESTART, "没有画面来源")]
        reading = self._parts.relay.reading()
        if run.origin != reading.origin:  # rates of the relay are another run's
            reading = reading.of_no_account
        speaks = self._parts.speaks() and run is self._air
        return run.watch.look(run.source.readings(), reading, now, speaks=speaks)

    async def _do(self, step: Step, fault: Fault | None) -> None:
        why = f"{fault.text}：" if fault and step in {Step.RELOAD, Step.RESTART} else ""
        code = f"{step}_{fault.code}" if why and fault else step.value
        self._parts.tell(code, why + _DONE[step], _LEVELS.get(step))
        match step:
            case Step.RELOAD:
                await self._reload()
            case Step.RESTART | Step.SAFE:
                await self._replace(self._ladder.mode)
            case Step.CARD:
                await self._drop_air()
                self._ladder.came(Mode.CARD, self._parts.now())
            case Step.TRY:
                self._trying = asyncio.create_task(self._try())
            case Step.BACK:
                await self._back()
            case _:
                await self._drop_trial()

    async def _reload(self) -> None:
        """Where a page cannot even be reloaded its group goes at once."""
        if self._air is None:
            return
        try:
            await self._air.source.reload()
        except Unavailable as error:
            log.warning("push_reload_failed", why=str(error))
            await self._do(Step.RESTART, None)

    async def _replace(self, mode: Mode) -> None:
        """A new run of a source. What is on air stays there meanwhile, if it still delivers."""
        old, self._air = self._air, None
        if old is not None and old.source.name == mode.value:
            await self._stopped(old)
            old = None
        try:
            self._air = await self._begun(mode, leads=True)
        except Unavailable as error:
            log.warning("push_source_failed", source=mode.value, why=str(error))
            self._ladder.failed(self._parts.now())
            if self._told.is_new(f"start_{mode}", self._parts.now()):
                text = f"{_NAMES[mode]}没有启动：{error}"
                self._parts.tell(f"start_failed_{mode}", text, AlertLevel.URGENT)
        else:
            self._ladder.came(mode, self._parts.now())
            await self._led(self._air)
        if old is not None:
            await self._stopped(old)

    async def _try(self) -> None:
        try:
            self._trial = await self._begun(Mode.BROWSER, leads=False)
            self._ladder.trial_came(self._parts.now())
        except Unavailable as error:
            log.warning("push_trial_failed", why=str(error))
            self._ladder.trial_failed(self._parts.now())

    async def _back(self) -> None:
        old, self._air, self._trial = self._air, self._trial, None
        assert self._air is not None
        self._air.leads = True
        if old is not None:
            old.leads = False
        self._ladder.came(Mode.BROWSER, self._parts.now())
        await self._led(self._air)
        if old is not None:
            await self._stopped(old)

    async def _begun(self, mode: Mode, *, leads: bool) -> Run:
        parts = self._parts
        source = parts.browser() if mode is Mode.BROWSER else parts.safe()
        try:
            stream = await source.start()
        except Unavailable:
            raise
        except Exception as error:  # a defect of one source must not end the stream
            log.exception("push_source_broken", source=source.name, kind=type(error).__name__)
            await source.stop()
            raise Unavailable("出错", hint=type(error).__name__) from error
        run = Run(source, f"{source.name}-{next(self._numbers)}", Watch(parts.now()), leads)
        run.feeding = asyncio.create_task(self._feed(run, stream))
        return run

    async def _feed(self, run: Run, stream: asyncio.StreamReader) -> None:
        relay = self._parts.relay
        try:
            async for tag in tags(stream):
                relay.take(tag, run.origin, may_lead=run.leads)
        except ValueError as error:
            log.warning("push_stream_broken", origin=run.origin, why=str(error))

    async def _led(self, run: Run) -> None:
        """Until the relay hands on this run, for as long as a keyframe may take."""
        relay = self._parts.relay
        with suppress(TimeoutError):
            async with asyncio.timeout(_HANDED_OVER):
                while relay.origin != run.origin:  # noqa: ASYNC110 - the relay knows no tasks
                    await asyncio.sleep(0.1)

    async def _stopped(self, run: Run) -> None:
        run.leads = False
        await run.source.stop()
        if run.feeding is not None:
            run.feeding.cancel()
            await asyncio.gather(run.feeding, return_exceptions=True)
        self._parts.relay.forget(run.origin)

    async def _drop_air(self) -> None:
        old, self._air = self._air, None
        if old is not None:
            await self._stopped(old)

    async def _drop_trial(self) -> None:
        old, self._trial = self._trial, None
        if old is not None:
            await self._stopped(old)

    async def _end(self) -> None:
        if self._trying is not None:
            self._trying.cancel()
            await asyncio.gather(self._trying, return_exceptions=True)
        await self._drop_trial()
        await self._drop_air()
