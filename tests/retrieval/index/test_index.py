"""The index over records in memory: it follows them, survives crashes, and has one holder."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain.question import Scope
from assistant.domain.region import RegionTree
from assistant.domain.source import Status
from assistant.errors import IndexLocked, IndexMismatch
from assistant.retrieval import index as index_module
from assistant.retrieval import manifest, store
from assistant.retrieval.dense import ChromaIndex
from assistant.retrieval.index import KnowledgeIndex
from assistant.retrieval.index_lock import holder
from assistant.retrieval.segments import Segment
from tests.retrieval.index.fakes import HashEmbeddings, MemoryIndex, MemorySources

pytestmark = pytest.mark.integration

NOW = Scope(date(2026, 3, 2))
TEXTS = [
    "公积金提取条件是购房",
    "个体工商户营业执照办理",
    "身份证补办携带户口簿",
    "居住证签注在派出所",
]


@pytest.fixture(autouse=True)
def vectors(monkeypatch: pytest.MonkeyPatch) -> MemoryIndex:
    """Vectors in memory, except where a test wants Chroma."""
    fake = MemoryIndex()
    monkeypatch.setattr(KnowledgeIndex, "_chroma", lambda self, manifest: fake)
    return fake


@pytest.fixture
def sources() -> MemorySources:
    made = MemorySources()
    for number, text in enumerate(TEXTS):
        made.put(f"s{number}", text, f"咨询电话1236{number}")
    return made


async def opened(folder: Path, sources: MemorySources, model: str = "hash") -> KnowledgeIndex:
    return await KnowledgeIndex.open(folder, sources, HashEmbeddings(model), RegionTree([]))


async def ids(index: KnowledgeIndex, text: str, scope: Scope = NOW) -> tuple[str, ...]:
    return (await index.search(text, scope)).source_ids()


async def scored(index: KnowledgeIndex) -> list[tuple[str, str, float]]:
    """What every text finds, with its score to five places."""
    rankings = [await index.search(text, NOW) for text in (*TEXTS, "补办 电话", "12362")]
    return [
        (hit.source.id, hit.passage.text, round(hit.scores.total, 5))
        for ranking in rankings
        for hit in ranking.hits
    ]


async def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = await opened(tmp_path, MemorySources())
    assert await index.refresh() == 0
    assert await ids(index, "公积金") == ()


async def test_a_change_is_found_after_refresh(tmp_path: Path, sources: MemorySources) -> None:
    index = await opened(tmp_path, sources)
    await index.refresh()
    before = index.generation
    sources.put("s9", "残疾人证换领")
    await index.refresh()
    assert (await ids(index, "残疾人证怎么换领"))[0] == "s9"
    assert index.generation > before
    assert index.headers["s9"].version == 1


async def test_a_replaced_version_no_longer_answers(
    tmp_path: Path, sources: MemorySources, vectors: MemoryIndex
) -> None:
    index = await opened(tmp_path, sources)
    await index.refresh()
    sources.put("s0", "公积金改为线上办理")
    sources.retire("s1")
    await index.refresh()
    texts = [hit.passage.text for hit in (await index.search("公积金 营业执照", NOW)).hits]
    assert "公积金改为线上办理" in texts
    assert not {TEXTS[0], TEXTS[1]} & set(texts)
    assert len(vectors.vectors) == 5


async def test_a_source_that_comes_back_unchanged_answers_again(
    tmp_path: Path, sources: MemorySources
) -> None:
    index = await opened(tmp_path, sources)
    await index.refresh()
    header = sources.current["s0"]
    sources.retire("s0")
    await index.refresh()
    assert "s0" not in await ids(index, TEXTS[0])
    sources.current["s0"] = header
    sources.announce("s0", header.version)
    await index.refresh()
    assert (await ids(index, TEXTS[0]))[0] == "s0"


async def test_what_is_not_eligible_is_not_found(tmp_path: Path) -> None:
    sources = MemorySources()
    sources.put("draft", "公积金新规", status=Status.DRAFT)
    sources.put("later", "公积金新规", effective_from=date(2026, 3, 3))
    sources.put("now", "公积金新规", effective_to=date(2026, 3, 2))
    index = await opened(tmp_path, sources)
    await index.refresh()
    assert await ids(index, "公积金新规") == ("now",)
    assert await ids(index, "公积金新规", Scope(date(2026, 3, 3))) == ("later",)
    assert index.eligible("now", NOW)
    assert not index.eligible("later", NOW)
    assert not index.eligible("unknown", NOW)


CHANGES = st.lists(
    st.tuples(st.sampled_from("abcd"), st.none() | st.sampled_from(TEXTS)), min_size=1, max_size=12
)


@given(CHANGES, st.integers(1, 5))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_an_index_that_grew_equals_a_rebuilt_one(
    tmp_path: Path, changes: list[tuple[str, str | None]], pause: int
) -> None:
    folder = tmp_path / "grown"
    shutil.rmtree(folder, ignore_errors=True)
    sources = MemorySources()
    index = await opened(folder, sources)
    for number, (source_id, text) in enumerate(changes):
        if text is not None:
            sources.put(source_id, text)
        elif source_id in sources.current:
            sources.retire(source_id)
        if number % pause == 0:
            await index.refresh()
    await index.refresh()
    grown = await scored(index)
    await index.rebuild()
    assert await scored(index) == grown
    await index.close()


async def test_a_reopened_index_is_the_same(tmp_path: Path, sources: MemorySources) -> None:
    index = await opened(tmp_path, sources)
    await index.refresh()
    expected = await scored(index)
    await index.close()
    again = await opened(tmp_path, sources)
    assert await again.refresh() == 0
    assert await scored(again) == expected


@pytest.mark.parametrize("step", ["save", "write", "_forget_vectors"])
async def test_a_crash_in_the_middle_is_made_good_at_the_next_open(
    tmp_path: Path, sources: MemorySources, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await opened(tmp_path / "whole", sources)
    await whole.refresh()
    sources.put("s0", "公积金改为线上办理")
    await whole.refresh()
    index = await opened(tmp_path / "crashed", sources)
    await index.refresh()
    sources.put("s1", "营业执照改为免费")
    await whole.refresh()

    def crash(*_: object) -> None:
        raise OSError("killed")

    where = {"save": Segment, "write": manifest, "_forget_vectors": store.IndexStore}[step]
    with monkeypatch.context() as patched:
        patched.setattr(where, step, crash)
        with pytest.raises(OSError, match="killed"):
            await index.refresh()
    await index.close()
    again = await opened(tmp_path / "crashed", sources)
    await again.refresh()
    assert await scored(again) == await scored(whole)
    assert len([p for p in (tmp_path / "crashed").glob("s0*") if p.is_dir()]) <= 2


@pytest.mark.parametrize("damage", ["manifest", "segment"])
async def test_damaged_files_are_made_anew(
    tmp_path: Path, sources: MemorySources, damage: str
) -> None:
    index = await opened(tmp_path, sources)
    await index.refresh()
    expected = await scored(index)
    await index.close()
    if damage == "manifest":
        (tmp_path / manifest.SERVING).write_text("{", "utf-8")
    else:
        next(tmp_path.glob("s0*/passages.terms.npy")).write_bytes(b"")
    again = await opened(tmp_path, sources)
    await again.refresh()
    assert await scored(again) == expected


async def test_an_interrupted_rebuild_goes_on(
    tmp_path: Path, sources: MemorySources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "BATCH_PASSAGES", 2)
    index = await opened(tmp_path, sources)
    await index.refresh()
    expected = await scored(index)
    applied: list[int] = []
    apply = store.IndexStore.apply

    def stops(self: store.IndexStore, batch: object, gone: object, seq: int) -> None:
        if len(applied) == 2:
            raise InterruptedError
        applied.append(seq)
        apply(self, batch, gone, seq)  # type: ignore[arg-type]  # passed through

    with monkeypatch.context() as patched:
        patched.setattr(store.IndexStore, "apply", stops)
        with pytest.raises(InterruptedError):
            await index.rebuild()
    assert await scored(index) == expected
    begun = manifest.read(tmp_path, manifest.REBUILDING)
    assert begun is not None
    assert begun.applied == applied[-1]
    await index.rebuild()
    assert await scored(index) == expected


async def test_one_process_holds_the_index(tmp_path: Path, sources: MemorySources) -> None:
    index = await opened(tmp_path, sources)
    index.announce("http://127.0.0.1:8000")
    with pytest.raises(IndexLocked, match=r"http://127\.0\.0\.1:8000"):
        await opened(tmp_path, sources)
    await index.close()
    assert holder(tmp_path) is None
    await (await opened(tmp_path, sources)).close()


async def test_another_model_needs_a_rebuild(tmp_path: Path, sources: MemorySources) -> None:
    index = await opened(tmp_path, sources)
    await index.refresh()
    await index.close()
    with pytest.raises(IndexMismatch, match="assistant index rebuild"):
        await opened(tmp_path, sources, "other")
    renewed = await KnowledgeIndex.open(
        tmp_path, sources, HashEmbeddings("other"), RegionTree([]), renew=True
    )
    assert renewed.renewed
    await renewed.refresh()
    assert (await ids(renewed, TEXTS[0]))[0] == "s0"
    assert json.loads((tmp_path / manifest.SERVING).read_text("utf-8"))["model"] == "other"


async def test_an_index_for_another_model_goes_on_where_it_was_interrupted(
    tmp_path: Path, sources: MemorySources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "BATCH_PASSAGES", 2)
    index = await opened(tmp_path, sources)
    await index.refresh()
    await index.close()
    other = HashEmbeddings("other")
    made: list[str] = []

    def stops(texts: list[str]) -> list[list[float]]:
        if len(made) >= 4:
            raise InterruptedError
        made.extend(texts)
        return HashEmbeddings().embed_documents(texts)

    with monkeypatch.context() as patched:
        patched.setattr(other, "embed_documents", stops)
        begun = await KnowledgeIndex.open(tmp_path, sources, other, RegionTree([]), renew=True)
        assert begun.replaced == "hash"
        with pytest.raises(InterruptedError):
            await begun.refresh()
        await begun.close()
    again = await opened(tmp_path, sources, "other")  # it is that model's index now
    assert again.replaced is None
    assert set(await ids(again, TEXTS[0])) == {"s0", "s1"}
    assert await again.refresh() == 2
    assert (await ids(again, TEXTS[3]))[0] == "s3"


async def test_many_changes_leave_few_files(tmp_path: Path, sources: MemorySources) -> None:
    index = await opened(tmp_path, sources)
    for number in range(30):
        sources.put(f"n{number}", f"新增事项第{number}号")
        await index.refresh()
    status = await index.status()
    assert status.sources == 34
    assert status.segments <= 6
    assert status.pending == 0


async def test_ten_thousand_old_versions_do_not_stay(
    tmp_path: Path, sources: MemorySources
) -> None:
    index = await opened(tmp_path, sources)
    for number in range(20):
        sources.put("s0", f"第{number}版")
        await index.refresh()
    status = await index.status()
    assert status.replaced <= status.passages


async def test_vectors_lie_in_chroma(
    tmp_path: Path, sources: MemorySources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    index = await opened(tmp_path, sources)
    await index.refresh()
    sources.retire("s3")
    await index.refresh()
    dense = index._store.dense
    assert isinstance(dense, ChromaIndex)
    assert dense.store()._collection.count() == 6
    await index.close()
