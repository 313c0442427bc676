"""What the verdict stands on now: shipped thresholds or an office's bound, calibrated or not.

`standing_of` turns a calibration, the fingerprint of what runs, and the bound that was set into the
policy that `decide` uses, and says in words what it is for `/health`, the console and the log.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant.answering.calibration import KIND_NAMES, Calibration
from assistant.answering.decide import RoutePolicy, VerdictPolicy
from assistant.answering.promise import Promise
from assistant.domain.answer import Route

NEVER = 1.01
"""A threshold that no probability reaches."""
MODEL_FROM = 0.9
"""Without a calibration of its own a chat model words only what is surer than this."""
PART_NAMES = {
    "embedding": "向量模型",
    "ranker": "排序",
    "features": "特征",
    "weights": "判定权重",
    "prompts": "提示词",
    "chat_model": "聊天模型",
}
OF_THE_MODEL = frozenset({"prompts", "chat_model"})
"""Parts that only the wording by a chat model depends on."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What an operator allows: so large a share wrong, shown with this confidence."""

    rate: float
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class Standing:
    """The policy in use and what it rests on.

    `differing` names the parts that are not those of the calibration; `promises` what can be said
    of each kind under `bound` (none is set: the shipped thresholds).
    """

    policy: VerdictPolicy
    calibration: Calibration
    bound: Bound | None
    differing: tuple[str, ...]
    promises: Mapping[Route, Promise]

    @property
    def is_strict(self) -> bool:
        """Whether only exact answers are said, because the calibration is of something else."""
        return bool(set(self.differing) - OF_THE_MODEL)

    @property
    def told(self) -> str:
        """One sentence for operators."""
        parts = "、".join(PART_NAMES.get(name, name) for name in self.differing)
        if self.is_strict:
            return f"校准后{parts}有变化：除完全一致的指南栏目和常见问题外都转人工，请重新校准"
        if self.differing:
            return f"{parts}不在校准之内：把握不到 {MODEL_FROM:.0%} 的答复不用模型改写"
        if self.bound is None:
            return "没有设误差上限，按出厂标准放行"
        return f"误差上限 {self.bound.rate:.1%}（可信度 {self.bound.confidence:.0%}）"


def standing_of(
    policy: VerdictPolicy,
    calibration: Calibration,
    now: Mapping[str, str],
    bound: Bound | None,
) -> Standing:
    """The policy as the calibration, what runs now and the bound make it."""
    differing = calibration.differing(now)
    strict = bool(set(differing) - OF_THE_MODEL)
    promises = calibration.promises(bound.rate, bound.confidence) if bound else {}
    routes = {
        route: _route(route, replace(rules, only_exact=strict), calibration, promises)
        for route, rules in policy.routes.items()
    }
    made = VerdictPolicy(policy.version, routes, _model_from(differing, promises))
    if strict:
        made = replace(made, why_strict="校准与现在的组件不符，只放行完全一致的答复")
    return Standing(made, calibration, bound, differing, promises)


def _route(
    route: Route, rules: RoutePolicy, calibration: Calibration, promises: Mapping[Route, Promise]
) -> RoutePolicy:
    kind = calibration.kinds.get(route)
    bent = rules.bent(kind.slope, kind.shift) if kind else rules
    held = promises.get(route)
    if held is None:
        return bent
    return replace(bent, answer_from=NEVER if held.threshold is None else held.threshold)


def _model_from(differing: tuple[str, ...], promises: Mapping[Route, Promise]) -> float:
    """From which confidence on a chat model may word an answer."""
    held = promises.get(Route.MODEL)
    least = MODEL_FROM if differing else 0.0
    if held is None:
        return least
    return NEVER if held.threshold is None else max(least, held.threshold)


def table(
    calibration: Calibration, bounds: tuple[float, ...], confidence: float
) -> list[tuple[str, Promise]]:
    """What each bound would give: the name of each kind with labels, and its promise."""
    return [
        (KIND_NAMES[route], kind.promise(bound, confidence))
        for route, kind in calibration.kinds.items()
        if route in KIND_NAMES
        for bound in bounds
    ]
