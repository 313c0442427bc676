"""Fit the verdict: how the support of a draft becomes the probability that it is right.

    python -m eval.training.verdict collect OUT.jsonl CASES=CORPUS[,CORPUS…] …
    python -m eval.training.verdict fit ROWS.jsonl [--write POLICY.json]

`collect` drafts every case by every route and judges each draft. `fit` splits the cases by a digest
of their ids: on four fifths the weights are fitted (never below zero) and the threshold is chosen,
each case judged by weights that were fitted without its fifth; the last fifth is reported.
"""

import argparse
import asyncio
import hashlib
import json
import tempfile
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from assistant.answering.decide import value
from assistant.answering.flow import drafts_of
from assistant.bootstrap import Assistant, Settings, open_assistant
from assistant.domain.answer import Draft, Route
from assistant.domain.verdict import Action
from assistant.evaluation.cases import Case, read_cases
from assistant.evaluation.judging import draft_is_right
from assistant.evaluation.results import DraftText

NAMES = {
    Route.GUIDE: (
        *("match", "margin", "asked", "coverage", "dense", "named", "said", "clean"),
        *("no_left", "no_extra", "no_against", "no_missing", "no_attached", "no_lack"),
    ),
    Route.CLARIFY: ("match", "asked", "coverage"),
    Route.FAQ: ("match", "margin", "dense"),
    Route.POLICY: (
        *("match", "margin", "asked", "coverage", "dense"),
        *("source", "content", "words", "places", "all_places", "offices", "names", "counted"),
        *("lead", "begin", "found", "run"),
    ),
}
"""The numbers a route's probability is made of; a route that has others adds them here."""
TODAY = datetime(2026, 11, 20, tzinfo=UTC).date()
VERSION = "2026-11-22"
L2 = 0.02
RISKS = {Route.GUIDE: 0.03, Route.CLARIFY: 0.1, Route.FAQ: 0.03}
"""The largest share wrong of what a route says: a guide's answer sounds exact, a question back
misleads nobody. For quoted clauses see `FALSE_ANSWERS`."""
LEAST = 0.5
ASKS_KNOWN = 0.3
FALSE_ANSWERS = 0.01
"""The largest share of the questions that no document answers which a quoted clause may answer.

Some of these are answered by a document other than the one they were written from, so that the true
share is lower (README)."""
EXACT_FROM = 0.97
"""The least probability of a clause where something exact is asked (a day, a person, a sum).

The sets hold few such questions without an answer, and what is said to them sounds beyond doubt: so
it is the least hundredth from which none of the 43 questions of rgb that may be looked at (README)
is answered from distracting passages.
"""
REPORTED = 4
WITHOUT = "-without"
MISTAKES = 5
"""A route with fewer wrong drafts among those to fit keeps its policy."""
NOTE = (
    "Weights fitted and thresholds chosen by eval/training/verdict.py, see RISKS and FALSE_ANSWERS"
    " there. The faq route was set by hand: its match is"
    " already a decision, and the development sets hold no wrong one."
)


async def collect(cases: list[Case], corpus: list[Path], name: str) -> list[dict[str, object]]:
    """Draft every case from a throw-away knowledge base; one row a draft.

    Then twice again with half of the guides taken away, for the cases about those guides: whatever
    a guide near by says to them is wrong.
    """
    with tempfile.TemporaryDirectory() as folder:
        async with open_assistant(Settings(data_dir=Path(folder), region=None)) as assistant:
            await assistant.ingest(corpus)
            rows = [row for case in cases for row in await _rows(assistant, case, name)]
            for half in (0, 1):
                rows += await _without(assistant, cases, half, f"{name}{WITHOUT}")
            return rows


async def _without(
    assistant: Assistant, cases: list[Case], half: int, name: str
) -> list[dict[str, object]]:
    guides = {guide.id: guide for guide in await assistant.sources.guides()}
    gone = {i for i in guides if hashlib.sha256(i.encode()).digest()[1] % 2 == half}
    asked = [case for case in cases if case.reference_ids and gone.issuperset(case.reference_ids)]
    if not asked:
        return []
    kept = {i: await assistant.sources.passages_of(i) for i in gone}
    for i in gone:
        await assistant.sources.retire(i)
    await assistant.index.refresh()
    await assistant.desk.refresh()
    orphans = [replace(case, expected_action=Action.REVIEW) for case in asked]
    rows = [row for case in orphans for row in await _rows(assistant, case, name)]
    for i in gone:
        await assistant.sources.put(guides[i], kept[i], digest=f"again-{half}", origin=None)
    await assistant.index.refresh()
    await assistant.desk.refresh()
    return [row for row in rows if row["route"] in {Route.GUIDE, Route.CLARIFY}]


async def _rows(assistant: Assistant, case: Case, name: str) -> list[dict[str, object]]:
    on, question = assistant.desk.services, case.asked(TODAY)
    reading = on.guides.understand(question)
    asked = reading.in_context(question)
    ranking = reading.within_place(await on.search(asked.text, reading.scope(question)))
    drafts = drafts_of(question, asked, reading, ranking, on)
    return [_row(case, draft, name) for draft in drafts if draft.statements]


def _row(case: Case, draft: Draft, name: str) -> dict[str, object]:
    cited = tuple(dict.fromkeys(c.source_id for c in draft.citations))
    said = DraftText(
        text=draft.text, spoken=draft.spoken, source_ids=cited, clarifies=bool(draft.options)
    )
    support = draft.support
    numbers = {n: value(support, n) for names in NAMES.values() for n in names}
    return {
        "set": name,
        "id": case.id,
        "route": str(draft.route),
        "right": draft_is_right(case, said),
        "expected": str(case.expected_action),
        "support": numbers | support.features,
        "references": list(case.reference_ids),
        "cited": list(cited),
        "text": draft.text[:80],
    }


def part(case_id: str) -> int:
    """0–3: fit and choose, by cross-fitting; 4: report."""
    return hashlib.sha256(case_id.encode()).digest()[0] % 5


def fit(rows: list[dict], names: tuple[str, ...], weights: np.ndarray) -> tuple[float, np.ndarray]:
    """Logistic regression with weights of at least zero; gives bias and weights."""
    x = np.array([[row["support"].get(n, 0.0) for n in names] for row in rows])
    y = np.array([float(row["right"]) for row in rows])

    share = weights / weights.sum()

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        z, w = theta[0] + x @ theta[1:], theta[1:]
        each = np.logaddexp(0.0, z) - y * z
        slope = share * (1 / (1 + np.exp(-np.clip(z, -30, 30))) - y)
        gradient = np.r_[slope.sum(), x.T @ slope + L2 * w / (5 * len(w))]
        return float((share * each).sum() + L2 * (w**2).mean() / 10), gradient

    bounds = [(None, None)] + [(0.0, None)] * len(names)
    start = np.r_[-2.0, np.ones(len(names))]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return float(found.x[0]), found.x[1:]


def chances(rows: list[dict], names: tuple[str, ...], bias: float, w: np.ndarray) -> np.ndarray:
    """The fitted probability of each row."""
    x = np.array([[row["support"].get(n, 0.0) for n in names] for row in rows])
    return 1 / (1 + np.exp(-np.clip(bias + x @ w, -30, 30)))


def set_weights(rows: list[dict]) -> np.ndarray:
    """Each set counts alike, however many cases it has; of clauses see `clause_weights`."""
    if all(row["route"] == Route.POLICY for row in rows):
        return clause_weights(rows)
    sizes = defaultdict(int)
    for row in rows:
        sizes[row["set"]] += 1
    return np.array([1.0 / sizes[row["set"]] ** 0.5 for row in rows])


def clause_weights(rows: list[dict]) -> np.ndarray:
    """Cases of sets that ask also what no document answers count in full, the others `ASKS_KNOWN`.

    Only the former show how evidence looks that has no answer; in the latter a neighbouring
    article that answers as well counts as wrong.
    """
    tells = {row["set"] for row in rows if row["expected"] == Action.REVIEW}
    return np.array([1.0 if row["set"] in tells else ASKS_KNOWN for row in rows])


def threshold(p: np.ndarray, rows: list[dict], risk: float) -> float:
    """The least threshold from which on no more than `risk` of what is said is wrong.

    Each set counts alike, so that a large easy one does not pay for a small hard one, and none may
    have more than three times the risk. Never below a half: what is more likely wrong than right
    is not said.
    """
    wrong = np.array([not row["right"] for row in rows])
    groups = np.array([str(row["set"]).removesuffix(WITHOUT) for row in rows])
    for t in np.unique(np.round(p, 2)):
        said = p >= t
        risks = [wrong[said & (groups == g)].mean() for g in np.unique(groups[said])]
        if t >= LEAST and risks and np.mean(risks) <= risk and max(risks) <= 3 * risk:
            return float(t)
    return 1.01


def clause_threshold(p: np.ndarray, rows: list[dict]) -> float:
    """The least threshold at which at most `FALSE_ANSWERS` of what has no answer is answered."""
    unknown = np.array([row["expected"] == Action.REVIEW for row in rows])
    free = np.array([not withheld(row, at) for row, at in zip(rows, p, strict=True)])
    for t in np.unique(np.round(p, 2)):
        if t >= LEAST and (free & (p >= t))[unknown].mean() <= FALSE_ANSWERS:
            return float(t)
    return 1.01


def withheld(row: dict, p: float) -> bool:
    """Whether a clause is said at no threshold, for what is asked is exact."""
    return row["route"] == Route.POLICY and row["support"].get("open") == 0.0 and p < EXACT_FROM


def out_of_fold(rows: list[dict], names: tuple[str, ...]) -> np.ndarray:
    """The probability of each row by weights that were fitted without its part."""
    p = np.zeros(len(rows))
    parts = np.array([part(row["id"]) for row in rows])
    for held in np.unique(parts):
        others = [row for row, its in zip(rows, parts, strict=True) if its != held]
        mine = [row for row, its in zip(rows, parts, strict=True) if its == held]
        p[parts == held] = chances(mine, names, *fit(others, names, set_weights(others)))
    return p


def report(name: str, rows: list[dict], p: np.ndarray, at: float) -> None:
    """Print what a threshold gives, a line a set."""
    for group in sorted({row["set"] for row in rows}):
        mine = np.array([row["set"] == group for row in rows])
        right = np.array([row["right"] for row in rows])[mine]
        said = p[mine] >= at
        wrong = int((said & ~right).sum())
        print(
            f"  {name:8}{group:10} drafts {mine.sum():5} right {right.sum():5}"
            f" said {said.sum():5} wrong {wrong:4} kept {int((said & right).sum()):5}"
        )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("collect")
    one.add_argument("out", type=Path)
    one.add_argument("sets", nargs="+")
    two = commands.add_parser("fit")
    two.add_argument("rows", type=Path)
    two.add_argument("--write", type=Path)
    args = parser.parse_args()
    (_collect if args.command == "collect" else _fit)(args)


def _collect(args: argparse.Namespace) -> None:
    with args.out.open("w", encoding="utf-8") as out:
        for pair in args.sets:
            cases, corpus = pair.split("=")
            paths = [Path(p) for p in corpus.split(",")]
            rows = asyncio.run(collect(read_cases(Path(cases)), paths, Path(cases).stem))
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            print(pair, len(rows))


def _fit(args: argparse.Namespace) -> None:
    rows = [json.loads(line) for line in args.rows.read_text("utf-8").splitlines()]
    routes = {str(route): _fit_route(route, rows, RISKS.get(route, 0.0)) for route in NAMES}
    policy = {"version": VERSION, "note": NOTE}
    kept = json.loads(args.write.read_text("utf-8"))["routes"] if args.write else {}
    policy["routes"] = {k: v or kept.get(k) for k, v in routes.items() if v or k in kept}
    if args.write:
        args.write.write_text(json.dumps(policy, indent=2) + "\n", "utf-8")
    print(json.dumps(policy, indent=1))


def _judges(name: str, route: Route) -> bool:
    """Whether a set can tell right from wrong for a route: partial names ask for guides only."""
    return route in {Route.GUIDE, Route.CLARIFY} or not name.startswith("partial")


def _fit_route(route: Route, rows: list[dict], risk: float) -> dict[str, object] | None:
    mine = [row for row in rows if row["route"] == route and _judges(str(row["set"]), route)]
    fitted = [row for row in mine if part(row["id"]) != REPORTED]
    held = [row for row in mine if part(row["id"]) == REPORTED]
    if sum(not row["right"] for row in fitted) < MISTAKES:
        print(f"  {route}: fewer than {MISTAKES} mistakes to learn from; kept as it was")
        return None
    names = NAMES[route]
    p = out_of_fold(fitted, names)
    at = clause_threshold(p, fitted) if route is Route.POLICY else threshold(p, fitted, risk)
    bias, w = fit(fitted, names, set_weights(fitted))
    report(str(route), held, chances(held, names, bias, w), at)
    found: dict[str, object] = {
        "bias": round(bias, 3),
        "weights": {n: round(float(v), 3) for n, v in zip(names, w, strict=True) if v > 1e-3},
        "answer_from": round(at, 3),
    }
    return found | ({"exact_from": EXACT_FROM} if route is Route.POLICY else {})


if __name__ == "__main__":
    main()
