"""Corpora of a wanted number of passages, from the development data and, beyond it, invented rows.

The data files are read where they lie and never copied into the repository.
"""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from assistant.domain.source import PolicyDocument, Source
from assistant.retrieval.formats import read_jsonl
from assistant.retrieval.sections import passages_of
from eval.regions_guides import Plan
from eval.regions_set import build

DATA = Path(__file__).parents[3] / "shared" / "data"
QUESTIONS = ("gd_cases.jsonl", "ncp_cases.jsonl", "stard_cases.jsonl", "drug_cases.jsonl")
SEED = 20250510


def sources() -> Iterator[Source]:
    """Guides, policies and short documents first, then laws and news, then laws once more."""
    yield from _own(DATA)
    yield from _laws(DATA, "")
    yield from _news(DATA)
    yield from build(Plan()).sources
    yield from _laws(DATA, "（汇编）")


def take(passages: int) -> tuple[list[Source], int]:
    """Sources that together have at least the wanted number of passages, and that number."""
    taken: list[Source] = []
    count = 0
    for source in sources():
        taken.append(source)
        count += len(passages_of(source))
        if count >= passages:
            break
    return taken, count


def questions(count: int) -> list[str]:
    """A fixed choice of real questions about guides, policies, statutes and replies."""
    found: list[str] = []
    for name in QUESTIONS:
        path = DATA / name
        if path.exists():
            found += [json.loads(line)["question"] for line in path.open(encoding="utf-8")]
    found = found or [str(case["question"]) for case in build(Plan()).cases]
    return random.Random(SEED).sample(found, min(count, len(found)))


def _own(data: Path) -> Iterator[Source]:
    for name in ("gd_guides", "ncp_docs", "drug_docs", "stard_docs"):
        if (data / f"{name}.jsonl").exists():
            yield from read_jsonl(data / f"{name}.jsonl")


def _laws(data: Path, mark: str) -> Iterator[PolicyDocument]:
    for row in _rows(data / "laws_cn.jsonl.gz"):
        title = f"{row['title']}{mark}"
        yield _document(f"{row['id']}{mark}", title, row["text"], row.get("version_date"))


def _news(data: Path) -> Iterator[PolicyDocument]:
    for row in _rows(data / "news.jsonl.gz"):
        yield _document(row["id"], row["text"][:24], row["text"], None)


def _document(source_id: str, title: str, text: str, day: str | None) -> PolicyDocument:
    published = _day(day)
    return replace(PolicyDocument(source_id, title, text), published_on=published)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.exists():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def texts(sources: Sequence[Source]) -> list[str]:
    """Each passage as search reads it: what helps to find it, then the text."""
    return [f"{p.context}\n{p.text}" for source in sources for p in passages_of(source)]
