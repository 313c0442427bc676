"""Proof over the generated regions: no leak, no guess, no false 可网办, nothing out of force.

    python -m eval.regions_check SET_DIR RUN_DIR

reads what `regions_set` wrote and what `assistant eval run` answered, and ends with status 1 where
one reply breaks one rule. The rules are written anew from the files, without the product's code.
"""

import argparse
import csv
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from assistant.domain.source import PolicyDocument, ServiceGuide, Source, Status
from assistant.domain.verdict import Action
from assistant.evaluation.cases import Case, read_cases
from assistant.evaluation.results import ResultLine, read_results
from assistant.retrieval.formats import read_jsonl
from assistant.retrieval.guide_render import render_field

_CLAIMS_ONLINE = re.compile(
    r"(?<![不未无没])(?:可以|可|能够|能|支持)(?:全程)?(?:在)?(?:网上|线上|在线|网)(?:办|申)"
)
_PHONE = re.compile(r"0980-?([78]\d{6})")
_SUM = re.compile(r"(\d{3,5})元")


@dataclass(frozen=True)
class World:
    """The files of a generated set."""

    sources: Mapping[str, Source]
    parents: Mapping[str, str]
    places: Mapping[str, str] = field(default_factory=dict)

    def lineage(self, region: str) -> list[str]:
        """The region and all above it."""
        line = [region]
        while line[-1] in self.parents and self.parents[line[-1]]:
            line.append(self.parents[line[-1]])
        return [*line, "000000"]

    def seen_from(self, case: Case) -> set[str] | None:
        """The regions whose sources a case may be answered from; None for all.

        An everyday place in the question leads to its town where the viewer's own region has it.
        """
        codes = [code for place, code in self.places.items() if place in case.question]
        if case.region is None:
            return set(self.lineage(codes[0])) if codes else None
        seen = set(self.lineage(case.region))
        below = (self.lineage(code) for code in codes)
        return seen.union(*(line for line in below if case.region in line))

    @cached_property
    def marks(self) -> Mapping[str, Source]:
        """What occurs in one source only: phone numbers of guides and sums of policies."""
        marks: dict[str, Source] = {}
        for source in self.sources.values():
            marks |= dict.fromkeys(_marks(_own_text(source)), source)
        return marks

    @cached_property
    def siblings(self) -> Mapping[tuple[str, str | None], list[ServiceGuide]]:
        """Guides of the same item, by name and parent."""
        found: dict[tuple[str, str | None], list[ServiceGuide]] = defaultdict(list)
        for source in self.sources.values():
            if isinstance(source, ServiceGuide):
                found[source.name, source.parent].append(source)
        return found

    @cached_property
    def replaced(self) -> Mapping[str, date]:
        """The day from which a source is replaced by one that names it."""
        pairs = ((s, old) for s in self.sources.values() for old in _supersedes(s))
        return {old: source.effective_from or date.min for source, old in pairs}


@dataclass(frozen=True, slots=True)
class Broken:
    """One reply that breaks one rule."""

    rule: str
    case_id: str
    detail: str


RULES = ("leak", "guess", "false_online", "out_of_force")


def check(world: World, cases: Iterable[Case], results: Sequence[ResultLine]) -> list[Broken]:
    """Every breach of every rule."""
    replies = {result.id: result for result in results}
    return [b for case in cases for b in _check(world, case, replies[case.id])]


def _check(world: World, case: Case, reply: ResultLine) -> Iterator[Broken]:
    for detail in _leaks(world, case, reply):
        yield Broken("leak", case.id, detail)
    for detail in _guesses(world, case, reply):
        yield Broken("guess", case.id, detail)
    for detail in _false_online(world, reply):
        yield Broken("false_online", case.id, detail)
    for detail in _out_of_force(world, case, reply):
        yield Broken("out_of_force", case.id, detail)


def _leaks(world: World, case: Case, reply: ResultLine) -> Iterator[str]:
    """Sources named, and phones or sums said, of a region that the viewer does not see."""
    seen = world.seen_from(case)
    if seen is None:
        return
    for source in _used(world, reply):
        if source.region not in seen:
            yield source.id
    for mark in _marks(_said(reply)):
        owner = world.marks.get(mark)
        if owner is not None and owner.region not in seen:
            yield f"{mark} ({owner.id})"


def _guesses(world: World, case: Case, reply: ResultLine) -> Iterator[str]:
    """A value of one region, where nobody said which and another region's guide differs."""
    if world.seen_from(case) is not None or reply.action is not Action.ANSWER:
        return
    for source in _cited(world, reply):
        if isinstance(source, ServiceGuide) and _disputed(world, case, source):
            yield source.id


def _disputed(world: World, case: Case, guide: ServiceGuide) -> bool:
    rivals = world.siblings[guide.name, guide.parent]
    held = [rival for rival in rivals if _holds(world, rival, case.as_of or date.max)]
    return len({render_field(rival, case.field or "promised_limit") for rival in held}) > 1


def _false_online(world: World, reply: ResultLine) -> Iterator[str]:
    """Said to be possible online by a guide that does not say so."""
    if reply.action is not Action.ANSWER or not _CLAIMS_ONLINE.search(_said(reply)):
        return
    guides = [s for s in _cited(world, reply) if isinstance(s, ServiceGuide)]
    if not any(guide.online and guide.online.available for guide in guides):
        yield ", ".join(guide.id for guide in guides) or "no citation"


def _out_of_force(world: World, case: Case, reply: ResultLine) -> Iterator[str]:
    for source in _used(world, reply):
        if not _holds(world, source, case.as_of or date.max):
            yield source.id


def _holds(world: World, source: Source, day: date) -> bool:
    status = source.status if isinstance(source, PolicyDocument) else None
    begun = source.effective_from is None or source.effective_from <= day
    over = source.effective_to is not None and source.effective_to < day
    replaced = world.replaced.get(source.id, date.max) <= day
    return begun and not over and not replaced and status not in {Status.REPEALED, Status.DRAFT}


def _used(world: World, reply: ResultLine) -> list[Source]:
    named = dict.fromkeys((*(c.source_id for c in reply.citations), *reply.ranked_ids))
    return [world.sources[i] for i in named]


def _cited(world: World, reply: ResultLine) -> list[Source]:
    return [world.sources[i] for i in dict.fromkeys(c.source_id for c in reply.citations)]


def _said(reply: ResultLine) -> str:
    return f"{reply.answer}\n{reply.spoken}\n" + "\n".join(c.quote for c in reply.citations)


def _marks(text: str) -> list[str]:
    return _PHONE.findall(text) + [f"{amount}元" for amount in _SUM.findall(text)]


def _own_text(source: Source) -> str:
    if isinstance(source, ServiceGuide):
        return f"{source.consult_phone} {source.complaint_phone}"
    return source.text if isinstance(source, PolicyDocument) else ""


def _supersedes(source: Source) -> tuple[str, ...]:
    return source.supersedes if isinstance(source, PolicyDocument) else ()


def load(folder: Path) -> tuple[World, list[Case]]:
    """The world and the cases of a generated set."""
    with (folder / "regions.csv").open(encoding="utf-8", newline="") as table:
        parents = {row["code"]: row["parent"] for row in csv.DictReader(table)}
    lines = (folder / "gazetteer.jsonl").read_text(encoding="utf-8").splitlines()
    places = {row["place"]: row["region"] for row in map(json.loads, lines)}
    sources = {source.id: source for source in read_jsonl(folder / "corpus.jsonl")}
    return World(sources, parents, places), read_cases(folder / "regions.jsonl")


def main() -> None:
    """Check a run."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("set", type=Path, help="folder that regions_set wrote")
    parser.add_argument("run", type=Path, help="folder that assistant eval run wrote")
    given = parser.parse_args()
    world, cases = load(given.set)
    broken = check(world, cases, read_results(given.run / "cases.jsonl"))
    for rule in RULES:
        print(f"{rule:14}{sum(b.rule == rule for b in broken):6} of {len(cases)} replies")
    for breach in broken[:40]:
        print(f"  {breach.rule}: {breach.case_id}: {breach.detail}")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
