"""Public question sets → corpora and cases in our exchange formats (FORMATS §1, §4).

    python -m eval.convert domainrag FOLDER --out DIR     # corpus, extractive and follow-up cases
    python -m eval.convert rgb rgb_zh_refine.jsonl.gz --out DIR

`rgb` gives two pairs: all passages (to be answered), and the distracting ones alone (to be
declined).
The sets are for measuring only; what is written here must not be shipped.
"""

import argparse
import gzip
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant.domain.source import PolicyDocument
from assistant.evaluation.matching import bare, states
from assistant.retrieval.formats import write_jsonl

Row = dict[str, Any]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def domainrag_documents(rows: Iterable[Row]) -> Iterator[PolicyDocument]:
    """Each passage of the site becomes a document of its own."""
    for row in rows:
        yield PolicyDocument(
            id=row["pid"],
            title=row["title"],
            text=row["text"],
            published_on=_day(row.get("date") or ""),
            source_url=row.get("url"),
        )


def _day(text: str) -> date | None:
    """The day, where the text is one: some pages give only a year, or no real day."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def domainrag_extractive(rows: Iterable[Row]) -> Iterator[Row]:
    """Questions with an answer in one passage."""
    for row in rows:
        yield {
            "id": row["id"],
            "question": row["question"],
            "expected_action": "answer",
            "reference": "、".join(row["answers"][0]),
            "reference_ids": row["gold_pids"],
            "must_contain": alternatives(row["answers"]),
            "tags": ["domainrag", "extractive"],
        }


def domainrag_follow_ups(rows: Iterable[Row]) -> Iterator[Row]:
    """Follow-up questions, with what the same person asked before.

    The answers are sentences in free words, so that the source alone decides.
    """
    for row in rows:
        yield {
            "id": row["id"],
            "question": row["question"],
            "expected_action": "answer",
            "reference": row["answers"][0],
            "reference_ids": row["gold_pids"],
            "history": [turn["question"] for turn in row["history_qa"]],
            "tags": ["domainrag", "follow_up"],
        }


def alternatives(answers: Sequence[Sequence[str]]) -> list[str]:
    """Answers in several wordings, each a list of facts, as `must_contain`.

    [["2010"], ["2010年"]] → ["2010|2010年"]. Wordings with other numbers of facts than the first
    cannot be laid side by side and are left out.
    """
    first = answers[0]
    alike = [wording for wording in answers if len(wording) == len(first)]
    return ["|".join(dict.fromkeys(facts)) for facts in zip(*alike, strict=True)]


def rgb_documents(rows: Iterable[Row], kinds: Sequence[str]) -> Iterator[PolicyDocument]:
    """The passages of the given kinds (`positive`, `negative`), titled by their beginning."""
    for row in rows:
        for kind in kinds:
            for number, text in enumerate(row[kind]):
                title = text.strip()[:24].rstrip("0123456789-.:/ ") or row["query"]
                yield PolicyDocument(id=_rgb_id(row, kind, number), title=title, text=text)


def rgb_supported(rows: Iterable[Row]) -> Iterator[Row]:
    """Each question, to be answered from a supporting passage."""
    for row in rows:
        facts = rgb_facts(row)
        yield {
            "id": f"rgb-{row['id']}",
            "question": row["query"],
            "expected_action": "answer",
            "reference": "、".join(fact.split("|")[0] for fact in facts),
            "reference_ids": [_rgb_id(row, "positive", n) for n in range(len(row["positive"]))],
            "must_contain": facts,
            "tags": ["rgb", "supported"],
        }


def rgb_unsupported(rows: Sequence[Row]) -> Iterator[Row]:
    """The questions that no distracting passage answers, to be declined.

    A question whose facts stand together in a distracting passage about the same thing is left
    out, whichever question the passage came with: all lie in one knowledge base.
    """
    passages = [text for row in rows for text in row["negative"]]
    for row in rows:
        about = [text for text in passages if alike(row["query"], text) >= 0.5]
        if not any(all(states(text, fact) for fact in rgb_facts(row)) for text in about):
            yield {
                "id": f"rgb-{row['id']}-negative",
                "question": row["query"],
                "expected_action": "review",
                "tags": ["rgb", "unsupported"],
            }


def alike(question: str, text: str) -> float:
    """The share of the question's character pairs that occur in the text."""
    pairs = {a + b for a, b in pairwise(bare(question))}
    return sum(pair in text for pair in pairs) / max(1, len(pairs))


def rgb_facts(row: Row) -> list[str]:
    """The facts of the answer; a list among them holds alternatives."""
    return [fact if isinstance(fact, str) else "|".join(fact) for fact in row["answer"]]


def _rgb_id(row: Row, kind: str, number: int) -> str:
    return f"rgb-{row['id']}-{kind}-{number}"


def convert_domainrag(folder: Path, out: Path) -> None:
    """Write `domainrag_docs`, `domainrag_cases` and `domainrag_follow_up_cases`."""
    write_jsonl(out / "domainrag_docs.jsonl", domainrag_documents(read(folder / "corpus.jsonl.gz")))
    extractive = domainrag_extractive(read(folder / "extractive.jsonl"))
    write_cases(out / "domainrag_cases.jsonl", extractive)
    follow_ups = domainrag_follow_ups(read(folder / "conv.jsonl"))
    write_cases(out / "domainrag_follow_up_cases.jsonl", follow_ups)


def convert_rgb(path: Path, out: Path) -> None:
    """Write `rgb_docs` with `rgb_cases`, and `rgb_negative_docs` with `rgb_negative_cases`."""
    rows = list(read(path))
    write_jsonl(out / "rgb_docs.jsonl", rgb_documents(rows, ("positive", "negative")))
    write_cases(out / "rgb_cases.jsonl", rgb_supported(rows))
    write_jsonl(out / "rgb_negative_docs.jsonl", rgb_documents(rows, ("negative",)))
    write_cases(out / "rgb_negative_cases.jsonl", rgb_unsupported(rows))


def read(path: Path) -> Iterator[Row]:
    """The objects of a JSON Lines file, packed or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def write_cases(path: Path, cases: Iterable[Row]) -> None:
    """One JSON object a line."""
    lines = (json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
    path.write_text("".join(lines), encoding="utf-8")


def main() -> None:
    """Convert one set."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("what", choices=("domainrag", "rgb"))
    parser.add_argument("source", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    {"domainrag": convert_domainrag, "rgb": convert_rgb}[given.what](given.source, given.out)


if __name__ == "__main__":
    main()
