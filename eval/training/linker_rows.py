"""Questions of the everyday corpus with the numbers that the linker would see of each candidate.

Everything is computed by the functions that answer a question (`EverydayAnswerer`): reading,
search, measures, numbers. Kept as one NumPy file: candidates flat, questions beside them.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answering.everyday_answer import asked_of, candidates
from assistant.answering.folding import fold
from assistant.answering.guide_answer import GuideAnswerer
from assistant.answering.items import Catalogue, Profile
from assistant.answering.lexicon import Lexicon
from assistant.answering.linker_features import features
from assistant.answering.nearness import Nearness
from assistant.answering.official_words import names_item
from assistant.bootstrap.assistant import guides_of, helping_of
from assistant.bootstrap.regions import read_regions
from assistant.bundled import bundled
from assistant.domain.question import Question
from assistant.models.static_embedding import StaticEmbedding
from assistant.retrieval.index import KnowledgeIndex
from assistant.settings import Settings
from eval.bench.search_bench import MemorySources
from eval.training.everyday_corpus import Service
from eval.training.linker_world import TODAY, World, own_terms

ALIKE = 0.6
"""A distractor that an official name of the service names so well may be the same service."""
_OTHER, _RIGHT, _ALIKE = 0, 1, 2

Floats = NDArray[np.float32]
Row = dict[str, Any]
Measured = tuple[Row, Sequence[Mapping[str, float]], Sequence[int]]
"""What is told of a question, the numbers and the states of its candidates."""


@dataclass(frozen=True)
class Rows:
    """Questions and their candidates: `numbers[starts[i] : starts[i + 1]]` are those of `asked[i]`.

    `state` of a candidate: 0 another item, 1 the right one, 2 perhaps the same by another name.
    """

    names: Sequence[str]
    asked: Sequence[Row]
    starts: NDArray[np.int64]
    numbers: Floats
    state: NDArray[np.int8]

    @classmethod
    def of(cls, found: Sequence[Measured]) -> "Rows":
        """Put questions together."""
        names = sorted({name for _, rows, _ in found for row in rows for name in row})
        flat = [[row.get(name, 0.0) for name in names] for _, rows, _ in found for row in rows]
        counts = [len(rows) for _, rows, _ in found]
        return cls(
            names,
            [asked for asked, *_ in found],
            np.cumsum([0, *counts]),
            np.array(flat, np.float32).reshape(-1, len(names)),
            np.array([state for *_, states in found for state in states], np.int8),
        )

    @classmethod
    def joined(cls, parts: Sequence["Rows"]) -> "Rows":
        """Several of the same numbers as one."""
        ends = np.cumsum([0, *(len(part.numbers) for part in parts)])
        starts = [part.starts[:-1] + end for part, end in zip(parts, ends[:-1], strict=True)]
        return cls(
            parts[0].names,
            [row for part in parts for row in part.asked],
            np.concatenate([*starts, ends[-1:]]),
            np.concatenate([part.numbers for part in parts]),
            np.concatenate([part.state for part in parts]),
        )

    def only(self, keep: Callable[[Row], bool]) -> "Rows":
        """The questions that are to be kept."""
        places = [i for i, row in enumerate(self.asked) if keep(row)]
        spans = [np.arange(self.starts[i], self.starts[i + 1]) for i in places]
        flat = np.concatenate([np.arange(0), *spans])
        starts = np.cumsum([0, *map(len, spans)])
        asked = [self.asked[i] for i in places]
        return Rows(self.names, asked, starts, self.numbers[flat], self.state[flat])

    def without_alike(self) -> "Rows":
        """Without candidates that may be right by another name, and questions without others."""
        keep = self.state != _ALIKE
        counts = np.add.reduceat(np.append(keep, 0), self.starts[:-1])
        counts = np.where(np.diff(self.starts) > 0, counts, 0)
        left = [row for row, count in zip(self.asked, counts, strict=True) if count]
        starts = np.cumsum([0, *counts[counts > 0]])
        return Rows(self.names, left, starts, self.numbers[keep], self.state[keep])

    def save(self, path: Path) -> None:
        """Write to a file."""
        told = np.array(json.dumps([list(self.names), list(self.asked)], ensure_ascii=False))
        np.savez(path, told=told, starts=self.starts, numbers=self.numbers, state=self.state)

    @classmethod
    def load(cls, path: Path) -> "Rows":
        """Read what `save` wrote."""
        with np.load(path) as data:
            names, asked = json.loads(str(data["told"]))
            return cls(names, asked, data["starts"], data["numbers"], data["state"])


async def collect(
    world: World, lexicon: Lexicon, nearness: Nearness, asked: Sequence[Service]
) -> Rows:
    """All questions about services, over the catalogue."""
    sources = MemorySources()
    for source in (*world.guides, *world.beside):
        sources.put(source)
    settings = Settings(region=None)
    regions = read_regions(settings.data_dir)
    guides = guides_of(settings, regions, lexicon)
    guides.catalogue = Catalogue.build(world.guides, regions, lexicon)
    with TemporaryDirectory() as folder:
        index = await KnowledgeIndex.open(
            Path(folder), sources, StaticEmbedding(), regions, helping=helping_of(lexicon)
        )
        await index.refresh()
        found = [
            await _row(guides, nearness, index, world, service, ask, kind)
            for service in asked
            for ask, kind in zip(service.asks, service.kinds, strict=True)
        ]
        await index.close()
    return Rows.of(found)


def lexicon_of(world: World) -> Lexicon:
    """The bundled lexicon without what is hidden."""
    with TemporaryDirectory() as folder:
        own = Path(folder) / "own.jsonl"
        own.write_text(own_terms(world.hidden), "utf-8")
        return Lexicon.load(bundled("knowledge") / "lexicon", own)


async def _row(
    guides: GuideAnswerer,
    nearness: Nearness,
    index: KnowledgeIndex,
    world: World,
    service: Service,
    ask: str,
    kind: str,
) -> Measured:
    question = Question(ask, TODAY)
    reading = guides.understand(question)
    text, scope = reading.in_context(question).text, reading.scope(question)
    ranking = reading.within_place(await index.search(text, scope))
    at = guides.setting(question, reading, ranking)
    mention, fits = candidates(reading.parts[0], at)
    right = world.right.get(service.service, "")
    found = [one.source.id for one in ranking.hits if one.source.id in guides.catalogue.guides]
    found = list(dict.fromkeys(found))
    states = list(_states([fit.profile for fit in fits], right, service, guides.catalogue))
    told = {
        "service": service.service,
        "ask": ask,
        "part": service.part,
        "kind": kind,
        "size": world.size,
        "beside": bool(world.beside),
        "present": bool(right),
        "known": fold(service.service) not in world.hidden,
        "place": found.index(right) + 1 if right in found else 0,
        "reached": asked_of(reading) is not None,
        "doubtful": _ALIKE in states,
    }
    return told, features(mention, fits, guides.catalogue, nearness), states


def _states(
    profiles: Sequence[Profile], right: str, service: Service, catalogue: Catalogue
) -> Iterator[int]:
    names = tuple(fold(name) for name in (service.service, *service.aliases))
    for profile in profiles:
        if right and right in catalogue.profiles[profile]:
            yield _RIGHT
        else:
            yield _ALIKE if _may_be(names, profile.surfaces, catalogue.lexicon) else _OTHER


@lru_cache(maxsize=1 << 18)
def _may_be(names: tuple[str, ...], surfaces: tuple[str, ...], lexicon: Lexicon) -> bool:
    """Whether an official name of a service names an item as well."""
    known, text = lexicon.guide_words.official, " ".join(surfaces)
    return any(names_item(n, surface, text, known) >= ALIKE for n in names for surface in surfaces)
