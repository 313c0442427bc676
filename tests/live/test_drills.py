"""The fault drill counts right: what is lost, said twice, unsupported, and when a picture lived."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np
import pytest

from assistant.domain.answer import Citation
from assistant.domain.live import Cue, CueKind, CueState
from eval.drills.drill_counts import Result, lost, table, twice, unsupported
from eval.drills.drill_faults import FAULTS
from eval.drills.drill_servers import LIE, MARK, Bell, Mood, OpenAIServer
from eval.drills.drill_viewer import SIZE, Viewer
from eval.drills.drill_world import EDGE
from eval.drills.faults import Fault, nothing

pytestmark = pytest.mark.integration
NOW = datetime(2026, 3, 2, tzinfo=UTC)
CITED = (Citation("guide", "材料", "身份证原件"),)


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    made = OpenAIServer()
    yield made
    await made.close()


@pytest.fixture
async def base(server: OpenAIServer) -> str:
    return await server.start()


@pytest.fixture
async def bell() -> AsyncIterator[Bell]:
    made = Bell()
    yield made
    await made.close()


def cue(name: str = "c1", text: str = "请带身份证。", **changed: object) -> Cue:
    made = Cue(name, "r", "s", CueKind.ANSWER, text, text, NOW, question_id=f"q-{name}")
    return replace(made, **{"citations": CITED, "state": CueState.DONE, **changed})  # type: ignore[arg-type]


async def test_what_is_sent_over_a_line_that_is_cut_stays_lost(bell: Bell) -> None:
    address = await bell.start()
    async with httpx.AsyncClient(trust_env=False, timeout=0.3) as http:
        bell.line.cut()
        with pytest.raises(httpx.TimeoutException):
            await http.post(address, json={"code": "lost"})
        bell.line.mend()
        assert (await http.post(address, json={"code": "heard"})).is_success
    assert [one.code for one in bell.since(0)] == ["heard"]


def grey(level: int) -> np.ndarray:
    return np.full(SIZE[0] * SIZE[1], level, np.int16)


def test_a_comment_without_outcome_with_two_or_with_none_decided_is_lost() -> None:
    lines = [
        {"event_id": "whole", "decided_at": 1},
        {"event_id": "open", "decided_at": None},
        {"event_id": "double", "decided_at": 1},
        {"event_id": "double", "decided_at": 2},
    ]
    assert lost(["whole", "open", "double", "gone"], lines) == ["double", "gone", "open"]


def test_a_question_of_two_cues_and_a_reply_that_came_twice_are_told() -> None:
    same = cue("c2", question_id="q-c1")
    assert twice([cue(), same], {"k": 1}) == ["question q-c1"]
    assert twice([cue(), replace(same, state=CueState.WAITING)], {"k": 2}) == ["reply k"]
    assert twice([cue(), cue("c2")], {"k": 1}) == []


def told(*cues: Cue) -> dict[str, dict[str, str]]:
    return {one.id: {"text": one.text, "spoken": one.spoken} for one in cues}


@pytest.mark.parametrize(
    ("stored", "voiced"),
    [
        (cue(), told(cue(), cue("strange"))),
        (cue(), told(cue(text="请带别的。"))),
        (cue(citations=()), told(cue())),
        (cue(citations=(Citation("guide", "材料", ""),)), told(cue())),
        (cue(text=LIE), {}),
    ],
)
def test_what_no_record_or_source_supports_is_told(
    stored: Cue, voiced: dict[str, dict[str, str]]
) -> None:
    assert len(unsupported([stored], voiced)) == 1


def test_what_rests_on_a_quote_or_a_person_or_was_never_said_is_fine() -> None:
    cues = [
        cue(),
        cue("c2", citations=(), actor="孙立"),
        cue("c3", citations=(), state=CueState.WAITING),
        cue("c4", citations=(), kind=CueKind.FIXED_LINE),
    ]
    assert unsupported(cues, told(*cues[:2], cues[3])) == []


def test_a_still_or_a_black_picture_does_not_live() -> None:
    viewer = Viewer()
    for at, level in enumerate([100, 140, 140, 140, 140, 100, 0, 200]):
        viewer.see(grey(level), float(at))
    assert viewer.lived == [1.0, 5.0, 7.0]
    assert viewer.gap(0.5, 8.0) == 4.0
    assert viewer.gap(4.0, 5.5) == 0.0
    assert viewer.gap(7.0, 20.0) == 13.0


def test_a_result_says_each_thing_that_does_not_hold() -> None:
    fault = Fault("f", "breaks", nothing)
    good = Result("f", "breaks", idle=1.0)
    good.judge(fault)
    assert good.wrong == []
    bad = Result("f", "breaks", picture=16.0, lost=["a"], twice=["b"], unsupported=["c"])
    bad.judge(replace(fault, alarms=("broken", "torn_*")))
    assert len(bad.wrong) == 6
    assert "holds" in table([good])
    assert "16.0 s" in table([bad])
    assert not bad.as_row()["holds"]


def wrongs(fault: Fault, **alarms: int) -> list[str]:
    result = Result("f", "breaks", idle=1.0, alarms=alarms)
    result.judge(fault)
    return result.wrong


def test_only_an_alarm_of_the_fault_itself_tells_of_it() -> None:
    fault = Fault("f", "breaks", nothing, alarms=("broken", "torn_*"))
    assert wrongs(fault, silence=1) == wrongs(fault) != []
    assert wrongs(fault, silence=1, torn_page=1) == wrongs(fault, broken=2) == []


def test_what_a_person_need_not_know_of_calls_nobody_where_that_is_said() -> None:
    fault = Fault("f", "ends in order", nothing)
    assert wrongs(fault, silence=1) == wrongs(replace(fault, is_quiet=True)) == []
    assert wrongs(replace(fault, is_quiet=True), silence=1) == ["called somebody (silence)"]


def test_an_alarm_that_goes_on_until_somebody_answers_is_marked() -> None:
    called = Result("f", "breaks", alarms={"broken": 2, "noted": 1}, called=["broken"])
    assert "broken!×2 noted×1" in table([called])


def test_there_are_faults_enough_each_with_its_own_name() -> None:
    names = [one.name for one in FAULTS]
    assert len(set(names)) == len(names) >= 25


@pytest.mark.parametrize("mood", [Mood.FINE, Mood.LIES, Mood.TALKS_RUBBISH])
async def test_the_model_answers_in_its_mood(server: OpenAIServer, base: str, mood: Mood) -> None:
    server.chat = mood
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(f"{base}/chat/completions", json={"messages": []})
    said = answer.json()["choices"][0]["message"]["content"]
    assert (MARK in said) is (mood is Mood.LIES)


async def test_a_model_that_refuses_or_breaks_off_gives_no_answer(
    server: OpenAIServer, base: str
) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        server.chat = Mood.REFUSES
        answer = await http.post(f"{base}/chat/completions", json={})
        assert answer.status_code == 503
        server.chat = Mood.BREAKS_OFF
        with pytest.raises(httpx.TransportError):
            await http.post(f"{base}/chat/completions", json={})


async def test_the_services_edge_client_speaks_to_the_drills_server(tmp_path: Path) -> None:
    code = "from edge_tts import communicate, constants; print(communicate.WSS_URL)"
    found = [str(EDGE), os.environ.get("PYTHONPATH", "")]
    told = os.environ | {"DRILL_EDGE_URL": "ws://here/", "PYTHONPATH": os.pathsep.join(found)}
    done = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, env=told, cwd=tmp_path, stdout=asyncio.subprocess.PIPE
    )
    assert (await done.communicate())[0].decode().strip() == "ws://here/"


async def test_the_bell_keeps_what_it_heard_unless_it_is_deaf(bell: Bell) -> None:
    url = await bell.start()
    body = json.dumps({"code": "heartbeat"})
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.post(url, content=body)).is_success
        bell.is_deaf = True
        assert (await http.post(url, content=body)).status_code == 500
    assert [one.code for one in bell.since(0)] == ["heartbeat"]
