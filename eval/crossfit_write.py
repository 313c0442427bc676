"""What `eval.crossfit refit` writes: the calibration that is shipped, and clause weights.

New clause weights come from three fifths of the sources, their labelled probabilities from the
rest. Weights of guides (`eval.training.verdict` makes them, with partial names) and of FAQs stay.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from assistant.answering.calibration import SHIPPED, Calibration, Kind, write_calibration
from assistant.answering.decide import VerdictPolicy, load_policy
from assistant.answering.drift import spread_of
from assistant.answering.fingerprint import fingerprint
from assistant.answering.promise import Scored
from assistant.domain.answer import Route
from assistant.models.embeddings import build_embeddings
from assistant.retrieval.vectors import fingerprint as of_embedding
from eval import crossfit
from eval.training import verdict as fitting

POLICY = Path(__file__).parents[1] / "assistant" / "answering" / "data" / "verdict.json"


def write(rows: crossfit.Rows, chances: Mapping[int, float], *, stamped: bool) -> None:
    """The labelled probabilities of what would be said; unstamped, no part is ever missed."""
    policy = load_policy(POLICY)
    best = [*crossfit.surest(rows, chances).values()]
    kinds = {
        route: _kind([row for row in best if row["route"] == route], route, policy, chances)
        for route in crossfit.KINDS
    }
    sets = ", ".join(dict.fromkeys(str(row["set"]) for row in rows))
    now = fingerprint(of_embedding(build_embeddings(None)), policy) if stamped else {}
    made = Calibration(f"{datetime.now(UTC):%Y-%m-%d}", f"出厂题（{sets}）", now, kinds)
    write_calibration(SHIPPED, made)
    print(f"wrote {SHIPPED}")


def _kind(
    rows: crossfit.Rows, route: Route, policy: VerdictPolicy, chances: Mapping[int, float]
) -> Kind:
    names = policy.routes[route].weights
    return Kind(
        scored=tuple(
            Scored(chances[id(row)], bool(row["right"]))
            for row in rows
            if not fitting.withheld(row, chances[id(row)])
        ),
        spreads={n: spread_of([row["support"].get(n, 0.0) for row in rows]) for n in names},
    )


def write_weights(model: crossfit.Model, at: float) -> None:
    """The clause weights with their threshold; all else of the file stays."""
    data = json.loads(POLICY.read_text("utf-8"))
    weights = zip(model.names, model.weights, strict=True)
    data["version"] = f"{datetime.now(UTC):%Y-%m-%d}"
    data["routes"]["policy"] = {
        "bias": round(model.bias, 3),
        "weights": {name: round(float(v), 3) for name, v in weights if v > 1e-3},
        "answer_from": round(at, 3),
        "exact_from": fitting.EXACT_FROM,
    }
    POLICY.write_text(json.dumps(data, indent=2) + "\n", "utf-8")
    print(f"wrote {POLICY}")
