"""`assistant records`: limits, purge, pseudonyms, a person's data, from the terminal."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.bootstrap import Settings, open_library
from assistant.cli import app
from eval.bench.ledger_records import Maker, Records, write
from tests.support.live_values import NOON

pytestmark = pytest.mark.integration


@pytest.fixture
def run(data_dir: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(data_dir))

    def invoke(*command: str):
        return CliRunner().invoke(app, ["records", *command])

    return invoke


@pytest.fixture
def viewer(data_dir: Path) -> str:
    """An office with old streams; gives a viewer of it."""
    made = Maker(NOON, made=Records("default")).make(30)

    async def fill() -> str:
        async with open_library(Settings(data_dir=data_dir)) as library:
            await write(library.database, made)
        return next(
            row["viewer"]
            for table, rows in made.rows.items()
            if table.name == "comments"
            for row in rows
        )

    return asyncio.run(fill())


@pytest.mark.usefixtures("viewer")
def test_a_dry_run_says_what_would_go_and_a_purge_does_it(run) -> None:
    planned = json.loads(run("purge", "--dry-run", "--json").stdout)
    assert planned["comments"] > 30
    assert planned == json.loads(run("purge", "--dry-run", "--json").stdout)
    gone = json.loads(run("purge", "--json").stdout)
    assert gone["comments"] == planned["comments"]
    assert "没有" in run("purge").stdout


@pytest.mark.parametrize(
    ("name", "days"), [("ASSISTANT_CONTENT_DAYS", "59"), ("ASSISTANT_LOG_DAYS", "182")]
)
def test_too_short_a_limit_is_refused(run, monkeypatch, name: str, days: str) -> None:
    monkeypatch.setenv(name, days)
    refused = run("purge", "--dry-run")
    assert refused.exit_code != 0
    assert name in str(refused.exception)


def test_a_persons_data_is_written_once_and_for_its_owner_only(
    run, viewer: str, tmp_path: Path
) -> None:
    file = tmp_path / "person.json"
    assert run("person", viewer, "--export", str(file)).exit_code == 0
    assert json.loads(file.read_text("utf-8"))["viewer"] == viewer
    assert file.stat().st_mode & 0o777 == 0o600
    assert run("person", viewer, "--export", str(file)).exit_code != 0
    erased = run("person", viewer, "--erase")
    assert "评论" in erased.stdout
    assert run("person", viewer, "--erase").exit_code != 0
    assert run("person", viewer).exit_code != 0


def test_the_pseudonym_is_that_of_the_rooms(run, data_dir: Path) -> None:
    from assistant.safety.keys import Keys
    from assistant.safety.pseudonyms import Pseudonyms

    printed = run("pseudonym", "--platform", "bilibili", "--user", "open-1").stdout.strip()
    assert printed == Pseudonyms(Keys.load(data_dir))("bilibili", "open-1")
