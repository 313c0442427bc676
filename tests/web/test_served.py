"""The real service in a process of its own, and the command line beside it."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.bootstrap import Settings, open_assistant, open_library
from assistant.commands.ask import checked
from assistant.errors import BadInput
from assistant.evaluation.results import ResultLine
from tests.support.small_knowledge import GUIDE, POLICY, write_knowledge

pytestmark = pytest.mark.integration

PATIENCE = 60.0
COMMAND = [sys.executable, "-c", "from assistant.cli import main; main()"]


def environment(data: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ASSISTANT_", "OPENAI_"))}
    return kept | {"ASSISTANT_DATA_DIR": str(data), "PYTHONIOENCODING": "utf-8"}


def run(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(data),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def ingest(data: Path, path: Path) -> None:
    """What another process does while the service holds the index."""

    async def put() -> None:
        async with open_library(Settings(data_dir=data)) as library:
            report = await library.ingest([path])
            assert all(row.status in {"created", "changed", "unchanged"} for row in report.rows)

    asyncio.run(put())


@contextlib.contextmanager
def serving(data: Path, *arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A served data folder: its address and process."""
    with (data / "stderr.log").open("w") as errors:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", *arguments],
            env=environment(data),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            line = process.stdout.readline()
            assert "服务已就绪" in line, (data / "stderr.log").read_text()
            yield line.split("：", 1)[1].strip(), process
        finally:
            process.terminate()
            process.wait(PATIENCE)
            process.stdout.close()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an index that is ready."""
    folder = tmp_path_factory.mktemp("served")
    path = write_knowledge(folder / "files")

    async def prepare() -> None:
        async with open_assistant(Settings(data_dir=folder / "data")) as assistant:
            await assistant.ingest([path])

    asyncio.run(prepare())
    return folder / "data"


@pytest.fixture(scope="module")
def url(data: Path) -> Iterator[str]:
    with serving(data) as (url, _):
        yield url


def ask(url: str, text: str) -> dict:
    return httpx.post(f"{url}/api/v1/questions", json={"question": text}, timeout=PATIENCE).json()


def test_a_guide_answers_and_its_citation_opens(url: str) -> None:
    reply = ask(url, "个体工商户设立登记收费吗")
    assert reply["action"] == "answer"
    assert "不收费" in reply["answer"]
    page = httpx.get(url + reply["citations"][0]["url"], headers={"accept": "text/html"})
    assert "<mark>" in page.text


def test_a_policy_answers_with_its_clause(url: str) -> None:
    reply = ask(url, "缴存住房公积金多久可以申请住房公积金贷款")
    assert reply["action"] == "answer"
    quoted = {(c["source_id"], c["quote"]) for c in reply["citations"]}
    assert {source_id for source_id, _ in quoted} == {POLICY["id"]}
    assert all(quote in POLICY["text"] for _, quote in quoted)


def test_an_outcome_is_recorded(url: str) -> None:
    reply = ask(url, "个体工商户设立登记几天办好")
    again = httpx.get(f"{url}/api/v1/questions/{reply['id']}").json()
    assert again == reply


def test_what_another_process_ingests_is_answered(url: str, data: Path) -> None:
    added = GUIDE | {"id": "stall", "name": "夜市摊位备案", "aliases": [], "fee": "每月五十元"}
    ingest(data, write_knowledge(data.parent / "files", added))
    until = time.monotonic() + PATIENCE
    while "五十元" not in ask(url, "夜市摊位备案要多少钱")["answer"]:
        assert time.monotonic() < until
        time.sleep(0.1)


def test_ask_goes_to_the_service_that_holds_the_index(url: str, data: Path) -> None:
    done = run(data, "ask", "个体工商户设立登记收费吗", "--json")
    line = ResultLine.model_validate_json(done.stdout)
    assert set(json.loads(done.stdout)) == set(ResultLine.model_fields)
    assert set(json.loads(done.stdout)["citations"][0]) == {"source_id", "locator", "quote"}
    assert httpx.get(f"{url}/api/v1/questions/{line.id}").json()["answer"] == line.answer


def test_the_state_of_the_index_is_told_by_the_service(url: str, data: Path) -> None:
    done = run(data, "index", "status", "--json")
    assert done.returncode == 0, done.stderr
    told = httpx.get(f"{url}/health", trust_env=False).json()["index"]
    assert json.loads(done.stdout)["sources"] == told["sources"] > 0


def test_ask_answers_alone(data: Path, url: str, tmp_path: Path) -> None:
    path = write_knowledge(tmp_path / "files")
    ingest(tmp_path / "data", path)
    done = run(tmp_path / "data", "ask", "个体工商户设立登记收费吗")
    assert done.returncode == 0, done.stderr
    assert "不收费" in done.stdout
    assert "内容由人工智能生成" in done.stdout
    assert "个体工商户设立登记" in done.stdout


def test_ask_says_what_it_cannot_use(data: Path) -> None:
    done = run(data, "ask", "问", "--region", "33")
    assert done.returncode == 1
    assert done.stderr.startswith("error: --region")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "wrong",
    [{"question": ""}, {"question": "问" * 501}, {"as_of": "2025-02-30"}, {"tags": [""]}],
)
def test_ask_has_the_limits_of_the_api(wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        checked(**{"question": "问"} | wrong)


def test_a_taken_port_is_said(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run(data, "serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "已被占用" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_stops_when_told_and_warns_when_open_to_all(tmp_path: Path) -> None:
    with serving(tmp_path, "--host", "0.0.0.0") as (url, process):
        assert url.startswith("http://127.0.0.1:")
        assert "警告" in (tmp_path / "stderr.log").read_text()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) in {0, 130, -signal.SIGINT}
    assert "Traceback" not in (tmp_path / "stderr.log").read_text()


def test_no_question_is_in_the_logs(url: str, data: Path) -> None:
    ask(url, "我的电话是13800000000能办吗")
    assert "13800000000" not in (data / "stderr.log").read_text()
