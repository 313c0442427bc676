"""What is wrong with the picture, by what a viewer would notice. Pure: readings and a time.

A source is watched from `since`, when it was put on air: it has its time to begin.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from assistant.push.relay import RelayReading
from assistant.push.seams import FRAMES, SourceReadings


class Cure(IntEnum):
    """The first thing that may help; a later one helps more."""

    ALARM = 0
    """Nothing here helps: a person must know."""
    RELOAD = 1
    RESTART = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """`text` is for staff."""

    code: str
    cure: Cure
    text: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, unless said otherwise."""

    no_frames: float = 3.0
    first_frame: float = 10.0
    slow: float = 20.0
    least_rate: float = FRAMES * 0.8
    page_silent: float = 4.0
    frozen: float = 6.0
    black: float = 3.0
    mute: float = 5.0
    cut_off: float = 30.0
    offset: int = 500
    """Milliseconds."""
    out_of_step: float = 5.0
    dark: float = 12.0
    """Brightness (0–255) below which, without contrast, a picture is black."""
    flat: float = 4.0


LIMITS = Limits()


class Watch:
    """Remembers since when each thing has been so; one for each run of a source."""

    def __init__(self, since: float, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._since = since
        self._first: dict[str, float] = {}
        self._frames, self._frames_at = -1, since

    def look(
        self, source: SourceReadings, relay: RelayReading, now: float, *, speaks: bool = False
    ) -> list[Fault]:
        """What is wrong now, the worst first. `speaks` is whether the stage's hub says so."""
        found = [
            *self._parts(source),
            *self._picture(source, relay, now),
            *self._page(source, now),
            *self._sound(source, relay, now, speaks=speaks),
        ]
        return sorted(found, key=lambda one: -one.cure)

    def _parts(self, source: SourceReadings) -> Iterator[Fault]:
        for name in source.faults:
            if name == "page":
                yield Fault("page_crashed", Cure.RELOAD, "直播页面崩溃")
            else:
                yield Fault(f"ended_{name}", Cure.RESTART, f"推流组件 {name} 退出了")

    def _picture(self, source: SourceReadings, relay: RelayReading, now: float) -> Iterator[Fault]:
        limits, picture = self._limits, source.picture
        last, patience = self._since, limits.first_frame
        if picture is not None:
            last, patience = max(last, picture.at), limits.no_frames
        if now - last > patience:
            yield Fault("no_frames", Cure.RESTART, "没有新的画面")
            return
        if self._lasts("slow", relay.rate < limits.least_rate, now) > limits.slow:
            yield Fault("slow", Cure.ALARM, f"画面只有每秒{relay.rate:.0f}帧")
        if picture is None:
            return
        black = picture.brightness < limits.dark and picture.contrast < limits.flat
        if self._lasts("black", black, now) > limits.black:
            yield Fault("black", Cure.RELOAD, "画面是黑的")
        moves = source.page is not None and source.page.moves
        still = self._lasts("moves", moves, now)
        if min(still, now - picture.moved_at) > limits.frozen:
            yield Fault("frozen", Cure.RELOAD, "画面不动了")

    def _page(self, source: SourceReadings, now: float) -> Iterator[Fault]:
        page, limits = source.page, self._limits
        if page is None:
            return
        if page.frames != self._frames:
            self._frames, self._frames_at = page.frames, page.at
        if now - max(self._since, self._frames_at) > limits.page_silent:
            yield Fault("page_silent", Cure.RELOAD, "直播页面没有响应")
        elsewhere = page.is_connected and not page.is_heard
        if self._lasts("unheard", elsewhere, now) > limits.cut_off:
            text = "另一个带密钥的画面（如 OBS）在发声，推流没有声音"
            yield Fault("page_unheard", Cure.ALARM, text)
        if self._lasts("cut_off", not page.is_connected, now) > limits.cut_off:
            yield Fault("page_cut_off", Cure.ALARM, "直播页面连不上服务")

    def _sound(
        self, source: SourceReadings, relay: RelayReading, now: float, *, speaks: bool
    ) -> Iterator[Fault]:
        limits, sound = self._limits, source.sound
        page = source.page
        says = page is not None and page.is_heard and (speaks or page.speaks)
        spoken = self._lasts("speaks", says, now)
        heard_at = sound.heard_at if sound else -float("inf")
        if min(spoken, now - heard_at) > limits.mute:
            yield Fault("mute", Cure.RELOAD, "正在说话，但没有声音")
        apart = abs(relay.offset) > limits.offset
        if self._lasts("offset", apart, now) > limits.out_of_step:
            yield Fault("out_of_step", Cure.RESTART, f"音画相差{relay.offset}毫秒")

    def _lasts(self, what: str, is_so: bool, now: float) -> float:
        """Seconds for which it has been so; 0 where it is not."""
        if not is_so:
            self._first.pop(what, None)
            return 0.0
        return now - self._first.setdefault(what, now)
