"""What a bound would let through, and why one that the labels cannot support is refused."""

from dataclasses import dataclass

from assistant.answering.calibration import KIND_NAMES, Calibration
from assistant.answering.promise import Promise
from assistant.answering.standing import Bound
from assistant.domain.answer import Route


@dataclass(frozen=True, slots=True)
class Outlook:
    """One kind of answer under a bound: its promise, over so many labelled answers."""

    route: Route
    labels: int
    promise: Promise

    @property
    def name(self) -> str:
        """The kind, for people."""
        return KIND_NAMES[self.route]

    @property
    def is_supported(self) -> bool:
        """Whether anything of the kind would be said."""
        return self.promise.threshold is not None

    @property
    def why_not(self) -> str:
        """Why nothing of the kind would be said; empty where something is."""
        if self.is_supported:
            return ""
        need = f"至少要 {self.promise.needed} 条全对"
        if self.labels < self.promise.needed:
            return f"只有 {self.labels} 条标注，{need}"
        return f"有 {self.labels} 条标注，但最有把握的也错得太多（{need}）"


def outlook(calibration: Calibration, bound: Bound) -> tuple[Outlook, ...]:
    """Each kind that has labels, under a bound. Takes some tenths of a second."""
    return tuple(
        Outlook(route, len(kind.scored), kind.promise(bound.rate, bound.confidence))
        for route, kind in calibration.kinds.items()
        if route in KIND_NAMES
    )


def refusal(kinds: tuple[Outlook, ...], bound: Bound) -> str:
    """Why a bound is refused: the labels of no kind support it. Empty where those of one do."""
    if any(one.is_supported for one in kinds):
        return ""
    asked = f"现有标注保证不了“最多错 {bound.rate:.1%}（可信度 {bound.confidence:.0%}）”"
    reasons = "；".join(f"{one.name}{one.why_not}" for one in kinds)
    return f"{asked}：{reasons or '还没有校准数据'}"
