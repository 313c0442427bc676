"""What bootstrap puts around the desk's time: the way outside, the real merger, the command."""

import asyncio
import json
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.bootstrap.review import teller_of
from assistant.cli import app
from assistant.domain.live import Alert, AlertLevel
from assistant.domain.review import ResolutionKind
from assistant.live.merging import SlotMerger
from assistant.live.notify import payload
from assistant.models.static_embedding import StaticEmbedding
from assistant.records.database import Database
from assistant.records.reception import ReceptionRecords
from assistant.review.escalation import Notice, Step
from assistant.review.likeness import OpenCases
from assistant.review.orders import Settle
from assistant.review.reception import Reception
from tests.conftest import StoppedClock
from tests.support.review_office import OFFICE, SUN, ReviewOffice, open_office
from tests.support.review_times import Times

pytestmark = pytest.mark.integration
NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


async def test_people_are_told_by_the_way_of_alerts() -> None:
    told: list[tuple[str, Alert]] = []

    async def notify(officer: str, alert: Alert) -> None:
        told.append((officer, alert))

    names, text = ("孙立", "李雷"), "有1件待复核的问题已过期限（咨询），请接手"
    await teller_of(notify)(Notice("k1-consult-other", "hall", ("k1",), Step.OTHER, False, names,
                                 text, NOW))  # fmt: skip
    ((officer, alert),) = told
    assert (officer, alert.level) == ("孙立、李雷", AlertLevel.URGENT)
    sent = payload(officer, alert)
    assert (sent["code"], sent["text"], sent["step"]) == ("review_other", text, 1)


async def test_the_rooms_merger_groups_other_wordings(office: ReviewOffice) -> None:
    times, embedding = Times(office), StaticEmbedding()
    records = ReceptionRecords(office.database, OFFICE)
    same = OpenCases(records, lambda: SlotMerger(embedding.embed_array))
    times.reception = Reception(records, times.calendar, times.deadlines, same, office.clock)
    first = await times.received(1, "居住证要带什么材料")
    second = await times.received(2, "居住证需要带哪些材料？")
    third = await times.received(3, "居住证要多少钱")
    assert (second.group_id, third.group_id) == (first.id, None)


async def _filled(url: str) -> None:
    database = await Database.open(url)
    numbers = count(1)
    office = await open_office(
        database, StoppedClock(datetime.now(UTC)), lambda: f"{next(numbers):026d}"
    )
    case_id = await office.ask(1)
    view = await office.desk.take(SUN, case_id)
    await office.desk.settle(SUN, Settle(case_id, view.token, ResolutionKind.APPROVE, at_once=True))
    await office.finish()
    await database.close()


def test_labels_are_written(
    sqlite_url: str, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(_filled(sqlite_url))
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(data_dir))
    monkeypatch.setenv("ASSISTANT_ORGANIZATION", OFFICE)
    out = tmp_path / "labels" / "desk.jsonl"
    done = CliRunner().invoke(app, ["eval", "labels", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "1 labels" in done.output
    (line,) = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert (line["source"], line["label"], line["kind"]) == ("desk", True, "approve")
    assert set(line["support"]) == {"match", "margin", "asked", "coverage", "dense", "features"}
