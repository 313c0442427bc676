"""`assistant schema`, and what the room's README says of formats."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from assistant.cli import app
from assistant.errors import BadInput
from assistant.retrieval.readers import Limits, read_bytes
from assistant.retrieval.readers.sheet_mapping import load_mapping

pytestmark = pytest.mark.unit

README = Path(__file__).parents[2] / "assistant" / "retrieval" / "README.md"


@pytest.mark.parametrize("kind", ["policy_document", "service_guide", "faq", "test_case"])
def test_each_format_has_a_schema(kind: str) -> None:
    result = CliRunner().invoke(app, ["schema", kind])
    Draft202012Validator.check_schema(json.loads(result.output))
    assert kind in README.read_text(encoding="utf-8")


def test_an_unknown_format_is_named() -> None:
    result = CliRunner().invoke(app, ["schema", "cat"])
    assert isinstance(result.exception, BadInput)


def test_the_examples_of_the_readme_are_read(tmp_path: Path) -> None:
    text = README.read_text(encoding="utf-8")
    mapping = tmp_path / "m.toml"
    mapping.write_text(re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[0], encoding="utf-8")
    assert load_mapping(mapping).header_row == 2
    front_matter = re.findall(r"```\n(---.*?---\n)```", text, re.DOTALL)[0]
    (source,) = read_bytes(f"{front_matter}正文。".encode(), "a.md", limits=Limits()).sources
    assert source.id == "jintie-2024"
