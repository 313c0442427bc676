"""A second process that has all read in, and takes over when the first one ends, however it ends.

Most of a start is Python reading modules. What a process that waits has read already is not read
while viewers see the holding card.
"""

import importlib
import time
from collections.abc import Callable

from assistant.retrieval.index_lock import is_held
from assistant.settings import Settings

EVERY = 0.1
"""Seconds between two looks whether the index is free."""
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


def stand_by(settings: Settings, waits: Callable[[], None]) -> None:
    """Read in what a start needs, then wait until no other process holds the index.

    `waits` is called at each look.
    """
    _read_in(settings)
    while is_held(settings.data_dir / "index"):
        waits()
        time.sleep(EVERY)


def _read_in(settings: Settings) -> None:
    from assistant.models.embeddings import build_embeddings

    for name in READ_IN:
        importlib.import_module(name)
    build_embeddings(settings.embedding_model, offline=settings.offline)
