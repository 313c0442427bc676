"""`assistant eval export` writes what the desk keeps as a test set."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.domain.clock import system_clock
from assistant.errors import NotFound
from assistant.evaluation.cases import read_cases
from assistant.records.database import Database
from assistant.records.regressions import RegressionRecords

pytestmark = pytest.mark.integration


@pytest.fixture
def data(sqlite_url: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(data_dir))
    monkeypatch.delenv("ASSISTANT_DATABASE_URL", raising=False)
    return sqlite_url


async def fill(url: str, count: int) -> None:
    database = await Database.open(url)
    records = RegressionRecords(database, "default")
    for number in range(count):
        case = {"id": f"desk-{number:04d}", "question": "问", "expected_action": "answer"}
        line = json.dumps(case | {"tags": ["regression"]}, ensure_ascii=False)
        await records.add(case["id"], str(number), line, system_clock())
    await database.close()


def export(out: Path) -> str:
    result = CliRunner().invoke(app, ["eval", "export", "--out", str(out)])
    if result.exception:
        raise result.exception
    return result.output


def test_all_cases_are_written_and_read_back(data: str, tmp_path: Path) -> None:
    asyncio.run(fill(data, 1003))  # more than one page
    assert "1003" in export(tmp_path / "desk.jsonl")
    cases = read_cases(tmp_path / "desk.jsonl")
    assert len(cases) == 1003
    assert all(case.is_regression for case in cases)


def test_without_any_it_says_so(data: str, tmp_path: Path) -> None:
    del data
    with pytest.raises(NotFound):
        export(tmp_path / "desk.jsonl")
    assert not (tmp_path / "desk.jsonl").exists()
