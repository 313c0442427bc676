"""Accounts from the server's terminal."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from assistant.commands.user import app
from assistant.errors import AssistantError, BadInput, Conflict, NotFound
from tests.access.conftest import PASSWORD

pytestmark = pytest.mark.integration

Run = Callable[..., Result]


@pytest.fixture
def run(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `assistant user …`; an error of ours is raised, as `main` would print it."""
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(data_dir))
    monkeypatch.delenv("ASSISTANT_DATABASE_URL", raising=False)

    def call(*arguments: str, given: str = "", status: int = 0) -> Result:
        done = CliRunner().invoke(app, list(arguments), input=given)
        if isinstance(done.exception, AssistantError):
            raise done.exception
        assert done.exit_code == status, done.output
        return done

    return call


def add(run: Run, name: str, *more: str) -> Result:
    return run("add", name, "--password-stdin", *more, given=f"{PASSWORD}\n")


def listed(run: Run) -> dict[str, dict]:
    return {row["name"]: row for row in json.loads(run("list", "--json").stdout)}


def test_an_account_is_added_listed_and_changed(run: Run) -> None:
    add(run, "boss", "--role", "administrator")
    more = ("--display", "王芳", "--region", "990101", "--outsourced")
    add(run, "Wang", "--role", "operator", *more)
    row = listed(run)["wang"]
    assert (row["display_name"], row["roles"], row["regions"]) == ("王芳", ["operator"], ["990101"])
    assert row["outsourced"]
    assert "王芳\t直播操作员\t990101\t外包" in run("list").stdout
    run("roles", "wang", "--role", "evaluator", "--role", "operator")
    run("regions", "wang")
    run("disable", "wang")
    row = listed(run)["wang"]
    assert (row["roles"], row["regions"]) == (["evaluator", "operator"], [])
    assert row["disabled"]
    run("enable", "wang")
    assert not listed(run)["wang"]["disabled"]


def test_the_password_is_asked_for_twice_and_never_shown(run: Run) -> None:
    add(run, "boss", "--role", "administrator")
    done = run("password", "boss", given=f"{PASSWORD}2\n{PASSWORD}2\n")
    assert PASSWORD not in done.output
    with pytest.raises(BadInput):
        run("password", "boss", given="1234567890\n1234567890\n")
    run("unlock", "boss")


def test_a_key_is_shown_once_and_revoked(run: Run, data_dir: Path) -> None:
    add(run, "boss", "--role", "administrator")
    done = run("token", "boss", "监控", "--scope", "watch_room", "--days", "7")
    assert done.stdout.startswith("lqd_")
    assert done.stdout.strip() not in run("tokens", "boss").stdout
    key, name, scope, ends = run("tokens", "boss").stdout.strip().split("\t")
    assert (name, scope, ends[:3]) == ("监控", "watch_room", "有效至")
    assert key in done.stderr
    run("revoke", key)
    assert "已撤销" in run("tokens", "boss").stdout
    with pytest.raises(NotFound):
        run("revoke", key)
    with pytest.raises(BadInput):
        run("token", "boss", "监控", "--scope", "approve")


def test_what_cannot_be_is_said(run: Run) -> None:
    add(run, "boss", "--role", "administrator")
    with pytest.raises(Conflict):
        add(run, "BOSS", "--role", "operator")
    with pytest.raises(Conflict):
        run("disable", "boss")
    with pytest.raises(NotFound):
        run("disable", "nobody")
    with pytest.raises(BadInput):
        run("audit-verify", "--anchor", "x")


def test_the_chain_is_verified_and_a_broken_one_gives_status_1(run: Run, data_dir: Path) -> None:
    add(run, "boss", "--role", "administrator")
    add(run, "wang", "--role", "operator")
    state = json.loads(run("audit-verify", "--json").stdout)
    assert (state["entries"], state["erased"], state["faults"]) == (2, 0, [])
    anchor = f"{state['entries']}:{state['head']}"
    run("disable", "wang")
    assert "审计链完整" in run("audit-verify", "--anchor", anchor).stdout
    run("audit-verify", "--anchor", f"2:{'0' * 64}", status=1)
    with sqlite3.connect(data_dir / "assistant.sqlite3") as database:
        database.execute("UPDATE audit_payloads SET body = '{}' WHERE number = 2")
    database.close()
    done = run("audit-verify", status=1)
    assert "第 2 条的内容被改动" in done.stderr
    assert "审计链不完整" in done.stdout


def test_who_worked_at_the_terminal_is_in_the_chain(run: Run, data_dir: Path) -> None:
    add(run, "boss", "--role", "administrator")
    with sqlite3.connect(data_dir / "assistant.sqlite3") as database:
        ((actor, action),) = database.execute("SELECT actor, action FROM audit").fetchall()
    database.close()
    assert actor.startswith("terminal:")
    assert action == "account.add"
