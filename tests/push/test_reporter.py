"""What befalls a stream is told to the service, and to people where the service is away."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from assistant.domain.ids import new_ulid
from assistant.domain.live import AlertLevel
from assistant.domain.streaming import Happening
from assistant.errors import Unavailable
from assistant.push import reporter as reporting
from assistant.push.reporter import STOPPED, Reporter, ReporterParts

pytestmark = pytest.mark.unit


@dataclass
class Service:
    """Answers reports, or is away; a second passes with each."""

    is_away: bool = False
    is_leaving: bool = False
    time: float = 0.0
    told: list[str] = field(default_factory=list)
    reports: int = 0
    alarms: list[tuple[str, float]] = field(default_factory=list)
    is_deaf: bool = False

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.time += 1.0
        self.reports += 1
        if self.is_away:
            raise httpx.ConnectError("away")
        self.told += [one["code"] for one in json.loads(request.content)["happenings"]]
        return httpx.Response(200, json={"speaks": False, "leaving": self.is_leaving})

    async def alarm(self, one: Happening) -> None:
        if self.is_deaf:
            self.is_deaf = False
            raise Unavailable("提醒没有送达")
        self.alarms.append((one.code, self.time))


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
async def http(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(service.answer)) as client:
        yield client


@pytest.fixture
def reporter(
    service: Service, http: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Reporter:
    monkeypatch.setattr(reporting, "PAUSE", 0.0)
    return Reporter(
        ReporterParts(
            address="http://service/push",
            key="k",
            http=http,
            record=tmp_path / "happenings.jsonl",
            state=dict,
            preview=lambda: None,
            alarm=service.alarm,
            now=lambda: service.time,
            clock=lambda: datetime(2026, 12, 1, tzinfo=UTC),
            new_id=new_ulid,
        )
    )


async def reported(reporter: Reporter, service: Service, times: int) -> None:
    """So many reports more, and what follows from them."""
    until = service.reports + times
    task = asyncio.create_task(reporter.run())
    async with asyncio.timeout(30):
        while service.reports <= until:  # noqa: ASYNC110 - the one before is worked off then
            await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def begun(reporter: Reporter, service: Service) -> list[str]:
    reporter.begin()
    await reported(reporter, service, 1)
    return service.told


async def test_the_first_start_and_one_after_an_orderly_end_tell_nobody(
    reporter: Reporter, service: Service
) -> None:
    assert await begun(reporter, service) == ["started"]
    reporter.tell(STOPPED, "推流已停止", None)
    reporter.begin()
    assert [json.loads(line)["code"] for line in kept(reporter)] == ["started", STOPPED, "started"]


@pytest.mark.parametrize(
    "last", ['{"code": "started"}', '{"code": "back"}', '{"code": "stop', "[]"]
)
async def test_a_start_after_a_life_that_was_cut_off_is_told(
    reporter: Reporter, service: Service, tmp_path: Path, last: str
) -> None:
    (tmp_path / "happenings.jsonl").write_text(f'{{"code": "stopped"}}\n{last}\n', "utf-8")
    assert await begun(reporter, service) == ["taken_up", "started"]


async def test_a_fault_is_alarmed_from_here_where_the_service_is_away(
    reporter: Reporter, service: Service
) -> None:
    service.is_away = True
    reporter.tell("restart_frozen", "画面不动了", AlertLevel.URGENT)
    await reported(reporter, service, 8)
    assert [code for code, _ in service.alarms] == ["restart_frozen"]


async def test_an_alarm_that_reached_nobody_is_tried_again(
    reporter: Reporter, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "_PAUSES", (0.0, 0.0))
    service.is_away = service.is_deaf = True
    reporter.tell("restart_frozen", "画面不动了", AlertLevel.URGENT)
    await reported(reporter, service, 8)
    assert [code for code, _ in service.alarms] == ["restart_frozen"]
    assert not service.is_deaf


async def test_a_service_that_stays_away_is_told_once_and_that_it_is_back_kept(
    reporter: Reporter, service: Service
) -> None:
    service.is_away = True
    await reported(reporter, service, 30)
    assert [code for code, _ in service.alarms] == ["service_away"]
    service.is_away = False
    await reported(reporter, service, 2)
    assert service.told == ["service_away", "service_back"]


async def test_a_service_that_said_it_ends_is_missed_later(
    reporter: Reporter, service: Service
) -> None:
    service.is_leaving = True
    await reported(reporter, service, 1)
    service.is_away, left = True, service.time
    reporter.tell("reload_page_silent", "直播页面没有响应", AlertLevel.WARNING)
    await reported(reporter, service, 25)
    assert service.alarms == []
    await reported(reporter, service, 25)
    assert {code for code, _ in service.alarms} == {"reload_page_silent", "service_away"}
    assert all(at - left > 30 for _, at in service.alarms)


def kept(reporter: Reporter) -> list[str]:
    return reporter._parts.record.read_text("utf-8").splitlines()
