"""From a viewer's comment to the stage, by the whole service, while the voice's server misbehaves:
the answer is heard by another voice, or stands as a caption; the log says why.
"""

import asyncio
import shutil
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import structlog

from assistant.bootstrap import Settings, open_service
from assistant.live.orders import Automatic
from assistant.live.platforms.page import new_viewer
from tests.models.openai_server import fails, openai_server, stalls
from tests.support.live_office import OPERATOR, ROOM, fill, hall
from tests.support.speech_server import cuts, says, truncates

pytestmark = pytest.mark.integration
FEE = "个体工商户设立登记收费吗"
SAID = "个体工商户设立登记不收费"
FAULTS = {
    "gone": None,
    "slow": stalls(),
    "truncates": truncates(SAID),
    "refuses": fails("401 Unauthorized"),
    "is cut in mid-sentence": cuts(SAID),
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.support.small_knowledge import write_knowledge

    folder = tmp_path_factory.mktemp("office")
    files = write_knowledge(folder / "files")
    asyncio.run(fill(Settings(data_dir=folder / "data"), files, hall()))
    return folder / "data"


@asynccontextmanager
async def on_air(folder: Path, url: str):
    """The service with its room on air in automatic mode, and a line of a page that speaks."""
    settings = Settings(data_dir=folder, voice="openai", openai_base_url=url, openai_api_key="k")
    async with open_service(settings) as assistant:
        await assistant.warm()
        live = await assistant.live.desk.open(ROOM)
        await live.command(Automatic(on=True), OPERATOR)
        yield assistant, assistant.live.stage(ROOM).join(may_speak=True)


async def asked(assistant, line) -> dict:
    """The first sentence that the stage is told after a viewer asked."""
    await assistant.live.platforms(ROOM).page.post(new_viewer(), FEE, "c1")
    async with asyncio.timeout(30):
        async for message in line:
            if message["type"] == "sentence":
                return message
    raise AssertionError("the line ended")


@pytest.mark.parametrize("fault", FAULTS)
async def test_another_voice_says_it(fault: str, filled: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(filled, tmp_path / "data")
    async with openai_server(FAULTS[fault] or fails()) as server:
        url = server.url if FAULTS[fault] else "http://127.0.0.1:9/v1"
        with structlog.testing.capture_logs() as logs:
            async with on_air(folder, url) as (assistant, line):
                sentence = await asked(assistant, line)
    assert (sentence["engine"], bool(sentence["audio"])) == ("offline", True)
    fell = [one for one in logs if one["event"] == "voice_fell"]
    assert fell[0]["engine"] == "openai"
    assert fell[0]["reason"]


async def test_without_any_voice_it_stands_as_a_caption(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.voice.engines import offline

    monkeypatch.setattr(offline, "COMMAND", (sys.executable, "-c", "pass"))
    folder = shutil.copytree(filled, tmp_path / "data")
    async with openai_server(stalls()) as server:
        with structlog.testing.capture_logs() as logs:
            async with on_air(folder, server.url) as (assistant, line):
                sentence = await asked(assistant, line)
    assert (sentence["audio"], sentence["seconds"] > 1) == ("", True)
    assert "个体工商户设立登记" in sentence["text"]
    assert {one["engine"] for one in logs if one["event"] == "voice_fell"} == {"openai", "offline"}


async def test_a_server_that_works_is_heard(filled: Path, tmp_path: Path) -> None:
    """What the others are held against."""
    folder = shutil.copytree(filled, tmp_path / "data")
    async with openai_server(says(SAID)) as server, on_air(folder, server.url) as (assistant, line):
        sentence = await asked(assistant, line)
    assert sentence["engine"] == "openai"
