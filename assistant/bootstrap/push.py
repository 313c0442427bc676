"""A room's stream with real parts."""

import asyncio
import fcntl
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from assistant.bootstrap.duty import notify_of
from assistant.bootstrap.hosts import is_on_this_machine
from assistant.domain.ids import new_ulid
from assistant.domain.live import Alert, AlertLevel
from assistant.errors import ConfigurationError, Conflict
from assistant.settings import Settings

if TYPE_CHECKING:
    import httpx

    from assistant.bootstrap.library import Library
    from assistant.domain.streaming import Happening
    from assistant.push.board import PushBoard
    from assistant.push.director import Tell
    from assistant.push.recorder import Recorder
    from assistant.push.relay import Relay
    from assistant.push.reporter import Reporter
    from assistant.push.safe.facts import Facts
    from assistant.push.seams import PictureSource, Shape
    from assistant.push.session import Session
    from assistant.records.stream_happenings import StreamHappenings

ALIVE = "alive"
"""A file in the stream's folder, touched each second while frames go out."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for. `server` is where the stage's page is served."""

    room: str
    to: tuple[str, ...]
    server: str
    portrait: bool = False
    records: bool = True
    key_file: Path | None = None


def pushes_of(library: "Library") -> "tuple[PushBoard, StreamHappenings]":
    """What a service keeps of the streams that report to it."""
    from assistant.push.board import PushBoard
    from assistant.push.seen import SeenStreams
    from assistant.records.stream_happenings import StreamHappenings

    seen = SeenStreams(library.settings.data_dir / "streams")
    happenings = StreamHappenings(library.database, library.settings.organization)
    return PushBoard(time.monotonic, seen), happenings


@asynccontextmanager
async def open_push(
    settings: Settings, wanted: Wanted, beat: Callable[[], None] = lambda: None
) -> "AsyncIterator[Session]":
    """The stream, ready to run; one a room on this machine. `beat` is called while it is well.

    Raises ConfigurationError, Unavailable where a program is missing, Conflict.
    """
    import httpx

    from assistant.push.card import drawn, encoded
    from assistant.push.rtmp.publishing import Publication
    from assistant.push.seams import LANDSCAPE, PORTRAIT
    from assistant.push.session import Session, SessionParts
    from assistant.push.targets import targets_of

    shape = PORTRAIT if wanted.portrait else LANDSCAPE
    to = wanted.to or _targets(settings, wanted.room)
    targets = targets_of(to, settings.push_targets, os.environ, wanted.key_file)
    if settings.offline and not all(is_on_this_machine(one.address.url) for one in targets):
        raise ConfigurationError("已禁止访问外部主机，不能推流到外部", hint="ASSISTANT_OFFLINE")
    folder = settings.data_dir.absolute() / "push" / wanted.room
    with _alone(folder, wanted.room):
        check_programs()
        key = await asyncio.to_thread(_key, settings, wanted.room)
        async with httpx.AsyncClient(trust_env=False) as http:
            facts = await _facts(http, wanted, folder / "safe" / f"{wanted.room}-look.json")
            card = await encoded(shape, await asyncio.to_thread(drawn, shape, facts))
            made = _Maker(settings, wanted, shape, folder, key, http)
            yield Session(
                SessionParts(
                    shape=shape,
                    targets=targets,
                    browser=made.browser,
                    safe=made.safe,
                    card=card,
                    open_=Publication.open,
                    now=time.monotonic,
                    recorder=made.recorder,
                    reporter=made.reporter,
                    beat=lambda: _beat(folder / ALIVE, beat),
                )
            )


def _targets(settings: Settings, room: str) -> list[str]:
    from assistant.push.targets import names_of

    asked = {name: table.get("push") for name, table in settings.rooms.items()}
    return names_of(room, asked.pop(room, None), asked.values(), settings.push_targets)


def check_programs() -> None:
    """Everything that a stream needs is installed. Raises Unavailable, which says how."""
    from assistant.push.browser.chromium import NAMES
    from assistant.push.encoder import ffmpeg
    from assistant.push.processes import program

    hint = "apt-get install xvfb pulseaudio chromium fonts-noto-cjk"
    for names in (("Xvfb",), ("pulseaudio",), NAMES):
        program(*names, hint=hint)
    ffmpeg()


@dataclass(frozen=True, slots=True)
class _Maker:
    settings: Settings
    wanted: Wanted
    shape: "Shape"
    folder: Path
    key: str
    http: "httpx.AsyncClient"

    def browser(self) -> "PictureSource":
        from assistant.push.browser.group import BrowserGroup, BrowserParts

        stage = f"{self.wanted.server}/stage/{quote(self.wanted.room)}"
        address = f"{stage}?{urlencode({'key': self.key})}"
        sandbox = os.geteuid() != 0
        runs = self.folder / "runs"
        return BrowserGroup(BrowserParts(address, self.shape, runs, time.monotonic, sandbox))

    def safe(self) -> "PictureSource":
        from assistant.push.safe.source import Room, SafeSource

        wanted, folder = self.wanted, self.folder / "safe"
        folder.mkdir(exist_ok=True)
        room = Room(wanted.server, wanted.room, self.key, folder, self.shape, china_time)
        return SafeSource(room, time.monotonic)

    def recorder(self, relay: "Relay", tell: "Tell") -> "Recorder | None":
        from assistant.push.recorder import Recorder, RecorderParts

        if not self.wanted.records:
            return None
        settings = self.settings
        return Recorder(
            RecorderParts(
                folder=settings.data_dir / "recordings" / self.wanted.room,
                producer=settings.aigc_producer,
                days=settings.recording_days,
                most_bytes=round(settings.recording_gb * 2**30),
                now=time.monotonic,
                clock=_clock,
                tell=tell,
                headers=lambda: relay.headers,
            )
        )

    def reporter(self, session: "Session") -> "Reporter":
        from assistant.push.reporter import Reporter, ReporterParts

        return Reporter(
            ReporterParts(
                address=f"{self.wanted.server}/stage/{quote(self.wanted.room)}/push",
                key=self.key,
                http=self.http,
                record=self.folder / "happenings.jsonl",
                state=session.state,
                preview=session.preview,
                alarm=self._alarm,
                now=time.monotonic,
                clock=_clock,
                new_id=new_ulid,
            )
        )

    async def _alarm(self, one: "Happening") -> None:
        """The service does not answer: the people on duty are told without it."""
        text = f"直播间 {self.wanted.room}：{one.text}"
        level = one.level or AlertLevel.WARNING
        alert = Alert(one.id, self.wanted.room, f"push_{one.code}", level, text, one.at)
        await notify_of(self.settings)("", alert)


def _beat(file: Path, further: Callable[[], None]) -> None:
    """A container's health check looks how old the file is."""
    with suppress(OSError):  # a full disk stops no stream
        file.touch()
    further()


async def _facts(http: "httpx.AsyncClient", wanted: Wanted, file: Path) -> "Facts":
    """The room's name and look for the card; as the service told them last, while it is away."""
    import httpx

    from assistant.push.safe import facts

    try:
        told = await facts.fetched(http, f"{wanted.server}/stage/{quote(wanted.room)}")
    except (httpx.HTTPError, ValueError):
        return facts.kept(file)
    facts.keep(told, file)
    return told


def _key(settings: Settings, room: str) -> str:
    from assistant.safety.keys import Keys
    from assistant.stage.keys import stage_key

    return stage_key(Keys.load(settings.data_dir).addresses, room)


@contextmanager
def _alone(folder: Path, room: str) -> Iterator[None]:
    """One stream a room on this machine. Raises Conflict."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Conflict(f"直播间 {room} 已经在推流") from error
        yield


def china_time() -> datetime:
    """What a clock on the wall shows."""
    return datetime.now(timezone(timedelta(hours=8)))


def _clock() -> datetime:
    return datetime.now(UTC)
