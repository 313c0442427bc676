r"""Ten counties of 1,661 items under one city: a corpus, its regions and places, and test cases.

    python -m eval.regions_set --out DIR [--counties 10] [--items 1661] [--seed N]
    assistant eval run DIR/regions.jsonl --corpus DIR/corpus.jsonl --out RUN \
        --regions DIR/regions.csv --gazetteer DIR/gazetteer.jsonl
    python -m eval.regions_check DIR RUN

Everything is invented and follows from the seed. What it proves is in `regions_check`.
"""

import argparse
import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.domain.region import Region
from assistant.domain.source import NATIONAL, ServiceGuide, Source
from assistant.retrieval.formats import write_jsonl
from eval.regions_cases import cases
from eval.regions_guides import GuideMaker, Item, Plan, city_guides, county_guides, items, versions
from eval.regions_policies import apart_policy, city_policies, county_policies, province_policy
from eval.regions_words import APART, CITY, COUNTIES, PLACES, PROVINCE, TOWN_ENDINGS

LICENCE = Item("个体工商户开业登记", "个体工商户", "LY-LICENCE")
VERSIONED = 0.04
"""Share of guides that come in two versions."""


@dataclass(frozen=True, slots=True)
class World:
    """All that the generator makes."""

    regions: tuple[Region, ...]
    places: tuple[dict[str, object], ...]
    sources: tuple[Source, ...]
    cases: tuple[dict[str, object], ...]


def build(plan: Plan) -> World:
    """The world that follows from a plan."""
    maker = GuideMaker(plan.seed)
    common, local = items(plan)
    city = city_guides(maker, common)
    guides = [*city, *county_guides(maker, plan, city, local)]
    dated = list(versions(maker, guides, VERSIONED))
    licence = licence_guides(maker, plan)
    policies = (*city_policies(), *county_policies(plan), apart_policy(), province_policy())
    return World(
        regions=tuple(regions(plan)),
        places=tuple(places(plan)),
        sources=(*dated, *licence, *policies),
        cases=tuple(cases(plan, by_item(dated), licence)),
    )


def by_item(guides: Iterable[ServiceGuide]) -> list[list[ServiceGuide]]:
    """The guides of each item, whatever their region and version."""
    found: dict[tuple[str, str | None], list[ServiceGuide]] = defaultdict(list)
    for guide in guides:
        found[guide.name, guide.parent].append(guide)
    return list(found.values())


def licence_guides(maker: GuideMaker, plan: Plan) -> list[ServiceGuide]:
    """One everyday item, at windows of their own in the city and each county's first town."""
    served = [CITY, *((town, f"{short}{TOWN_ENDINGS[0]}") for _, town, short in towns(plan))]
    guides = [maker.guide(LICENCE, code, name, None) for code, name in served]
    return [_everyday(guide) for guide in guides]


def _everyday(guide: ServiceGuide) -> ServiceGuide:
    return replace(guide, aliases=("个体执照", "个体户执照"))


def towns(plan: Plan) -> list[tuple[str, str, str]]:
    """County code, code of its first town, short name of the county."""
    return [(code, f"{code}101", short) for code, _, short in COUNTIES[: plan.counties]]


def regions(plan: Plan) -> Iterable[Region]:
    """The region table: parents are as written here, not as the codes look."""
    yield Region(PROVINCE[0], PROVINCE[1], NATIONAL)
    yield Region(CITY[0], CITY[1], PROVINCE[0], ("例云",))
    yield Region(APART[0], APART[1], PROVINCE[0], (APART[2],))
    for code, name, short in COUNTIES[: plan.counties]:
        yield Region(code, name, CITY[0], (short,))
        for number, ending in enumerate(TOWN_ENDINGS, start=101):
            yield Region(f"{code}{number}", f"{short}{ending}", code)


def places(plan: Plan) -> Iterable[dict[str, object]]:
    """The gazetteer: one everyday place in each county's first town."""
    for (_, town, short), place in zip(towns(plan), PLACES, strict=False):
        office = f"{short}{TOWN_ENDINGS[0]}便民服务中心"
        yield {"place": place, "region": town, "office": office, "aliases": [f"{place}景区"]}


def write(folder: Path, world: World) -> None:
    """Write `corpus.jsonl`, `regions.csv`, `gazetteer.jsonl` and `regions.jsonl` (the cases)."""
    folder.mkdir(parents=True, exist_ok=True)
    write_jsonl(folder / "corpus.jsonl", world.sources)
    write_regions(folder / "regions.csv", world.regions)
    write_lines(folder / "gazetteer.jsonl", world.places)
    write_lines(folder / "regions.jsonl", world.cases)


def write_regions(path: Path, rows: Sequence[Region]) -> None:
    """The columns of knowledge/regions/regions.csv."""
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(("code", "name", "parent", "short_names"))
        for row in rows:
            table.writerow((row.code, row.name, row.parent or "", "|".join(row.short_names)))


def write_lines(path: Path, rows: Iterable[dict[str, object]]) -> None:
    """One JSON object a line."""
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")


def main() -> None:
    """Write the set."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--counties", type=int, default=Plan().counties)
    parser.add_argument("--items", type=int, default=Plan().items)
    parser.add_argument("--local", type=int, default=Plan().local)
    parser.add_argument("--seed", type=int, default=Plan().seed)
    given = parser.parse_args()
    plan = Plan(given.counties, given.items, local=given.local, seed=given.seed)
    world = build(plan)
    write(given.out, world)
    print(f"{len(world.sources)} sources, {len(world.cases)} cases → {given.out}")


if __name__ == "__main__":
    main()
