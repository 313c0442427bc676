"""Traces every value of a draft to the raw records, by other code than wrote it.

A value is found by patterns of this file, and looked for in the JSON of the source as it lies in
the knowledge files. Only what the brief says, and the number of entries in a source's list, may
stand beside that.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_HAN = "零〇一二三四五六七八九十百千万亿两"
_UNITS = "个?工作日|个?月|年|周岁|岁|天|日|小时|分钟|万?元|份|倍|%|次"
_VALUES = (
    re.compile(r"https?://[^\s，。；）)】”]+"),
    re.compile(r"[一-鿿]{0,8}〔\d{4}〕\d+号"),
    re.compile(r"第?\d[\d,.]*\d号|第\d号"),
    re.compile(r"第[" + _HAN + r"]+条"),
    re.compile(r"\d{4}年\d{1,2}月\d{1,2}日"),
    re.compile(rf"\d[\d,.]*(?:{_UNITS}|项)"),
    re.compile(r"[A-Za-z]?\d[\d.,:：/\-—–]*\d|[A-Za-z]?\d"),
    re.compile(rf"(?<![{_HAN}第])[{_HAN}]+(?=(?:{_UNITS}))"),
)  # fmt: skip
_LIMIT_UNITS = {"workday": "个工作日", "day": "天", "hour": "小时", "month": "个月"}
_COUNT_UNITS = {"originals": "份", "copies": "份", "visits": "次"}
_IDLE = frozenset("一两")
"""一个, 一次, 一年 as ways of speaking are no values by themselves (一次性, 一天天)."""


def plain(text: str) -> str:
    """NFKC, so that full-width digits are digits; no white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def values(text: str) -> Iterator[str]:
    """Numbers, dates, phones, links, 文号 and articles of a text, the longer form first."""
    left = plain(text)
    for pattern in _VALUES:
        for match in pattern.finditer(left):
            if match[0] not in _IDLE:
                yield match[0].rstrip(".,:/-—–")
        left = pattern.sub("　", left)


@dataclass(frozen=True)
class Raw:
    """The raw records of a knowledge base by id: all words of each, and how long its lists are."""

    records: Mapping[str, dict[str, Any]]
    _words: dict[str, str] = field(default_factory=dict)

    def words(self, source_id: str) -> str:
        """All that a record says, with its numbers and its dates as people write them."""
        if source_id not in self._words:
            self._words[source_id] = plain("|".join(_leaves(self.records.get(source_id, {}))))
        return self._words[source_id]

    def has(self, value: str, source_ids: Iterable[str]) -> bool:
        """Whether one of the records states a value, not as a part of a longer number."""
        end = r"(?!\d)" if value[-1].isdigit() else ""
        whole = re.compile(rf"(?<![\d.]){re.escape(value)}{end}")
        return any(whole.search(self.words(one)) for one in source_ids)


def _leaves(value: Any, key: str = "") -> Iterator[str]:
    """The strings of a record, and its numbers with the unit that they have, never bare."""
    if isinstance(value, dict):
        if {"value", "unit"} <= value.keys():
            yield f"{value['value']:g}{_LIMIT_UNITS[value['unit']]}"
        for name, part in value.items():
            yield from _leaves(part, name)
    elif isinstance(value, list):
        yield f"{len(value)}项" if key == "materials" else ""
        for part in value:
            yield from _leaves(part, key)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield f"{value}{_COUNT_UNITS[key]}" if key in _COUNT_UNITS else ""
    elif isinstance(value, str):
        yield value
        if date := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value):
            yield f"{date[1]}年{int(date[2])}月{int(date[3])}日"


def brief_words(row: Mapping[str, Any], kept: Mapping[str, Any]) -> str:
    """What the brief itself fixes: its words, and its day and time written out."""
    year, month, day = row["day"].split("-")
    begins = kept["brief"].get("begins") or ""
    hour, minute = [*begins.split(":"), "", ""][:2]
    clock = f"{int(hour)}点{int(minute) or ''}" if hour else ""
    written = f"{year}年{int(month)}月{int(day)}日 {int(month)}月{int(day)}日 {row['day']} {clock}"
    return plain(f"{row['brief']} {written} {row['minutes']}分钟")


def untraced(kept: Mapping[str, Any], row: Mapping[str, Any], raw: Raw) -> tuple[int, list[str]]:
    """How many values a draft holds, and those that stand in no source that it names there."""
    facts = {fact["id"]: fact["source_id"] for fact in kept["facts"]}
    own = brief_words(row, kept)
    everywhere = list(dict.fromkeys(facts.values()))
    total, lost = 0, []
    for place, text, ids in texts(kept):
        sources = (
            list({facts[one] for one in ids if one in facts}) if ids is not None else everywhere
        )
        for value in values(text):
            total += 1
            if value not in own and not raw.has(value, sources):
                lost.append(f"{place}: {value} in {text[:60]}")
    return total, lost


def texts(kept: Mapping[str, Any]) -> Iterator[tuple[str, str, list[str] | None]]:
    """Everything said or shown; ids None: any source of the draft may carry it."""
    for segment in kept["segments"]:
        for one in segment["sentences"]:
            yield segment["id"], one["text"], one["facts"]
        yield f"{segment['id']}.caption", segment["caption"], None
        yield f"{segment['id']}.interaction", segment["interaction"], None
    for clip in kept["clips"]:
        for one in clip["sentences"]:
            yield clip["id"], one["text"], one["facts"]
    for slide in kept["deck"]["slides"]:
        for text in slide_texts(slide):
            yield f"slide {slide['id']}", text, slide["facts"]
    yield "announcement", kept["announcement"]["text"], None
    for name in ("platform", "content", "time", "frequency", "cost", "risk"):
        yield f"plan.{name}", kept["plan"][name], None


def slide_texts(slide: Mapping[str, Any]) -> list[str]:
    """The words on a slide; the first column of a numbered table counts its rows."""
    table = slide["table"] or {"header": [], "rows": []}
    skip = 1 if table["header"][:1] == ["序号"] else 0
    cells = [cell for row in table["rows"] for cell in row[skip:]]
    return [slide["title"], *slide["lines"], *slide["flow"], *cells, slide["link"]]


def read_raw(paths: Iterable[Any]) -> Raw:
    """The records of JSON Lines and Markdown files by id."""
    records: dict[str, dict[str, Any]] = {}
    for path in paths:
        if path.suffix == ".jsonl":
            rows = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line)
            records |= {row["id"]: row for row in rows}
        elif path.suffix == ".md":
            text = path.read_text("utf-8")
            found = re.search(r"^id:\s*(\S+)", text, re.MULTILINE)
            dates = re.findall(r"^\w+:\s*\"?(\d{4}-\d\d-\d\d)", text, re.MULTILINE)
            records[found[1] if found else path.name] = {"text": text, "dates": dates}
    return Raw(records)
