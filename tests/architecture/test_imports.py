"""The rules of DESIGN §3 that concern who imports what."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.architecture

OWNERS = {
    "sqlalchemy": {"records"},
    "alembic": {"records"},
    "asyncpg": {"records"},
    "chromadb": {"retrieval"},
    "langchain_chroma": {"retrieval"},
    "langchain_core": {"retrieval", "models"},
    "openai": {"models", "voice"},
    "edge_tts": {"voice"},
    "sherpa_onnx": {"voice"},
    "soundfile": {"voice"},
    "torch": {"models"},
    "sentence_transformers": {"models"},
    "fastapi": {"web"},
    "starlette": {"web"},
    "jinja2": {"review", "web", "evaluation", "models"},
    "uvicorn": {"commands"},
    "typer": {"cli", "commands"},
}
"""A library's types stop at the rooms named: elsewhere the room's own values are used."""

ENTRY_POINTS = {"cli", "commands"}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def uses(names: set[str], wanted: str) -> bool:
    return any(name == wanted or name.startswith(wanted + ".") for name in names)


def test_the_contracts_of_import_linter_hold(root: Path) -> None:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_bootstrap_imports_settings(imported: dict[str, set[str]]) -> None:
    readers = {name for name, names in imported.items() if uses(names, "assistant.settings")}
    assert {room(name) for name in readers} <= {"bootstrap"}


def test_only_entry_points_import_bootstrap(imported: dict[str, set[str]]) -> None:
    users = {name for name, names in imported.items() if uses(names, "assistant.bootstrap")}
    assert {room(name) for name in users} <= ENTRY_POINTS | {"bootstrap"}


def test_domain_and_errors_use_the_standard_library_only(imported: dict[str, set[str]]) -> None:
    allowed = sys.stdlib_module_names | {"assistant"}
    for name, names in imported.items():
        if room(name) in {"domain", "errors"}:
            assert {each.split(".")[0] for each in names} <= allowed, name
            own = {each for each in names if each.startswith("assistant.")}
            assert all(room(each) == "domain" for each in own), name


@pytest.mark.parametrize("library", OWNERS)
def test_a_library_stays_in_its_rooms(library: str, imported: dict[str, set[str]]) -> None:
    users = {room(name) for name, names in imported.items() if uses(names, library)}
    assert users - {"bootstrap"} <= OWNERS[library]  # which may import anything
