"""What goes wrong is logged without the values that were at hand."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.architecture

PROGRAM = """
import structlog
from assistant.commands.logs import configure_logs
configure_logs("WARNING")
def fail(words):
    raise ValueError("broken")
try:
    fail("13800138000")
except ValueError:
    structlog.get_logger().exception("answer_failed")
"""


def test_a_traceback_in_the_log_shows_no_local_variables() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace('fail("13800138000")', 'fail("1380013" + "8000")')],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "answer_failed" in done.stderr
    assert "ValueError: broken" in done.stderr
    assert "13800138000" not in done.stderr


def test_a_log_that_cannot_be_written_breaks_no_work() -> None:
    """As on a full disk: what failed is over, the task that told of it goes on."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM + '\nprint("went on")'],
            check=False,
            stdout=subprocess.PIPE,
            stderr=full,
            text=True,
        )
    assert done.stdout == "went on\n"
