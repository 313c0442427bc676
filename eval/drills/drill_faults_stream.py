"""Faults of the stream: the supervisor, each program below it, the page, the RTMP server."""

import signal
from collections.abc import Callable, Sequence
from contextlib import suppress

import psutil  # type: ignore[import-untyped]

from eval.drills.drill_world import World
from eval.drills.faults import PAGE, Fault, Work

_Find = Callable[[World], list[psutil.Process]]
HEALED = ("push_reload_*", "push_restart_*", "push_safe")
"""The supervisor says what it saw and what it does about it."""
_LOST = ("push_target_lost",)


def program(name: str) -> _Find:
    """Processes of the stream by their program."""
    return lambda world: world.push.parts(name)


def pages(world: World) -> list[psutil.Process]:
    """The processes that draw the page."""
    return world.push.pages()


def supervisor(world: World) -> list[psutil.Process]:
    """`assistant push` itself."""
    return [world.push.process]


def struck(find: _Find, number: int) -> Work:
    """A signal to each of them."""

    async def send(world: World) -> None:
        for one in find(world):
            with suppress(psutil.NoSuchProcess):
                one.send_signal(number)

    return send


def runs(find: _Find) -> Callable[[World], str]:
    """Whether there is one to strike."""

    def missing(world: World) -> str:
        with suppress(psutil.NoSuchProcess):
            return "" if find(world) else "no such process runs"
        return "no such process runs"

    return missing


def killed(
    name: str, what: str, find: _Find, picture: float = 15.0, alarms: Sequence[str] = HEALED
) -> Fault:
    """One that ends at once."""
    strike = struck(find, signal.SIGKILL)
    return Fault(
        name, what, strike, picture=picture, alarms=alarms, of_browser=True, needs=runs(find)
    )


def hung(name: str, what: str, find: _Find, picture: float = 15.0) -> Fault:
    """One that stands still for twelve seconds."""
    stop, go_on = struck(find, signal.SIGSTOP), struck(find, signal.SIGCONT)
    needs = runs(find)
    return Fault(
        name, what, stop, go_on, 12.0, picture, alarms=HEALED, of_browser=True, needs=needs
    )


def ingest(number: int, *, is_open: bool) -> Work:
    """The RTMP server gets a signal, and takes streams afterwards or not."""

    async def set_(world: World) -> None:
        world.ingest.is_open = is_open
        if number:
            world.ingest.send(number)

    return set_


async def nobody_speaks(world: World) -> None:
    """A second page with the key joins, and leaves: only one may speak."""
    await world.visit()


_CLOSE, _OPEN = ingest(signal.SIGKILL, is_open=False), ingest(0, is_open=True)
_HANG, _GO_ON = ingest(signal.SIGSTOP, is_open=True), ingest(signal.SIGCONT, is_open=True)
AWAY, HUNG = 8.0, 13.0
"""Seconds for which the server itself is away or hangs; the picture's time runs meanwhile."""
STREAM = (
    killed("page-crashed", "the page's process is killed", pages, PAGE),
    hung("page-hangs", "the page's process hangs", pages),
    killed("chromium-killed", "the browser is killed", program("chrom")),
    hung("chromium-hangs", "the browser hangs", program("chrom")),
    killed("screen-killed", "the X server is killed", program("Xvfb")),
    killed("sound-card-gone", "PulseAudio is killed", program("pulseaudio")),
    hung("sound-card-hangs", "PulseAudio hangs", program("pulseaudio")),
    killed("encoder-killed", "the encoder is killed", program("ffmpeg")),
    hung("encoder-hangs", "the encoder hangs", program("ffmpeg")),
    killed("push-killed", "`assistant push` is killed", supervisor, alarms=("push_taken_up",)),
    Fault(
        "push-hangs",
        "`assistant push` hangs, until its watchdog ends it",
        struck(supervisor, signal.SIGSTOP),
        alarms=("push_taken_up",),
        of_browser=True,
        needs=runs(supervisor),
    ),
    Fault(
        "rtmp-closed",
        "the RTMP server is away for eight seconds",
        _CLOSE,
        _OPEN,
        AWAY,
        away=AWAY,
        alarms=_LOST,
    ),
    Fault(
        "rtmp-hangs",
        "the RTMP server takes nothing for a while",
        _HANG,
        _GO_ON,
        HUNG,
        away=HUNG,
        alarms=_LOST,
    ),
    Fault("second-page", "a second page with the key comes and goes", nobody_speaks),
)
