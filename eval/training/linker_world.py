"""Made-up catalogues of many sizes, over which the everyday corpus is asked.

A catalogue holds services by one of their official names, and the names (nothing else) of real
guides as distractors; half of the small ones hold the bundled policies and FAQs beside them, as a
county's first knowledge does. So that what is learned holds for items that nobody wrote lay terms
for: some questions are about services that are not there (half of them of the same life events as
what is), of some services the lay terms are hidden, and most do not say their other names.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from assistant.answering.folding import fold
from assistant.bundled import bundled
from assistant.domain.source import Faq, PolicyDocument, ServiceGuide
from assistant.retrieval.formats import read_jsonl
from eval.training.everyday_corpus import Service, lay_terms

TODAY = date(2026, 1, 1)
SIZES = (30, 120, 480, 0)
"""So many items has a catalogue; 0: all services but those left out, and all distractors."""
SERVICES = 0.6
"""Share of a small catalogue's items that the corpus asks for."""
LEFT_OUT, HIDDEN, OFFICIAL, SAYS_ALIASES = 0.3, 0.4, 0.5, 0.2

Source = ServiceGuide | PolicyDocument | Faq
Asked = tuple[Service, str, str]
"""A service, a question about it, and the question's kind."""


@dataclass(frozen=True)
class World:
    """A catalogue: guides, other sources, the guide of each service, and who is asked about.

    `hidden`: official names whose lay terms are not to be known.
    """

    size: int
    guides: Sequence[ServiceGuide]
    beside: Sequence[Source]
    right: dict[str, str]
    hidden: frozenset[str]
    asked: Sequence[Service] = ()


def hidden_of(services: Sequence[Service], chance: random.Random) -> frozenset[str]:
    """Official names drawn to be without lay terms."""
    drawn = [each for each in services if chance.random() < HIDDEN]
    return frozenset(fold(name) for each in drawn for name in (each.service, *each.aliases))


def worlds(services: Sequence[Service], others: Path, seed: int) -> Iterator[World]:
    """Catalogues in which every service is asked for about once in each size."""
    chance = random.Random(seed)
    hidden = hidden_of(services, chance)
    names = list(_names_of(others))
    for size in SIZES:
        for number, there in enumerate(_shares(services, size, chance)):
            whole = size or len(there) + len(names)
            distractors = chance.sample(names, min(len(names), max(0, whole - len(there))))
            beside = _bundle() if size and number % 2 else ()
            world = _world(there, distractors, hidden, chance)
            absent = _absent(services, there, chance, whole=not size)
            yield replace(world, size=size, beside=beside, asked=(*there, *absent))


def whole_world(services: Sequence[Service], others: Path, seed: int) -> World:
    """The one catalogue of the largest size."""
    return next(world for world in worlds(services, others, seed) if not world.size)


def _shares(
    services: Sequence[Service], size: int, chance: random.Random
) -> Iterator[Sequence[Service]]:
    """The services of each catalogue of a size."""
    mixed = chance.sample(services, len(services))
    if not size:
        yield mixed[round(LEFT_OUT * len(mixed)) :]
        return
    step = round(size * SERVICES)
    yield from (mixed[start : start + step] for start in range(0, len(mixed), step))


def _absent(
    services: Sequence[Service], there: Sequence[Service], chance: random.Random, *, whole: bool
) -> Sequence[Service]:
    """Services that are not there: all of them, or so many that three tenths are absent."""
    known = {each.service for each in there}
    absent = [each for each in services if each.service not in known]
    if whole:
        return absent
    count = round(len(there) * LEFT_OUT / (1 - LEFT_OUT))
    events = {each.event for each in there}
    near = [each for each in absent if each.event in events]
    drawn = chance.sample(near, min(len(near), count // 2))
    rest = [each for each in absent if each not in drawn]
    return (*drawn, *chance.sample(rest, min(len(rest), count - len(drawn))))


def _world(
    there: Sequence[Service],
    distractors: Sequence[ServiceGuide],
    hidden: frozenset[str],
    chance: random.Random,
) -> World:
    guides = [_guide(each, f"service-{number}", chance) for number, each in enumerate(there)]
    right = {each.service: guide.id for each, guide in zip(there, guides, strict=True)}
    return World(0, (*guides, *distractors), (), right, hidden)


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


def _bundle() -> tuple[Source, ...]:
    """The bundled policies and FAQs."""
    folders = (bundled("knowledge") / name for name in ("policies", "faqs"))
    files = (Path(str(path)) for folder in folders for path in folder.iterdir())
    return tuple(
        each for path in sorted(files) if path.suffix == ".jsonl" for each in read_jsonl(path)
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
