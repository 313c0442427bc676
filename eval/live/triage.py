"""The triage: `python -m eval.live.triage --data ../shared/data --out FILE`.

Per set: the share taken for questions, beside that of the baseline (a question mark or 吗); kinds,
urgency and speed. The triage knows the everyday words and the items of the bundled knowledge and
of `gd_guides`; `without` leaves the latter out. Nothing of `rehearsal`, `hard_negatives`,
`unmarked`, `gov_intent`, `citizen` and `paraphrase` was fitted or chosen on.
"""

import argparse
import csv
import gzip
import io
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.live import Urgency
from assistant.live.seams import CommentKind, Triage
from assistant.live.triage import LearnedTriage, emergency
from assistant.live.triage_danger import NUMBERS
from eval.training.triage_texts import (
    REPORT,
    ROOT,
    bundled_names,
    everyday_words,
    item_names,
    part_of,
    recording,
    rows,
)

SETS = ROOT / "eval" / "live" / "sets"
Figures = dict[str, object]


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts that should (`wanted`) or should not be taken for questions; None: only reported."""

    name: str
    texts: tuple[str, ...]
    wanted: bool | None


def main() -> None:
    """Judge every set, print a line each, write all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--show", default="", help="print the errors of this set")
    given = parser.parse_args()
    ours = [*everyday_words(), *bundled_names()]
    full = LearnedTriage.shipped([*ours, *item_names([given.data / "gd_guides.jsonl"])])
    bare = LearnedTriage.shipped(ours)
    sets = list(all_sets(given.data))
    figures: Figures = {one.name: judged(one, full, bare) for one in sets}
    figures |= {"kinds": kinds(full), "urgency": urgency(full), "speed": speed(full, sets)}
    print(json.dumps({name: figures[name] for name in ("kinds", "urgency", "speed")}, indent=1))
    show(next((one for one in sets if one.name == given.show), None), full)
    given.out.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")


def is_taken(triage: Triage, text: str) -> bool:
    """Taken for a question: queued or answered, not set aside."""
    return triage(text).kind is CommentKind.QUESTION


def baseline(text: str) -> bool:
    """What others do: a question mark or 吗."""
    return any(mark in text for mark in "?？吗")


def judged(one: Texts, full: Triage, bare: Triage) -> Figures:
    """Shares of a set, printed too."""
    size = len(one.texts) or 1
    seen = [full(text) for text in one.texts]
    found: Figures = {
        "texts": len(one.texts),
        "wanted": one.wanted,
        "taken": round(sum(each.kind is CommentKind.QUESTION for each in seen) / size, 4),
        "without": round(sum(is_taken(bare, text) for text in one.texts) / size, 4),
        "baseline": round(sum(map(baseline, one.texts)) / size, 4),
        "kinds": dict(Counter(each.kind.value for each in seen)),
        "urgent": sum(each.urgency is Urgency.URGENT for each in seen),
        "emergency": sum(each.urgency is Urgency.EMERGENCY for each in seen),
    }
    want = {True: "all", False: "none", None: "?"}[one.wanted]
    print(f"{one.name:34} {len(one.texts):6} want {want:4}", end=" ")
    print(" ".join(f"{key} {found[key]}" for key in ("taken", "without", "baseline")), end=" ")
    print(f"urgent {found['urgent']} emergency {found['emergency']}")
    return found


def all_sets(data: Path) -> Iterator[Texts]:
    """The sets, in the order of the table."""
    yield from recordings(data)
    yield from ours()
    yield from everyday(data)
    yield from official(data)
    yield from strangers(data)


def recordings(data: Path) -> Iterator[Texts]:
    """Rehearsal and danmaku, and the part of each that nothing was fitted or chosen on."""
    for name, suffix in (("rehearsal_93_dev", ""), ("danmaku_dev", ".gz")):
        comments = recording(data, name, suffix)
        asked = [(text, case) for text, case in comments if case != "noise"]
        noise = [text for text, case in comments if case == "noise"]
        yield Texts(f"{name} questions", tuple(text for text, _ in asked), wanted=True)
        unseen = [text for text, case in asked if part_of(case) == REPORT]
        yield Texts(f"{name} q., unseen cases", tuple(unseen), wanted=True)
        yield Texts(f"{name} noise", tuple(noise), wanted=False)
        unseen = [text for text in noise if part_of(text) == REPORT]
        yield Texts(f"{name} noise, unseen texts", tuple(unseen), wanted=False)


def ours() -> Iterator[Texts]:
    """Our own sets, the hard negatives by group too."""
    hard = list(rows(SETS / "hard_negatives.jsonl"))
    yield Texts("hard_negatives", _texts(hard, "text"), wanted=False)
    for group in dict.fromkeys(str(row["group"]) for row in hard):
        part = [row for row in hard if row["group"] == group]
        yield Texts(f"hard_negatives/{group}", _texts(part, "text"), wanted=False)
    yield Texts("unmarked", _texts(rows(SETS / "unmarked_questions.jsonl"), "text"), wanted=True)


def everyday(data: Path) -> Iterator[Texts]:
    """Everyday questions; a request of the board's titles is one, a complaint may be."""
    lay = list(rows(data / "gd_lay_cases.jsonl"))
    yield Texts("gd_lay", _texts(lay, "question"), wanted=True)
    lay = [row for row in lay if part_of(str(row["id"])) == REPORT]
    yield Texts("gd_lay, report part", _texts(lay, "question"), wanted=True)
    intents = list(rows(data / "gov_intent_queries.jsonl"))
    ours = [row for row in intents if row["intent"] != "other"]
    others = [row for row in intents if row["intent"] == "other"]
    yield Texts("gov_intent", _texts(ours, "query"), wanted=True)
    yield Texts("gov_intent other", _texts(others, "query"), wanted=False)
    board = list(rows(data / "citizen_messages_dev.jsonl.gz"))
    asks = [row for row in board if row.get("asks_for_information")]
    rest = [row for row in board if not row.get("asks_for_information")]
    yield Texts("citizen titles that ask", _texts(asks, "title"), wanted=True)
    yield Texts("citizen titles, others", _texts(rest, "title"), wanted=None)


def official(data: Path) -> Iterator[Texts]:
    """The report part of the sets of which another part was fitted on."""
    for name in ("gd", "ncp", "stard", "drug"):
        part = [row for row in rows(data / f"{name}_cases.jsonl") if part_of(row["id"]) == REPORT]
        yield Texts(f"{name}_cases, report part", _texts(part, "question"), wanted=True)


def strangers(data: Path) -> Iterator[Texts]:
    """Texts of quite another kind: opinions (COLD), questions that are not for a public office."""
    raw = gzip.decompress((data / "moderation" / "cold_dev.csv.gz").read_bytes())
    lines = csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))
    yield Texts("cold_dev", tuple(row["TEXT"] for row in lines), wanted=False)
    raw = gzip.decompress((data / "paraphrase_dev.tsv.gz").read_bytes())
    pairs = [line.split("\t") for line in raw.decode("utf-8").splitlines()[:2000]]
    yield Texts("paraphrase (LCQMC, any subject)", tuple(pair[0] for pair in pairs), wanted=None)


def _texts(found: Iterable[Mapping[str, object]], key: str) -> tuple[str, ...]:
    return tuple(str(row[key]) for row in found)


def kinds(triage: Triage) -> Figures:
    """How many of each kind of `kinds.jsonl` were told, and what the others were taken for."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows(SETS / "kinds.jsonl"):
        counts[str(row["kind"]), triage(str(row["text"])).kind.value] += 1
    return {f"{want} → {got}": count for (want, got), count in sorted(counts.items())}


def urgency(triage: Triage) -> Figures:
    """The same of `urgent`, of `urgent_held` (seen only at the end) and of the tester's."""
    return {
        name: _told(triage, SETS / f"{name}.jsonl")
        for name in ("urgent", "urgent_held", "fresh_urgent")
    }


def _told(triage: Triage, path: Path) -> Figures:
    counts: Counter[tuple[str, str]] = Counter()
    codes = {line: code for code, line in NUMBERS.items()}
    for row in rows(path):
        seen = triage(str(row["text"]))
        call = codes.get(seen.call, seen.call)
        counts[f"{row['urgency']} {row['call']}".strip(), f"{seen.urgency} {call}".strip()] += 1
    return {f"{want} → {got}": count for (want, got), count in sorted(counts.items())}


def speed(triage: Triage, sets: Sequence[Texts]) -> Figures:
    """Microseconds a comment: the danmaku mix, its questions alone, the emergency words alone."""
    chosen = {one.name: one.texts for one in sets if one.name.startswith("danmaku")}
    mixed = [text for texts in chosen.values() for text in texts]
    questions = chosen["danmaku_dev questions"]
    return {
        "mix": timed(triage, mixed),
        "questions": timed(triage, questions),
        "emergency words": timed(emergency, mixed),
    }


def timed(what: object, texts: Sequence[str]) -> Figures:
    """Mean, median and 99th percentile in microseconds of this thread (others use the machine)."""
    assert callable(what)
    took = []
    for text in texts:
        begin = time.thread_time_ns()
        what(text)
        took.append((time.thread_time_ns() - begin) / 1000)
    took.sort()
    return {
        "mean_us": round(statistics.fmean(took), 1),
        "median_us": round(took[len(took) // 2], 1),
        "p99_us": round(took[len(took) * 99 // 100], 1),
    }


def show(one: Texts | None, triage: Triage) -> None:
    """Print what was judged otherwise than wanted."""
    for text in one.texts if one else ():
        seen = triage(text)
        if (seen.kind is CommentKind.QUESTION) is not one.wanted or seen.urgency != "normal":
            print(f"{seen.probability:.3f} {seen.kind} {seen.urgency} {seen.call} {text}")


if __name__ == "__main__":
    main()
