"""A second process that has all read in, and takes over when the first one ends, however it ends.

Most of a start is Python reading modules. What a process that waits has read already is not read
while viewers see the holding card.
"""

import fcntl
import importlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from assistant.retrieval.index_lock import is_held
from assistant.settings import Settings

EVERY = 0.1
"""Seconds between two looks whether the index is free."""
TURN = "turn"
"""A file beside the index lock: whose turn it is to take over."""
READ_IN = (
    "chromadb",
    "langchain_chroma",
    "jieba",
    "numpy",
    "wetext",
    "assistant.answering.desk",
    "assistant.answering.drift",
    "assistant.insight.letters",
    "assistant.live.broadcast.programme",
    "assistant.live.building",
    "assistant.live.carrier",
    "assistant.live.house",
    "assistant.models.chat",
    "assistant.models.embeddings",
    "assistant.retrieval.index",
    "assistant.retrieval.ingest",
    "assistant.review.building",
    "assistant.studio.building",
    "assistant.voice.reading",
    "assistant.web.app",
)


class Turn:
    """Held by the one process that takes over next, until it has the index or ends."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(folder / TURN, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def is_ours(self) -> bool:
        """Take it, unless another process has it."""
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def over(self) -> None:
        """Let the next one wait for its turn at the index."""
        os.close(self._handle)


def stand_by(settings: Settings, waits: Callable[[], None]) -> Turn:
    """Read in what a start needs, then wait until no other process holds the index.

    Of several that wait one takes over: it lets go of the turn once it holds the index. `waits` is
    called at each look.
    """
    _read_in(settings)
    folder = settings.data_dir / "index"
    turn = Turn(folder)
    while not turn.is_ours() or is_held(folder):
        waits()
        time.sleep(EVERY)
    return turn


def _read_in(settings: Settings) -> None:
    from assistant.models.embeddings import build_embeddings

    for name in READ_IN:
        importlib.import_module(name)
    build_embeddings(settings.embedding_model, offline=settings.offline)
