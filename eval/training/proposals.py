"""What a chat model's proposals give beside the plain way: `python -m eval.training.proposals`.

Everyday questions of the part `report` whose services have no lay terms here (`linker_world`), and
those about services that are not there, asked of the whole desk: plain; with official terms that
the model proposes for a question; with lay terms that it proposed for the guides; with both. The
model is a stand-in (`stand_in`): a loopback server that answers from the held-back terms, once as
well as it can, once carelessly.
"""

import argparse
import asyncio
import json
import logging
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from assistant.answering.folding import fold
from assistant.answering.lay_jobs import LayJobs
from assistant.bootstrap import Assistant, Settings, open_assistant
from assistant.bootstrap.assistant import LAY_TERMS
from assistant.bootstrap.proposals import lay_jobs, proposed_lay
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.domain.verdict import Action
from assistant.models.chat import OpenAIChat
from assistant.retrieval.formats import to_row
from eval.training.everyday_corpus import Service, services
from eval.training.linker import SEED
from eval.training.linker_world import TODAY, World, own_terms, whole_world
from eval.training.stand_in import StandIn, chat_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the guide that it is about; empty where there is none."""

    text: str
    right: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Proposed lay terms: kept and refused, of the item's own and of another one."""

    own_kept: int = 0
    own: int = 0
    other_kept: int = 0
    other: int = 0


def asked_of(world: World, known: Sequence[Service], every: int) -> list[Asked]:
    """The questions: services without lay terms here, and services that are not there."""
    held = [
        each
        for each in known
        if each.part == "report"
        and (each.service not in world.right or fold(each.service) in world.hidden)
    ]
    rows = [Asked(ask, world.right.get(each.service, "")) for each in held for ask in each.asks]
    return rows[::every]


@asynccontextmanager
async def office(world: World, folder: Path, chat: OpenAIChat | None) -> AsyncIterator[Assistant]:
    """An office with the catalogue, in a folder that may hold it already."""
    settings = Settings(data_dir=folder / "data", chat_model="stand-in" if chat else None)
    is_new = not settings.data_dir.exists()
    if is_new:
        settings.data_dir.mkdir(parents=True)
        (settings.data_dir / LAY_TERMS).write_text(own_terms(world.hidden), "utf-8")
    async with open_assistant(settings, chat=chat) as assistant:
        if is_new:
            lines = (json.dumps(to_row(guide), ensure_ascii=False) for guide in world.guides)
            file = folder / "guides.jsonl"
            file.write_text("\n".join(lines), "utf-8")
            await assistant.ingest([file])
        yield assistant


async def propose_all(assistant: Assistant, chat: OpenAIChat, own: Mapping[str, set[str]]) -> Terms:
    """Lay terms for every guide; `own` are the right ones by guide."""
    records = proposed_lay(assistant)
    jobs: LayJobs = lay_jobs(assistant, records, chat)
    while await jobs.run():
        pass
    await assistant.index.refresh()
    counts = [0, 0, 0, 0]
    for guide_id in assistant.index.headers:
        for term in await records.of(guide_id):
            place = 0 if term.term in own.get(guide_id, set()) else 2
            counts[place] += term.state == "kept"
            counts[place + 1] += 1
    return Terms(*counts)


async def outcomes(assistant: Assistant, asked: Sequence[Asked]) -> list[Outcome]:
    """What comes of each question."""
    return [await assistant.answer(Question(one.text, TODAY)) for one in asked]


def line(name: str, asked: Sequence[Asked], found: Sequence[Outcome]) -> str:
    """hit@1 and hit@5 of what is there; answered about a wrong item, of all."""
    pairs = list(zip(asked, found, strict=True))
    places = [
        outcome.ranked_ids.index(one.right) if one.right in outcome.ranked_ids else 99
        for one, outcome in pairs
        if one.right
    ]
    wrong = sum(
        outcome.verdict.action is Action.ANSWER
        and any(cited.source_id != one.right for cited in outcome.draft.citations)
        for one, outcome in pairs
    )
    first, five = (sum(place < k for place in places) / len(places) for k in (1, 5))
    return f"{name:34} {first:.3f} {five:.3f}   wrong item {wrong}/{len(pairs)}"


async def measured(world: World, model: StandIn | None, asked: Sequence[Asked]) -> None:
    """Print the lines of one model; of none: the plain way."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with office(world, folder, None) as plain:
            if model is None:
                print(line("plain", asked, await outcomes(plain, asked)), flush=True)
                return
        label = f"careless {model.careless:.0%}" if model.careless else "as well as it can"
        own = {world.right[s.service]: set(model.terms(s)) for s in known_of(world)}
        async with chat_of(model) as chat:
            async with office(world, folder, chat) as asking:
                made = await outcomes(asking, asked)
                print(line(f"{label}: official terms", asked, made), flush=True)
                terms = await propose_all(asking, chat, own)
            async with office(world, folder, None) as searched:
                made = await outcomes(searched, asked)
                print(line(f"{label}: lay terms", asked, made), flush=True)
            async with office(world, folder, chat) as both:
                print(line(f"{label}: both", asked, await outcomes(both, asked)), flush=True)
        told = f"kept {terms.own_kept} of {terms.own} right terms"
        print(f"{'':34} {told}, {terms.other_kept} of {terms.other} wrong ones", flush=True)


def known_of(world: World) -> list[Service]:
    """The services that are there."""
    return [each for each in services() if each.service in world.right]


async def run(guides: Path, every: int, careless: float) -> None:
    """Measure the plain way and both models in one run."""
    known = services()
    world = whole_world(known, guides, SEED)
    asked = asked_of(world, known, every)
    there = sum(bool(one.right) for one in asked)
    print(
        f"{there} questions whose item is there without lay terms, {len(asked) - there} not there"
    )
    print("STAND-IN for a chat model: answers from the thesaurus' held-back part; hopeful")
    for model in (None, *(StandIn.of(known, world.hidden, share) for share in (0.0, careless))):
        await measured(world, model, asked)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guides", type=Path, default=Path("../shared/data/gd_guides.jsonl"))
    parser.add_argument("--every", type=int, default=2, help="only every n-th question")
    parser.add_argument("--careless", type=float, default=0.3, help="share of careless replies")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(run(given.guides, given.every, given.careless))


if __name__ == "__main__":
    main()
