"""An officer is told by their own mailbox and robot too, everybody else as before."""

from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from assistant.bootstrap.duty import robot_names
from assistant.domain.duty import DutyBook, DutyPlan, Officer
from assistant.domain.live import Alert, AlertLevel
from assistant.errors import Unavailable
from assistant.live.notify import NotifyAll
from assistant.live.robots import message, robots_of
from assistant.live.rota_notify import RotaNotify
from assistant.settings import Settings

pytestmark = pytest.mark.unit
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
ALERT = Alert("a1", "hall", "urgent", AlertLevel.URGENT, "有人求助", AT, step=1)
OFFICERS = (Officer("王芳", mail="wang@example.org", robot="夜班"), Officer("李立", robot="没有了"))
BOOK = DutyBook({"hall": DutyPlan("hall", OFFICERS)})


class Way:
    """Remembers whom it told; fails where it is `down`."""

    def __init__(self, told: list[str], name: str, *, down: bool = False) -> None:
        self.told, self.name, self.down = told, name, down

    async def __call__(self, officer: str, alert: Alert) -> None:
        if self.down:
            raise Unavailable(self.name)
        self.told.append(f"{self.name}:{officer}:{alert.id}")


def rota(told: list[str], *, down: bool = False) -> RotaNotify:
    return RotaNotify(
        lambda: BOOK,
        [Way(told, "all", down=down)],
        lambda to: Way(told, to, down=down),
        {"夜班": Way(told, "robot")},
    )


async def test_their_own_ways_come_first_and_the_common_one_too() -> None:
    told: list[str] = []
    await rota(told)("王芳", ALERT)
    assert told == ["wang@example.org:王芳:a1", "robot:王芳:a1", "all:王芳:a1"]


@pytest.mark.parametrize("name", ["李立", "不在表上", ""])
async def test_who_has_no_way_of_their_own_is_told_as_before(name: str) -> None:
    told: list[str] = []
    await rota(told)(name, ALERT)
    assert told == [f"all:{name}:a1"]


async def test_one_way_that_works_is_enough_and_none_is_a_failure() -> None:
    told: list[str] = []
    await rota(told, down=True)("王芳", ALERT)
    assert told == ["robot:王芳:a1"]
    with pytest.raises(Unavailable):
        await rota(told, down=True)("李立", ALERT)


async def test_the_log_is_no_way_where_there_is_another() -> None:
    """A cut network must not count as told."""
    with pytest.raises(Unavailable):
        await NotifyAll([Way([], "all", down=True)])("王芳", ALERT)
    with capture_logs() as logs:
        await NotifyAll([])("王芳", ALERT)
    assert [one["event"] for one in logs] == ["alert"]


def test_a_robot_with_a_name_is_a_rotas() -> None:
    hook = "https://open.feishu.cn/open-apis/bot/v2/hook/h"
    text = f"https://oapi.dingtalk.com/robot/send?access_token=t=http 夜班={hook}#s"
    common, night = robots_of(text)
    assert (common.name, night.name, night.secret) == ("", "夜班", "s")
    assert night.url == hook
    assert robot_names(Settings(alert_robots=text)) == ["夜班"]


def test_the_message_says_where_it_is_acknowledged() -> None:
    link = "https://live.example.org/console/phone"
    assert message("王芳", ALERT, link).endswith(f"确认：{link}")
    assert "确认" not in message("王芳", ALERT)
