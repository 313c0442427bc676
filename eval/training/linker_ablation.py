"""What lay terms give the search, each way alone: `python -m eval.training.linker_ablation`.

Everyday questions of the part `report` over the made-up catalogue (`linker_world`): the place of
the right guide without lay terms, with official terms beside the question, with lay terms beside
the guides, with both; and apart for services whose lay terms were hidden.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.answering.folding import fold
from assistant.answering.lexicon import Lexicon
from assistant.bootstrap.assistant import helping_of
from assistant.bundled import bundled
from assistant.domain.question import Scope
from assistant.domain.region import RegionTree
from assistant.models.static_embedding import StaticEmbedding
from assistant.retrieval.index import Helping, KnowledgeIndex
from eval.bench.search_bench import MemorySources
from eval.training.everyday_corpus import Service, services
from eval.training.linker import SEED
from eval.training.linker_world import TODAY, World, own_terms, whole_world


async def places(
    world: World, asked: Sequence[tuple[Service, str]], helping: Helping
) -> list[tuple[bool, int]]:
    """Of each question whether its service has lay terms, and the place of its guide (0: none)."""
    sources = MemorySources()
    for guide in world.guides:
        sources.put(guide)
    with tempfile.TemporaryDirectory() as folder:
        index = await KnowledgeIndex.open(
            Path(folder), sources, StaticEmbedding(), RegionTree([]), helping=helping
        )
        await index.refresh()
        found = []
        for service, ask in asked:
            ids = (await index.search(ask, Scope(TODAY), 60)).source_ids(60)
            right = world.right[service.service]
            known = fold(service.service) not in world.hidden
            found.append((known, ids.index(right) + 1 if right in ids else 0))
        await index.close()
    return found


def line(name: str, found: Sequence[tuple[bool, int]]) -> str:
    """hit@1 and hit@5 of all, of those with lay terms, of those without."""
    groups = (found, [one for one in found if one[0]], [one for one in found if not one[0]])
    return f"{name:14}" + " | ".join(
        f"{len(of):5} {sum(p == 1 for _, p in of) / len(of):.3f}"
        f" {sum(0 < p <= 5 for _, p in of) / len(of):.3f}"
        for of in groups
    )


def main() -> None:
    """Print a line for each way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guides", type=Path, default=Path("../shared/data/gd_guides.jsonl"))
    parser.add_argument("--every", type=int, default=1, help="only every n-th question")
    given = parser.parse_args()
    world = whole_world(services(), given.guides, SEED)
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "own.jsonl"
        own.write_text(own_terms(world.hidden), "utf-8")
        helping = helping_of(Lexicon.load(bundled("knowledge") / "lexicon", own))
    kept = [s for s in services() if s.part == "report" and s.service in world.right]
    asked = [(each, ask) for each in kept for ask in each.asks][:: given.every]
    everyday = Lexicon.load(bundled("knowledge") / "lexicon")
    everyday.lay.senses.clear()
    before = replace(Helping(), official=everyday.official_words)
    ways = {
        "no lay terms": before,
        "question": replace(before, official=helping.official),
        "guides": replace(before, lay=helping.lay),
        "both": helping,
    }
    for name, way in ways.items():
        print(line(name, asyncio.run(places(world, asked, way))), flush=True)


if __name__ == "__main__":
    main()
