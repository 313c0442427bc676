"""`assistant draft` writes files that can be opened, with both labels; every value has its fact."""

import io
import json
from pathlib import Path

import pytest
from docx import Document
from typer.testing import CliRunner

from assistant.cli import app
from assistant.domain.studio import StreamDraft
from assistant.errors import BadInput
from assistant.printing.marking import label_in
from assistant.records.codec import from_json
from assistant.studio.drafting.script_docx import COLUMNS, LABEL
from tests.support.small_knowledge import write_knowledge

pytestmark = pytest.mark.integration
BRIEF = "下周三讲个体户执照，重点讲材料，5分钟"


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a small knowledge base."""
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    result = CliRunner().invoke(app, ["ingest", str(write_knowledge(tmp_path / "in"))])
    assert result.exit_code == 0
    return tmp_path


def test_the_command_writes_all_files(filled: Path) -> None:
    out = filled / "out"
    result = CliRunner().invoke(app, ["draft", BRIEF, "--out", str(out), "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout.splitlines()[-1])
    assert {"script.json", "script.docx", "announcement.txt", "plan.json"} <= set(told["files"])
    assert told["brief"]["items"] == ["licence"]
    kept = json.loads((out / "script.json").read_text("utf-8"))
    assert kept.pop("AIGC")["Label"] == "1"
    draft = from_json(StreamDraft, json.dumps(kept))
    assert [f for f in draft.findings if "依据" in f.reason] == []
    assert all(value for value in json.loads((out / "plan.json").read_text("utf-8")).values())


def test_the_script_as_word_has_the_six_columns_and_both_labels(filled: Path) -> None:
    out = filled / "out"
    CliRunner().invoke(app, ["draft", BRIEF, "--out", str(out)])
    data = (out / "script.docx").read_bytes()
    assert label_in("docx", data) is not None
    document = Document(io.BytesIO(data))
    (table,) = document.tables
    assert tuple(cell.text for cell in table.rows[0].cells) == COLUMNS
    assert LABEL in document.sections[0].footer.paragraphs[0].text
    spoken = "\n".join(row.cells[2].text for row in table.rows)
    assert "经营者身份证，原件1份，复印件1份" in spoken


def test_nothing_to_rest_on_is_said_so(filled: Path) -> None:
    result = CliRunner().invoke(app, ["draft", "讲讲火星移民签证", "--out", str(filled / "out")])
    assert isinstance(result.exception, BadInput)
    assert "火星移民签证" in str(result.exception)
