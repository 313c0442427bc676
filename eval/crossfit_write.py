"""What `eval.crossfit refit` writes: clause weights, and the calibration that is shipped.

Clauses get weights from all rows; their labelled probabilities are out of fold. Weights of guides
(`eval.training.verdict` makes them, with partial names) and of FAQs (set by hand) stay as they are.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from assistant.answering.calibration import SHIPPED, Calibration, Kind, write_calibration
from assistant.answering.decide import load_policy
from assistant.answering.drift import spread_of
from assistant.answering.fingerprint import fingerprint
from assistant.answering.promise import Scored
from assistant.domain.answer import Route
from assistant.models.embeddings import build_embeddings
from assistant.retrieval.vectors import fingerprint as of_embedding
from eval import crossfit
from eval.training import verdict as fitting

POLICY = Path(fitting.__file__).parents[2] / "assistant" / "answering" / "data" / "verdict.json"


def write(
    rows: crossfit.Rows, models: Mapping[Route, crossfit.Model], of: Mapping[str, str]
) -> None:
    """Weights first, for the fingerprint names them."""
    clauses = [row for row in rows if row["route"] == Route.POLICY]
    apart = crossfit.out_of_fold(Route.POLICY, clauses, of, "refit")
    _write_weights(models[Route.POLICY], fitting.clause_threshold(apart, clauses))
    chances = {id(row): float(p) for row, p in zip(clauses, apart, strict=True)}
    for route in (Route.GUIDE, Route.FAQ):
        mine = [row for row in rows if row["route"] == route]
        model = crossfit.shipped(route)
        chances |= {id(row): float(p) for row, p in zip(mine, model.chances(mine), strict=True)}
    made = f"{datetime.now(UTC):%Y-%m-%d}"
    sets = ", ".join(dict.fromkeys(str(row["set"]) for row in rows))
    policy = load_policy(POLICY)
    now = fingerprint(of_embedding(build_embeddings(None)), policy)
    best = [*crossfit.surest(rows, chances).values()]
    kinds = {}
    for route in crossfit.KINDS:
        mine = [row for row in best if row["route"] == route]
        names = policy.routes[route].weights
        kinds[route] = Kind(
            scored=tuple(Scored(chances[id(row)], bool(row["right"])) for row in mine),
            spreads={n: spread_of([row["support"].get(n, 0.0) for row in mine]) for n in names},
        )
    write_calibration(SHIPPED, Calibration(made, f"出厂题（{sets}）", now, kinds))
    print(f"wrote {SHIPPED} and {POLICY}")


def _write_weights(model: crossfit.Model, at: float) -> None:
    data = json.loads(POLICY.read_text("utf-8"))
    weights = zip(model.names, model.weights, strict=True)
    data["version"] = f"{datetime.now(UTC):%Y-%m-%d}"
    data["routes"]["policy"] = {
        "bias": round(model.bias, 3),
        "weights": {name: round(float(v), 3) for name, v in weights if v > 1e-3},
        "answer_from": round(at, 3),
    }
    POLICY.write_text(json.dumps(data, indent=2) + "\n", "utf-8")
