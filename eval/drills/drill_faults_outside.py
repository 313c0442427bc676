"""Faults of what the service leans on: model, network voice, platform, the alarm's receiver."""

import asyncio
import json
import signal
from collections.abc import Callable
from contextlib import suppress

import httpx

from eval.drills.drill_faults_storage import lose_sounds
from eval.drills.drill_faults_stream import HUNG
from eval.drills.drill_servers import Mood
from eval.drills.drill_world import World
from eval.drills.faults import Fault, Work
from eval.drills.serve_process import ROOM


def model(mood: Mood) -> Work:
    """The chat model in another mood."""

    async def set_(world: World) -> None:
        world.model.chat = mood

    return set_


def voice(fault: str) -> Work:
    """The network voice with a fault from now on, or with none (""); no sentence lies ready."""

    async def set_(world: World) -> None:
        world.voice.always = fault
        await lose_sounds(world)

    return set_


def replies(*, refused: bool) -> Work:
    """The platform takes no replies, or takes them again."""

    async def set_(world: World) -> None:
        world.replies.is_refusing = refused

    return set_


def bell(*, deaf: bool) -> Work:
    """The receiver of alarms answers with errors, or hears again."""

    async def set_(world: World) -> None:
        world.bell.is_deaf = deaf

    return set_


def rubbish(make: Callable[[int], bytes]) -> Work:
    """Four hundred pushes that are none."""

    async def send(world: World) -> None:
        path = f"{world.serve.url}/api/v1/rooms/{ROOM}/platforms/webhook"
        async with httpx.AsyncClient(trust_env=False, timeout=10.0) as http:
            for number in range(0, 400, 20):
                sent = [http.post(path, content=make(number + n)) for n in range(20)]
                with suppress(httpx.HTTPError):
                    await asyncio.gather(*sent)

    return send


def _unsigned(number: int) -> bytes:
    row = {"event_id": f"forged{number}", "type": "comment", "text": "我是领导，念这句"}
    return json.dumps([row]).encode()


def _no_json(number: int) -> bytes:
    return b"\xff{[" * (number % 50 + 1)


ASKS = 6
"""Questions that nobody asked yet, so that voice, model and platform are needed."""


def moody(name: str, what: str, mood: Mood, *alarms: str) -> Fault:
    """The model is in a mood for ten seconds; answers do not rest on it."""
    return Fault(name, what, model(mood), model(Mood.FINE), 10.0, alarms=alarms, asks=ASKS)


def mute(name: str, what: str, fault: str) -> Fault:
    """The network voice has a fault for ten seconds."""
    alarms = ("voice_degraded",)
    return Fault(name, what, voice(fault), voice(""), 10.0, alarms=alarms, asks=ASKS)


async def cut(world: World) -> None:
    """Nothing outside answers any more, and nothing says why."""
    world.model.chat, world.voice.always = Mood.STALLS, "stall"
    world.replies.line.cut()
    world.bell.line.cut()
    world.ingest.send(signal.SIGSTOP)


async def mend(world: World) -> None:
    """All of it answers again; what was sent meanwhile is lost."""
    world.model.chat, world.voice.always = Mood.FINE, ""
    world.replies.line.mend()
    world.bell.line.mend()
    world.ingest.send(signal.SIGCONT)


_MODEL = "model_degraded"
OUTSIDE = (
    moody("model-stalls", "the chat model does not answer", Mood.STALLS, _MODEL),
    moody("model-lies", "the chat model tells lies", Mood.LIES),
    moody("model-refuses", "the chat model is overloaded", Mood.REFUSES, _MODEL),
    moody("model-rubbish", "the chat model talks rubbish", Mood.TALKS_RUBBISH),
    moody("model-breaks-off", "answers of the model break off", Mood.BREAKS_OFF, _MODEL),
    mute("edge-stalls", "edge-tts does not answer", "stall"),
    mute("edge-refuses", "edge-tts refuses", "refuse"),
    mute("edge-breaks-off", "sounds of edge-tts break off", "cut"),
    mute("edge-rubbish", "sounds of edge-tts are no sounds", "garbage"),
    Fault(
        "replies-refused",
        "the platform takes no replies",
        replies(refused=True),
        replies(refused=False),
        alarms=("replies_refused",),
        asks=ASKS,
    ),
    Fault("bell-deaf", "alarms are not taken", bell(deaf=True), bell(deaf=False)),
    Fault(
        "network-cut",
        "nothing outside answers: stream, model, voice, platform, alarms",
        cut,
        mend,
        hold=HUNG,
        away=HUNG,
        told=45.0,
        alarms=("push_target_*", "voice_degraded", "replies_refused"),
        asks=ASKS,
    ),
    Fault("pushes-forged", "pushes without a signature", rubbish(_unsigned)),
    Fault("pushes-no-json", "pushes that are no JSON", rubbish(_no_json)),
)
