"""The wheel holds what the program needs: its data files, migrations, knowledge, prompts."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

BUILD = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]


@pytest.fixture(scope="module")
def packed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [*BUILD, folder, root], capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return set(wheel.namelist())


@pytest.mark.parametrize("name", ["knowledge", "prompts"])
def test_bundled_folders_are_inside(packed: set[str], root: Path, name: str) -> None:
    files = (path for path in (root / name).rglob("*") if path.is_file())
    wanted = {f"assistant/_bundled/{path.relative_to(root)}" for path in files}
    assert wanted <= packed


def test_every_file_of_the_package_is_inside(packed: set[str], root: Path) -> None:
    files = (path for path in (root / "assistant").rglob("*") if path.is_file())
    wanted = {str(p.relative_to(root)) for p in files if "__pycache__" not in p.parts}
    assert wanted <= packed


def test_nothing_of_tests_or_data_is_inside(packed: set[str]) -> None:
    tops = {name.split("/")[0] for name in packed}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"assistant"}
