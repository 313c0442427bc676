"""Labelled pairs for the merging of questions, each of a part: 0 fit, 1 choose, 2 report."""

import csv
import gzip
import io
import itertools
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from assistant.domain.source import ServiceGuide

FIT, CHOOSE, REPORT = range(3)

_ASKED: dict[str, tuple[str, ...]] = {
    "materials": ("办{}要什么材料", "{}需要提交哪些资料", "{}要带啥", "请问{}的申请材料有哪些呀"),
    "fee": ("{}收费吗", "办{}要多少钱", "{}的收费标准是什么"),
    "locations": ("{}在哪里办理", "办{}去什么地方", "{}要去哪个窗口啊"),
    "limit": ("{}承诺多少个工作日办结", "{}承诺时限是几天"),
    "legal": ("{}的法定时限是多久", "{}法定多少天办结"),
    "phone": ("{}的咨询电话是多少", "办{}打什么电话咨询"),
    "conditions": ("{}要符合什么条件", "{}的申请条件有哪些"),
    "online": ("{}可以网上办理吗", "网上能办{}不"),
}
_PLACES = ("长沙市", "株洲市", "徐州市", "温州市", "桂林市", "大理")
_YEARS = ("2023年", "2024年", "2025年")
_ADDED = ("档案查询", "变更备案", "省外企业", "代理机构", "申诉复核", "信用修复", "专家评审")
_OF_WHOM = (
    "外商投资",
    "退役军人",
    "农民专业合作社",
    "涉外",
    "民办学校",
    "港澳同胞",
    "渔船",
    "律师",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions, whether they are one, where they come from, and the part they are in."""

    a: str
    b: str
    same: bool
    source: str
    part: int
    kind: str = ""


def part_of(key: str, shares: Sequence[int] = (50, 25, 25)) -> int:
    """The part of a key, by its digest."""
    place = int(sha256(key.encode()).hexdigest()[:8], 16) % 100
    return next(i for i, end in enumerate(itertools.accumulate(shares)) if place < end)


def own_pairs(path: Path, *, part: int | None = None) -> list[Pair]:
    """The pairs of a file of `eval/live/sets`; of one part, or fitted and chosen by digest."""
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [
        Pair(
            row["a"],
            row["b"],
            row["same"],
            path.stem,
            part_of(row["id"], (60, 40, 0)) if part is None else part,
            row["kind"],
        )
        for row in rows
    ]


def paraphrases(path: Path, count: int, seed: int) -> list[Pair]:
    """A sample of `paraphrase_dev.tsv.gz`; academic use: measured, and a few numbers fitted."""
    text = gzip.decompress(path.read_bytes()).decode("utf-8")
    rows = list(csv.reader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))
    rows = [row for row in rows if len(row) == 3 and row[2] in {"0", "1"}]
    chosen = random.Random(seed).sample(rows, min(count, len(rows)))
    shares = (20, 20, 60)
    return [Pair(a, b, y == "1", "paraphrase", part_of(f"{a}\t{b}", shares)) for a, b, y in chosen]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a recording: when, what, and the group of its repeats."""

    event_id: str
    at: float
    text: str
    group: str


def recording(events: Path, truth: Path) -> list[Asked]:
    """The questions of a recording, in order."""
    labels = {row["event_id"]: row for row in _rows(truth)}
    return [
        Asked(
            row["event_id"],
            row["at"],
            row["text"],
            labels[row["event_id"]]["group"] or row["event_id"],
        )
        for row in _rows(events)
        if row["type"] == "comment" and "group" in labels.get(row["event_id"], {})
    ]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return map(json.loads, text.splitlines())


def stream_pairs(asked: Sequence[Asked], seed: int) -> list[Pair]:
    """Repeats within a group, and against them questions of other groups of the same part."""
    draw = random.Random(seed)
    groups: dict[str, list[str]] = defaultdict(list)
    for one in asked:
        groups[one.group].append(one.text)
    pairs = []
    for name, texts in groups.items():
        part = part_of(name)
        repeats = [(a, b) for a, b in itertools.combinations(dict.fromkeys(texts), 2)]
        pairs += [Pair(a, b, True, "stream", part) for a, b in repeats[:6]]
        others = [other for other in groups if other != name and part_of(other) == part]
        pairs += [
            Pair(texts[0], draw.choice(groups[other]), False, "stream", part)
            for other in _nearest(texts[0], others, groups)
        ]
    return pairs


def _nearest(text: str, others: Iterable[str], groups: dict[str, list[str]]) -> list[str]:
    """The groups whose question shares most characters: the hardest not to merge."""
    return sorted(others, key=lambda other: -len(set(text) & set(groups[other][0])))[:4]


def guide_pairs(guides: Sequence[ServiceGuide], seed: int) -> list[Pair]:
    """Wordings of one field of a guide, and against them one other field, item, place or year."""
    draw = random.Random(seed)
    return [pair for guide in guides for pair in _of_guide(guide, guides, draw)]


def _of_guide(
    guide: ServiceGuide, guides: Sequence[ServiceGuide], draw: random.Random
) -> Iterator[Pair]:
    part = part_of(guide.id)
    for field, ways in _ASKED.items():
        one, other = draw.choice(ways), draw.choice(ways)
        name, called = guide.name, draw.choice((guide.name, *guide.aliases))
        text = one.format(name)
        yield Pair(text, other.format(called), True, "guide", part, "wording")
        rival = draw.choice([g for g in guides if g.name != name])
        yield Pair(text, one.format(rival.name), False, "guide", part, "item")
        field_of = draw.choice([key for key in _ASKED if key != field])
        yield Pair(text, _ASKED[field_of][0].format(called), False, "guide", part, "field")
        here, there = draw.sample(_PLACES, 2)
        yield Pair(here + text, there + other.format(called), False, "guide", part, "region")
        then, now = draw.sample(_YEARS, 2)
        yield Pair(then + text, now + text, False, "guide", part, "year")
        added = draw.choice(_ADDED)
        yield Pair(text, one.format(name + added), False, "guide", part, "longer")
        yield Pair(one.format(called), other.format(name + added), False, "guide", part, "longer")
        mine, its = draw.sample(_OF_WHOM, 2)
        yield Pair(
            one.format(mine + called), other.format(its + name), False, "guide", part, "of whom"
        )
