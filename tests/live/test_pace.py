"""Who is told when a room falls behind, or the machine's clock jumps."""

from datetime import UTC, datetime, timedelta

import pytest

from assistant.domain.live import AlertLevel
from assistant.live.pace import BEHIND, JUMPED, Pace

pytestmark = pytest.mark.unit
NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)


class Machine:
    """Its two clocks, set by hand; the alarms that were raised."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steady, self.wall = 1000.0, 5000.0
        self.told: list[tuple[str, str]] = []
        monkeypatch.setattr("assistant.live.pace.time.monotonic", lambda: self.steady)
        monkeypatch.setattr("assistant.live.pace.time.time", lambda: self.wall)
        self.pace = Pace(self.alarm)

    async def alarm(self, code: str, level: AlertLevel, text: str) -> None:
        self.told.append((code, text))

    async def looks(self, *, steady: float = 0.5, wall: float | None = None) -> None:
        """A look begins; some time later it is over."""
        begun = self.steady
        self.steady += steady
        self.wall += steady if wall is None else wall
        await self.pace.look(begun)

    @property
    def codes(self) -> list[str]:
        return [code for code, _ in self.told]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


async def test_ordinary_work_calls_nobody(machine: Machine) -> None:
    for _ in range(20):
        await machine.looks()
    await machine.pace.taken(NOW, NOW - timedelta(seconds=BEHIND - 1))
    assert machine.codes == []


@pytest.mark.parametrize("jump", [3600.0, -3600.0, JUMPED])
async def test_a_clock_that_jumps_is_told_with_how_far(machine: Machine, jump: float) -> None:
    await machine.looks()
    await machine.looks(wall=0.5 + jump)
    await machine.looks()
    assert machine.codes == ["clock_jumped"]
    assert f"{jump:+.0f} 秒" in machine.told[0][1]


async def test_a_clock_that_is_drawn_slowly_is_none(machine: Machine) -> None:
    for _ in range(40):
        await machine.looks(wall=0.6)
    assert machine.codes == []


async def test_comments_that_wait_too_long_are_told(machine: Machine) -> None:
    await machine.pace.taken(NOW, NOW - timedelta(seconds=BEHIND + 2))
    assert machine.codes == ["behind"]
    assert "12 秒" in machine.told[0][1]
