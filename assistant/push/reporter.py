"""Tells the service how the stream goes, and hears what the stage says meanwhile.

What befell the stream is kept in a file first, then told until the service has it. Where the
service does not answer, people are alarmed from here.
"""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import structlog

from assistant.domain.clock import NewId
from assistant.domain.live import AlertLevel
from assistant.domain.streaming import Happening
from assistant.push.seams import Now

log = structlog.get_logger()
PAUSE = 1.0
"""Seconds between two reports."""
_PATIENCE = 5.0
"""Seconds for which the service may be away before people are alarmed from here."""
_RESTARTS = 30.0
"""The same where it said that it ends in order: it mostly comes back."""
_MISSED = 5.0
"""Seconds beyond that until people are told that the service itself is away."""
STOPPED = "stopped"
_PAUSES = (15.0, 30.0, 60.0, 120.0, *[300.0] * 12)
"""Seconds until an alarm that reached nobody is tried again; an hour in all."""
_LAST = 10.0
"""Seconds for which a stream that ends still tries to alarm."""
_ANSWER = 4.0
_KEPT = 500
_AT_ONCE = 100
_LINE = 8192
"""Bytes of the record in which its last line lies."""
KEY_HEADER = "x-stage-key"


@dataclass(frozen=True, slots=True)
class ReporterParts:
    """`address` and `key` are those of the service's report; `state` gives the report.

    `alarm` tells the people on duty without the service.
    """

    address: str
    key: str
    http: httpx.AsyncClient
    record: Path
    state: Callable[[], dict[str, Any]]
    preview: Callable[[], bytes | None]
    alarm: Callable[[Happening], Awaitable[None]]
    now: Now
    clock: Callable[[], datetime]
    new_id: NewId


class Reporter:
    """`tell` is everybody's `Tell`; `run` goes on until it is cancelled."""

    def __init__(self, parts: ReporterParts) -> None:
        self._parts = parts
        self._untold: dict[str, tuple[Happening, float]] = {}
        self._alarmed: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._reached_at = parts.now()
        self._ends = self._leaves = self._is_missed = False
        self.speaks = False
        """Whether the stage's hub says something now."""

    def begin(self) -> None:
        """Keep that the stream begins; people are told where the last one was cut off."""
        last = _last_code(self._parts.record)
        if last not in {"", STOPPED}:
            text = "推流程序上一次没有正常结束，已重新开始推流，请看一眼画面"
            self.tell("taken_up", text, AlertLevel.WARNING)
        self.tell("started", "推流开始", None)

    def tell(self, code: str, text: str, level: AlertLevel | None) -> None:
        """Keep it and pass it on."""
        self._kept(code, text, level)

    def _kept(self, code: str, text: str, level: AlertLevel | None) -> Happening:
        parts = self._parts
        one = Happening(parts.new_id(), parts.clock(), code, text, level)
        log.warning("push_step", code=code, text=text)
        with suppress(OSError):  # a full disk stops no stream
            parts.record.parent.mkdir(parents=True, exist_ok=True)
            with parts.record.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(one), ensure_ascii=False, default=str) + "\n")
        self._untold[one.id] = (one, parts.now())
        while len(self._untold) > _KEPT:
            self._untold.pop(next(iter(self._untold)))
        return one

    async def run(self) -> None:
        """Report, for ever."""
        while True:
            if await self._report():
                self._reached()
            else:
                self.speaks = False
                self._alarm_from_here()
                self._miss()
            await asyncio.sleep(PAUSE)

    async def last_word(self) -> None:
        """Once more, for what is still untold; whoever waits for alarms has them."""
        self._ends = True
        await self._report()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_LAST)
            for task in late:
                task.cancel()

    async def _report(self) -> bool:
        """Whether the service took it."""
        parts, told = self._parts, list(self._untold)[:_AT_ONCE]
        picture = await asyncio.to_thread(parts.preview)
        body = parts.state() | {
            "happenings": [_row(self._untold[one][0], one in self._alarmed) for one in told],
            "ends": self._ends,
            "preview": base64.b64encode(picture).decode() if picture else "",
        }
        headers = {KEY_HEADER: parts.key}
        try:
            answer = await parts.http.post(
                parts.address, json=body, headers=headers, timeout=_ANSWER
            )
            said = answer.json() if answer.is_success else None
        except (httpx.HTTPError, ValueError) as error:
            log.info("push_report_failed", kind=type(error).__name__)
            return False
        if not isinstance(said, dict):
            log.info("push_report_refused", status=answer.status_code)
            return False
        self.speaks = said.get("speaks") is True
        self._leaves = said.get("leaving") is True
        unalarmed = set(said.get("untold") or ())
        for one in told:
            happening, _ = self._untold.pop(one)
            if one in unalarmed and one not in self._alarmed:
                self._alarm_now(happening)
            self._alarmed.discard(one)
        return True

    @property
    def _patience(self) -> float:
        return _RESTARTS if self._leaves else _PATIENCE

    def _reached(self) -> None:
        self._reached_at = self._parts.now()
        if self._is_missed:
            self._is_missed = False
            self.tell("service_back", "服务已恢复应答", None)

    def _miss(self) -> None:
        """The service itself can tell nobody that it does not answer."""
        away = self._parts.now() - self._reached_at
        if not self._is_missed and away > self._patience + _MISSED:
            self._is_missed = True
            text = f"服务已有 {away:.0f} 秒没有应答，推流仍在继续"
            one = self._kept("service_away", text, AlertLevel.URGENT)
            self._alarmed.add(one.id)
            self._alarm_now(one)

    def _alarm_from_here(self) -> None:
        late = self._parts.now() - self._patience
        for one, since in list(self._untold.values()):
            if one.level and one.id not in self._alarmed and max(since, self._reached_at) < late:
                self._alarmed.add(one.id)
                self._alarm_now(one)

    def _alarm_now(self, one: Happening) -> None:
        task = asyncio.create_task(self._alarm(one))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _alarm(self, one: Happening) -> None:
        for pause in _PAUSES:
            try:
                await self._parts.alarm(one)
            except Exception as error:
                log.exception("push_alarm_failed", code=one.code, kind=type(error).__name__)
                await asyncio.sleep(pause)
            else:
                return


def _last_code(record: Path) -> str:
    """What was kept last; "" where nothing was. A line that a power cut tore ended nothing."""
    try:
        lines = record.read_bytes()[-_LINE:].splitlines()
    except OSError:
        return ""
    with suppress(ValueError, KeyError, TypeError):
        return str(json.loads(lines[-1])["code"]) if lines else ""
    return "torn"


def _row(one: Happening, is_alarmed: bool) -> dict[str, Any]:
    row = {"id": one.id, "at": one.at.isoformat(), "code": one.code, "text": one.text}
    return row | {"level": one.level and one.level.value, "alarmed": is_alarmed}
