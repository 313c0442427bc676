"""Nearest neighbours: Chroma with a filter of our own against exact filtered search."""

import gc
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.domain.question import Scope
from assistant.domain.region import RegionTree
from assistant.domain.source import SourceHeader, SourceKind
from assistant.errors import Unavailable
from assistant.retrieval import dense
from assistant.retrieval.dense import ChromaIndex, nearest
from assistant.retrieval.lexical import Floats
from assistant.retrieval.postings import build
from assistant.retrieval.segments import Segment
from assistant.retrieval.view import View
from tests.retrieval.index.fakes import HashEmbeddings, MemoryIndex

pytestmark = pytest.mark.integration

ROWS, SIZE = 4_000, 64
EVERYONE = Scope(date(2026, 3, 2))


def unit(rows: NDArray[np.float64]) -> Floats:
    made: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return made


@pytest.fixture(scope="module")
def view() -> View:
    """One source a passage; a tenth is tagged. Vectors lie in clusters, as texts do."""
    rng = np.random.default_rng(7)
    centres = rng.normal(size=(40, SIZE))
    vectors = unit(centres[rng.integers(0, 40, ROWS)] + rng.normal(size=(ROWS, SIZE)))
    none = build(np.empty(0, np.uint64), np.empty(0, np.uint32), ROWS)
    ids = tuple((f"s{row}", 1) for row in range(ROWS))
    keys = np.arange(ROWS, dtype=np.int64) + 1000
    segment = Segment("s", ids, keys, np.arange(ROWS, dtype=np.uint32), vectors, none, none)
    headers = {
        i: SourceHeader(i, SourceKind.POLICY, 1, i, tags=("少",) if row % 10 == 0 else ())
        for row, (i, _) in enumerate(ids)
    }
    return View.of([segment], [np.ones(ROWS, np.bool_)], headers, RegionTree([]), 1)


@pytest.fixture(scope="module")
def chroma(view: View, tmp_path_factory: pytest.TempPathFactory) -> ChromaIndex:
    index = ChromaIndex(tmp_path_factory.mktemp("chroma"), None, "passages-a-b-0", HashEmbeddings())
    index.add(view.keys, view.segments[0].vectors)
    return index


@pytest.mark.parametrize("tags", [frozenset(), frozenset({"少"})])
def test_recall_against_exact_filtered_search(
    view: View, chroma: ChromaIndex, tags: frozenset[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "EXACT_ROWS", 100)
    monkeypatch.setattr(chroma, "_ready", True)
    eligible = view.eligible_rows(Scope(date(2026, 3, 2), tags=tags))
    found, wanted = 0, 0
    for query in unit(np.random.default_rng(8).normal(size=(40, SIZE))):
        exact = np.where(eligible, view.segments[0].vectors @ query, -2)
        best = np.argsort(-exact)[:50]
        rows = nearest(chroma, view, query, eligible, 50)
        assert eligible[rows].all()
        found += len(np.intersect1d(rows, best))
        wanted += 50
    assert found / wanted >= 0.99


def test_small_shares_are_searched_exactly(view: View) -> None:
    eligible = view.eligible_rows(Scope(date(2026, 3, 2), tags=frozenset({"少"})))
    query = view.segments[0].vectors[20]
    rows = nearest(MemoryIndex(), view, query, eligible, 5)
    assert 20 in rows
    assert eligible[rows].all()


def test_keys_that_the_index_does_not_know_are_ignored(
    view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "EXACT_ROWS", 100)
    stale = MemoryIndex()
    stale.add(np.array([1, 1005]), view.segments[0].vectors[[5, 5]])
    query = view.segments[0].vectors[5]
    eligible = view.eligible_rows(EVERYONE)
    assert 5 in nearest(stale, view, query, eligible, 3)


def test_a_question_without_known_pieces_has_no_neighbours(view: View) -> None:
    eligible = view.eligible_rows(EVERYONE)
    assert len(nearest(MemoryIndex(), view, np.zeros(SIZE, np.float32), eligible, 5)) == 0


def test_chroma_loads_beside_the_first_questions(chroma: ChromaIndex) -> None:
    query = np.ones(SIZE, np.float32)
    assert not chroma.ready(query)
    for _ in range(dense.LOAD_AFTER):
        chroma.ready(query)
    for thread in threading.enumerate():
        if thread.name == "load-chroma":
            thread.join()
    assert chroma.ready(query)


def test_vectors_that_were_taken_out_are_not_found(tmp_path: Path) -> None:
    index = ChromaIndex(tmp_path, None, "passages-a-b-0", HashEmbeddings())
    vectors = np.eye(4, dtype=np.float32)
    index.add(np.array([1, 2, 3, 4]), vectors)
    index.add(np.array([2]), vectors[3:])
    index.remove(np.array([4]))
    assert index.near(vectors[3], 1).tolist() == [2]


def test_older_collections_of_the_same_index_are_dropped(tmp_path: Path) -> None:
    old = ChromaIndex(tmp_path, None, "passages-a-b-0", HashEmbeddings())
    other = ChromaIndex(tmp_path, None, "passages-c-b-0", HashEmbeddings())
    new = ChromaIndex(tmp_path, None, "passages-a-d-1", HashEmbeddings())
    for index in (old, other, new):
        index.add(np.array([1]), np.eye(1, 4, dtype=np.float32))
    new.drop_others()
    names = {collection.name for collection in new._client.list_collections()}
    assert names == {"passages-c-b-0", "passages-a-d-1"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Chroma's own server on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("chroma")
    command: list[str | Path] = [
        program,
        "run",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--path",
        tmp_path,
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/api/v2/heartbeat")
        yield url
        for thing in gc.get_objects():  # chromadb never closes its own
            if type(thing) is httpx.Client:  # isinstance would wake lazy objects
                thing.close()
        running.kill()  # asked politely, the server may wait for ever for an open connection


def _wait_for(url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            httpx.get(url, trust_env=False).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)


def test_a_chroma_server_serves_as_the_embedded_one_does(server: str, tmp_path: Path) -> None:
    index = ChromaIndex(tmp_path, server, "passages-a-b-0", HashEmbeddings())
    vectors = np.eye(4, dtype=np.float32)
    index.add(np.array([1, 2, 3, 4]), vectors)
    index.remove(np.array([4]))
    assert index.near(vectors[1], 1).tolist() == [2]
    index.close()


def test_search_goes_on_exactly_while_chroma_is_out_of_order(
    view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(MemoryIndex):
        def near(self, query: Floats, limit: int) -> NDArray[np.int64]:
            raise Unavailable("fort")

    monkeypatch.setattr(dense, "EXACT_ROWS", 100)
    eligible = view.eligible_rows(EVERYONE)
    query = view.segments[0].vectors[7]
    assert 7 in nearest(Broken(), view, query, eligible, 3)


def test_a_server_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    index = ChromaIndex(tmp_path, "http://127.0.0.1:9", "passages-a-b-0", HashEmbeddings())
    with pytest.raises(Unavailable, match=r"Chroma 不可用：http://127\.0\.0\.1:9"):
        index.add(np.array([1]), np.eye(1, 4, dtype=np.float32))
