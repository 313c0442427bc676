"""Guides of the generated regions: city guides, county overrides, versions around 2025-05-10."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from assistant.domain.source import (
    Channel,
    LimitUnit,
    Location,
    Material,
    Online,
    ServiceGuide,
    Step,
    TimeLimit,
)
from eval.regions_words import ACTIONS, CITY, COUNTIES, MATERIALS, OFFICES, SUBJECTS

TURN = date(2025, 5, 10)
"""The day on which new versions begin to hold."""
EVE = date(2025, 5, 9)

ITEMS = 1661
"""Items that each county has (DOMAIN: 通辽 1+9, 1,661 items)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How large the set is; `overrides` is the share of items a county has its own guide for."""

    counties: int = len(COUNTIES)
    items: int = ITEMS
    overrides: float = 0.25
    local: int = 61
    seed: int = 20250510


@dataclass(frozen=True, slots=True)
class Item:
    """One service item as the whole city calls it."""

    name: str
    parent: str
    base_code: str


class GuideMaker:
    """Makes guides whose phone numbers and windows occur nowhere else, so that a leak shows."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._number = count(1)

    def guide(
        self, item: Item, region: str, place: str, unlike: ServiceGuide | None
    ) -> ServiceGuide:
        """A guide of one region; its answers differ from those of `unlike`."""
        number = next(self._number)
        days = self._other(range(1, 31), unlike.promised_limit if unlike else None)
        return ServiceGuide(
            id=f"{region}-{item.base_code}-{number}",
            name=item.name,
            parent=item.parent,
            base_code=item.base_code,
            item_type="行政许可",
            region=region,
            authority=f"{place}{self.random.choice(OFFICES)}",
            conditions=f"在{place}从事{item.parent}经营，场所与人员符合规定。",
            materials=tuple(self._materials()),
            steps=(Step(Channel.WINDOW, "到窗口提交材料。"), Step(Channel.ANY, "审核后领取结果。")),
            statutory_limit=TimeLimit(days + 30, LimitUnit.WORKDAY),
            promised_limit=TimeLimit(days, LimitUnit.WORKDAY),
            fee="不收费",
            locations=(self._location(place, number),),
            consult_phone=f"0980-{7_000_000 + number}",
            complaint_phone=f"0980-{8_000_000 + number}",
            online=self._online(region, number, unlike),
            tags=("生成地区",),
        )

    def _other(self, values: range, limit: TimeLimit | None) -> int:
        allowed = [value for value in values if limit is None or value != limit.value]
        return self.random.choice(allowed)

    def _materials(self) -> Iterator[Material]:
        for name in self.random.sample(MATERIALS, 3):
            yield Material(name, originals=1, copies=self.random.choice((0, 1, 2)))

    def _location(self, place: str, number: int) -> Location:
        return Location(
            name=f"{place}政务服务中心",
            address=f"{place}便民路{number}号",
            window=f"{number}号窗口",
            hours="工作日9:00—17:00",
        )

    def _online(self, region: str, number: int, unlike: ServiceGuide | None) -> Online:
        other = unlike.online if unlike else None
        can = not other.available if other else self.random.random() < 0.5
        url = f"https://zw.example.gov.cn/{region}/{number}" if can else None
        return Online(can, platform="例云政务服务网" if can else None, url=url)


def items(plan: Plan) -> tuple[list[Item], list[Item]]:
    """The items of the whole city, and those that only some counties have."""
    names = [(subject, action) for subject in SUBJECTS for action in ACTIONS]
    random.Random(plan.seed).shuffle(names)
    made = [Item(f"{s}{a}", s, f"LY{i:05d}") for i, (s, a) in enumerate(names)]
    common = plan.items - plan.local
    if common + 2 * plan.local > len(made):
        raise ValueError(f"the vocabulary gives only {len(made)} items")
    return made[:common], made[common : common + 2 * plan.local]


def city_guides(maker: GuideMaker, common: list[Item]) -> list[ServiceGuide]:
    """One guide an item, valid in every county that has none of its own."""
    return [maker.guide(item, CITY[0], CITY[1], None) for item in common]


def county_guides(
    maker: GuideMaker, plan: Plan, city: list[ServiceGuide], local: list[Item]
) -> Iterator[ServiceGuide]:
    """Each county's overrides, and the items that it has and about half of the others have not.

    A tenth of the overrides carry no base_code: name and parent tell that the item is the same.
    """
    for number, (code, name, _) in enumerate(COUNTIES[: plan.counties]):
        own = maker.random.sample(range(len(city)), round(plan.overrides * len(city)))
        for index in sorted(own):
            guide = maker.guide(_item(city[index]), code, name, city[index])
            yield replace(guide, base_code=None) if index % 10 == 0 else guide
        for index, item in enumerate(local):
            if (index + number) % 2 == 0:
                yield maker.guide(item, code, name, None)


def versions(maker: GuideMaker, guides: list[ServiceGuide], share: float) -> Iterator[ServiceGuide]:
    """The guides, a share of them in two versions that change hands on 2025-05-10."""
    for guide in guides:
        if maker.random.random() >= share:
            yield guide
            continue
        yield replace(guide, effective_to=EVE)
        place = (guide.locations or (Location(),))[0].name or ""
        newer = maker.guide(_item(guide), guide.region, place.removesuffix("政务服务中心"), guide)
        yield replace(newer, effective_from=TURN, base_code=guide.base_code)


def _item(guide: ServiceGuide) -> Item:
    code = guide.base_code or guide.id.split("-")[1]
    return Item(guide.name, guide.parent or "", code)
