"""What reads the logs of the whole run finds what was planted, and takes nothing else for it."""

import pytest

from tests.support import logged

pytestmark = pytest.mark.architecture


@pytest.mark.parametrize(
    "line",
    [
        '{"phone": "138' + '00138000", "event": "x", "level": "info"}',
        "2026-11-30 09:00:00 [info     ] asked  text=110101" + "199003077758",
        '{"event": "login", "level": "warning", "key": "lqd_' + 'abcdefghijklmnopqrstuvwxyz"}',
        '{"event": "call", "level": "info", "headers": "Bearer ' + 'abcdefghijklmnop1234"}',
    ],
)
def test_a_planted_leak_is_found(line: str) -> None:
    assert logged.is_log(line)
    assert list(logged.faults(line))


@pytest.mark.parametrize(
    "line",
    [
        (
            '{"id": "01M8NW5F43M1WBMBKX3GGF9S6X", "ms": 6.013912345678, "event": "request", '
            '"level": "info", "timestamp": "2026-11-30T09:21:52.265311Z"}'
        ),
        "2026-11-30 09:00:00 [info     ] ready  url=http://127.0.0.1:8000",
    ],
)
def test_an_ordinary_line_is_none(line: str) -> None:
    assert logged.is_log(line)
    assert list(logged.faults(line)) == []


def test_what_a_command_prints_for_a_person_is_no_log() -> None:
    assert not logged.is_log("lqd_abcdefghijklmnopqrstuvwxyz")


def test_captured_entries_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    import structlog

    hits: list[str] = []
    monkeypatch.setattr(logged, "_hits", hits)
    with structlog.testing.capture_logs():
        structlog.get_logger().info("asked", phone="138" + "00138000")
    assert len(hits) == 1
