"""The verdict: a pure function of the evidence, never of a model's own stated confidence.

Each route has a small logistic model over the numbers in `Support`, kept as data in
`data/verdict.json` with the split it was fitted on. Weights are never negative, so that less
support never gives a bolder verdict (a property test holds this). What an office set or learnt
(`policy_for`) changes thresholds and bends the probability, never the order of two drafts.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from assistant.domain.answer import Draft, Route, Support
from assistant.domain.verdict import Action, Verdict
from assistant.errors import ConfigurationError

_DATA = Path(__file__).parent / "data" / "verdict.json"


@dataclass(frozen=True, slots=True)
class RoutePolicy:
    """How one route's support becomes a probability, and from where on it is used.

    `answer_from` is the least confidence at which the draft is said; `floors` are least values
    of single numbers below which it is not said however good the rest is; with `only_exact`
    nothing is said but what agrees word for word (`is_exact`). `exact_from` is the least confidence
    where something exact is asked (a day, a person, a sum): such an answer sounds beyond doubt.
    """

    bias: float
    weights: Mapping[str, float]
    answer_from: float
    floors: Mapping[str, float]
    only_exact: bool = False
    exact_from: float = 0.0

    def __post_init__(self) -> None:
        negative = [name for name, weight in self.weights.items() if weight < 0]
        if negative:
            raise ConfigurationError(f"verdict weights below zero: {', '.join(negative)}")

    def confidence(self, support: Support) -> float:
        """The estimated probability that the draft is right."""
        score = self.bias + sum(w * value(support, name) for name, w in self.weights.items())
        return round(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score)))), 4)

    def bent(self, slope: float, shift: float) -> "RoutePolicy":
        """The same order of drafts with other probabilities (Platt 1999)."""
        weights = {name: weight * slope for name, weight in self.weights.items()}
        return replace(self, bias=self.bias * slope + shift, weights=weights)

    def is_withheld(self, support: Support, confidence: float) -> bool:
        """Whether a draft is not said at any `answer_from`, for what is asked is exact."""
        return asks_exactly(support) and confidence < self.exact_from

    def too_low(self, support: Support) -> list[str]:
        """Names of the numbers under their floor."""
        return [name for name, floor in self.floors.items() if value(support, name) < floor]


@dataclass(frozen=True, slots=True)
class VerdictPolicy:
    """One policy a route, with the version that is recorded beside each verdict.

    From `model_from` on an answer may be given in a chat model's words. `why_strict` tells a
    reviewer why only exact answers are said.
    """

    version: str
    routes: Mapping[Route, RoutePolicy]
    model_from: float = 0.0
    why_strict: str = ""


def value(support: Support, name: str) -> float:
    """A number of the support by name, 0 where the route does not measure it.

    `no_x` is what is missing of a harm x to 1 (`no_against`: nothing speaks against the item), so
    that every weight stays positive.
    """
    if name.startswith("no_"):
        return 1.0 - min(1.0, max(0.0, support.features.get(name.removeprefix("no_"), 0.0)))
    if name in ("match", "margin", "asked", "coverage", "dense"):
        return float(getattr(support, name))
    return support.features.get(name, 0.0)


def decide(draft: Draft, policy: VerdictPolicy, vetoes: Sequence[str] = ()) -> Verdict:
    """What happens to a draft; what speaks against it whatever its support (`vetoes`) first.

    A clarify draft becomes a question back, a draft without statements or support a review.
    """
    if draft.route is Route.NONE or not draft.statements:
        return Verdict(Action.REVIEW, 0.0, ("知识库中没有找到能支持答复的依据", *draft.notes))
    rules = policy.routes.get(draft.route)
    if rules is None:
        return Verdict(Action.REVIEW, 0.0, ("这类答复还没有放行标准", *draft.notes))
    confidence = rules.confidence(draft.support)
    against = (*vetoes, *_against(draft, rules, confidence, policy))
    if against:
        return Verdict(Action.REVIEW, confidence, (*against, *draft.notes))
    action = Action.CLARIFY if asks_back(draft) else Action.ANSWER
    return Verdict(action, confidence, draft.notes or ("依据充分",))


def _against(
    draft: Draft, rules: RoutePolicy, confidence: float, policy: VerdictPolicy
) -> Iterator[str]:
    low = rules.too_low(draft.support)
    if low or confidence < rules.answer_from:
        yield _why_not(low)
    elif rules.is_withheld(draft.support, confidence):
        yield "问的是确切的数字、时间、人名或地点，依据还不够有把握"
    elif rules.only_exact and not is_exact(draft):
        yield policy.why_strict or "只放行完全一致的答复"


def asks_back(draft: Draft) -> bool:
    """Whether a draft is a question back: only these offer options."""
    return draft.route is Route.CLARIFY or bool(draft.options)


def is_exact(draft: Draft) -> bool:
    """Whether the question itself names the item or is the approved question, word for word."""
    support = draft.support
    if draft.route is Route.GUIDE:
        return support.features.get("named") == 1.0 and support.coverage >= 0.9
    return draft.route is Route.FAQ and support.match >= 0.999


def asks_exactly(support: Support) -> bool:
    """Whether the question asks something whose form can be told, by a route that reads that."""
    return support.features.get("open") == 0.0


_NAMES = {
    "match": "没有把握问的是哪一事项或条款",
    "margin": "有其他同样可能的依据",
    "asked": "没有把握问的是什么内容",
    "coverage": "依据只覆盖问题的一部分",
    "dense": "依据与问题的意思不够接近",
}


def _why_not(low: list[str]) -> str:
    return (
        "；".join(dict.fromkeys(_NAMES.get(name, "依据不够充分") for name in low)) or "依据不够充分"
    )


@cache
def default_policy() -> VerdictPolicy:
    """The shipped thresholds."""
    return load_policy(_DATA)


def load_policy(path: Path) -> VerdictPolicy:
    """Read a policy file; raises ConfigurationError that names the route and key."""
    data = json.loads(path.read_text("utf-8"))
    try:
        routes = {Route(name): _route(row) for name, row in data["routes"].items()}
        return VerdictPolicy(data["version"], routes)
    except (KeyError, ValueError, TypeError) as error:
        raise ConfigurationError(f"{path}: not a verdict policy: {error}") from error


def _route(row: Mapping[str, object]) -> RoutePolicy:
    return RoutePolicy(
        bias=float(str(row["bias"])),
        weights=_numbers(row["weights"]),
        answer_from=float(str(row["answer_from"])),
        floors=_numbers(row.get("floors", {})),
        exact_from=float(str(row.get("exact_from", 0.0))),
    )


def _numbers(row: object) -> dict[str, float]:
    if not isinstance(row, dict):
        raise TypeError(f"expected an object of numbers, got {row!r}")
    return {str(name): float(number) for name, number in row.items()}
