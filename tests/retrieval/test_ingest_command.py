"""`assistant ingest` as an operator uses it."""

import json
import os
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from assistant.cli import app

pytestmark = pytest.mark.integration

GUIDE = '{"kind": "service_guide", "id": "g", "name": "事项", "fee": "不收费"}\n'


@pytest.fixture(autouse=True)
def _office(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(data_dir))
    monkeypatch.delenv("ASSISTANT_DATABASE_URL", raising=False)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


def ingest(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["ingest", *map(str, arguments)])


def test_a_report_names_what_needs_attention(files: Path) -> None:
    (files / "a.jsonl").write_text(GUIDE + '{"kind": "faq"}\n', encoding="utf-8")
    (files / "b.pdf").write_bytes(b"%PDF-1.4 junk")
    result = ingest(files)
    assert result.exit_code == 0
    assert "a.jsonl:2" in result.output
    assert "失败" in result.output
    assert "b.pdf" in result.output
    assert result.output.strip().endswith("导入完成：新增 1，失败 1")


def test_the_report_as_json(files: Path) -> None:
    (files / "a.jsonl").write_text(GUIDE, encoding="utf-8")
    report = json.loads(ingest(files, "--json").output)
    assert report["counts"] == {"created": 1}
    assert report["rows"][0]["source_ids"] == ["g"]
    assert json.loads(ingest(files, "--json").output)["counts"] == {"unchanged": 1}


def test_what_vanished_is_taken_out_on_demand(files: Path) -> None:
    file = files / "a.jsonl"
    file.write_text(GUIDE, encoding="utf-8")
    (files / "b.txt").write_text("第一条　按月发放。", encoding="utf-8")
    ingest(files)
    file.unlink()
    assert "已消失" in ingest(files).output
    assert json.loads(ingest(files, "--retire-missing", "--json").output)["counts"] == {
        "unchanged": 1,
        "retired": 1,
    }


@pytest.mark.parametrize("content", [None, b"", b"\x00\x01"])
def test_status_1_only_when_nothing_at_all_could_be_read(
    content: bytes | None, files: Path
) -> None:
    path = files / "a.txt"
    if content is not None:
        path.write_bytes(content)
    result = ingest(path)
    assert result.exit_code == 1
    assert "a.txt" in result.output
    assert not isinstance(result.exception, AssertionError)


def test_a_mapping_file_is_used(files: Path) -> None:
    (files / "m.toml").write_text('[columns]\n"业务" = "name"\n"钱" = "fee"\n', encoding="utf-8")
    (files / "t.csv").write_text("业务,钱\n落户,不收费\n", encoding="utf-8")
    report = json.loads(ingest(files / "t.csv", "--mapping", files / "m.toml", "--json").output)
    assert report["rows"][0]["source_ids"] == ["t.csv#2"]


def test_a_file_name_that_is_no_utf8_is_told_in_valid_json(files: Path) -> None:
    (files / "a.jsonl").write_text(GUIDE, encoding="utf-8")
    (files / os.fsdecode(b"\xff.md")).write_text("内容", encoding="utf-8")
    result = ingest(files, "--json")
    report = json.loads(result.stdout_bytes.decode("utf-8"))
    assert report["counts"] == {"created": 1, "skipped": 1}
    assert "编码" in ingest(files).output
