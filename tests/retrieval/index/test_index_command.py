"""`assistant index` on a small knowledge base of its own."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.errors import BadInput, IndexMismatch, ModelFailed

pytestmark = pytest.mark.integration

ROWS = [
    {"kind": "policy_document", "id": "a", "title": "公积金办法", "text": "公积金可以用于购房。"},
    {"kind": "policy_document", "id": "b", "title": "户籍办法", "text": "户口簿遗失应当补办。"},
    {
        "kind": "policy_document",
        "id": "c",
        "title": "旧公积金办法",
        "text": "公积金可以用于购房。",
        "effective_to": "2024-12-31",
    },
]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)
    (tmp_path / "rows.jsonl").write_text(lines, "utf-8")
    assert run("ingest", str(tmp_path / "rows.jsonl"))
    return tmp_path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def told(*arguments: str) -> Any:
    """What a command writes for programs; its log goes to standard error."""
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_hit_test_shows_scores_and_keeps_to_the_day(office: Path) -> None:
    hits = json.loads(run("index", "search", "公积金能买房吗", "--json"))["hits"]
    assert hits[0]["source_id"] == "a"
    assert hits[0]["scores"]["total"] > 0
    assert "c" not in {hit["source_id"] for hit in hits}
    earlier = json.loads(run("index", "search", "公积金", "--as-of", "2024-06-01", "--json"))
    assert "c" in {hit["source_id"] for hit in earlier["hits"]}
    assert "公积金办法" in run("index", "search", "公积金", "--limit", "1")


def test_a_rebuilt_index_finds_the_same(office: Path) -> None:
    before = run("index", "search", "户口簿补办", "--json")
    assert json.loads(run("index", "rebuild", "--json")) == {"sources": 3}
    assert run("index", "search", "户口簿补办", "--json") == before


def test_status_counts_what_is_held(office: Path) -> None:
    status = json.loads(run("index", "status", "--json"))
    assert (status["sources"], status["pending"]) == (3, 0)
    assert "向量模型" in run("index", "status")


@pytest.mark.models
def test_another_model_makes_the_index_anew_and_says_so(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("index", "export-embedding", str(office / "model"))
    monkeypatch.setenv("ASSISTANT_EMBEDDING_MODEL", str(office / "model"))
    monkeypatch.setenv("ASSISTANT_OFFLINE", "true")
    with pytest.raises(IndexMismatch, match="assistant index rebuild"):
        run("index", "search", "公积金")
    assert "向量模型已更换，正在重建索引（3 份资料）" in run("ingest", str(office / "rows.jsonl"))
    status = told("index", "status", "--json")  # the log says that the verdict is strict now
    assert (status["sources"], status["model"][: len(str(office))]) == (3, str(office))
    hits = told("index", "search", "公积金能买房吗", "--json")["hits"]
    assert hits[0]["source_id"] == "a"
    assert "正在重建" not in run("ingest", str(office / "rows.jsonl"))


@pytest.mark.models
def test_a_cross_encoder_that_cannot_be_loaded_is_named(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_RERANKER_MODEL", str(office / "none"))
    monkeypatch.setenv("ASSISTANT_OFFLINE", "true")
    with pytest.raises(ModelFailed, match="ASSISTANT_RERANKER_MODEL"):
        run("index", "search", "公积金")


def test_a_day_that_is_none_is_a_clear_error(office: Path) -> None:
    with pytest.raises(BadInput, match="2025-13-01"):
        run("index", "search", "公积金", "--as-of", "2025-13-01")
