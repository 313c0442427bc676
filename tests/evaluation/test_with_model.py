"""One set asked with and without a chat model, and the two runs compared: through the commands."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.commands.eval import app
from tests.models.openai_server import OpenAIServer, openai_server, says
from tests.support.small_knowledge import write_knowledge

pytestmark = pytest.mark.integration
CASES = [
    {"id": "fee", "question": "个体工商户设立登记收费吗", "expected_action": "answer"}
    | {"reference_ids": ["licence"], "must_contain": ["不收费"]},
    {"id": "loan", "question": "住房公积金贷款最高额度是多少", "expected_action": "answer"}
    | {"reference_ids": ["loan.md"], "must_contain": ["八十万元"]},
    {"id": "mars", "question": "火星上怎么种土豆", "expected_action": "review"},
]


@contextmanager
def model(text: str) -> Iterator[OpenAIServer]:
    """A loopback model in a thread of its own; the command has its own event loop."""
    ready, stop, found = threading.Event(), threading.Event(), []

    async def serve() -> None:
        async with openai_server(says(text)) as server:
            found.append(server)
            ready.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait()
    try:
        yield found[0]
    finally:
        stop.set()
        thread.join()


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def test_the_reports_with_and_without_a_model_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text("\n".join(json.dumps(case, ensure_ascii=False) for case in CASES), "utf-8")
    corpus = ("--corpus", str(write_knowledge(tmp_path / "files")), "--today", "2026-11-30")
    plain, beside = str(tmp_path / "plain"), str(tmp_path / "beside")
    run("run", str(cases), *corpus, "--out", plain)
    with model("住房公积金贷款最高可以贷九十万元。") as server:  # not what the source says
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("ASSISTANT_CHAT_MODEL", "m")
        run("run", str(cases), *corpus, "--out", beside)
        assert server.requests, "the model was asked"
    rows = json.loads(run("compare", plain, beside, "--json"))
    compared = {row["measure"]: row for row in rows}
    assert compared["correct"]["cases"] == len(CASES)
    assert compared["correct"]["lost"] == 0, "a model's wrong figure is never taken over"
    assert "九十万" not in (tmp_path / "beside" / "cases.jsonl").read_text("utf-8")
    assert (tmp_path / "beside" / "report.html").exists()
