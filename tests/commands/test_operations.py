"""The shipped files: valid for those who read them, and every command in them is one of ours."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import compose_spec
import httpx
import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.operations.files import Installation, containers, units
from assistant.settings import Settings
from tests.web import test_rolling
from tests.web.test_rolling import PATIENCE, process

pytestmark = pytest.mark.integration
data = test_rolling.data
HERE = Installation(command=shutil.which("true") or "/bin/true", user="daemon")
SERVICES = ("assistant@.service", "assistant-push@.service")
WANTED = (
    "User=daemon",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "CapabilityBoundingSet=",
    "Restart=always",
    "StartLimitIntervalSec=0",
)
INSTRUCTIONS = {
    "FROM", "COPY", "RUN", "ENV", "WORKDIR", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL",
    "ENTRYPOINT", "CMD",
}  # fmt: skip


def lines(text: str, name: str) -> list[str]:
    return [one.partition("=")[2] for one in text.splitlines() if one.startswith(f"{name}=")]


def words_of_units() -> Iterator[list[str]]:
    for name in SERVICES:
        (start,) = lines(units(HERE)[name], "ExecStart")
        yield shlex.split(start)[1:]


def words_of_compose() -> Iterator[list[str]]:
    made = compose_spec.PyCompose.from_yaml(containers()["compose.yaml"])
    for name in ("serve", "push"):
        yield list(made.get_service(name).command)


def test_systemd_finds_no_fault(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze (Debian: systemd)")
    for name, text in units(HERE).items():
        (tmp_path / name).write_text(text, "utf-8")
    named = ("assistant.socket", "assistant@a.service", "assistant-push@hall.service")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(tmp_path / one for one in named)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    ours = [one for one in done.stderr.splitlines() if "assistant" in one]
    assert (done.returncode, ours) == (0, [])


def test_every_service_runs_without_rights_and_comes_back() -> None:
    for name in SERVICES:
        text = units(HERE)[name]
        for wanted in WANTED:
            assert wanted in text.splitlines(), (name, wanted)
        assert int(lines(text, "TimeoutStopSec")[0]) > 8, "longer than a sentence may take"
        assert "@" not in "".join(lines(text, "ExecStart"))
    assert lines(units(HERE)["assistant@.service"], "NonBlocking") == ["yes"], "they share a socket"
    assert "RestartSteps" not in units(HERE)[SERVICES[0]]
    newer = units(Installation("/opt/assistant", systemd=255))
    assert all("RestartSteps=5" in newer[name] for name in SERVICES)


@pytest.mark.parametrize("words", [*words_of_units(), *words_of_compose()], ids=" ".join)
def test_every_command_is_one_of_ours_with_these_options(words: list[str]) -> None:
    told = CliRunner().invoke(app, [words[0], "--help"], env={"COLUMNS": "200"})
    assert told.exit_code == 0
    for option in (word for word in words if word.startswith("--")):
        assert re.search(rf"{option}\b", told.stdout), option


def test_the_compose_file_is_one_and_names_only_what_is_there() -> None:
    text = containers()["compose.yaml"]
    made = compose_spec.PyCompose.from_yaml(text)
    made.validate()
    known = {f"ASSISTANT_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"ASSISTANT_[A-Z_]+", text)) <= known
    for name in ("postgres", "chroma", "serve", "push"):
        assert made.get_service(name).healthcheck.test, name
    used = {
        one.strip() for found in re.findall(r"secrets: \[(.*)\]", text) for one in found.split(",")
    }
    assert used == set(re.findall(r"^  (\w+): \{file", text, re.MULTILINE))


def test_the_container_file_ends_without_root() -> None:
    text = containers()["Containerfile"].replace("\\\n", " ")
    told = [one.split(maxsplit=1) for one in text.splitlines() if one and not one.startswith("#")]
    assert {name for name, _ in told} <= INSTRUCTIONS
    stages = re.split(r"^FROM ", text, flags=re.MULTILINE)[1:]
    assert [one.split()[2] for one in stages] == ["build", "service", "push"]
    for stage in stages[1:]:
        assert re.findall(r"^USER (\d+)", stage, re.MULTILINE)[-1] != "0"
    assert all((":latest" not in value and ":" in value.split()[0]) or value.startswith("service")
               for name, value in told if name == "FROM")  # fmt: skip


def test_a_credential_is_a_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "assistant_database_url").write_text("postgresql://h/d\n", "utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.delenv("ASSISTANT_DATABASE_URL", raising=False)
    assert Settings().database_url == "postgresql://h/d"


def test_the_files_are_written(tmp_path: Path) -> None:
    run = CliRunner()
    assert run.invoke(app, ["units", "--out", str(tmp_path), "--user", "desk"]).exit_code == 0
    assert run.invoke(app, ["compose", "--out", str(tmp_path)]).exit_code == 0
    assert "User=desk" in (tmp_path / "assistant@.service").read_text("utf-8")
    assert (tmp_path / "compose.yaml").exists()
    assert run.invoke(app, ["units", "--out", str(tmp_path), "--user", "root"]).exit_code == 1


def test_the_unit_s_own_command_serves_and_tells_systemd(
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, socket.socket() as listener:
        manager.bind(str(path))
        manager.settimeout(PATIENCE)
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with process(data, listener, *next(words_of_units())[1:]) as served:
            assert httpx.get(f"{url}/ready", timeout=PATIENCE).status_code == 200
            os.kill(served.pid, signal.SIGTERM)
            assert served.wait(PATIENCE) in {0, -signal.SIGTERM}
        told = [manager.recv(100).decode() for _ in range(3)]
        assert told == ["READY=1", "READY=1", "STOPPING=1"]
