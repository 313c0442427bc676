"""A skipped category that this machine could have run fails the run that decides."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.architecture

SKIPS = """
import pytest

pytestmark = pytest.mark.{category}


def test_one():
    pytest.skip("not here")


def test_two():
    pass
"""


LEAKS = """
import structlog


def test_one():
    with structlog.testing.capture_logs():
        structlog.get_logger().info("asked", phone="138" + "00138000")
"""
WORKERS = ("-p", "xdist.plugin", "-n", "1")


def run(
    root: Path, folder: Path, body: str, *words: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(body)
    quick = {"PYTHONPATH": str(root), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    clean = {k: v for k, v in os.environ.items() if k not in {"CI", "ASSISTANT_REQUIRE_ALL"}}
    plugins = ["-p", "no:cacheprovider", "-W", "ignore", *words]
    for name in ("required", "logged"):
        plugins += ["-p", f"tests.support.{name}"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "--rootdir", folder, "-c", "/dev/null", folder],
        cwd=root,
        env=clean | variables | quick,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("variables", [{"CI": "true"}, {"ASSISTANT_REQUIRE_ALL": "1"}])
def test_a_skipped_category_fails_where_all_is_required(
    root: Path, tmp_path: Path, variables: dict[str, str]
) -> None:
    done = run(root, tmp_path, SKIPS.format(category="browser"), **variables)
    assert done.returncode == 1
    assert "FAILED: skipped category: browser" in done.stdout
    assert "not here" in done.stdout


def test_elsewhere_it_is_said_and_passes(root: Path, tmp_path: Path) -> None:
    done = run(root, tmp_path, SKIPS.format(category="office"))
    assert done.returncode == 0
    assert "skipped category: office" in done.stdout


def test_other_skips_pass(root: Path, tmp_path: Path) -> None:
    done = run(root, tmp_path, SKIPS.format(category="unit"), CI="true")
    assert done.returncode == 0


def test_a_module_that_skips_itself_fails(root: Path, tmp_path: Path) -> None:
    body = "import pytest\n\npytest.importorskip('no_such_module')\n"
    done = run(root, tmp_path, body, CI="true")
    assert done.returncode == 1, done.stdout


def test_what_a_worker_skipped_or_logged_fails_the_run_too(root: Path, tmp_path: Path) -> None:
    done = run(root, tmp_path, SKIPS.format(category="browser"), *WORKERS, CI="true")
    assert done.returncode == 1, done.stdout
    assert "FAILED: skipped category: browser (1 tests" in done.stdout
    done = run(root, tmp_path, LEAKS, *WORKERS)
    assert done.returncode == 1, done.stdout
    assert "mobile number" in done.stdout
