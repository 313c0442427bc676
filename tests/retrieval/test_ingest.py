"""Ingest into real records: stable ids, versions, vanished files, interruption, bad files."""

import io
import json
import zipfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain.clock import Clock
from assistant.errors import FormatError
from assistant.records.database import Database
from assistant.records.source_rows import NewSource
from assistant.records.source_writes import Put
from assistant.records.sources import SourceRepository
from assistant.retrieval.ingest import Ingestor, IngestReport
from assistant.retrieval.readers import Limits
from tests.retrieval.readers.make_pdf import make_pdf, set_lines

pytestmark = pytest.mark.integration

GUIDES = [
    {"kind": "service_guide", "id": f"g{n}", "name": f"事项{n}", "fee": "不收费"} for n in range(3)
]
CASE = {"id": "c", "question": "问", "expected_action": "answer"}


def lines(*rows: object) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
async def records(sqlite_url: str, clock: Clock) -> AsyncIterator[SourceRepository]:
    database = await Database.open(sqlite_url)
    yield SourceRepository(database, "default", clock)
    await database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small knowledge base: guides, two policies of one name, data that is no source."""
    root = tmp_path / "knowledge"
    for name, text in {
        "guides/a.jsonl": lines(*GUIDES),
        "policies/津贴.md": "# 津贴办法\n\n第一条　按月发放。\n",
        "policies/补贴.txt": "第一条　按年发放。\n",
        "old/补贴.txt": "第一条　不发放。\n",
        "lexicon/words.jsonl": lines({"word": "落户", "means": "户口迁入"}),
        "lexicon/.notsources": "",
        "cases.jsonl": lines(CASE),
        "README.md": "# 说明\n",
        ".DS_Store": "x",
        "~$津贴.docx": "x",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def statuses(report: IngestReport, root: Path) -> dict[str, str]:
    return {Path(row.path).relative_to(root).as_posix(): row.status for row in report.rows}


async def test_a_folder_is_read_in_order_and_told_file_by_file(
    records: SourceRepository, folder: Path
) -> None:
    report = await Ingestor(records).ingest([folder])
    assert statuses(report, folder) == {
        "README.md": "skipped",
        "cases.jsonl": "skipped",
        "guides/a.jsonl": "created",
        "lexicon": "skipped",
        "old/补贴.txt": "created",
        "policies/津贴.md": "created",
        "policies/补贴.txt": "created",
    }
    ids = {header.id for header in await records.headers()}
    assert ids == {"g0", "g1", "g2", "津贴.md", "old/补贴.txt", "policies/补贴.txt"}
    assert [p.field for p in await records.passages_of("g0")] == ["name", "fee"]
    assert not report.read_nothing


async def test_what_a_browser_saves_beside_a_page_is_left_alone(
    records: SourceRepository, tmp_path: Path
) -> None:
    root = tmp_path / "pages"
    (root / "通知_files").mkdir(parents=True)
    (root / "通知.html").write_text("<p>第一条　按月发放。</p>", encoding="utf-8")
    (root / "通知_files" / "广告.html").write_text("<p>广告</p>", encoding="utf-8")
    report = await Ingestor(records).ingest([root])
    assert statuses(report, root) == {"通知.html": "created"}


async def test_the_same_files_again_change_nothing(records: SourceRepository, folder: Path) -> None:
    await Ingestor(records).ingest([folder])
    last = await records.last_change()
    report = await Ingestor(records).ingest([folder])
    assert report.counts == {"unchanged": 6, "skipped": 3}
    assert await records.last_change() == last


async def test_a_changed_file_is_a_new_version_of_what_changed_only(
    records: SourceRepository, folder: Path
) -> None:
    await Ingestor(records).ingest([folder])
    changed = [GUIDES[0], GUIDES[1] | {"fee": "10元"}, GUIDES[2]]
    (folder / "guides/a.jsonl").write_text(lines(*changed), encoding="utf-8")
    report = await Ingestor(records).ingest([folder])
    assert report.counts["changed"] == 1
    header = await records.header("g1")
    assert header
    assert header.version == 2
    assert [p.text for p in await records.passages_of("g1")][-1] == "收费：10元"


async def test_ids_stay_when_another_file_of_the_name_comes(
    records: SourceRepository, folder: Path
) -> None:
    await Ingestor(records).ingest([folder])
    (folder / "old/津贴.md").write_text("# 旧津贴办法\n\n按季发放。", encoding="utf-8")
    await Ingestor(records).ingest([folder])
    titles = {header.id: header.title for header in await records.headers()}
    assert titles["津贴.md"] == "津贴办法"
    assert titles["old/津贴.md"] == "旧津贴办法"


async def test_what_vanished_is_listed_and_taken_out_only_on_demand(
    records: SourceRepository, folder: Path
) -> None:
    await Ingestor(records).ingest([folder])
    (folder / "policies/津贴.md").unlink()
    (folder / "guides/a.jsonl").write_text(lines(*GUIDES[:2]), encoding="utf-8")
    listed = await Ingestor(records).ingest([folder])
    assert {i for row in listed.rows if row.status == "vanished" for i in row.source_ids} == {
        "g2",
        "津贴.md",
    }
    assert await records.header("g2")
    retired = await Ingestor(records).ingest([folder], retire_missing=True)
    assert retired.counts["retired"] == 2
    assert {header.id for header in await records.headers()} == {
        "g0",
        "g1",
        "old/补贴.txt",
        "policies/补贴.txt",
    }
    (folder / "guides/a.jsonl").write_text(lines(*GUIDES), encoding="utf-8")
    await Ingestor(records).ingest([folder])
    assert await records.header("g2")


async def test_other_folders_do_not_vanish_and_unreadable_files_keep_what_they_gave(
    records: SourceRepository, folder: Path
) -> None:
    await Ingestor(records).ingest([folder])
    (folder / "guides/a.jsonl").write_text(
        lines(GUIDES[0]) + '{"kind": "service_gui', encoding="utf-8"
    )
    (folder / "policies/津贴.md").write_bytes(b"\xff\xfe\x00")
    report = await Ingestor(records).ingest(
        [folder / "guides", folder / "policies"], retire_missing=True
    )
    assert "retired" not in report.counts
    assert len(await records.headers()) == 6
    broken = next(row for row in report.rows if row.path.endswith("a.jsonl"))
    assert "a.jsonl:2" in broken.warnings[0]


async def test_a_moved_file_keeps_its_sources(records: SourceRepository, folder: Path) -> None:
    await Ingestor(records).ingest([folder])
    (folder / "policies/津贴.md").rename(folder / "old/津贴.md")
    report = await Ingestor(records).ingest([folder], retire_missing=True)
    assert report.counts == {"unchanged": 6, "skipped": 3}


async def test_an_id_given_twice_is_reported_and_the_first_kept(
    records: SourceRepository, folder: Path
) -> None:
    (folder / "guides/b.jsonl").write_text(
        lines(GUIDES[0] | {"name": "别的"}, {**GUIDES[0], "id": "g9"}, {**GUIDES[1], "id": "g9"}),
        encoding="utf-8",
    )
    report = await Ingestor(records).ingest([folder])
    row = next(row for row in report.rows if row.path.endswith("b.jsonl"))
    assert row.source_ids == ("g9",)
    assert len(row.warnings) == 2
    header = await records.header("g0")
    assert header
    assert header.title == "事项0"


async def test_text_that_no_database_keeps_stops_only_its_own_source(
    records: SourceRepository, folder: Path
) -> None:
    rows = [*GUIDES, {"kind": "service_guide", "id": "g8", "name": "事", "fee": "\x00"}]
    (folder / "guides/a.jsonl").write_text(lines(*rows), encoding="utf-8")
    report = await Ingestor(records).ingest([folder / "guides"])
    assert report.counts == {"created": 3}
    assert "g8" in report.rows[0].warnings[0]


class StopsAfter:
    """Records that fail like a killed process after so many slices."""

    def __init__(self, records: SourceRepository, slices: int) -> None:
        self._records = records
        self._left = slices

    async def put_many(self, rows: Sequence[NewSource]) -> list[Put]:
        if not self._left:
            raise KeyboardInterrupt
        self._left -= 1
        return await self._records.put_many(rows)

    async def retire(self, source_id: str) -> bool:
        return await self._records.retire(source_id)

    async def origins(self) -> dict[str, list[str]]:
        return await self._records.origins()


@pytest.mark.parametrize("slices", [0, 1, 2])
async def test_an_interrupted_ingest_leaves_whole_sources_and_goes_on(
    records: SourceRepository, tmp_path: Path, slices: int
) -> None:
    rows = [{"kind": "service_guide", "id": f"g{n}", "name": f"事项{n}"} for n in range(450)]
    path = tmp_path / "many.jsonl"
    path.write_text(lines(*rows), encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        await Ingestor(StopsAfter(records, slices)).ingest([path])
    for header in await records.headers():
        assert await records.passages_of(header.id)
    report = await Ingestor(records).ingest([path])
    assert report.counts.get("unchanged", 0) == 200 * slices
    assert len(await records.headers()) == 450


async def test_progress_ends_at_the_whole(records: SourceRepository, folder: Path) -> None:
    told: list[tuple[int, int]] = []
    await Ingestor(records).ingest(
        [folder], progress=lambda done, total: told.append((done, total))
    )
    assert told[-1][0] == told[-1][1] > 0
    assert told == sorted(told)


async def test_a_wrong_mapping_file_stops_before_anything_is_read(
    records: SourceRepository, folder: Path
) -> None:
    (folder / "m.toml").write_text("x", encoding="utf-8")
    with pytest.raises(FormatError):
        await Ingestor(records).ingest([folder], mapping=folder / "m.toml")
    assert await records.headers() == []


def word(text: str) -> bytes:
    out, document = io.BytesIO(), docx.Document()
    document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


SEEDS: dict[str, bytes] = {
    ".docx": word("第一条　按月发放。"),
    ".pdf": make_pdf([set_lines(["第一条　按月发放。"])]),
    ".zip": packed({"a.txt": "按月发放。".encode()}),
    ".ofd": packed({"OFD.xml": b"<a/>", "Doc_0/Pages/Page_0/Content.xml": b"<a/>"}),
    ".xlsx": packed({"xl/workbook.xml": b"<a/>"}),
    ".html": "<html><table><tr><td rowspan=99999999>一</td></tr></table></html>".encode(),
    ".md": "---\nid: a\n---\n# 题\n按月发放。".encode(),
    ".txt": "按月发放。".encode("gb18030"),
    ".csv": "事项名称,收费\n甲,1元\n".encode(),
    ".jsonl": lines(*GUIDES).encode(),
}

HAND_MADE: dict[str, bytes] = {
    "空.txt": b"",
    "空白.md": b" \n\n",
    "只有前言.md": b"---\nid: a\n---\n",
    "未闭合.md": b"---\nid: a\n",
    "空.docx": b"",
    "空.pdf": b"",
    "空.jsonl": b"",
    "空行.jsonl": b"\n\n\n",
    "数组.jsonl": b"[]\n[1]\n",
    "数.jsonl": b"1\nnull\ntrue\n",
    "深.jsonl": b'{"kind":' + b"[" * 50_000,
    "长数.jsonl": b'{"kind":"faq","id":' + b"9" * 9999 + b"}",
    "重键.jsonl": b'{"kind":"faq","kind":"faq"}',
    "坏字.jsonl": b'{"kind":"faq","id":"\xff"}',
    "代理.jsonl": b'{"kind":"faq","id":"\\ud800","question":"q","answer":"a"}',
    "未知键.jsonl": lines({**GUIDES[0], "colour": 1}).encode(),
    "无id.jsonl": lines({"kind": "faq", "question": "q", "answer": "a"}).encode(),
    "别类.jsonl": lines({"kind": "cat"}).encode(),
    "非UTF8.jsonl": lines(*GUIDES).encode("utf-16"),
    "控制.txt": b"\x01\x02\x03\x04",
    "单字节.txt": b"\xff",
    "截断.txt": "按月发放".encode()[:-1],
    "假.docx": b"not a zip",
    "假.xlsx": b"PK\x03\x04",
    "假.pdf": b"<html></html>",
    "假.zip": b"\x00" * 100,
    "假.ofd": b"PK\x05\x06",
    "假.gz": b"\x1f\x8b",
    "假.txt.gz": b"\x1f\x8b\x08\x00",
    "文.docx": packed({"word/document.xml": b"<w:document/>"}),
    "空件.docx": packed({"word/document.xml": b""}),
    "实体.docx": packed(
        {"word/document.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'}
    ),
    "实体.ofd": packed({"OFD.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
    "炸弹.zip": packed({"a.txt": b"0" * 5_000_000}),
    "炸弹.docx": packed({"word/document.xml": b" " * 5_000_000}),
    "炸弹.xlsx": packed({"xl/workbook.xml": b" " * 5_000_000}),
    "路径.zip": packed({"../../etc/passwd": b"x", "/abs.txt": b"\x00"}),
    "套.zip": packed({"a.zip": packed({"b.zip": packed({"c.zip": b"PK"})})}),
    "图.png": b"\x89PNG\r\n\x1a\n",
    "图.jpg": b"\xff\xd8\xff\xe0",
    "扫描.pdf": make_pdf([[]]),
    "循环.pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]>>endobj\n"
    b"trailer<</Root 1 0 R>>",
    "无页.pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    "深.html": b"<div>" * 100_000,
    "实体.html": b"&#0;&#xD800;&#x110000;" * 9,
    "脚本.html": b"<script>while(1){}</script>",
    "空.html": b"<html></html>",
    "表.html": b"<table>" + b"<tr><td colspan=99999>" * 999,
    "引号.csv": b'"a,b\nc',
    "长格.csv": b'"' + b"a" * 200_000 + b'"',
    "空.csv": b"\n\n",
    "零.csv": b"a\x00b,c\n",
    "无后缀": b"x",
    "程序.exe": b"MZ",
    "旧.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 100,
    "锁.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
    "旧.wps": b"",
    "旧.xls": b"junk",
    "大.txt": b"a" * 3_000_000,
    "乱码.txt": "锟斤拷锟斤拷锟斤拷".encode(),
    "前言错.md": b"---\nnonsense\n---\ntext",
    "前言日期.md": b"---\npublished_on: soon\n---\ntext",
    "超长名.md": ("# " + "长" * 100_000).encode(),
}


async def test_malformed_files_are_rows_of_the_report_and_stop_nothing(
    records: SourceRepository, tmp_path: Path
) -> None:
    root = tmp_path / "bad"
    root.mkdir()
    for name, content in HAND_MADE.items():
        (root / name).write_bytes(content)
    (root / "好.txt").write_text("第一条　按月发放。", encoding="utf-8")
    report = await Ingestor(records, Limits(file_bytes=2_000_000)).ingest([root])
    rows = {Path(row.path).name: row for row in report.rows}
    assert set(rows) == {*HAND_MADE, "好.txt"}
    assert rows["好.txt"].status == "created"
    for name, row in rows.items():
        assert row.message or row.status == "created", name
        assert "Traceback" not in row.message
    assert rows["扫描.pdf"].code in {"scan", "empty"}
    codes = {
        "炸弹.zip": "bomb",
        "锁.docx": "encrypted",
        "图.png": "scan",
        "大.txt": "huge",
        "空.txt": "empty",
    }
    assert {name: rows[name].code for name in codes} == codes


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    suffix=st.sampled_from(sorted(SEEDS)),
    cut=st.floats(0, 1),
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6),
    tail=st.binary(max_size=40),
)
async def test_damaged_files_are_rows_too(
    records: SourceRepository,
    tmp_path: Path,
    suffix: str,
    cut: float,
    flips: list[tuple[float, int]],
    tail: bytes,
) -> None:
    data = bytearray(SEEDS[suffix])
    for place, value in flips:
        data[int(place * (len(data) - 1))] = value
    path = tmp_path / f"坏{suffix}"
    path.write_bytes(bytes(data[: int(cut * len(data)) + 1]) + tail)
    limits = Limits(file_bytes=5_000_000, convert_seconds=20)
    report = await Ingestor(records, limits).ingest([path])
    assert len([row for row in report.rows if row.status != "vanished"]) == 1


async def test_links_are_followed_within_the_folder_only(
    records: SourceRepository, tmp_path: Path
) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "文.md").write_text("第一条　内容。", encoding="utf-8")
    (inside / "出去.md").symlink_to(outside / "文.md")
    (inside / "出去").symlink_to(outside)
    (inside / "里面.md").symlink_to(inside / "文.md")
    report = await Ingestor(records).ingest([inside])
    told = {Path(row.path).name: row.status for row in report.rows}
    assert told == {
        "出去": "skipped",
        "出去.md": "skipped",
        "文.md": "created",
        "里面.md": "created",
    }


async def test_members_of_a_zip_have_no_way_out_in_their_ids(
    records: SourceRepository, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as package:
        for name in ("../../b.md", "/etc/c.md", "d/./e.md"):
            package.writestr(name, "第一条　内容。")
    report = await Ingestor(records).ingest([tmp_path])
    ids = {source_id for row in report.rows for source_id in row.source_ids}
    assert ids == {"a.zip/b.md", "a.zip/etc/c.md", "a.zip/d/e.md"}
