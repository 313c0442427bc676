"""A chat model writes: the outline in one call, then a small call for each segment.

What it writes is checked sentence by sentence; a segment of which nothing can be used keeps its
template, alone, and the draft says so. Nothing that a model does ends a draft.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict

from assistant.domain.studio import Brief, Fact, Maker, SectionKind, Sentence
from assistant.errors import ModelFailed
from assistant.models.prompts import fence, load_prompt
from assistant.models.structured import Structured
from assistant.studio.drafting.checking import Checker, states_nothing
from assistant.studio.drafting.model_words import (
    UnusableError,
    Written,
    completed,
    hidden_values,
    read,
    shown,
)
from assistant.studio.drafting.parts import MUST, Block
from assistant.studio.drafting.timing import Timed, characters

_AT_ONCE = 3
_KEPT = frozenset({SectionKind.CLAUSES})
"""Law is read word for word: no model retells it."""
_LONGEST_ANGLE = 60


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore")
    id: str
    angle: str = ""


class Outline(BaseModel):
    """The order of the sections, with a scene to begin each from."""

    model_config = ConfigDict(extra="ignore")
    sections: list[_Line]


@dataclass(frozen=True, slots=True)
class Retold:
    """A part with who wrote it; `why` says why a template stands where a model was asked."""

    timed: Timed
    made_by: Maker = Maker.TEMPLATE
    why: str = ""


@dataclass
class ModelWriter:
    """Writes with a model. `told` hears of each segment that is done: (done, all)."""

    model: Structured
    told: Callable[[int, int], Awaitable[None]] | None = None

    async def outline(
        self, brief: Brief, timed: Sequence[Timed], failed: list[str]
    ) -> dict[int, str]:
        """The scene for each part by its place; {} on failure, which is added to `failed`."""
        ids = {f"p{number}": number - 1 for number in range(1, len(timed) + 1)}
        lines = [f"{key} {timed[place].part.title}" for key, place in ids.items()]
        prompt = load_prompt("studio_outline")
        values = {"brief": fence(brief.text), "sections": fence("\n".join(lines))}
        try:
            reply = await self.model.ask(prompt.render(values), Outline)
        except ModelFailed as error:
            failed.append(f"大纲：{error.message}，用模板")
            return {}
        if sorted(line.id for line in reply.sections) != sorted(ids):
            failed.append("大纲：模型增减了段落，用模板")
            return {}
        return {ids[line.id]: line.angle for line in reply.sections if _is_angle(line.angle)}

    async def retold(
        self, timed: Sequence[Timed], angles: dict[int, str], facts: Sequence[Fact], on: Checker
    ) -> list[Retold]:
        """Every part in the model's words where they hold, in order."""
        gate, done = asyncio.Semaphore(_AT_ONCE), 0
        known = {fact.id: fact for fact in facts}

        async def one(number: int, part: Timed) -> Retold:
            nonlocal done
            async with gate:
                made = await self.segment(part, angles.get(number, ""), "", known, on)
            done += 1
            if self.told:
                await self.told(done, len(timed))
            return made

        return list(await asyncio.gather(*(one(n, part) for n, part in enumerate(timed))))

    async def segment(
        self, timed: Timed, angle: str, wish: str, facts: dict[str, Fact], on: Checker
    ) -> Retold:
        """One part, asked for with a wish. Never raises for what the model does."""
        bare = not any(one.facts for one in timed.sentences)
        if bare or (timed.part.kind in _KEPT and not wish):
            return Retold(timed)
        try:
            written = await self._written(timed, angle, wish, facts, on)
        except (ModelFailed, UnusableError) as error:
            why = getattr(error, "message", str(error))
            return Retold(timed, why=f"{timed.part.title}：{why}，用模板")
        said = completed(written.sentences, _must(timed))
        if any(on.faults(sentence) for sentence in said):
            return Retold(timed, why=f"{timed.part.title}：改写后核对不过，用模板")
        return Retold(_with(timed, said), Maker.MODEL)

    async def _written(
        self, timed: Timed, angle: str, wish: str, facts: dict[str, Fact], on: Checker
    ) -> Written:
        ids = dict.fromkeys(one for s in timed.sentences for one in s.facts)
        mine = {one: facts[one] for one in ids if one in facts}
        prompt = load_prompt("studio_segment")
        messages = prompt.render(
            {
                "title": fence(timed.part.title),
                "angle": fence(angle or "由你来想"),
                "characters": str(sum(characters(one.text) for one in timed.sentences)),
                "wish": fence(wish or "没有"),
                "facts": fence("\n".join(shown(fact) for fact in mine.values())),
                "sample": fence("\n".join(_line(one, mine) for one in timed.sentences)),
            }
        )
        return read(await self.model.chat.complete(messages, self.model.seconds), mine, on)


def _is_angle(angle: str) -> bool:
    return 0 < len(angle) <= _LONGEST_ANGLE and states_nothing(angle)


def _line(sentence: Sentence, facts: dict[str, Fact]) -> str:
    """A sentence of the sample as the model is to write it, values in their places."""
    text = sentence.text
    for one in sentence.facts:
        for number, value in hidden_values(facts[one]) if one in facts else ():
            text = text.replace(value, f"{{{one}.{number}}}")
    return f"[{','.join(sentence.facts)}] {text}"


def _must(timed: Timed) -> list[Sentence]:
    """What has to be told whatever the model writes: the blocks that are not optional."""
    return [one for block in timed.blocks if block.rank == 0 for one in block.sentences]


def _with(timed: Timed, said: Sequence[Sentence]) -> Timed:
    """The part with the model's sentences in one block; what was optional and unsaid stays so."""
    chosen = {id(block) for block in timed.blocks}
    spoken = {one.text for block in timed.blocks for one in block.sentences}
    rest = [
        block
        for block in timed.part.blocks
        if id(block) not in chosen and not {one.text for one in block.sentences} & spoken
    ]
    part = replace(timed.part, blocks=[Block(tuple(said), MUST), *rest])
    return replace(timed, part=part, blocks=(Block(tuple(said), MUST),))
