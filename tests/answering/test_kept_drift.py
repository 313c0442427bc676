"""The watch over drift goes on after a restart and sees what other processes answered."""

from collections.abc import Mapping, Sequence

import pytest

from assistant.answering.calibration import Calibration, Kind
from assistant.answering.drift import KEPT, LEAST, DriftWatch, Numbers, spread_of
from assistant.answering.kept_drift import KeptDrift
from assistant.domain.answer import Draft, Route
from assistant.errors import Unavailable

pytestmark = pytest.mark.unit
THEN = [i / 400 for i in range(400)]
MADE = Calibration("", "", {}, {Route.GUIDE: Kind(spreads={"match": spread_of(THEN)})})
GUIDE = Draft(Route.GUIDE, ())


class Store:
    """A store in memory."""

    def __init__(self) -> None:
        self.drafts: dict[str, list[Numbers]] = {}
        self.batches = 0
        self.broken = False

    async def add(self, drafts: Mapping[str, Sequence[Numbers]]) -> None:
        if self.broken:
            raise Unavailable("数据库暂时连不上")
        self.batches += 1
        for kind, rows in drafts.items():
            self.drafts.setdefault(kind, []).extend(rows)

    async def newest(self) -> str | None:
        return str(self.batches) if self.batches else None

    async def latest(self) -> dict[str, list[Numbers]]:
        return {kind: rows[-KEPT:] for kind, rows in self.drafts.items()}


def noted(watch: DriftWatch, count: int, match: float = 0.95) -> None:
    for _ in range(count):
        watch.take(GUIDE, {"match": match})


async def test_a_restart_forgets_nothing() -> None:
    store, before = Store(), DriftWatch(MADE)
    noted(before, LEAST)
    await KeptDrift(before, store).follow()
    after = DriftWatch(MADE)
    assert after.drifts() == []
    await KeptDrift(after, store).follow()
    assert after.drifts() == before.drifts()
    assert after.drifts()[0].answers == LEAST
    assert after.drifts()[0].is_large


async def test_two_processes_add_up_and_neither_is_counted_twice() -> None:
    store, one, other = Store(), DriftWatch(MADE), DriftWatch(MADE)
    first, second = KeptDrift(one, store), KeptDrift(other, store)
    noted(one, 120)
    noted(other, 130)
    await first.follow()
    await second.follow()
    noted(other, 5)  # not stored yet
    await second.follow()
    await first.follow()
    assert [watch.drifts()[0].answers for watch in (one, other)] == [255, 255]
    assert await first.follow() is False
    assert store.batches == 3


async def test_what_cannot_be_stored_waits() -> None:
    store, watch = Store(), DriftWatch(MADE)
    kept = KeptDrift(watch, store)
    noted(watch, LEAST)
    store.broken = True
    with pytest.raises(Unavailable):
        await kept.follow()
    assert watch.drifts()[0].answers == LEAST
    store.broken = False
    noted(watch, 3)
    await kept.follow()
    assert len(store.drafts["guide"]) == LEAST + 3
    assert watch.unsaved() == {}


async def test_an_alarm_is_raised_for_what_others_saw(logged_drift) -> None:
    store, other = Store(), DriftWatch(MADE, alarming=False)
    noted(other, KEPT + 50)
    await KeptDrift(other, store).follow()
    assert len(store.drafts["guide"]) == KEPT
    assert logged_drift() == []
    watch = DriftWatch(MADE)
    kept = KeptDrift(watch, store)
    await kept.follow()
    await kept.follow()
    assert logged_drift() == ["match"]


@pytest.fixture
def logged_drift():
    """The numbers of which an alarm was logged."""
    import structlog

    with structlog.testing.capture_logs() as entries:
        yield lambda: [one["number"] for one in entries if one["event"] == "verdict_drift"]
