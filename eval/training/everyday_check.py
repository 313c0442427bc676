"""Check the everyday corpus: `python -m eval.training.everyday_check [--data ../shared/data]`.

Prints counts, what is wrong, and which of our lines are too near a question of a test set. Of the
test sets only counts are printed, never a question: who rewords a line must not see what it is
near to.
"""

import argparse
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from eval.training.everyday_corpus import KINDS, LayTerm, Service, lay_terms, services

LEAST_SERVICES, LEAST_ASKS, LEAST_TERMS = 1_000, 6, 4_000
NAMED_SHARE = 0.01
"""Share of the asks in which the official name may stand: people hardly ever say it."""
TOO_NEAR = 0.6
"""Jaccard of character trigrams from which a line counts as a test set's question."""
TEST_SETS = (
    "*_cases.jsonl", "gov_intent_queries.jsonl", "rehearsal_93_dev.jsonl", "danmaku_dev.jsonl.gz",
)  # fmt: skip
_NOISE = re.compile(r"[\W_]+")


def problems(rows: Sequence[Service], terms: Sequence[LayTerm]) -> list[str]:
    """Everything wrong with the corpus, each as a line that names the service or term."""
    return [
        *(f"{row.service}: {fault}" for row in rows for fault in _faults(row)),
        *_twice("service", (row.service for row in rows)),
        *_twice("ask", (plain(ask) for row in rows for ask in row.asks)),
        *_twice("term", ((term.lay, term.official) for term in terms)),
        *(f"{term.lay}: {fault}" for term in terms for fault in _term_faults(term)),
    ]


def _faults(row: Service) -> Iterator[str]:
    if len(row.asks) < LEAST_ASKS:
        yield f"only {len(row.asks)} asks"
    if len(row.asks) != len(row.kinds):
        yield "asks and kinds differ in length"
    if unknown := set(row.kinds) - set(KINDS):
        yield f"unknown kinds {sorted(unknown)}"
    if len(set(row.kinds)) < 4:
        yield "fewer than four kinds"
    if not all(text.strip() for text in (row.service, row.event, *row.aliases, *row.asks)):
        yield "empty text"
    if row.service in row.aliases:
        yield "its own alias"


def _term_faults(term: LayTerm) -> Iterator[str]:
    if not term.lay.strip() or not term.official or not all(term.official):
        yield "empty"
    if term.lay in term.official:
        yield "its own official term"
    if not all(word.strip() for word in term.unless):
        yield "empty guard"
    if not 0 < term.weight <= 1:
        yield f"weight {term.weight}"


def _twice(what: str, values: Iterable[object]) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"{what} {count} times: {value}"


def named_share(rows: Sequence[Service]) -> float:
    """Share of the asks in which the official name or another official wording stands."""
    named = [
        any(name in ask for name in (row.service, *row.aliases)) for row in rows for ask in row.asks
    ]
    return sum(named) / len(named)


def plain(text: str) -> str:
    """The text without spaces and punctuation."""
    return _NOISE.sub("", text).lower()


def trigrams(text: str) -> frozenset[str]:
    """Runs of three characters; a shorter text is one run."""
    bare = plain(text)
    return frozenset(bare[at : at + 3] for at in range(max(1, len(bare) - 2)))


def too_near(asks: Sequence[str], questions: Iterable[str]) -> list[int]:
    """Places of the asks that are `TOO_NEAR` to one of the questions."""
    grams = [trigrams(ask) for ask in asks]
    places: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(grams):
        for gram in own:
            places[gram].append(place)
    near: set[int] = set()
    for question in questions:
        theirs = trigrams(question)
        shared = Counter(place for gram in theirs for place in places.get(gram, ()))
        near |= {
            place
            for place, count in shared.items()
            if count >= TOO_NEAR * (len(theirs) + len(grams[place]) - count)
        }
    return sorted(near)


def test_questions(data: Path) -> dict[str, list[str]]:
    """Questions by the name of the test set."""
    paths = [path for pattern in TEST_SETS for path in sorted(data.glob(pattern))]
    return {path.name: [text for row in _read(path) if (text := _question(row))] for path in paths}


def _read(path: Path) -> Iterator[Mapping[str, object]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    return (json.loads(line) for line in text.splitlines() if line)


def _question(row: Mapping[str, object]) -> str:
    found = row.get("question") or row.get("query") or row.get("text") or ""
    return found if isinstance(found, str) else ""


def main() -> None:
    """Print the counts, the problems and the lines too near a test set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    data = parser.parse_args().data
    rows, terms = services(), lay_terms()
    asks = [ask for row in rows for ask in row.asks]
    print(f"{len(rows)} services, {len(asks)} asks, {len({term.lay for term in terms})} lay terms")
    print(dict(Counter(kind for row in rows for kind in row.kinds)))
    print(dict(Counter(row.part for row in rows)), f"named {named_share(rows):.4f}")
    print(*problems(rows, terms), sep="\n")
    for name, questions in test_questions(data).items():
        near = too_near(asks, questions)
        print(f"{name}: {len(questions)} questions, {len(near)} of our lines too near")
        print(*(f"  {asks[place]}" for place in near), sep="\n")


if __name__ == "__main__":
    main()
