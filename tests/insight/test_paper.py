"""The report on paper and in words: complete, labelled twice, and no words of viewers as marks."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pypdf
import pytest

from assistant.domain.ledger import LedgerCounts
from assistant.insight.paper import pdf_of
from assistant.insight.report import Incident, Lack, Morning, Night, Slow, Waiting, Waits
from assistant.insight.ways import Way
from assistant.insight.words import letter, markdown
from assistant.printing.marking import label_in

pytestmark = pytest.mark.unit
AT = datetime(2026, 3, 1, 18, 5, tzinfo=UTC)
CLOSE, OPEN = datetime(2026, 3, 1, 9, 30, tzinfo=UTC), datetime(2026, 3, 2, 1, tzinfo=UTC)
SLOW = Slow("c1", "q1", "一号厅", AT, "孩子社保卡|丢了\n# 怎么办", 3.2)
CODE = "9" * 27
FULL = Morning(
    night=Night(date(2026, 3, 2), CLOSE, OPEN),
    made_at=datetime(2026, 3, 2, 1, 1, tzinfo=UTC),
    received=431,
    ledger=LedgerCounts(rows=93, spoken=54),
    ways={Way.AUTOMATIC: 54, Way.QUEUED: 21, Way.PERSON: 18},
    to_outcome=Waits(93, 0.4, 2.1, (SLOW,)),
    incidents=(Incident(AT, "一号厅", "提醒", "平台断开", "注意", AT, "王芳", AT, "王芳 已确认"),),
    lacks=(Lack("居民身份证换领", 7, ("换身份证要啥", "身份证到期了")),),
    waiting=(Waiting("k1", "外地户口能办吗", "一号厅", AT, AT, "urgent", 3),),
    waiting_cases=21,
)  # fmt: skip
TOLD = ("93", "431", "平台断开", "02:05", "居民身份证换领", "外地户口能办吗", "3.2 秒", "【紧急】")


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def test_the_pdf_says_all_of_it_with_both_labels() -> None:
    made = pdf_of(FULL, CODE)
    text = text_of(made)
    for part in TOLD:
        assert part.replace(" ", "") in text, part
    assert "人工智能" in text
    assert "自动生成" in text
    label = label_in("pdf", made)
    assert label is not None
    assert (label.producer, label.label) == (CODE, "1")


def test_words_of_viewers_stay_in_their_line() -> None:
    told = markdown(FULL)
    for part in (*TOLD, "人工智能"):
        assert part in told, part
    assert [line for line in told.splitlines() if line.startswith("# ")] == ["# 2026-03-02 晨报"]
    assert "孩子社保卡|丢了 # 怎么办" in letter(FULL)


def test_a_quiet_night_says_so() -> None:
    quiet = Morning(night=FULL.night, made_at=FULL.made_at)
    for text in (markdown(quiet), text_of(pdf_of(quiet, CODE))):
        for said in ("没有直播", "没有异常", "没有缺口", "没有待复核"):
            assert said in text


def test_a_long_night_takes_several_pages() -> None:
    many = tuple(replace(FULL.lacks[0], topic=f"事项{n}" * 9) for n in range(120))
    made = pypdf.PdfReader(io.BytesIO(pdf_of(replace(FULL, lacks=many), CODE)))
    assert len(made.pages) > 2
