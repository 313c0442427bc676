"""`assistant schema`: the JSON Schema of a line of an exchange format."""

import json
from typing import Annotated

import typer

from assistant.domain.source import SourceKind
from assistant.errors import BadInput
from assistant.evaluation.cases import case_schema
from assistant.retrieval.formats import json_schema

TEST_CASE = "test_case"
KINDS = (*SourceKind, TEST_CASE)


def schema(kind: Annotated[str, typer.Argument(help=" | ".join(KINDS))]) -> None:
    """Print the JSON Schema of one line of a format."""
    if kind not in KINDS:
        raise BadInput(f"没有格式 {kind}", hint="、".join(KINDS))
    found = case_schema() if kind == TEST_CASE else json_schema(kind)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
