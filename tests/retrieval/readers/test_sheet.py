"""Tables of guides: usual headings, a mapping file, cells read exactly or not at all."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from assistant.domain.source import (
    Channel,
    Faq,
    LimitUnit,
    Material,
    PolicyDocument,
    ServiceGuide,
    TimeLimit,
)
from assistant.errors import FormatError, UnreadableFile
from assistant.retrieval.readers import Limits, ReadResult, read_bytes
from assistant.retrieval.readers.sheet_cells import parse_cell
from assistant.retrieval.readers.sheet_mapping import load_mapping

pytestmark = pytest.mark.unit

HEADINGS = [
    "序号",
    "* 事项名称（必填）",
    "实施编码",
    "申请材料",
    "承诺时限",
    "是否收费",
    "办理地点",
]
HEADINGS += ["办公时间", "咨询电话", "是否网办", "到现场次数", "更新日期"]
ROW = [
    "1",
    "身份证补领",
    "G-1",
    "户口簿（原件1份、复印件2份，验原件）；照片",
    "7个工作日",
    "不收费",
]
ROW += ["示例路1号", "9:00-17:00", "12345", "否", "0次", "2024年4月1日"]


def workbook(*sheets: tuple[str, list[list[Any]]], merge: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if merge:
            sheet.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data: bytes, name: str = "事项.xlsx", mapping: Path | None = None) -> ReadResult:
    return read_bytes(
        data, name, limits=Limits(), mapping=load_mapping(mapping) if mapping else None
    )


def guide(result: ReadResult) -> ServiceGuide:
    (source,) = result.sources
    assert isinstance(source, ServiceGuide)
    return source


def test_usual_headings_need_no_mapping() -> None:
    title = ["示例县事项清单"]
    found = guide(read(workbook(("清单", [title, HEADINGS, ROW]))))
    assert (found.id, found.name, found.code) == ("G-1", "身份证补领", "G-1")
    assert found.materials == (
        Material("户口簿", 1, 2, note="原件1份、复印件2份，验原件"),
        Material("照片"),
    )
    assert found.promised_limit == TimeLimit(7, LimitUnit.WORKDAY)
    assert (found.fee, found.visits, found.consult_phone) == ("不收费", 0, "12345")
    assert found.locations
    assert (found.locations[0].address, found.locations[0].hours) == ("示例路1号", "9:00-17:00")
    assert found.online
    assert found.online.available is False
    assert found.updated_on == date(2024, 4, 1)
    assert found.statutory_limit is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_alike(encoding: str, delimiter: str) -> None:
    lines = [delimiter.join(f'"{cell}"' for cell in row) for row in (HEADINGS, ROW)]
    found = guide(read("\r\n".join(lines).encode(encoding), "事项.csv"))
    assert found.promised_limit == TimeLimit(7, LimitUnit.WORKDAY)


@pytest.mark.parametrize("nothing", ["", "无", "/", "—", None])
def test_a_cell_that_states_nothing_is_null(nothing: str | None) -> None:
    found = guide(read(workbook(("清单", [HEADINGS, [*ROW[:5], nothing, *ROW[6:]]]))))
    assert found.fee is None


def test_a_cell_that_cannot_be_read_is_null_and_named() -> None:
    result = read(workbook(("清单", [HEADINGS, [], [*ROW[:4], "尽快", *ROW[5:]]])))
    assert guide(result).promised_limit is None
    assert len(result.warnings) == 1
    assert "清单" in result.warnings[0]
    assert ":3" in result.warnings[0]
    assert "promised_limit" in result.warnings[0]


def test_a_row_without_a_name_is_named_and_the_others_are_read() -> None:
    nameless = ["2", "", "G-2", *ROW[3:]]
    result = read(workbook(("清单", [HEADINGS, nameless, ROW])))
    assert guide(result).id == "G-1"
    assert ":2" in result.warnings[0]


def test_merged_cells_give_their_value_to_every_row() -> None:
    rows = [["事项名称", "实施主体"], ["甲", "县公安局"], ["乙", None]]
    result = read(workbook(("清单", rows), merge="B2:B3"))
    assert [s.authority for s in result.sources if isinstance(s, ServiceGuide)] == ["县公安局"] * 2


MAPPING = """
sheet = "二"
header_row = 2
[columns]
"业务" = "name"
"几天" = "promised_limit"
"带什么" = "materials"
"在哪" = "locations.address"
[separators]
materials = "+"
[defaults]
region = "330383"
item_type = "公共服务"
"""


def test_a_mapping_file_says_which_column_is_which(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(MAPPING, encoding="utf-8")
    second = [
        ["说明"],
        ["业务", "几天", "带什么", "在哪", "备注"],
        ["落户", "3天", "户口簿+结婚证", "一楼", "x"],
    ]
    found = guide(read(workbook(("一", [HEADINGS, ROW]), ("二", second)), mapping=path))
    assert found.promised_limit == TimeLimit(3, LimitUnit.DAY)
    assert [m.name for m in found.materials or ()] == ["户口簿", "结婚证"]
    assert (found.region, found.item_type) == ("330383", "公共服务")
    assert found.id == "事项.xlsx[二]#3"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[columns]",
        '[columns]\n"名" = "colour"',
        '[columns]\n"名" = "fee"',
        'kind = "policy_document"\n[columns]\n"名" = "title"',
        'extra = 1\n[columns]\n"名" = "name"',
        "not toml",
        "columns = 3",
    ],
)
def test_a_wrong_mapping_file_is_a_format_error(text: str, tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=r"m\.toml"):
        load_mapping(path)


def test_a_mapping_that_fits_no_sheet_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text('{"columns": {"业务": "name", "几天": "fee"}}', encoding="utf-8")
    with pytest.raises(FormatError):
        read(workbook(("清单", [HEADINGS, ROW])), mapping=path)


def test_a_table_of_questions_becomes_pairs() -> None:
    rows = [["问题", "答案", "相似问"], ["在哪办", "窗口", "去哪办\n哪里办"]]
    (source,) = read(workbook(("问答", rows))).sources
    assert isinstance(source, Faq)
    assert source.similar_questions == ("去哪办", "哪里办")


def test_any_other_table_is_a_document_with_its_rows() -> None:
    rows = [["区划", "标准"], ["甲镇", date(2024, 5, 1)], ["乙镇", 3.0]]
    (source,) = read(workbook(("表一", rows), ("表二", [["备注"]]))).sources
    assert isinstance(source, PolicyDocument)
    assert source.text == "## 表一\n区划\t标准\n甲镇\t2024-05-01\n乙镇\t3\n## 表二\n备注"


@pytest.mark.parametrize(
    ("key", "cell", "value"),
    [
        ("promised_limit", "20个工作日", {"value": 20, "unit": "workday", "note": None}),
        ("promised_limit", "即办", {"value": 0, "unit": "workday", "note": "即办"}),
        ("statutory_limit", "3个月", {"value": 3, "unit": "month", "note": None}),
        ("statutory_limit", "24小时", {"value": 24, "unit": "hour", "note": None}),
        ("statutory_limit", "受理后30日", {"value": 30, "unit": "day", "note": "受理后"}),
        ("visits", "最多跑1次", 1),
        ("courier", "支持", True),
        ("courier", "不支持", False),
        ("courier", "×", False),
        ("audience", "自然人、企业法人", ["自然人", "企业法人"]),
        ("aliases", "1.补证 2", ["补证 2"]),
    ],
)
def test_cells(key: str, cell: str, value: object) -> None:
    assert parse_cell(key, cell) == value


def test_materials_split_outside_brackets_only() -> None:
    cell = "1.户口簿（原件；复印件1份）\n2.申请表（一式；两联）；3.照片"
    assert [m["name"] for m in parse_cell("materials", cell)] == [
        "户口簿",
        "申请表（一式；两联）",
        "照片",
    ]


def test_steps_name_their_channel() -> None:
    steps = parse_cell("steps", "1.网上：提交申请；2.窗口办理：核验\n3.领取")
    assert [step["channel"] for step in steps] == [Channel.ONLINE, Channel.WINDOW, Channel.ANY]
    assert [step["text"] for step in steps] == ["提交申请", "核验", "领取"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04xl/workbook.xml", workbook(("空", []))])
def test_broken_and_empty_workbooks_are_reported(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(data)
    assert caught.value.code in {"empty", "broken"}


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(b"a,b\n" * 9, "表.csv", limits=Limits(rows=5))
    assert caught.value.code == "huge"
