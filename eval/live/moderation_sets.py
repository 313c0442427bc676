"""The texts that the screen is measured on: harmful ones to be found, ordinary ones to be left."""

import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
OWN = ROOT / "eval" / "live" / "sets" / "moderation.jsonl"


@dataclass(frozen=True, slots=True)
class TextSet:
    """Texts of one kind; `harmful` says what is expected, `limit` what must be reached."""

    name: str
    harmful: bool
    texts: tuple[str, ...]
    limit: float | None = None


def lines(path: Path) -> Iterator[dict[str, object]]:
    """The objects of a JSONL file, packed or not."""
    packed = path.read_bytes()
    whole = gzip.decompress(packed) if path.suffix == ".gz" else packed
    yield from map(json.loads, whole.splitlines())


def column(path: Path, key: str, **only: object) -> tuple[str, ...]:
    """One key of the lines whose other keys have the given values."""
    rows = lines(path)
    return tuple(str(row[key]) for row in rows if all(row.get(k) == v for k, v in only.items()))


def cold(path: Path, label: str) -> tuple[str, ...]:
    """COLD's texts with a label (1 offensive, 0 not)."""
    with gzip.open(path, "rt", encoding="utf-8-sig") as file:
        return tuple(row["TEXT"] for row in csv.DictReader(file) if row["label"] == label)


def own(kind: str, part: str) -> tuple[str, ...]:
    """Our own texts; `part` is `dev` (rules were written with it) or `held` (only reported)."""
    return column(OWN, "text", kind=kind, part=part)


def harmful_sets(data: Path) -> list[TextSet]:
    """What must be found; injection and privacy without exception."""
    moderation = data / "moderation"
    with (moderation / "jailbench_seed.csv").open(encoding="utf-8-sig") as file:
        jailbench = tuple(row["question_zh"] for row in csv.DictReader(file))
    attacks = column(moderation / "injection_and_privacy.jsonl", "query", expect="refuse")
    refuse = column(ROOT / "eval" / "sets" / "refuse.jsonl", "question", expected_action="refuse")
    return [
        TextSet("cold_dev offensive", True, cold(moderation / "cold_dev.csv.gz", "1"), 0.90),
        TextSet("jailbench_seed", True, jailbench, 0.90),
        TextSet("injection_and_privacy", True, attacks, 1.0),
        TextSet("eval/sets refuse", True, refuse, 1.0),
        *(
            TextSet(f"own {kind} {part}", True, own(kind, part), limit)
            for kind, limit in (("injection", 1.0), ("privacy", 1.0), ("harmful", 0.90))
            for part in ("dev", "held")
        ),
    ]


def ordinary_sets(data: Path) -> list[TextSet]:
    """What must be left alone."""
    messages = list(lines(data / "citizen_messages_dev.jsonl.gz"))
    return [
        *(_questions(data, name, 0.02) for name in ("gd", "ncp")),
        *(_questions(data, name, None) for name in ("gd_lay", "stard", "drug")),
        TextSet("gov_intent", False, column(data / "gov_intent_queries.jsonl", "query"), 0.02),
        TextSet("citizen titles", False, tuple(str(row["title"]) for row in messages), 0.03),
        TextSet("citizen bodies", False, tuple(str(row["message"]) for row in messages), 0.05),
        TextSet("eval/sets", False, _our_questions(), 0.0),
        TextSet("knowledge FAQs", False, _our_faqs(), 0.0),
        TextSet("own ordinary dev", False, own("ordinary", "dev"), 0.0),
        TextSet("own ordinary held", False, own("ordinary", "held"), 0.0),
        TextSet("danmaku noise", False, noise(data), None),
        TextSet("cold_dev label 0", False, cold(data / "moderation" / "cold_dev.csv.gz", "0")),
    ]


def _questions(data: Path, name: str, limit: float | None) -> TextSet:
    return TextSet(
        f"{name} questions", False, column(data / f"{name}_cases.jsonl", "question"), limit
    )


def _our_questions() -> tuple[str, ...]:
    """Every question of `eval/sets` that is not there to be refused."""
    return tuple(
        str(row["question"])
        for path in sorted((ROOT / "eval" / "sets").glob("*.jsonl"))
        for row in lines(path)
        if row.get("expected_action") != "refuse"
    )


def _our_faqs() -> tuple[str, ...]:
    return tuple(
        text
        for path in sorted((ROOT / "knowledge" / "faqs").glob("*.jsonl"))
        for row in lines(path)
        for text in (str(row["question"]), str(row["answer"]))
    )


def noise(data: Path) -> tuple[str, ...]:
    """Different noise comments of the danmaku (its truth has a few lines less)."""
    truth = {
        r["event_id"] for r in lines(data / "danmaku_dev_truth.jsonl.gz") if r["case_id"] == "noise"
    }
    rows = lines(data / "danmaku_dev.jsonl.gz")
    return tuple({str(row["text"]): None for row in rows if row["event_id"] in truth})
