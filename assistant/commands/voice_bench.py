"""`assistant voice bench`: how long until an answer is heard, with this office's own voice.

From the comment to the first sentence's finished sound: understanding, search, answer, reading,
engine, label, file. What a browser adds is measured by `python -m eval.bench.stage_bench`.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from assistant.bootstrap import Assistant, Settings, audio_cache, open_assistant, open_voice
from assistant.bootstrap import reading_of as open_reading
from assistant.domain.question import Question
from assistant.domain.speech import Speech
from assistant.domain.verdict import Action
from assistant.errors import BadInput
from assistant.voice.seams import Reading, Voicing
from assistant.web.services import today

Say = Callable[[str], Awaitable[Speech | None]]
P95 = 0.95
FEWEST = 5


@dataclass
class Round:
    """Seconds until the first sound of each answer. `silent` had captions only."""

    seconds: list[float] = field(default_factory=list)
    not_voiced: int = 0
    silent: int = 0
    engines: set[str] = field(default_factory=set)

    def row(self) -> dict[str, object]:
        """The figures, in milliseconds."""
        ordered = sorted(self.seconds)
        return {
            "answers": len(ordered),
            "p50_ms": round(statistics.median(ordered) * 1000),
            "p95_ms": round(ordered[round(P95 * (len(ordered) - 1))] * 1000),
            "max_ms": round(ordered[-1] * 1000),
            "not_voiced": self.not_voiced,
            "captions_only": self.silent,
            "engines": sorted(self.engines),
        }


def bench(
    count: Annotated[int, typer.Option(min=FEWEST, help="Questions at most.")] = 60,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Time from a comment to the first sound of its answer: voiced anew, and from the cache."""
    figures = asyncio.run(_measured(Settings(), count))
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    for name, row in figures.items():
        engines = "、".join(map(str, row.pop("engines")))  # type: ignore[call-overload]
        typer.echo(f"{name}：" + "，".join(f"{key} {value}" for key, value in row.items()))
        typer.echo(f"　　语音 {engines or '（无，只有字幕）'}")


async def _measured(settings: Settings, count: int) -> dict[str, dict[str, object]]:
    with TemporaryDirectory(prefix="voice-bench-") as folder:
        async with open_assistant(settings) as assistant:
            cache = audio_cache(settings, Path(folder))
            async with open_voice(assistant, cache) as voicing:
                questions = await _questions(assistant, count)
                say = _saying(assistant, await open_reading(settings), voicing)
                await voicing.warm()
                await assistant.warm()
                anew, cached = await _timed(say, questions), await _timed(say, questions)
    return {"anew": anew.row(), "cached": cached.row()}


async def _questions(assistant: Assistant, count: int) -> list[str]:
    """What can be asked: of each guide its materials, of each FAQ its question."""
    guides = [f"{one.name}要带什么材料" for one in await assistant.sources.guides()]
    faqs = [one.question for one in await assistant.sources.faqs()]
    found = [each for pair in zip(guides, faqs, strict=False) for each in pair][:count]
    found = found or [*guides, *faqs][:count]
    if len(found) < FEWEST:
        raise BadInput("知识库里可问的太少，测不出来", hint="先导入指南或问答：assistant ingest")
    return found


def _saying(assistant: Assistant, reading: Reading, voicing: Voicing) -> Say:
    async def say(text: str) -> Speech | None:
        region = assistant.settings.region
        outcome = await assistant.answer(Question(text, today(assistant.clock), region))
        if outcome.verdict.action is not Action.ANSWER:
            return None
        sentences = await asyncio.to_thread(reading, outcome.spoken, region)
        return await voicing(sentences[0], outcome.draft.source_ids)

    return say


async def _timed(say: Say, questions: Sequence[str]) -> Round:
    made = Round()
    for text in questions:
        began = time.perf_counter()
        speech = await say(text)
        took = time.perf_counter() - began
        if speech is None:
            made.not_voiced += 1
            continue
        made.seconds.append(took)
        made.silent += not speech.audio
        made.engines |= {f"{speech.engine} {speech.version}"} if speech.audio else set()
    if not made.seconds:
        raise BadInput("没有一个问题得到可播出的答复，测不出来")
    return made
