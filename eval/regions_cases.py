"""Questions about the generated regions, with the one right reaction to each."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.domain.source import ServiceGuide
from eval.regions_guides import EVE, TURN, Plan
from eval.regions_policies import NEW_DAYS, OLD_DAYS, grant
from eval.regions_words import ASK, CITY, COUNTIES, PLACES

AFTER = date(2025, 6, 1)
PER_COUNTY = 24
"""Questions about guides in each county, of each kind below."""

CAN, CANNOT = "可以网上|可以在网上|能网上|支持网上", "不能网上|不可以网上|不支持网上|不能在网上"

Row = dict[str, object]
Versions = Sequence[ServiceGuide]


@dataclass(frozen=True, slots=True)
class Asked:
    """Where, when and about which field a question is asked."""

    region: str | None
    day: date
    field: str
    tags: tuple[str, ...]


def cases(plan: Plan, items: Sequence[Versions], licence: Versions) -> Iterator[Row]:
    """All cases, numbered; the random choices follow from the plan's seed."""
    chance = random.Random(plan.seed + 1)
    made = _made(plan, items, licence, chance)
    for number, row in enumerate(made):
        yield {"id": f"regions-{number:05d}", **row}


def _made(
    plan: Plan, items: Sequence[Versions], licence: Versions, chance: random.Random
) -> Iterator[Row]:
    counties = [code for code, _, _ in COUNTIES[: plan.counties]]
    for county in counties:
        yield from _own(county, items, chance)
        yield from _inherited(county, items, chance)
        yield from _absent(county, items, chance)
        yield from _turning(county, items, chance)
    yield from _without_region(items, chance)
    yield from _at_places(counties, licence)
    yield from _grants(counties)
    yield from _notices(counties)


def _own(county: str, items: Sequence[Versions], chance: random.Random) -> Iterator[Row]:
    """Items for which the county has a guide of its own."""
    having = [item for item in items if any(g.region == county for g in item)]
    for item in _some(chance, having, PER_COUNTY):
        yield _answered(item, Asked(county, AFTER, chance.choice(list(ASK)), ("own",)), chance)


def _inherited(county: str, items: Sequence[Versions], chance: random.Random) -> Iterator[Row]:
    """Items that the county takes from the city while a sibling has its own."""
    shared = [i for i in items if _seen(i, county, AFTER) and not _of(i, county)]
    rivalled = [item for item in shared if len({g.region for g in item}) > 1]
    for item in _some(chance, rivalled, PER_COUNTY):
        field = chance.choice(list(ASK))
        yield _answered(item, Asked(county, AFTER, field, ("inherited",)), chance)


def _absent(county: str, items: Sequence[Versions], chance: random.Random) -> Iterator[Row]:
    """Items that only siblings have: there is nothing that this county may say."""
    foreign = [item for item in items if not any(g.region in {county, CITY[0]} for g in item)]
    for item in _some(chance, foreign, PER_COUNTY // 2):
        asked = Asked(county, AFTER, chance.choice(list(ASK)), ("absent",))
        yield _row(item[0], asked, chance, "review")


def _turning(county: str, items: Sequence[Versions], chance: random.Random) -> Iterator[Row]:
    """Items whose guide changes on 2025-05-10, asked on the eve and on the day."""
    turning = [i for i in items if _seen(i, county, EVE) != _seen(i, county, TURN)]
    both = [i for i in turning if _seen(i, county, EVE) and _seen(i, county, TURN)]
    for item in _some(chance, both, PER_COUNTY // 4):
        for day in (EVE, TURN):
            yield _answered(item, Asked(county, day, "promised_limit", ("dates",)), chance)


def _without_region(items: Sequence[Versions], chance: random.Random) -> Iterator[Row]:
    """Nobody says where: the counties disagree (ask back), or there is but one guide (answer)."""
    many = [item for item in items if len(_in_force(item, AFTER)) > 1]
    for item in _some(chance, many, 2 * PER_COUNTY):
        asked = Asked(None, AFTER, "promised_limit", ("no_region", "disagree"))
        if len({_value(guide, asked.field) for guide in _in_force(item, AFTER)}) > 1:
            yield _row(item[0], asked, chance, "clarify")
    alone = [item for item in items if len(item) == 1]
    for item in _some(chance, alone, PER_COUNTY):
        yield _answered(item, Asked(None, AFTER, "promised_limit", ("no_region",)), chance)


def _at_places(counties: Sequence[str], licence: Versions) -> Iterator[Row]:
    """An everyday place leads to the window of its town."""
    for number, county in enumerate(counties):
        town = next(guide for guide in licence if guide.region == f"{county}101")
        question = f"{PLACES[number]}附近个体执照到哪办"
        for region in (county, None):
            yield _place_row(question, region, town)


def _place_row(question: str, region: str | None, town: ServiceGuide) -> Row:
    where = (town.locations or ())[0]
    return {
        "question": question,
        "expected_action": "answer",
        "reference_ids": [town.id],
        "must_contain": [where.window],
        "field": "locations",
        "region": region,
        "as_of": AFTER.isoformat(),
        "tags": ["regions", "place"],
    }


def _grants(counties: Sequence[str]) -> Iterator[Row]:
    """Each county's own sum, beside drafts, repealed and expired rules and nine other counties."""
    for number, county in enumerate(counties):
        yield _policy_row(
            "开业补贴标准是每户多少钱", county, AFTER, f"{county}-grant", f"{grant(number)}元"
        )


def _notices(counties: Sequence[str]) -> Iterator[Row]:
    """The city's rule before and from the day on which it is replaced."""
    question = "经营场所的公示期是几日"
    for county in counties:
        yield _policy_row(question, county, EVE, "city-notice-2019", f"{OLD_DAYS}日")
        yield _policy_row(question, county, TURN, "city-notice-2025", f"{NEW_DAYS}日")


def _policy_row(question: str, region: str, day: date, source_id: str, fact: str) -> Row:
    return {
        "question": question,
        "expected_action": "answer",
        "reference_ids": [source_id],
        "must_contain": [fact],
        "region": region,
        "as_of": day.isoformat(),
        "tags": ["regions", "policy"],
    }


def _answered(item: Versions, asked: Asked, chance: random.Random) -> Row:
    """A case whose answer is the guide that the region sees on the day."""
    guide = _seen(item, asked.region, asked.day)
    assert guide is not None
    row = _row(guide, asked, chance, "answer")
    row |= {"reference_ids": [guide.id], "must_contain": [_value(guide, asked.field)]}
    if asked.field == "online":
        can = guide.online is not None and guide.online.available
        row["must_not_contain"] = [CANNOT] if can else []
    return row


def _row(guide: ServiceGuide, asked: Asked, chance: random.Random, action: str) -> Row:
    return {
        "question": chance.choice(ASK[asked.field]).format(item=guide.name),
        "expected_action": action,
        "field": asked.field,
        "region": asked.region,
        "as_of": asked.day.isoformat(),
        "tags": ["regions", *asked.tags],
    }


def _value(guide: ServiceGuide, field: str) -> str:
    match field:
        case "promised_limit":
            assert guide.promised_limit
            return f"{guide.promised_limit.value:g}个工作日"
        case "locations":
            return (guide.locations or ())[0].window or ""
        case "online":
            return CAN if guide.online and guide.online.available else CANNOT
        case _:
            return guide.consult_phone or ""


def _seen(item: Versions, region: str | None, day: date) -> ServiceGuide | None:
    """The guide that a region goes by on a day: its own before the city's."""
    held = _in_force(item, day)
    if region is None:
        return held[0] if len(held) == 1 else None
    nearest = [g for g in held if g.region == region] or [g for g in held if g.region == CITY[0]]
    return nearest[0] if nearest else None


def _of(item: Versions, region: str) -> list[ServiceGuide]:
    return [guide for guide in item if guide.region == region]


def _in_force(item: Versions, day: date) -> list[ServiceGuide]:
    return [
        guide
        for guide in item
        if (guide.effective_from or day) <= day <= (guide.effective_to or day)
    ]


def _some(chance: random.Random, values: Sequence[Versions], most: int) -> list[Versions]:
    return chance.sample(list(values), min(most, len(values)))
