"""Which engines speak, by settings and consent; and one switch after which nothing leaves."""

import asyncio
import socket
from pathlib import Path

import pytest

from assistant.bootstrap import Settings, open_library, open_service
from assistant.bootstrap.duty import notify_of
from assistant.bootstrap.engines import Engines
from assistant.bootstrap.hosts import outside_hosts
from assistant.bootstrap.voice import open_voice, voice_consents
from assistant.domain.clock import china_day
from assistant.domain.question import Question
from assistant.errors import ConfigurationError
from assistant.live.notify import WebhookNotify
from tests.support.edge_server import edge_server
from tests.voice.speaking import sentence

pytestmark = pytest.mark.integration
TEXT = sentence("办理居住证。")
TINY = Path(__file__).parent / "tiny_vits"
EVERYTHING = {
    "chat_model": "m",
    "openai_base_url": "https://models.example/v1",
    "openai_api_key": "k",
    "alert_url": "https://alerts.example/hook",
    "embedding_model": "somebody/model",
    "rooms": {
        "hall": {"platforms": {"bilibili": {}, "webhook": {"reply_url": "https://r.example"}}}
    },
    "chroma_url": "http://chroma.example:8000",
    "database_url": "postgresql://user:secret@db.example/x",
}


def names(settings: Settings, *, consented: bool) -> list[str]:
    chain = Engines(settings, lambda: consented).chain()
    return [one.name for one in chain.members] if chain else []


@pytest.mark.parametrize(
    ("given", "consented", "wanted"),
    [
        ({}, False, ["offline"]),
        ({}, True, ["edge", "offline"]),
        ({"voice": "edge"}, False, ["offline"]),
        ({"voice": "edge"}, True, ["edge", "offline"]),
        ({"voice": "offline"}, True, ["offline"]),
        ({"voice": "off"}, True, []),
        ({"offline": True}, True, ["offline"]),
        ({"offline": True, "voice": "edge"}, True, ["offline"]),
        ({"voice_model": TINY}, True, ["edge", "local", "offline"]),
        ({"voice": "offline", "voice_model": TINY}, True, ["local", "offline"]),
        ({"voice": "openai", "openai_api_key": "k"}, True, ["openai", "offline"]),
        ({"voice": "openai", "openai_api_key": "k", "offline": True}, True, ["offline"]),
        (
            {"voice": "openai", "openai_base_url": "http://127.0.0.1:1/v1", "offline": True},
            True,
            ["openai", "offline"],
        ),
    ],
)
def test_who_speaks(given: dict, consented: bool, wanted: list[str]) -> None:
    assert names(Settings(**given), consented=consented) == wanted


def test_settings_that_cannot_work_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="OPENAI"):
        names(Settings(voice="openai"), consented=True)
    with pytest.raises(ConfigurationError, match="本地语音模型"):
        names(Settings(voice_model=tmp_path), consented=True)


async def test_nothing_is_sent_before_consent_nor_after_it_ends(tmp_path, monkeypatch) -> None:
    def set_url(url: str) -> None:
        monkeypatch.setattr("edge_tts.communicate.WSS_URL", url)

    settings = Settings(data_dir=tmp_path)
    async with edge_server(set_url) as server, open_library(settings) as library:
        consents = voice_consents(library)
        async with open_voice(library) as voice:
            assert (await voice(TEXT)).engine == "offline"
            assert server.requests == []
            await consents.record(given=True, actor="A")
            await voice.follow_consent()
            assert (await voice(TEXT)).engine == "edge"
            await consents.record(given=False, actor="A")
            await voice.follow_consent()
            assert (await voice(sentence("五天办结。"))).engine == "offline"
        assert len(server.requests) == 1
        async with open_voice(library) as voice:
            assert (await voice(sentence("好的。"))).engine == "offline"


class Leaving:
    """Notes every attempt to leave this process by the network, and lets none pass."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.attempts: list[object] = []
        for owner, name in (
            (socket.socket, "connect"),
            (socket.socket, "connect_ex"),
            (socket.socket, "sendto"),
            (socket, "getaddrinfo"),
            (socket, "create_connection"),
        ):
            monkeypatch.setattr(owner, name, self._refuse)
        loop = asyncio.get_running_loop()
        for name in ("create_connection", "sock_connect", "getaddrinfo"):
            monkeypatch.setattr(loop, name, self._refuse)

    def _refuse(self, *arguments: object, **_: object) -> None:
        self.attempts.append(arguments)
        raise OSError("no network")


@pytest.mark.parametrize("voice", ["auto", "edge", "openai"])
async def test_one_switch_and_nothing_leaves(tmp_path, monkeypatch, voice: str) -> None:
    settings = Settings(
        data_dir=tmp_path,
        offline=True,
        voice=voice,
        chat_model="m",
        openai_base_url="https://models.example/v1",
        openai_api_key="k",
        alert_url="https://alerts.example/hook",
    )
    async with open_library(settings) as library:
        await voice_consents(library).record(given=True, actor="A")
        leaving = Leaving(monkeypatch)
        async with open_voice(library) as speaking:
            await speaking.warm()
            await speaking.follow_consent()
            assert (await speaking(TEXT)).engine == "offline"
    told = notify_of(settings)
    assert not any(isinstance(one, WebhookNotify) for one in told._ways)
    assert leaving.attempts == []


async def test_without_the_switch_the_same_guard_sees_the_attempt(tmp_path, monkeypatch) -> None:
    settings = Settings(data_dir=tmp_path)
    async with open_library(settings) as library:
        await voice_consents(library).record(given=True, actor="A")
        leaving = Leaving(monkeypatch)
        async with open_voice(library) as speaking:
            assert (await speaking(TEXT)).engine == "offline"
    assert leaving.attempts


def test_every_outside_host_is_listed_with_what_is_sent() -> None:
    listed = outside_hosts(Settings(**EVERYTHING), consented=False)
    by_host = {one.host: one for one in listed}
    assert set(by_host) >= {
        "speech.platform.bing.com",
        "models.example",
        "alerts.example",
        "huggingface.co",
        "live-open.biliapi.com",
        "r.example",
        "chroma.example",
        "db.example",
    }
    assert all(one.sent for one in listed)
    assert "未授权" in by_host["speech.platform.bing.com"].state
    assert "secret" not in str(listed)
    off = outside_hosts(Settings(**EVERYTHING, offline=True), consented=True)
    used = {one.host for one in off if "ASSISTANT_OFFLINE" not in one.state}
    assert used == {"chroma.example", "db.example"}
    here = Settings(openai_base_url="http://localhost:1/v1", chat_model="m", voice="offline")
    assert outside_hosts(here, consented=True) == []


async def test_the_whole_service_leaves_nowhere_with_the_switch(tmp_path, monkeypatch) -> None:
    settings = Settings(
        data_dir=tmp_path,
        offline=True,
        voice="edge",
        chat_model="m",
        openai_base_url="https://models.example/v1",
        alert_url="https://alerts.example/hook",
    )
    leaving = Leaving(monkeypatch)
    async with open_service(settings) as assistant:
        await voice_consents(assistant).record(given=True, actor="A")
        await assistant.voice.follow_consent()
        question = Question("居住证要带什么材料", as_of=china_day(assistant.clock()))
        outcome = await assistant.answer(question)
        for one in assistant.reading(outcome.spoken):
            assert (await assistant.voice(one)).engine == "offline"
    assert leaving.attempts == []
