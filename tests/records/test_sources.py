"""Sources are stored whole, in versions, with an outbox row for each change."""

import asyncio
from datetime import date

import pytest

from assistant.domain.passage import Passage
from assistant.domain.source import (
    Faq,
    Material,
    PolicyDocument,
    ServiceGuide,
    Source,
    SourceKind,
    Status,
)
from assistant.errors import BadInput
from assistant.records.codec import kind_of
from assistant.records.database import Database
from assistant.records.sources import NewSource, SourceRepository

pytestmark = pytest.mark.contract

GUIDE = ServiceGuide(
    id="g1",
    name="居住证申领",
    parent="户籍",
    base_code="000109001000",
    region="440000",
    authority="公安局",
    materials=(Material("身份证", originals=1),),
    tags=("户籍",),
    updated_on=date(2025, 5, 10),
)
POLICY = PolicyDocument(
    id="p1",
    title="居住证管理办法",
    text="第一条 为了……",
    document_number="示例〔2025〕1号",
    status=Status.IN_FORCE,
    effective_from=date(2025, 1, 1),
    supersedes=("p0",),
)
FAQ = Faq(id="f1", question="居住证要钱吗？", answer="首次申领不收费。")


def passage(source: Source, text: str, ordinal: int = 0) -> Passage:
    return Passage(source.id, kind_of(source), ordinal, f"第{ordinal + 1}条", text, "居住证")


def new(source: Source, digest: str = "d1", *texts: str, origin: str | None = None) -> NewSource:
    read = [passage(source, text, ordinal) for ordinal, text in enumerate(texts or ("原文",))]
    return NewSource(source, read, digest, origin)


async def put(repository: SourceRepository, *args: object, **named: object) -> tuple[str, int]:
    done = (await repository.put_many([new(*args, **named)]))[0]
    return done.status, done.version


async def test_a_source_comes_back_as_it_was_given(repository: SourceRepository) -> None:
    for source in (GUIDE, POLICY, FAQ):
        assert await put(repository, source) == ("created", 1)
        assert await repository.get(source.id) == source


async def test_the_header_holds_what_ranking_and_citations_need(
    repository: SourceRepository,
) -> None:
    await repository.put_many([new(POLICY), new(GUIDE), new(FAQ)])
    assert [header.id for header in await repository.headers()] == ["f1", "g1", "p1"]
    policy, guide = await repository.header("p1"), await repository.header("g1")
    assert policy is not None
    assert guide is not None
    assert (policy.kind, policy.status, policy.version) == (SourceKind.POLICY, Status.IN_FORCE, 1)
    assert (policy.supersedes, policy.effective_from) == (("p0",), date(2025, 1, 1))
    assert (guide.title, guide.issuer, guide.parent) == ("居住证申领", "公安局", "户籍")
    assert (guide.tags, guide.published_on) == (("户籍",), date(2025, 5, 10))


async def test_the_same_content_again_writes_nothing(repository: SourceRepository) -> None:
    await put(repository, GUIDE, "d1")
    before = await repository.last_change()
    assert await put(repository, GUIDE, "d1") == ("unchanged", 1)
    assert await repository.last_change() == before


async def test_changed_content_makes_a_version_and_keeps_the_old_one(
    repository: SourceRepository,
) -> None:
    newer = PolicyDocument(id="p1", title="居住证管理办法（修订）", text="第一条 修订")
    await put(repository, POLICY, "d1", "旧文")
    old = await repository.passages_of("p1")
    assert await put(repository, newer, "d2", "新文", "又一条") == ("changed", 2)
    assert await repository.get("p1") == newer
    assert await repository.get("p1", version=1) == POLICY
    assert [p.text for p in await repository.passages_of("p1")] == ["新文", "又一条"]
    assert (await repository.passages([old[0].key]))[old[0].key] == old[0]
    header = await repository.header("p1")
    assert header is not None
    assert (header.title, header.version, header.supersedes) == (newer.title, 2, ())


async def test_a_retired_source_is_gone_until_it_is_put_again(
    repository: SourceRepository,
) -> None:
    await put(repository, FAQ, "d1")
    assert await repository.retire("f1")
    assert not await repository.retire("f1")
    assert await repository.get("f1") is None
    assert await repository.header("f1") is None
    assert await repository.headers() == []
    assert await repository.faqs() == []
    assert await repository.passages_of("f1") == []
    assert await repository.digests() == {}
    assert await repository.get("f1", version=1) == FAQ
    assert await put(repository, FAQ, "d1") == ("changed", 1)
    assert await repository.get("f1") == FAQ
    assert [p.text for p in await repository.passages_of("f1")] == ["原文"]


async def test_a_retired_source_comes_back_changed(repository: SourceRepository) -> None:
    await put(repository, FAQ, "d1")
    await repository.retire("f1")
    assert await put(repository, FAQ, "d2", "新文") == ("changed", 2)
    assert [p.text for p in await repository.passages_of("f1")] == ["新文"]


async def test_the_outbox_tells_every_change_in_order(repository: SourceRepository) -> None:
    await put(repository, GUIDE, "d1")
    await put(repository, FAQ, "d1")
    await put(repository, GUIDE, "d2")
    await repository.retire("f1")
    seen = await repository.changes(0)
    told = [(change.op, change.source_id, change.version) for change in seen]
    assert told == [("put", "g1", 1), ("put", "f1", 1), ("put", "g1", 2), ("retire", "f1", 1)]
    assert seen[-1].seq == await repository.last_change()
    assert await repository.changes(seen[1].seq) == seen[2:]
    assert await repository.changes(0, limit=1) == seen[:1]


async def test_a_moved_file_keeps_its_version(repository: SourceRepository) -> None:
    await put(repository, GUIDE, "d1", origin="a.jsonl")
    before = await repository.last_change()
    assert await put(repository, GUIDE, "d1", origin="b.jsonl") == ("unchanged", 1)
    assert await repository.origins() == {"b.jsonl": ["g1"]}
    assert await repository.last_change() == before


async def test_origins_list_the_sources_of_each_file(repository: SourceRepository) -> None:
    await put(repository, GUIDE, "d1", origin="all.jsonl")
    await put(repository, FAQ, "d1", origin="all.jsonl")
    await put(repository, POLICY, "d1")
    assert await repository.origins() == {"all.jsonl": ["f1", "g1"]}
    assert await repository.digests() == {"g1": "d1", "f1": "d1", "p1": "d1"}


async def test_guides_and_faqs_are_read_by_kind_and_id(repository: SourceRepository) -> None:
    await repository.put_many([new(GUIDE), new(POLICY), new(FAQ)])
    assert await repository.guides() == [GUIDE]
    assert await repository.guides(["g1", "p1", "none"]) == [GUIDE]
    assert await repository.guides([]) == []
    assert await repository.faqs() == [FAQ]


async def test_passages_are_found_by_many_keys(repository: SourceRepository) -> None:
    await put(repository, POLICY, "d1", *(f"第{n}段" for n in range(700)))
    stored = await repository.passages_of("p1")
    found = await repository.passages([p.key for p in stored] + [10**9])
    assert found == {p.key: p for p in stored}
    assert await repository.passages([]) == {}


async def test_many_sources_go_in_and_come_out(repository: SourceRepository) -> None:
    guides = [ServiceGuide(id=f"g{n:04d}", name=f"事项{n}") for n in range(1200)]
    rows = [new(guide, "d", "甲", "乙") for guide in guides]
    assert {put.status for put in await repository.put_many(rows)} == {"created"}
    assert {put.status for put in await repository.put_many(rows)} == {"unchanged"}
    assert await repository.guides() == guides
    assert len(await repository.headers()) == 1200
    batches = [batch async for batch in repository.all_passages()]
    assert sum(len(batch) for batch in batches) == 2400


async def test_an_id_twice_in_a_batch_gives_two_versions(repository: SourceRepository) -> None:
    changed = ServiceGuide(id="g1", name="换了名字")
    puts = await repository.put_many([new(GUIDE, "d1"), new(FAQ), new(changed, "d2")])
    assert [(p.status, p.version) for p in puts] == [("created", 1), ("created", 1), ("changed", 2)]
    assert await repository.get("g1") == changed


async def test_organisations_do_not_see_each_other(
    repository: SourceRepository, database: Database, clock
) -> None:
    other = SourceRepository(database, "other", clock)
    await put(repository, GUIDE)
    key = (await repository.passages_of("g1"))[0].key
    assert await other.get("g1") is None
    assert await other.headers() == []
    assert await other.passages([key]) == {}
    assert await other.changes(0) == []
    assert not await other.retire("g1")
    assert await put(other, GUIDE) == ("created", 1)
    assert await other.retire("g1")
    assert await repository.get("g1") == GUIDE


@pytest.mark.parametrize(
    "bad",
    [
        new(PolicyDocument("p", "题", "文"), "d", "零\0字"),
        new(PolicyDocument("p", "半个\ud800", "文")),
        new(PolicyDocument("p", "题", "半个\ud800")),
        NewSource(FAQ, [passage(GUIDE, "别人的")], "d"),
    ],
)
async def test_what_cannot_be_kept_is_refused_whole(
    repository: SourceRepository, bad: NewSource
) -> None:
    with pytest.raises(BadInput):
        await repository.put_many([new(GUIDE), bad])
    assert await repository.last_change() == 0 or await repository.get("g1") == GUIDE
    assert await repository.get(bad.source.id) is None


async def test_readers_at_once_with_a_writer_see_whole_sources(
    repository: SourceRepository,
) -> None:
    async def write() -> None:
        for number in range(20):
            await put(repository, POLICY, f"d{number}", *[f"第{number}版"] * 5)

    async def read() -> None:
        for _ in range(40):
            texts = [p.text for p in await repository.passages_of("p1")]
            assert len(set(texts)) <= 1
            assert len(texts) in (0, 5)

    await asyncio.gather(write(), read(), read())
    header = await repository.header("p1")
    assert header is not None
    assert header.version == 20


async def test_writers_at_once_lose_nothing_and_nothing_is_seen_late(
    repository: SourceRepository,
) -> None:
    seen: list[int] = []

    async def follow() -> None:
        while len(seen) < 60:
            seen.extend(change.seq for change in await repository.changes(max(seen, default=0)))
            await asyncio.sleep(0)

    async def write(name: str) -> None:
        for number in range(20):
            await put(repository, Faq(f"{name}{number}", "问", "答"))

    await asyncio.wait_for(asyncio.gather(follow(), write("a"), write("b"), write("c")), 60)
    assert seen == sorted(set(seen))
    assert [change.seq for change in await repository.changes(0)] == seen
