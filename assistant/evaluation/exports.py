"""A run in the formats of other tools: ragas JSONL, TREC qrels and run, JUnit XML."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from xml.etree import ElementTree as Xml

from assistant.evaluation.judging import Judged
from assistant.evaluation.report import faults

SYSTEM = "assistant"
"""The name of the run in TREC's last column."""


def ragas(judged: Iterable[Judged]) -> str:
    """One single-turn sample a line: user_input, response, retrieved_contexts, reference."""
    return "".join(json.dumps(_sample(one), ensure_ascii=False) + "\n" for one in judged)


def _sample(one: Judged) -> dict[str, object]:
    return {
        "user_input": one.case.question,
        "response": one.result.answer,
        "retrieved_contexts": [citation.quote for citation in one.result.citations],
        "retrieved_context_ids": [citation.source_id for citation in one.result.citations],
        "reference": one.case.reference or "\n".join(one.case.must_contain),
        "reference_context_ids": list(one.case.reference_ids),
    }


def qrels(judged: Iterable[Judged]) -> str:
    """TREC relevance: topic, 0, source, 1."""
    rows = ((one.case.id, source) for one in judged for source in one.case.reference_ids)
    return "".join(f"{_token(case)} 0 {_token(source)} 1\n" for case, source in rows)


def trec_run(judged: Iterable[Judged]) -> str:
    """TREC run: topic, Q0, source, rank, score, name; the score only repeats the rank."""
    return "".join(
        f"{_token(one.case.id)} Q0 {_token(source)} {rank} {1 / rank:.6f} {SYSTEM}\n"
        for one in judged
        for rank, source in enumerate(one.result.ranked_ids, start=1)
    )


def _token(name: str) -> str:
    """White space would begin another column."""
    return "_".join(name.split())


def junit(judged: Sequence[Judged]) -> str:
    """A test case for each question; what is wrong with its reply is the failure."""
    bad = sum(bool(faults(one)) for one in judged)
    suite = Xml.Element("testsuite", name=SYSTEM, tests=str(len(judged)), failures=str(bad))
    for one in judged:
        seconds = f"{one.result.latency_ms / 1000:.3f}"
        case = Xml.SubElement(suite, "testcase", classname="case", name=one.case.id, time=seconds)
        wrong = faults(one)
        if wrong:
            failure = Xml.SubElement(case, "failure", message="；".join(wrong))
            failure.text = _writable(f"{one.case.question}\n{one.result.answer}")
    return Xml.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _writable(text: str) -> str:
    """Without the control characters that XML 1.0 cannot hold."""
    return "".join(c for c in text if c >= " " or c in "\n\t")


Export = Callable[[Sequence[Judged]], str]
FILES: dict[str, dict[str, Export]] = {
    "ragas": {"ragas.jsonl": ragas},
    "trec": {"qrels.txt": qrels, "run.txt": trec_run},
    "junit": {"junit.xml": junit},
}
"""The files of each format."""


def export(folder: Path, judged: Sequence[Judged], formats: Iterable[str]) -> list[Path]:
    """Write the files of some formats beside a run's own; gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, content in (pair for one in formats for pair in FILES[one].items()):
        (folder / name).write_text(content(judged), encoding="utf-8", newline="\n")
        made.append(folder / name)
    return made
