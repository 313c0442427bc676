"""When people are told of a target."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from assistant.domain.live import AlertLevel
from assistant.push.publisher import PublisherReading, PublisherState
from assistant.push.target_watch import DROPPED, LOST, OVER, SETTLES, TargetWatch

pytestmark = pytest.mark.unit
LIVE, WAITING = PublisherState.LIVE, PublisherState.WAITING
READING = PublisherReading("ksw", "push.example", LIVE, 0.0, 0.0, 0, 0, 0, 0, 1, "")


@dataclass
class Scene:
    """A target whose clock and readings are set by hand."""

    now: float = 100.0
    sent_at: float = 100.0
    said: PublisherReading = READING
    told: list[str] = field(default_factory=list)

    def reading(self) -> PublisherReading:
        return self.said

    def tell(self, code: str, text: str, level: AlertLevel | None) -> None:
        assert self.said.name in text
        self.told.append(code)


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def seconds(scene: Scene) -> Callable[..., None]:
    watch = TargetWatch(scene, scene.tell, lambda: scene.now)

    def pass_(number: float, *, sends: bool = True, dropped: int = 0) -> None:
        for _ in range(round(number)):
            scene.now += 1
            scene.sent_at = scene.now if sends else scene.sent_at
            scene.said = replace(scene.said, dropped=scene.said.dropped + dropped)
            watch.look()

    return pass_


def test_one_that_hangs_is_lost_once_and_back_once(
    scene: Scene, seconds: Callable[..., None]
) -> None:
    seconds(20)
    seconds(LOST, sends=False)
    assert scene.told == []
    seconds(20, sends=False)
    assert scene.told == ["target_lost"]
    seconds(20)
    assert scene.told == ["target_lost", "target_back"]


def test_one_that_is_away_is_back_when_it_takes_something(
    scene: Scene, seconds: Callable[..., None]
) -> None:
    scene.said = replace(READING, state=WAITING, why="服务器没有在接收推流")
    seconds(20, sends=False)
    scene.said = replace(READING, since=scene.now)
    seconds(3, sends=False)
    assert scene.told == ["target_lost"]
    seconds(3)
    assert scene.told == ["target_lost", "target_back"]


def test_frames_left_out_are_told_where_viewers_notice(
    scene: Scene, seconds: Callable[..., None]
) -> None:
    seconds(2 * OVER, dropped=1)
    assert scene.told == []
    seconds(1, dropped=DROPPED)
    assert scene.told == ["target_slow"]


def test_a_connection_that_begins_leaves_out_frames_and_calls_nobody(
    scene: Scene, seconds: Callable[..., None]
) -> None:
    scene.said = replace(READING, since=scene.now)
    seconds(SETTLES - 1, dropped=DROPPED)
    seconds(OVER)
    assert scene.told == []


def test_one_that_hangs_is_not_called_slow_too(scene: Scene, seconds: Callable[..., None]) -> None:
    seconds(20)
    seconds(4, sends=False)
    seconds(6, sends=False, dropped=DROPPED)
    seconds(5)
    assert scene.told == ["target_lost", "target_back"]
