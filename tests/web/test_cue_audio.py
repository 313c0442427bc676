"""What was said on air can be heard again, by who may see the ledger."""

import io
import wave
from datetime import UTC, datetime

import pytest

from assistant.bootstrap import Assistant
from assistant.domain.live import Cue, CueKind, CueState
from assistant.domain.live_commit import Commit
from assistant.domain.speech import Speech, Voiced
from assistant.printing.aigc import AigcLabel
from assistant.printing.marking import label_in, marked
from assistant.stage.timing import plain
from assistant.voice.sound import wav
from tests.support.live_office import FAR, OPERATOR
from tests.web.test_console import Browser, office  # noqa: F401 - a fixture

pytestmark = pytest.mark.integration
WORDS = "请带身份证。不收费。"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NAME = "a" * 40 + ".wav"


async def said(assistant: Assistant, *, audio: str = NAME) -> Cue:
    """A cue of the session on air whose first sentence was heard, and its kept sound."""
    from assistant.domain.speech import Sound

    live = assistant.live.desk.live("hall")
    sounds = assistant.settings.data_dir / "audio" / "cache"
    sounds.mkdir(parents=True, exist_ok=True)
    sound = wav(Sound(b"\x01\x00" * 2400, 24_000))
    (sounds / NAME).write_bytes(marked("wav", sound, AigcLabel.first("0" * 27, "voice/a")))
    sentences = plain(WORDS)
    first = Speech(sentences[0], 0.1, (), (), audio, "offline", "1.52")
    cue = Cue(
        "cue-1", "hall", live.session_id, CueKind.ANSWER, WORDS, WORDS, NOW,
        state=CueState.SKIPPED, started_at=NOW, ended_at=NOW, heard=4,
        voiced=(Voiced(sentences[0].display, audio, "offline", "1.52", 0.1),),
    )  # fmt: skip
    await live._core.commit(Commit(cues=(cue,)))
    assistant.said.keep(cue.session_id, cue.id, [first])
    return cue


async def test_who_may_see_the_ledger_hears_what_was_said(office) -> None:  # noqa: F811
    assistant, client = office
    cue = await said(assistant)
    assert (await client.get(f"/api/v1/cues/{cue.id}/audio")).status_code == 401
    browser = Browser(client)
    await browser.enter(OPERATOR)

    heard = await browser.get(f"/api/v1/cues/{cue.id}/audio")

    assert heard.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(heard.content)) as file:
        assert file.getnframes() == 2400
    label = label_in("wav", heard.content)
    assert label is not None
    assert label.produce_id == "cue/cue-1"


async def test_another_regions_operator_does_not(office) -> None:  # noqa: F811
    assistant, client = office
    cue = await said(assistant)
    browser = Browser(client)
    await browser.enter(FAR)

    assert (await browser.get(f"/api/v1/cues/{cue.id}/audio")).status_code == 404


async def test_a_cue_of_captions_alone_has_nothing_to_hear(office) -> None:  # noqa: F811
    assistant, client = office
    cue = await said(assistant, audio="")
    browser = Browser(client)
    await browser.enter(OPERATOR)

    assert (await browser.get(f"/api/v1/cues/{cue.id}/audio")).status_code == 404
    assert (await browser.get("/api/v1/cues/none/audio")).status_code == 404


async def test_a_page_may_fetch_only_what_it_was_told_of(office) -> None:  # noqa: F811
    assistant, client = office
    await said(assistant)

    before = await client.get(f"/stage/hall/audio/{NAME}")
    assistant.live.stage("hall").given.add(NAME)
    after = await client.get(f"/stage/hall/audio/{NAME}")
    other = await client.get(f"/stage/else/audio/{NAME}")

    assert (before.status_code, after.status_code, other.status_code) == (404, 200, 404)
    assert "wav" in after.headers["content-type"]
    assert "immutable" in after.headers["cache-control"]


async def test_stored_cues_keep_what_was_heard(office) -> None:  # noqa: F811
    assistant, _ = office
    cue = await said(assistant)

    (kept,) = await assistant.live.desk.live("hall")._core.on.records.cues(cue.session_id)

    assert (kept.heard, kept.voiced) == (4, cue.voiced)
