"""Questions of the everyday corpus over a made-up catalogue, measured for the linker.

The catalogue holds the services by one of their official names, and the names (nothing else) of
real guides as distractors. So that what is learned holds for items that nobody wrote lay terms for:
some services are left out (the right answer is then none), of some the lay terms are hidden, and
most do not say their other names.
"""

import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.answering.folding import fold
from assistant.answering.items import Catalogue, Profile
from assistant.answering.linker_features import features
from assistant.answering.matching import measure
from assistant.answering.official_words import names_item
from assistant.answering.places import Gazetteer
from assistant.answering.understand import understand
from assistant.bootstrap import Assistant, Settings, open_assistant
from assistant.bootstrap.assistant import LAY_TERMS
from assistant.domain.question import Question
from assistant.domain.source import ServiceGuide
from assistant.retrieval.formats import read_jsonl, to_row
from eval.training.everyday_corpus import Service, lay_terms

TODAY = date(2026, 1, 1)
LEFT_OUT, HIDDEN, OFFICIAL, SAYS_ALIASES = 0.3, 0.4, 0.5, 0.2
ALIKE = 0.6
"""A distractor that an official name of the service names so well may be the same service."""


@dataclass(frozen=True)
class World:
    """A catalogue: guides, the guide of each service, official names not to be known."""

    guides: Sequence[ServiceGuide]
    right: dict[str, str]
    hidden: frozenset[str]

    @classmethod
    def made(cls, services: Sequence[Service], others: Path, seed: int) -> "World":
        """Draw a catalogue."""
        chance = random.Random(seed)
        guides, right, hidden = [], {}, set[str]()
        for number, each in enumerate(services):
            if chance.random() < HIDDEN:
                hidden.update(map(fold, (each.service, *each.aliases)))
            if chance.random() >= LEFT_OUT:
                guides.append(_guide(each, f"service-{number}", chance))
                right[each.service] = guides[-1].id
        return cls([*guides, *_names_of(others)], right, frozenset(hidden))


def _guide(service: Service, key: str, chance: random.Random) -> ServiceGuide:
    official = not service.aliases or chance.random() < OFFICIAL
    name = service.service if official else chance.choice(service.aliases)
    others = tuple(n for n in (service.service, *service.aliases) if n != name)
    return ServiceGuide(key, name, others if chance.random() < SAYS_ALIASES else ())


def _names_of(path: Path) -> Iterator[ServiceGuide]:
    for each in read_jsonl(path):
        if isinstance(each, ServiceGuide):
            yield ServiceGuide(
                each.id, each.name, each.aliases, parent=each.parent, authority=each.authority
            )


def own_terms(hidden: frozenset[str]) -> str:
    """An office's file of lay terms in which the senses with these official names are missing."""
    terms: dict[str, list[dict[str, object]]] = {}
    for each in lay_terms():
        row = {"lay": each.lay, "official": list(each.official), "weight": each.weight}
        row |= {"domain": each.domain, "unless": list(each.unless)}
        terms.setdefault(each.lay, []).append(row)
    rows = []
    for lay, of in terms.items():
        kept = [row for row in of if hidden.isdisjoint(map(fold, row["official"]))]
        if len(kept) < len(of):
            rows += kept or [{"lay": lay, "official": [], "weight": 1}]
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


async def collect(world: World, services: Sequence[Service]) -> list[dict[str, object]]:
    """One row a question: its candidates with numbers, which is right, its place in search."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "guides.jsonl"
        lines = (json.dumps(to_row(guide), ensure_ascii=False) for guide in world.guides)
        file.write_text("\n".join(lines), "utf-8")
        settings = Settings(data_dir=Path(folder) / "data", region=None)
        settings.data_dir.mkdir()
        (settings.data_dir / LAY_TERMS).write_text(own_terms(world.hidden), "utf-8")
        async with open_assistant(settings) as assistant:
            await assistant.ingest([file])
            return [
                await _row(assistant, world, each, ask, kind)
                for each in services
                for ask, kind in zip(each.asks, each.kinds, strict=True)
            ]


async def _row(
    assistant: Assistant, world: World, service: Service, ask: str, kind: str
) -> dict[str, object]:
    catalogue, question = assistant.desk.guides.catalogue, Question(ask, TODAY)
    reading = understand(question, catalogue, Gazetteer(catalogue.regions))
    ranking = await assistant.search(reading.text, reading.scope(question), 60)
    found = list(ranking.source_ids(60))
    right = world.right.get(service.service, "")
    mention = reading.parts[0].mention
    fits = measure(mention, catalogue, ranking)
    rows = features(mention, fits, catalogue)
    return {
        "service": service.service,
        "part": service.part,
        "kind": kind,
        "present": bool(right),
        "known": fold(service.service) not in world.hidden,
        "place": found.index(right) + 1 if right in found else 0,
        "candidates": [
            _candidate(numbers, fit.profile, right, service, catalogue)
            for fit, numbers in zip(fits, rows, strict=True)
        ],
    }


def _candidate(
    numbers: dict[str, float], profile: Profile, right: str, service: Service, catalogue: Catalogue
) -> tuple[dict[str, float], bool, bool]:
    """The numbers, whether it is right, and whether it may be the same service by another name."""
    known = catalogue.lexicon.guide_words.official
    names = [fold(name) for name in (service.service, *service.aliases)]
    is_right = bool(right) and right in catalogue.profiles[profile]
    alike = not is_right and any(
        names_item(name, surface, profile.text, known) >= ALIKE
        for name in names
        for surface in profile.surfaces
    )
    return {k: round(v, 4) for k, v in numbers.items() if v}, is_right, alike
