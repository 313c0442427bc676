"""What documents say about themselves, in the ways in which they say it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.source import Status
from assistant.retrieval.chinese_dates import first_date, parse_date
from assistant.retrieval.metadata import normal_number, recognise
from tests.retrieval.shared import needs_data, rows

pytestmark = pytest.mark.unit

NOTICE = """示例县人民政府办公室关于印发
《高龄津贴发放办法》的通知
示政办发[2024]１２号
各乡镇人民政府：
根据《示例省养老条例》（省发〔2020〕5号）规定，现将办法印发给你们。
本办法自2024年5月1日起施行，有效期五年。国发〔2016〕55号自2016年9月1日起施行的要求继续执行。
示例县人民政府办公室
2024年4月18日
（此件公开发布）
"""


def test_a_notice() -> None:
    found = recognise(NOTICE)
    assert found.title == "示例县人民政府办公室关于印发《高龄津贴发放办法》的通知"
    assert found.document_number == "示政办发〔2024〕12号"
    assert found.issuer == "示例县人民政府办公室"
    assert found.published_on == date(2024, 4, 18)
    assert found.effective_from == date(2024, 5, 1)
    assert found.effective_to == date(2029, 4, 30)
    assert found.status is None


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("国发〔2016〕55号", "国发〔2016〕55号"),
        ("国发[2016]55号", "国发〔2016〕55号"),
        ("国发（２０１６）５５号", "国发〔2016〕55号"),
        ("粤人社规【2021】 7 号", "粤人社规〔2021〕7号"),
        ("中华人民共和国国务院令第722号", "中华人民共和国国务院令第722号"),
        ("（2005年6月7日公安部令第78号发布）", "公安部令第78号"),
        ("没有文号", None),
    ],
)
def test_document_numbers(written: str, normal: str | None) -> None:
    assert normal_number(written) == normal


def test_a_number_that_is_only_cited_is_not_the_documents() -> None:
    text = "某县高龄津贴发放办法\n根据国发〔2016〕55号文件，制定本办法。\n第一条　津贴按月发放。"
    assert recognise(text).document_number is None


@pytest.mark.parametrize(
    ("sentence", "since", "until"),
    [
        ("本办法自2020年1月1日起施行。", date(2020, 1, 1), None),
        ("本通知自二〇二〇年十月十五日起执行。", date(2020, 10, 15), None),
        ("本办法自2020年2月29日起施行，有效期1年。", date(2020, 2, 29), date(2021, 2, 28)),
        (
            "本规定自2021年1月1日起施行，有效期至2025年12月31日。",
            date(2021, 1, 1),
            date(2025, 12, 31),
        ),
        ("《某法》自2026年1月1日起施行后，按新法办理。", None, None),
        ("该政策有效期至2021年6月30日的，不再延长。", None, None),
    ],
)
def test_days_of_force(sentence: str, since: date | None, until: date | None) -> None:
    found = recognise(f"某县津贴办法\n第一条　按月发放。\n第二条　津贴标准另定。\n{sentence}")
    assert (found.effective_from, found.effective_to) == (since, until)


def test_in_force_from_the_day_of_publication() -> None:
    text = "某县津贴办法\n第一条　按月发放。\n本办法自发布之日起施行。\n某县人民政府\n2021年3月4日"
    assert recognise(text).effective_from == date(2021, 3, 4)


@pytest.mark.parametrize(
    ("title", "labels", "status"),
    [
        ("某办法（征求意见稿）", "", Status.DRAFT),
        ("关于《某办法》公开征求意见的公告", "", Status.DRAFT),
        ("某办法（已废止）", "", Status.REPEALED),
        ("关于废止部分规范性文件的通知", "", None),
        ("某办法", "有效性：失效", Status.REPEALED),
        ("某办法", "效力：部分失效", Status.PARTLY_REPEALED),
        ("某办法", "时效性：已被修改", Status.AMENDED),
        ("某办法", "有效性：全文有效", Status.IN_FORCE),
        ("某办法", "", None),
    ],
)
def test_status(title: str, labels: str, status: Status | None) -> None:
    assert recognise("第一条　按月发放。", title=title, labels=labels).status is status


def test_a_banner_says_that_a_document_is_repealed() -> None:
    assert recognise("【本文件已废止】\n某县办法\n第一条　甲。").status is Status.REPEALED


def test_labels_win() -> None:
    labels = "发文机关：示例县民政局\n发文字号：示民〔2023〕3号\n成文日期：2023年2月1日"
    labels += "\n失效日期：2028-01-31"
    found = recognise(NOTICE, labels=labels)
    assert (found.issuer, found.document_number) == ("示例县民政局", "示民〔2023〕3号")
    assert (found.published_on, found.effective_to) == (date(2023, 2, 1), date(2028, 1, 31))


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2019年1月16日", date(2019, 1, 16)),
        ("二〇〇四年十一月四日", date(2004, 11, 4)),
        ("二○一二年二月二十九日", date(2012, 2, 29)),
        ("2019-01-16", date(2019, 1, 16)),
        ("2019 年 1 月 16 日", date(2019, 1, 16)),
        ("２０１９年１月３１日", date(2019, 1, 31)),
        ("2019年2月30日", None),
        ("2019年", None),
    ],
)
def test_dates(written: str, day: date | None) -> None:
    assert parse_date(written) == day


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_every_day_is_read_back(day: date) -> None:
    assert first_date(f"于{day.year}年{day.month}月{day.day}日发布") == day
    assert first_date(day.isoformat()) == day


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    recognise(text)


@needs_data
def test_state_council_documents() -> None:
    documents = rows("govcn_docs.jsonl.gz")
    found = [(recognise(row["text"]), row) for row in documents]
    for key in ("title", "document_number", "issuer"):
        right = sum(getattr(metadata, key) == row.get(key) for metadata, row in found)
        assert right >= 0.9 * len(documents), key
    dated = [(metadata, row) for metadata, row in found if row.get("published_on")]
    assert sum(str(m.published_on) == row["published_on"] for m, row in dated) >= 0.9 * len(dated)
