"""`assistant live` from the terminal, over a small knowledge base."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import app

pytestmark = pytest.mark.integration
GUIDE = {
    "kind": "service_guide",
    "id": "g1",
    "name": "居住证签注",
    "promised_limit": {"value": 3, "unit": "workday"},
    "consult_phone": "0755-12345678",
}


def event(number: int, text: str, at: float) -> str:
    row = {
        "event_id": f"e{number}",
        "platform": "webhook",
        "room_id": "x",
        "type": "comment",
        "at": at,
        "user": {"id": f"u{number}", "name": "王小明"},
        "text": text,
    }
    return json.dumps(row, ensure_ascii=False)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs the program with a data folder of its own; gives status and output."""
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    runner = CliRunner()

    def run(*words: str) -> tuple[int, str, BaseException | None]:
        result = runner.invoke(app, list(words))
        return result.exit_code, result.output, result.exception

    return run


def test_a_recording_becomes_lines_and_a_review_twice_alike(command, tmp_path: Path) -> None:
    guide, stream = tmp_path / "guides.jsonl", tmp_path / "stream.jsonl"
    guide.write_text(json.dumps(GUIDE, ensure_ascii=False), encoding="utf-8")
    texts = [
        "居住证签注多久能办好？",
        "哈哈哈",
        "居住证签注多久能办好？",
        "我电话13912345678，帮我查居住证签注",
    ]
    lines = [event(n, text, n * 40.0) for n, text in enumerate(texts)]
    stream.write_text("\n".join(lines), encoding="utf-8")
    assert command("ingest", str(guide))[0] == 0

    runs = []
    for name in ("one", "two"):
        out = tmp_path / name
        words = ("live", "replay", str(stream), "--room", "r1", "--out", str(out))
        status, _, error = command(*words)
        assert (status, error) == (0, None)
        text = (out / "outcomes.jsonl").read_text(encoding="utf-8")
        assert "13912345678" not in text
        rows = [json.loads(line) for line in text.splitlines()]
        runs.append([(row["event_id"], row["outcome"], row["answer"]) for row in rows])
    assert runs[0] == runs[1]
    assert [row[1] for row in runs[0][:3]] == ["spoken", "set_aside", "merged"]
    assert "3个工作日" in runs[0][0][2]

    status, listed, _ = command("live", "rooms", "--json")
    assert status == 0
    assert [room["id"] for room in json.loads(listed)] == ["r1"]


def test_a_broken_line_is_named(command, tmp_path: Path) -> None:
    stream = tmp_path / "stream.jsonl"
    stream.write_text(event(1, "你好", 0.0) + '\n{"event_id": 3}\n', encoding="utf-8")
    out = str(tmp_path / "out")
    status, _, error = command("live", "replay", str(stream), "--room", "r", "--out", out)
    assert status == 1
    assert "stream.jsonl:2" in str(error)
    assert not (tmp_path / "out").exists()


def test_an_unknown_session_is_said(command, tmp_path: Path) -> None:
    status, _, error = command("live", "outcomes", "none", "--out", str(tmp_path / "out"))
    assert status == 1
    assert "none" in str(error)
