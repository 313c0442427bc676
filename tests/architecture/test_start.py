"""Nothing heavy is imported that the command does not use (cold start)."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.architecture

HEAVY = (
    "torch",
    "sentence_transformers",
    "transformers",
    "chromadb",
    "langchain_chroma",
    "langchain_openai",
    "openai",
    "pdfplumber",
    "pypdf",
    "docx",
    "openpyxl",
    "jieba",
    "sqlalchemy",
    "alembic",
    "fastapi",
)

LISTS_HEAVY = f"""
import sys
sys.argv = ["assistant", *sys.argv[1:]]
from assistant.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("HEAVY", [name for name in {HEAVY!r} if name in sys.modules])
"""


def heavy_after(root: Path, *arguments: str) -> str:
    command = [sys.executable, "-c", LISTS_HEAVY, *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_the_plain_command_imports_nothing_heavy(root: Path, arguments: list[str]) -> None:
    assert heavy_after(root, *arguments) == "HEAVY []"
