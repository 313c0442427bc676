"""What people decided, as labels: whether the draft was right of which the machine was so sure.

One line an outcome and source. `desk`: the draft went out as it stood (true), or something else
did (false; `kind` tells what, as an edit may be a matter of taste). `spot_check`: what viewers had
got was confirmed, or not. `incident`: it was taken back (true where that was a mistake).
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from assistant.domain.answer import Draft
from assistant.domain.review import ResolutionKind
from assistant.records.statistics import Judged, Period, StatisticsRecords
from assistant.review.spot_checks import CODE as SPOT_CHECK
from assistant.review.statistics import of_a_draft


@dataclass(frozen=True, slots=True)
class Label:
    """A decision about one outcome."""

    outcome_id: str
    source: str
    label: bool
    kind: str
    at: datetime


class Labels:
    """The labels of one organisation."""

    def __init__(self, records: StatisticsRecords) -> None:
        self._records = records

    async def lines(self, since: datetime, until: datetime) -> list[dict[str, object]]:
        """The labels of a time as lines of a file; they hold numbers and ids, no texts."""
        period = Period(since, until)
        found = [*_of_desk(await self._records.judged(period))]
        for one in await self._records.taken_back(period):
            if one.outcome_id:
                kind = "confirm" if one.was_right else "withdraw"
                found.append(Label(one.outcome_id, "incident", one.was_right, kind, one.made_at))
        drafts = await self._records.drafts([one.outcome_id for one in found])
        return [_line(one, *drafts[one.outcome_id]) for one in found if one.outcome_id in drafts]


def _of_desk(judged: Sequence[Judged]) -> Iterable[Label]:
    for one in judged:
        if one.outcome_id is None:
            continue
        if one.code == SPOT_CHECK:
            right = one.kind is ResolutionKind.CONFIRM
            yield Label(one.outcome_id, "spot_check", right, one.kind, one.sent_at)
        elif of_a_draft(one):
            yield Label(one.outcome_id, "desk", one.unchanged, one.kind, one.sent_at)


def _line(one: Label, confidence: float, draft: Draft) -> dict[str, object]:
    return {
        "outcome": one.outcome_id,
        "source": one.source,
        "label": one.label,
        "kind": str(one.kind),
        "at": one.at.isoformat(),
        "route": draft.route.value,
        "confidence": confidence,
        "support": asdict(draft.support),
    }
