"""What is asked most is voiced before it is asked, bounded, and once."""

from pathlib import Path

import pytest

from assistant.bootstrap import Settings, ahead_of, open_assistant, open_voice, reading_of
from assistant.domain.clock import china_day
from assistant.domain.question import Question
from assistant.voice.ahead import Ahead, Wanted, most_asked
from tests.voice.speaking import sentence

pytestmark = pytest.mark.integration
ROOT = Path(__file__).parents[2]


def reading(text: str, region: str | None = None) -> tuple:
    del region
    return tuple(sentence(part) for part in text.split("|"))


class Voicing:
    def __init__(self) -> None:
        self.said: list[tuple[str, tuple[str, ...]]] = []

    async def __call__(self, text, sources=()):
        self.said.append((text.spoken, sources))


def wanted(*texts: str):
    async def found():
        for text in texts:
            yield Wanted(text, ("s",))

    return found


async def test_each_text_is_voiced_once_up_to_the_limit() -> None:
    voicing = Voicing()
    ahead = Ahead(wanted("一|二", "三", "四"), reading, voicing)
    assert not await ahead.run(pause=0, limit=3)
    assert [text for text, _ in voicing.said] == ["一", "二", "三"]
    await ahead.run(pause=0, limit=3)
    assert [text for text, _ in voicing.said][3:] == ["四"]
    assert voicing.said[0][1] == ("s",)


def test_what_was_said_most_comes_first() -> None:
    one, two, three = Wanted("一"), Wanted("二"), Wanted("三", ("s",))
    assert most_asked([one, two, two, three, three, three], 2) == [three, two]


async def test_answers_asked_before_and_faqs_lie_in_the_cache(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, voice="offline")
    faqs = ROOT / "knowledge" / "faqs"
    async with open_assistant(settings) as assistant:
        await assistant.ingest([faqs])
        assert await assistant.sources.faqs()
        async with open_voice(assistant) as voicing:
            assistant.voice, assistant.reading = voicing, await reading_of(settings)
            await ahead_of(assistant).run(pause=0, limit=12)
            stored = list((tmp_path / "audio" / "cache").glob("*.wav"))
            assert len(stored) >= 10
            assert list((tmp_path / "audio" / "cache" / "sources").iterdir())
            faq = (await assistant.sources.faqs())[0]
            outcome = await assistant.answer(
                Question(faq.question, as_of=china_day(assistant.clock()))
            )
            before = len(stored)
            for one in assistant.reading(outcome.spoken):
                assert (await voicing(one)).audio
            assert len(list((tmp_path / "audio" / "cache").glob("*.wav"))) == before
