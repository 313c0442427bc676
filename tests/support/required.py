"""A category that this machine could run must not be skipped unseen.

With `CI=true` or `ASSISTANT_REQUIRE_ALL=1`, a skipped test that Debian or PyPI could have supplied
the means for (a browser, PostgreSQL, torch, LibreOffice) fails the run.
"""

import os

import pytest

SUPPLIED = {
    "browser": "chromium (Debian) and playwright (PyPI)",
    "postgres": "postgresql (Debian) and asyncpg (PyPI)",
    "models": "torch and sentence-transformers (PyPI)",
    "office": "libreoffice-writer-nogui (Debian)",
}
"""Category to what supplies it."""

_skipped: dict[str, list[str]] = {}


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    result = yield
    report = result.get_result()
    if report.skipped and not hasattr(report, "wasxfail"):
        for category in SUPPLIED.keys() & {mark.name for mark in item.iter_markers()}:
            _skipped.setdefault(category, []).append(_line(item.nodeid, report))


def pytest_collectreport(report):
    """A module that skips itself as a whole says nothing of its category: that counts too."""
    if report.skipped:
        _skipped.setdefault("a whole module", []).append(_line(report.nodeid, report))


def pytest_sessionfinish(session, exitstatus):
    if hasattr(session.config, "workeroutput"):  # one of pytest-xdist's workers tells the first
        session.config.workeroutput["skipped"] = _skipped
    elif _required() and _skipped and exitstatus in (0, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    told = getattr(node, "workeroutput", {}).get("skipped", {})
    for category, lines in told.items():
        known = _skipped.setdefault(category, [])
        known += [line for line in lines if line not in known]


def pytest_terminal_summary(terminalreporter):
    for category, lines in sorted(_skipped.items()):
        need = SUPPLIED.get(category, "the module's own condition")
        verdict = "FAILED: " if _required() else ""
        title = f"{verdict}skipped category: {category} ({len(lines)} tests; needs {need})"
        terminalreporter.write_line(title, red=_required(), yellow=not _required())
        terminalreporter.write_line(f"    {lines[0]}")


def _required():
    return os.environ.get("CI") == "true" or os.environ.get("ASSISTANT_REQUIRE_ALL") == "1"


def _line(nodeid, report):
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    return f"{nodeid}: {reason}"
