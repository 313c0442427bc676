"""Reads every log line of the whole test run: no secret and no personal data may stand in one.

Lines come from what each test prints (structlog's console form or JSON) and from the entries that
tests capture. A hit fails the run at its end and names the test.
"""

import json
import re
from collections.abc import Iterator

import pytest
import structlog

LINE = re.compile(r"^\S*\d{4}-\d{2}-\d{2}.{0,24}\[\S*(?:debug|info|warning|error|critical)")
NUMBERS = {
    "mobile number": re.compile(r"(?<![\d.])1[3-9]\d{9}(?![\d.])"),
    "ID number": re.compile(r"(?<![\d.])[1-9]\d{5}(?:19|20)\d{9}[\dXx](?!\d)"),
}
SECRETS = {
    "program's key": re.compile(r"lqd_[\w-]{20,}"),
    "password of the tests": re.compile("蓝色的窗户"),
    "session cookie": re.compile(r"desk_session=\S+"),
    "bearer": re.compile(r"[Bb]earer\s+[\w-]{16,}"),
    "API key": re.compile(r"\bsk-[\w-]{8,}"),
}
_hits: list[str] = []
_now = [""]


def faults(text: str) -> Iterator[str]:
    """What a log line holds that it must not."""
    for name, pattern in (NUMBERS | SECRETS).items():
        if pattern.search(text):
            yield name


def is_log(line: str) -> bool:
    """Whether a printed line is a log's: JSON with an event and a level, or the console's form."""
    if line.startswith("{"):
        try:
            entry = json.loads(line)
        except ValueError:
            return False
        return isinstance(entry, dict) and {"event", "level"} <= set(entry)
    return bool(LINE.match(line))


def _read(test: str, text: str) -> None:
    _hits.extend(f"{test}: {fault} in: {text[:200]}" for fault in faults(text))


class _Capture(structlog.testing.LogCapture):
    """Captured entries are read as well."""

    def __call__(self, logger, method_name, event_dict):  # type: ignore[no-untyped-def]
        _read(_now[0], json.dumps(event_dict, ensure_ascii=False, default=str))
        return super().__call__(logger, method_name, event_dict)


def pytest_configure() -> None:
    structlog.testing.LogCapture = _Capture  # type: ignore[misc]


def pytest_runtest_logstart(nodeid: str) -> None:
    _now[0] = nodeid


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when != "teardown":
        return
    for text in (report.capstdout, report.capstderr, report.caplog):
        for line in text.splitlines():
            if is_log(line):
                _read(report.nodeid, line)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):  # one of pytest-xdist's workers tells the first
        session.config.workeroutput["hits"] = _hits
    elif _hits:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error) -> None:  # type: ignore[no-untyped-def]
    _hits.extend(getattr(node, "workeroutput", {}).get("hits", ()))


def pytest_terminal_summary(terminalreporter) -> None:  # type: ignore[no-untyped-def]
    if _hits:
        terminalreporter.section("secrets or personal data in logs")
        for hit in dict.fromkeys(_hits):
            terminalreporter.line(hit)
