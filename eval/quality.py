"""Every test set with a target, in one run: target against figure.

    python -m eval.quality --out DIR [--data ../shared/data] [--only gd_cases ncp_cases] [--limit N]

Each set is run by `assistant eval run` with `eval/gates.toml`; its pages lie in DIR/<set>. Sets
whose files are not there are named and left out. Ends with status 1 where a run fails, 100 where
a gate does not hold.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.evaluation.gates import GateResult, check_gates, read_gates
from eval.convert import convert_domainrag, convert_rgb
from eval.regions_guides import Plan
from eval.regions_set import build, write

ROOT = Path(__file__).parents[1]
GATES = ROOT / "eval" / "gates.toml"
GATE_FAILED = 100


@dataclass(frozen=True, slots=True)
class Set:
    """Cases, the corpus that they are asked over, and figures worth a line without a target."""

    name: str
    cases: Path
    corpus: Path
    shown: tuple[str, ...] = ("correct",)
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    name: str
    metric: str
    wanted: str
    value: str
    verdict: str


ANSWERS = ("answer_correct", "citation_correct", "false_answer_on_review", "wrong_answer_rate")
RANKS = ("hit_at_1", "hit_at_5", "mrr")


def sets(data: Path, made: Path) -> list[Set]:
    """All sets; those that a converter or generator makes lie in `made`."""
    gd, regions = data / "gd_guides.jsonl", made / "regions"
    region_files = ("--regions", "regions.csv", "--gazetteer", "gazetteer.jsonl")
    extra = tuple(str(regions / word) if "." in word else word for word in region_files)
    return [
        Set("sets", ROOT / "eval" / "sets", ROOT / "knowledge", ANSWERS),
        Set("gd_cases", data / "gd_cases.jsonl", gd, (*ANSWERS, "review_correct")),
        Set("gd_lay_cases", data / "gd_lay_cases.jsonl", gd, (*ANSWERS, *RANKS, "correct")),
        Set(
            "ncp_cases",
            data / "ncp_cases.jsonl",
            data / "ncp_docs.jsonl",
            (*ANSWERS, "draft_reference_in_spoken", "coverage_at_risk_5pct", "auroc", "ece"),
        ),
        Set(
            "stard_cases", data / "stard_cases.jsonl", data / "stard_docs.jsonl", (*ANSWERS, *RANKS)
        ),
        Set("drug_cases", data / "drug_cases.jsonl", data / "drug_docs.jsonl", (*ANSWERS, *RANKS)),
        Set(
            "drug_faq_paraphrase_cases",
            data / "drug_faq_paraphrase_cases.jsonl",
            data / "drug_faq.jsonl",
            (*ANSWERS, *RANKS),
        ),
        *(
            Set(name, made / f"{name}.jsonl", made / f"{corpus}.jsonl", (*ANSWERS, *RANKS))
            for name, corpus in (
                ("domainrag_cases", "domainrag_docs"),
                ("domainrag_follow_up_cases", "domainrag_docs"),
                ("rgb_cases", "rgb_docs"),
                ("rgb_negative_cases", "rgb_negative_docs"),
            )
        ),
        Set("regions", regions / "regions.jsonl", regions / "corpus.jsonl", ("correct",), extra),
    ]


def make(data: Path, made: Path) -> None:
    """Convert and generate what is not there yet."""
    made.mkdir(parents=True, exist_ok=True)
    if not (made / "rgb_docs.jsonl").exists() and data.exists():
        convert_domainrag(data / "domainrag", made)
        convert_rgb(data / "rgb_zh_refine.jsonl.gz", made)
    if not (made / "regions").exists():
        write(made / "regions", build(Plan()))


def run(one: Set, out: Path, limit: int | None) -> int:
    """`assistant eval run` on one set; its exit status."""
    command = [str(Path(sys.executable).parent / "assistant"), "eval", "run", str(one.cases)]
    command += ["--corpus", str(one.corpus), "--out", str(out / one.name), "--json", *one.extra]
    command += ["--gates", str(GATES), *(("--limit", str(limit)) if limit else ())]
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode


def lines(one: Set, out: Path) -> Iterator[Line]:
    """The gates of a set and its other figures, from what the run wrote."""
    metrics = json.loads((out / one.name / "metrics.json").read_text(encoding="utf-8"))
    gates = check_gates(read_gates(GATES), one.name, metrics)
    for gate in gates:
        yield _gate_line(one.name, gate)
    for metric in one.shown:
        if metric in metrics and metric not in {gate.metric for gate in gates}:
            yield Line(one.name, metric, "", f"{metrics[metric]:.4g}", "")
    yield Line(one.name, "latency_p95_ms", "", f"{metrics['latency_p95_ms']:.1f}", "")


def _gate_line(name: str, gate: GateResult) -> Line:
    value = "missing" if gate.value is None else f"{gate.value:.4g}"
    return Line(name, gate.metric, gate.wanted, value, "ok" if gate.holds else "MISSED")


def table(rows: Sequence[Line]) -> str:
    """The lines in columns."""
    if not rows:
        return "no set was run"
    cells = [(row.name, row.metric, row.wanted, row.value, row.verdict) for row in rows]
    widths = [max(len(cell[i]) for cell in cells) for i in range(5)]
    return "\n".join(
        "  ".join(c.ljust(w) for c, w in zip(cell, widths, strict=True)) for cell in cells
    )


def regions_proof(out: Path, made: Path) -> int:
    """The proof over the generated regions; its exit status."""
    command = [sys.executable, "-m", "eval.regions_check", str(made / "regions")]
    return subprocess.run([*command, str(out / "regions")], cwd=ROOT, check=False).returncode


def main() -> None:
    """Run the sets and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--only", nargs="+", help="names of sets")
    parser.add_argument("--limit", type=int, help="only the first cases of each set")
    given = parser.parse_args()
    made = given.out / "made"
    make(given.data, made)
    chosen = [one for one in sets(given.data, made) if not given.only or one.name in given.only]
    sys.exit(_all(chosen, given.out, made, given.limit))


def _all(chosen: Sequence[Set], out: Path, made: Path, limit: int | None) -> int:
    statuses: list[int] = []
    rows: list[Line] = []
    for one in chosen:
        if not one.cases.exists() or not one.corpus.exists():
            print(f"{one.name}: left out, its files are not there", file=sys.stderr)
            continue
        print(f"{one.name} …", file=sys.stderr)
        statuses.append(run(one, out, limit))
        if statuses[-1] in {0, GATE_FAILED}:
            rows += lines(one, out)
        if one.name == "regions":
            statuses.append(regions_proof(out, made))
    print(table(rows))
    return 1 if set(statuses) - {0, GATE_FAILED} else max(statuses, default=0)


if __name__ == "__main__":
    main()
