"""The texts that the triage learns from, each with its class, family and part.

Questions of the public sets (`gd`, `ncp`, `stard`, `drug`), our own questions and FAQs, sentences
made from names of items and everyday words; noise of the danmaku (Apache-2.0), COLD (Apache-2.0),
and our own talk, off-topic comments and complaints in `texts/`. Nothing whose text or case occurs
in the rehearsal. Sentences are split by a digest of their text or case.
"""

import csv
import gzip
import hashlib
import io
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.lexicon import Lexicon
from assistant.live.triage_model import CLASSES

ROOT = Path(__file__).parents[2]
TEXTS = Path(__file__).parent / "triage"
FIT, CHOOSE, REPORT = range(3)
QUESTION, TALK, OFF_TOPIC, COMPLAINT = CLASSES


@dataclass(frozen=True, slots=True)
class Example:
    """One text of a family: what it is, and which part it belongs to."""

    text: str
    label: str
    family: str
    part: int


def part_of(key: str, shares: tuple[int, int] = (60, 80)) -> int:
    """FIT below the first share, CHOOSE below the second, else REPORT."""
    place = int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % 100
    return FIT if place < shares[0] else CHOOSE if place < shares[1] else REPORT


def rows(path: Path) -> Iterator[dict[str, object]]:
    """Rows of a JSON-lines file, packed or not."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return (json.loads(line) for line in raw.decode("utf-8").splitlines() if line.strip())


def recording(data: Path, name: str, suffix: str = "") -> list[tuple[str, str]]:
    """Comments of a recording with the case that each asks, or `noise`."""
    truth = {
        str(row["event_id"]): str(row["case_id"])
        for row in rows(data / f"{name}_truth.jsonl{suffix}")
    }
    events = rows(data / f"{name}.jsonl{suffix}")
    return [
        (str(row["text"]), truth[str(row["event_id"])])
        for row in events
        if row["type"] == "comment"
    ]


def examples(data: Path, seed: int) -> list[Example]:
    """All of them; those whose case or text is in the rehearsal are left out."""
    rehearsed = recording(data, "rehearsal_93_dev")
    cases, texts = {case for _, case in rehearsed}, {text for text, _ in rehearsed}
    made = [
        *_cases(data, cases),
        *_noise(data),
        *_cold(data),
        *_own(),
        *_faqs(),
        *_made(data, seed),
    ]
    return [one for one in made if one.text not in texts]


def _cases(data: Path, rehearsed: set[str]) -> Iterator[Example]:
    for family in ("gd", "gd_lay", "ncp", "stard", "drug"):
        for row in rows(data / f"{family}_cases.jsonl"):
            key = str(row["id"])
            if key not in rehearsed:
                yield Example(str(row["question"]), QUESTION, family, part_of(key))


def _noise(data: Path) -> Iterator[Example]:
    texts = {text for text, case in recording(data, "danmaku_dev", ".gz") if case == "noise"}
    for text in sorted(texts):
        yield Example(text, TALK, "danmaku", part_of(text))


def _cold(data: Path) -> Iterator[Example]:
    raw = gzip.decompress((data / "moderation" / "cold_train.csv.gz").read_bytes()).decode(
        "utf-8-sig"
    )
    for row in csv.DictReader(io.StringIO(raw)):
        if part_of(row["TEXT"], (16, 20)) != REPORT:
            yield Example(row["TEXT"], TALK, "cold", part_of(row["TEXT"], (16, 20)))


def own_lines(name: str) -> list[str]:
    """The lines of one of our files, without its headings."""
    lines = (TEXTS / f"{name}.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _own() -> Iterator[Example]:
    files = {"statements": TALK, "questions": QUESTION, "off_topic": OFF_TOPIC}
    for name, label in (files | {"complaints": COMPLAINT}).items():
        for line in own_lines(name):
            yield Example(line, label, f"own_{name}", part_of(line, (75, 100)))


def _faqs() -> Iterator[Example]:
    for path in sorted((ROOT / "knowledge" / "faqs").glob("*.jsonl")):
        for row in rows(path):
            similar = row.get("similar_questions") or []
            assert isinstance(similar, list)
            for text in (str(row["question"]), *map(str, similar)):
                yield Example(text, QUESTION, "faq", part_of(str(row["id"])))


def item_names(paths: Iterable[Path]) -> list[str]:
    """Names and aliases of the items of guide files."""
    names: dict[str, None] = {}
    for path in paths:
        for row in rows(path):
            aliases = row.get("aliases") or []
            assert isinstance(aliases, list)
            names |= dict.fromkeys((str(row["name"]), *map(str, aliases)))
    return list(names)


def everyday_words() -> list[str]:
    """The everyday words of the lexicon."""
    return sorted(Lexicon.load(ROOT / "knowledge" / "lexicon").words)


def bundled_names() -> list[str]:
    """Names of the items of the bundled knowledge."""
    return item_names(sorted((ROOT / "knowledge" / "guides").glob("*.jsonl")))


def _made(data: Path, seed: int) -> Iterator[Example]:
    """Templates filled with everyday words and names; a word stays in its part."""
    chance = random.Random(seed)
    short = [word for word in {*everyday_words(), *bundled_names()} if 2 <= len(word) <= 12]
    names = [name for name in item_names([data / "gd_guides.jsonl"]) if len(name) <= 14]
    for word in (*sorted(short), *chance.sample(sorted(names), 250)):
        part = part_of(word, (75, 100))
        for name, label in (("ask", QUESTION), ("tell", TALK)):
            for template in chance.sample(own_lines(name), 3):
                yield Example(template.replace("{}", word), label, f"made_{name}", part)
    yield from _situations(chance)


def _situations(chance: random.Random) -> Iterator[Example]:
    """The same situations with a question behind them and with none: only the end tells."""
    for before in own_lines("situations"):
        part = part_of(before, (75, 100))
        for name, label in (("ask", QUESTION), ("tell", TALK)):
            for behind in chance.sample(own_lines(f"tails_{name}"), 20):
                text = chance.choice((" ", "，", "")).join((before, behind))
                yield Example(text, label, f"case_{name}", part)
