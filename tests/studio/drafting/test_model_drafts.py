"""Whatever a model does, a draft is finished, unsupported nowhere, each fall-back named."""

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.bootstrap import drafter_of
from assistant.domain.studio import Maker, StreamDraft
from assistant.models.chat import Breaker, OpenAIChat
from assistant.models.structured import Structured
from assistant.records.codec import to_json
from assistant.studio.drafting.writer import ModelWriter
from eval.studio.tracing import untraced
from tests.models.openai_server import completion, http, openai_server
from tests.studio.drafting.office import TODAY, office
from tests.studio.drafting.test_drafts import RAW, ROWS

pytestmark = pytest.mark.integration
Answer = Callable[[str], str | None]


def _sample(prompt: str) -> list[str]:
    found = re.search(r"【样稿】\n<<<\n(.*?)\n>>>", prompt, re.DOTALL)
    return found[1].splitlines() if found else []


def _outline(prompt: str) -> str:
    ids = re.findall(r"^(p\d+) ", prompt, re.MULTILINE)
    lines = [{"id": one, "angle": "出门办事，谁都想顺顺当当"} for one in ids]
    return json.dumps({"sections": lines}, ensure_ascii=False)


def _good(prompt: str) -> str:
    if "样稿" not in prompt:
        return '{"ok": true}' if "ok" in prompt else _outline(prompt)
    return "\n".join(["<口播>", "[] 哎呀，这一段您可听好了。", *_sample(prompt), "</口播>"])


def _changes(prompt: str) -> str:
    return _good(prompt).replace("2个工作日", "5个工作日").replace("原件1份", "原件3份")


def _thinks(prompt: str) -> str:
    return f"<think>[f1] 承诺办结时限是9个工作日</think>{_good(prompt)}"


async def _drafted(folder: Path, answer: Answer, seconds: float = 5) -> StreamDraft:
    """The first brief, drafted with a model that answers so; None: it never answers."""
    async with openai_server() as server, office(folder) as (assistant, _):

        async def respond(writer: asyncio.StreamWriter) -> None:
            text = answer(server.requests[-1]["messages"][-1]["content"])
            if text is None:
                await asyncio.sleep(30)
            writer.write(http(completion(text)))
            await writer.drain()

        server.script.append(respond)
        chat = OpenAIChat("m", base_url=server.url, breaker=Breaker(failures=3, rest=60))
        drafter = await drafter_of(assistant)
        written = type(drafter)(
            drafter.knowledge,
            drafter.calendar,
            drafter.pace,
            drafter.screen,
            ModelWriter(Structured(chat, seconds)),
        )
        try:
            brief = await written.brief(ROWS[0]["brief"], TODAY)
            return await written.draft(brief, TODAY)
        finally:
            await chat.close()


def _spoken(draft: StreamDraft) -> str:
    return "".join(one.text for s in draft.segments for one in s.sentences)


def _holds(draft: StreamDraft) -> None:
    kept = json.loads(to_json(draft))
    assert untraced(kept, ROWS[0], RAW)[1] == []
    assert [f for f in draft.findings if "依据" in f.reason] == []
    minutes = sum(one.seconds for one in draft.segments) / 60
    assert abs(minutes - 20) <= 1.6


async def test_a_good_model_writes_the_segments(tmp_path: Path) -> None:
    draft = await _drafted(tmp_path, _good)
    _holds(draft)
    made = [one for one in draft.segments if one.made_by is Maker.MODEL]
    assert len(made) >= 8
    assert "这一段您可听好了" in _spoken(draft)
    assert not any("大纲" in one for one in draft.fallbacks)


async def test_changed_facts_never_stand(tmp_path: Path) -> None:
    draft = await _drafted(tmp_path, _changes)
    _holds(draft)
    assert "5个工作日" not in _spoken(draft)
    assert "承诺办结时限是2个工作日" in _spoken(draft)
    assert "原件3份" not in _spoken(draft)


async def test_thoughts_are_not_said(tmp_path: Path) -> None:
    draft = await _drafted(tmp_path, _thinks)
    _holds(draft)
    assert any(one.made_by is Maker.MODEL for one in draft.segments)
    assert "9个工作日" not in _spoken(draft)


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (lambda prompt: None, 0.3),
        (lambda prompt: "", 5),
        (lambda prompt: '{"sections": [', 5),
        (lambda prompt: "作为一个语言模型，我认为大家都能办。", 5),
    ],
    ids=["stalls", "nothing", "broken", "chatters"],
)
async def test_a_useless_model_leaves_the_templates(
    answer: Answer, seconds: float, tmp_path: Path
) -> None:
    draft = await _drafted(tmp_path, answer, seconds)
    _holds(draft)
    assert all(one.made_by is Maker.TEMPLATE for one in draft.segments)
    assert draft.fallbacks[0].startswith("大纲")
    asked = [one for one in draft.segments if one.fallback]
    assert len(draft.fallbacks) == len(asked) + 1
    assert len(asked) >= 8
