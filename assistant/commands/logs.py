"""Logs of every command: one line each, no local variables, which may hold a viewer's words."""

import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog


class _Lasting:
    """Standard error where a line that cannot be written, mostly to a full disk, breaks no work.

    An error there would end the task that only wanted to say that something else had failed.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write what can be written."""
        with suppress(OSError):
            return self._stream.write(text)
        return 0

    def flush(self) -> None:
        """Flush what can be flushed."""
        with suppress(OSError):
            self._stream.flush()


def configure_logs(level: str) -> None:
    """One JSON object a line on standard error; no question texts."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    lasting = cast("TextIO", _Lasting(sys.stderr))
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: structlog.WriteLogger(lasting),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stderr)
