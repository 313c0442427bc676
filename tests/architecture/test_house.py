"""What the documents say of the code is so, and every test says what it needs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import errors
from assistant.settings import Settings

pytestmark = pytest.mark.architecture

CATEGORIES = {
    "unit",
    "contract",
    "integration",
    "browser",
    "postgres",
    "models",
    "office",
    "architecture",
    "network",
}


def test_every_test_module_has_a_category(root: Path) -> None:
    without = [
        str(path.relative_to(root))
        for path in (root / "tests").rglob("test_*.py")
        if not set(_module_marks(path)) & CATEGORIES
    ]
    assert without == []


def test_the_tree_in_errors_is_that_of_the_classes() -> None:
    drawn = dict(_drawn_parents(errors.__doc__ or ""))
    defined = {
        name: each.__bases__[0].__name__
        for name, each in vars(errors).items()
        if isinstance(each, type) and each is not errors.AssistantError
    }
    assert drawn == defined


def test_the_settings_in_the_readme_are_those_of_the_program(root: Path) -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \|", (root / "README.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(_variable(name) for name in Settings.model_fields)


def test_every_room_says_what_it_is_for(root: Path) -> None:
    for package in (root / "assistant").rglob("__init__.py"):
        assert ast.get_docstring(ast.parse(package.read_text("utf-8"))), package


def _module_marks(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and "pytestmark" in ast.unparse(node.targets[0]):
            yield from re.findall(r"pytest\.mark\.(\w+)", ast.unparse(node.value))


def _drawn_parents(tree: str) -> Iterator[tuple[str, str]]:
    """(class, base) of each line that is drawn with branches."""
    above: list[str] = []
    for line in tree.splitlines():
        if found := re.match(r"([│ ]*(?:[├└]── )?)([A-Z]\w+)  ", line):
            depth = len(found[1]) // 4
            above[depth:] = [found[2]]
            if depth:
                yield found[2], above[depth - 1]


def _variable(field: str) -> str:
    return field.upper() if field.startswith("openai_") else f"ASSISTANT_{field.upper()}"
