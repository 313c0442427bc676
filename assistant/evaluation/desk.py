"""What an evaluation needs of the product: the same code that answers a live comment."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from assistant.domain.outcome import Outcome
from assistant.domain.passage import Passage
from assistant.domain.question import Question
from assistant.domain.source import Source


class IngestRowLike(Protocol):
    """One file of an ingest report."""

    @property
    def path(self) -> object:
        """The file."""

    @property
    def status(self) -> str:
        """What became of it (`created`, `unchanged`, `failed` …)."""

    @property
    def message(self) -> str:
        """Why it was not read; empty where it was."""


class IngestReportLike(Protocol):
    """What was read, skipped and why."""

    @property
    def rows(self) -> Sequence[IngestRowLike]:
        """One for each file."""


class SourceReader(Protocol):
    """Reads sources back, so that quotes are checked against what is stored."""

    async def get(self, source_id: str, version: int | None = None) -> Source | None:
        """The current version of a source."""

    async def passages_of(self, source_id: str) -> list[Passage]:
        """The passages of its current version."""


class Desk(Protocol):
    """A question desk with a knowledge base of its own."""

    @property
    def sources(self) -> SourceReader:
        """The records that answers rest on."""

    async def ingest(self, paths: Sequence[Path]) -> IngestReportLike:
        """Add files and folders; when it returns, they answer."""

    async def answer(self, question: Question) -> Outcome:
        """Answer as a live comment is answered."""


DeskFactory = Callable[[Path], AbstractAsyncContextManager[Desk]]
"""Opens a desk whose whole state lies in the given empty folder."""
