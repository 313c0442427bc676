"""The stage: one page speaks, others mirror, and without a page time is simulated."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from assistant.domain.answer import Citation
from assistant.domain.live import NOBODY, Asking, Cue, CueKind, SlideAt, StageEvent, StageEventKind
from assistant.domain.speech import Speech, SpokenText, Voiced
from assistant.stage.hub import AWAITED, StageHub
from assistant.stage.keys import is_stage_key, stage_key
from assistant.stage.line import LONGEST, AudioState, Role, StageLine
from assistant.stage.timing import plain
from assistant.stage.voicing import StageVoice

pytestmark = pytest.mark.unit
NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Simulation:
    """Plays what it is told and ends it when told."""

    def __init__(self) -> None:
        self.played: list[str] = []
        self.stops = 0
        self._events: asyncio.Queue[StageEvent] = asyncio.Queue()

    async def play(self, cue: Cue, asking: Asking = NOBODY) -> None:
        self.played.append(cue.id)
        self._events.put_nowait(StageEvent(cue.id, StageEventKind.STARTED, NOW))

    async def stop(self) -> None:
        self.stops += 1

    def end(self, cue_id: str) -> None:
        self._events.put_nowait(StageEvent(cue_id, StageEventKind.ENDED, NOW))

    async def events(self) -> AsyncIterator[StageEvent]:
        while True:
            yield await self._events.get()


def cue(cue_id: str = "c1") -> Cue:
    return Cue(cue_id, "r", "s", CueKind.ANSWER, "在政务大厅办理。", "在政务大厅办理。", NOW)


async def messages(line: StageLine, *types: str) -> list[dict[str, Any]]:
    """Waits for one message after the other of these types; others between them are passed over."""
    found: list[dict[str, Any]] = []
    async for message in line:
        if message["type"] == types[len(found)]:
            found.append(dict(message))
        if len(found) == len(types):
            break
    return found


def waiting(line: StageLine) -> list[str]:
    """The types of all messages that have not been read."""
    found = []
    while not line._queue.empty():
        message = line._queue.get_nowait()
        found.append(message["type"] if message else "end")
    return found


def hub_and_simulation() -> tuple[StageHub, Simulation]:
    simulation = Simulation()
    return StageHub(simulation, lambda: NOW), simulation


async def test_without_a_page_the_simulation_speaks() -> None:
    hub, simulation = hub_and_simulation()
    events = hub.events()

    await hub.play(cue())
    simulation.end("c1")

    assert [(await anext(events)).kind for _ in range(2)] == ["started", "ended"]
    assert simulation.played == ["c1"]
    await events.aclose()


async def test_the_speaking_page_is_heard_and_a_mirror_is_not() -> None:
    hub, simulation = hub_and_simulation()
    mirror, speaker = hub.join(may_speak=False), hub.join(may_speak=True)
    events = hub.events()

    await hub.play(cue())
    hub.heard(mirror, {"type": "ended", "cue_id": "c1"})
    hub.heard(speaker, {"type": "started", "cue_id": "c1"})

    assert (await anext(events)).kind is StageEventKind.STARTED
    assert simulation.played == []
    assert await messages(mirror, "notice", "cue")
    await events.aclose()


async def test_a_page_that_has_gone_is_waited_for_before_time_is_simulated() -> None:
    simulation = Simulation()
    now = [NOW]
    hub = StageHub(simulation, lambda: now[0])
    hub.leave(hub.join(may_speak=True))

    await hub.play(cue())
    waited = list(simulation.played)
    now[0] += AWAITED
    await hub.play(cue())

    assert waited == []
    assert simulation.played == ["c1"]


async def test_when_the_speaker_goes_the_next_page_speaks() -> None:
    hub, _ = hub_and_simulation()
    first, second = hub.join(may_speak=True), hub.join(may_speak=True)
    hub.leave(first)
    events = hub.events()

    await hub.play(cue())
    hub.heard(first, {"type": "ended", "cue_id": "c1"})
    hub.heard(second, {"type": "started", "cue_id": "c1"})

    assert (await anext(events)).kind is StageEventKind.STARTED
    await events.aclose()


async def test_a_page_that_joins_late_is_given_the_cue_that_has_not_begun() -> None:
    hub, _ = hub_and_simulation()
    await hub.play(cue())

    joined = hub.join(may_speak=True)

    assert (await messages(joined, "cue"))[0]["id"] == "c1"


async def test_a_page_that_joins_late_goes_along_with_what_was_begun() -> None:
    hub, _ = hub_and_simulation()
    events = hub.events()
    await hub.play(cue())
    await anext(events)

    joined = hub.join(may_speak=True)

    (told,) = await messages(joined, "cue")
    assert told["position"] is not None
    await events.aclose()


async def test_a_mirror_learns_that_the_simulation_has_ended_a_cue() -> None:
    hub, simulation = hub_and_simulation()
    mirror = hub.join(may_speak=False)
    events = hub.events()
    await hub.play(cue())
    simulation.end("c1")
    for _ in range(2):
        await anext(events)

    (told,) = await messages(mirror, "ended")
    assert told["cue_id"] == "c1"
    await events.aclose()


async def test_stop_reaches_pages_and_simulation() -> None:
    hub, simulation = hub_and_simulation()
    page = hub.join(may_speak=True)
    await hub.play(cue())

    await hub.stop()

    assert await messages(page, "notice", "cue", "stop")
    assert simulation.stops == 1


async def test_a_page_that_does_not_read_is_dropped() -> None:
    hub, _ = hub_and_simulation()
    hub.join(may_speak=True)

    for number in range(LONGEST + 1):
        await hub.play(cue(f"c{number}"))

    assert hub.pages == 0


@pytest.mark.parametrize(
    "said",
    [{}, {"type": "started"}, {"type": "sung", "cue_id": "c1"}, {"type": "ended", "cue_id": 7}],
)
async def test_what_is_no_acknowledgement_changes_nothing(said: dict[str, Any]) -> None:
    hub, _ = hub_and_simulation()
    speaker = hub.join(may_speak=True)
    await hub.play(cue())
    hub.heard(speaker, said)
    hub.heard(speaker, {"type": "started", "cue_id": "c1"})
    events = hub.events()

    assert (await anext(events)) == StageEvent("c1", StageEventKind.STARTED, NOW)
    await events.aclose()


WORDS = "请带身份证。不收费。"


class FakeVoicing:
    """A stored sound for each sentence, one second each; waits at `gate` where one is set."""

    def __init__(self) -> None:
        self.voiced: list[str] = []
        self.gate: asyncio.Event | None = None

    async def __call__(self, text: SpokenText, sources: tuple[str, ...] = ()) -> Speech:
        self.voiced.append(text.spoken)
        if self.gate is not None:
            await self.gate.wait()
        return Speech(text, 1.0, (), (), f"{text.spoken}.wav", "fake", "1")

    def file(self, audio: str) -> None:
        return None


def speaking() -> tuple[StageHub, FakeVoicing]:
    voicing = FakeVoicing()
    return StageHub(Simulation(), lambda: NOW, StageVoice(plain, voicing)), voicing


def words(cue_id: str = "c1", spoken: str = WORDS) -> Cue:
    return replace(cue(cue_id), text=spoken, spoken=spoken)


def heard(sentence: int, characters: int, **more: object) -> dict[str, Any]:
    said = {"type": "heard", "cue_id": "c1", "sentence": sentence, "characters": characters}
    return {**said, "seconds": 0.5, **more}


async def test_each_sentence_is_told_as_soon_as_it_is_voiced() -> None:
    hub, voicing = speaking()
    voicing.gate = asyncio.Event()
    page = hub.join(may_speak=True)

    await hub.play(words())
    (told,) = await messages(page, "cue")
    await asyncio.sleep(0)
    assert waiting(page) == []
    voicing.gate.set()

    first, second = await messages(page, "sentence", "sentence")
    assert told["sentences"] == 2
    assert (first["text"], second["text"]) == ("请带身份证。", "不收费。")
    assert first["times"] == pytest.approx([0, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6], abs=0.001)
    assert first["audio"] in hub.given
    assert first["seq"] < second["seq"]


async def test_a_cue_tells_with_which_sentence_each_slide_comes() -> None:
    hub, _ = speaking()
    page = hub.join(may_speak=True)
    slides = (SlideAt("a" * 32), SlideAt("b" * 32, 6))

    await hub.play(replace(words(), slides=slides))

    (told,) = await messages(page, "cue")
    shown = [(one["name"], one["sentence"]) for one in told["slides"]]
    assert shown == [("a" * 32, 0), ("b" * 32, 1)]
    assert "b" * 32 in hub.given
    assert "c" * 32 not in hub.given


async def test_without_a_voice_the_sentences_are_captions_in_their_time() -> None:
    hub, _ = hub_and_simulation()
    page = hub.join(may_speak=True)

    await hub.play(words())

    first, _ = await messages(page, "sentence", "sentence")
    assert first["audio"] == ""
    assert first["seconds"] == 1.5


async def test_how_far_a_cue_was_heard_comes_with_its_end() -> None:
    hub, _ = speaking()
    page = hub.join(may_speak=True)
    events = hub.events()
    await hub.play(words())
    await messages(page, "sentence", "sentence")

    hub.heard(page, {"type": "started", "cue_id": "c1"})
    hub.heard(page, {"type": "ended", "cue_id": "c1"})

    await anext(events)
    said = (await anext(events)).said
    assert said is not None
    assert said.heard == len(WORDS)
    assert said.voiced[1] == Voiced("不收费。", "不收费。.wav", "fake", "1", 1.0)
    await events.aclose()


async def test_a_stop_gives_the_last_character_that_was_heard() -> None:
    hub, _ = speaking()
    page = hub.join(may_speak=True)
    await hub.play(words())
    hub.heard(page, {"type": "started", "cue_id": "c1"})
    hub.heard(page, heard(0, 2))

    stopping = asyncio.create_task(hub.stop())
    await asyncio.sleep(0)
    hub.heard(page, heard(0, 4, final=True))

    said = await stopping
    assert said is not None
    assert said.heard == 4


async def test_a_stop_does_not_wait_for_a_page_that_is_silent() -> None:
    hub, _ = speaking()
    page = hub.join(may_speak=True)
    await hub.play(words())
    hub.heard(page, {"type": "started", "cue_id": "c1"})
    hub.heard(page, heard(0, 2))

    said = await asyncio.wait_for(hub.stop(), 1.0)

    assert said is not None
    assert said.heard == 2


@pytest.mark.parametrize(("characters", "begins_at"), [(0, 0), (5, 0), (6, 1), (8, 1)])
async def test_a_page_that_comes_back_goes_on_at_the_sentence(
    characters: int, begins_at: int
) -> None:
    hub, _ = speaking()
    page = hub.join(may_speak=True)
    await hub.play(words())
    await messages(page, "sentence", "sentence")
    hub.heard(page, {"type": "started", "cue_id": "c1"})
    hub.heard(page, heard(0, characters))
    hub.leave(page)

    again = hub.join(may_speak=True)

    told, first, _ = await messages(again, "cue", "sentence", "sentence")
    assert (told["from"], told["position"]) == (begins_at, None)
    assert first["index"] == 0


async def test_mirrors_go_along_with_the_speaker() -> None:
    hub, _ = speaking()
    page, mirror = hub.join(may_speak=True), hub.join(may_speak=False)
    await hub.play(words())
    hub.heard(page, {"type": "started", "cue_id": "c1"})
    hub.heard(mirror, heard(1, 9))
    hub.heard(page, heard(0, 3))

    (told,) = await messages(mirror, "position")
    assert (told["sentence"], told["seconds"]) == (0, 0.5)
    assert "position" not in waiting(page)


async def test_the_next_keyed_page_learns_that_it_speaks_now() -> None:
    hub, _ = speaking()
    first, second = hub.join(may_speak=True), hub.join(may_speak=True)
    (silent,) = await messages(second, "role")
    hub.leave(first)

    (told,) = await messages(second, "role")
    assert (silent["speaks"], told["speaks"]) == (False, True)


async def test_a_renderer_with_the_key_speaks_before_any_page() -> None:
    hub, _ = speaking()
    page = hub.join(may_speak=True)
    renderer = hub.join(may_speak=True, role=Role.RENDERER)
    stranger = hub.join(may_speak=False, role=Role.RENDERER)

    roles = await messages(page, "role", "role")
    assert [(one["speaks"], one["renderer"]) for one in roles] == [(True, False), (False, True)]
    assert hub.lines.speaker is renderer
    assert stranger.part == (False, True)


async def test_what_waits_is_shown_and_voiced_ahead() -> None:
    hub, voicing = speaking()
    page = hub.join(may_speak=True)
    hub.ahead([(words("c2", "要预约。"), Asking("要预约吗", "王**"))])

    _, told = await messages(page, "next", "next")
    assert hub._behind._preparing is not None
    await hub._behind._preparing

    assert told["waiting"] == [{"question": "要预约吗", "asked_by": 1}]
    assert voicing.voiced == ["要预约。"]


async def test_a_page_reports_how_it_is() -> None:
    hub, _ = hub_and_simulation()
    mirror = hub.join(may_speak=False)
    at = NOW.timestamp() * 1000 - 250

    hub.heard(mirror, {"type": "status", "fps": 59.5, "audio": "suspended", "at": at, "seq": 3})

    assert mirror.status.audio is AudioState.SUSPENDED
    assert (mirror.status.fps, mirror.status.offset, mirror.status.seq) == (59.5, 0.25, 3)


@pytest.mark.parametrize("audio", ["loud", 7, None, ["running"]])
async def test_a_status_of_no_known_form_says_nothing(audio: object) -> None:
    hub, _ = hub_and_simulation()
    mirror = hub.join(may_speak=False)
    hub.heard(mirror, {"type": "status", "fps": "many", "audio": audio, "at": True})

    assert mirror.status.audio is AudioState.UNKNOWN
    assert (mirror.status.fps, mirror.status.offset) == (0.0, 0.0)


def test_only_the_rooms_own_key_opens_its_stage() -> None:
    key = stage_key(b"secret", "r1")

    assert is_stage_key(b"secret", "r1", key)
    assert not is_stage_key(b"secret", "r2", key)
    assert not is_stage_key(b"other", "r1", key)
    assert not is_stage_key(b"secret", "r1", "")


async def test_after_a_restart_the_page_is_given_the_rest_and_mirrors_go_along() -> None:
    hub, voicing = speaking()
    mirror, page = hub.join(may_speak=False), hub.join(may_speak=True)
    await hub.rejoin(words(), Asking("要带什么", "网友甲"))

    told, first, second = await messages(page, "cue", "sentence", "sentence")
    assert (told["begun"], told["question"], told["viewer"]) == (True, "要带什么", "网友甲")
    assert (first["index"], second["index"]) == (0, 1)
    assert second["audio"] in hub.given
    assert "cue" not in waiting(mirror)

    hub.heard(page, {"type": "started", "cue_id": "c1"})
    hub.heard(page, heard(1, 8))
    along, *_ = await messages(mirror, "cue", "sentence", "sentence")
    assert along["position"]["sentence"] == 1
    assert along["begun"] is False
    assert voicing.voiced == ["请带身份证。", "不收费。"]


async def test_after_a_restart_nobody_else_begins_what_had_begun() -> None:
    hub, simulation = hub_and_simulation()
    hub.join(may_speak=False)
    await hub.rejoin(words())
    assert simulation.played == []


async def test_who_comes_back_later_is_given_it_too() -> None:
    hub, _ = speaking()
    await hub.rejoin(words())
    await asyncio.sleep(0.01)
    page = hub.join(may_speak=True)
    told, _, _ = await messages(page, "cue", "sentence", "sentence")
    assert told["begun"]


async def test_what_is_wanted_last_is_voiced_ahead() -> None:
    hub, voicing = speaking()
    voicing.gate = asyncio.Event()
    hub.ahead([(words("c2", "2位网友都在问。要钱。"), NOBODY)])
    await asyncio.sleep(0.05)
    hub.ahead([(words("c2", "3位网友都在问。要钱。"), NOBODY)])
    voicing.gate.set()
    await asyncio.sleep(0.05)
    assert "3位网友都在问。" in voicing.voiced


def cited(*locators: str) -> tuple[Citation, ...]:
    return tuple(Citation("g1", one, f"{one}的原文", title="居住证") for one in locators)


@pytest.mark.parametrize(
    ("locators", "shown"),
    [
        (("事项名称", "收费"), ["收费"]),
        (("收费", "事项名称", "申请材料"), ["收费", "申请材料"]),
        (("事项名称",), ["事项名称"]),
        ((), []),
    ],
)
async def test_the_basis_is_what_was_asked_not_the_name(
    locators: tuple[str, ...], shown: list[str]
) -> None:
    hub, _ = hub_and_simulation()
    page = hub.join(may_speak=True)
    await hub.play(replace(words(), citations=cited(*locators)))
    (told,) = await messages(page, "cue")
    assert [one["locator"] for one in told["citations"]] == shown


async def test_a_cover_is_told_once_and_to_who_comes_later() -> None:
    hub, _ = hub_and_simulation()
    line = hub.join(may_speak=True)
    waiting(line)
    hub.cover(silent=True, carded=False)
    hub.cover(silent=True, carded=False)
    assert waiting(line) == ["cover"]
    (told,) = await messages(hub.join(may_speak=False), "cover")
    assert (told["silent"], told["carded"]) == (True, False)
