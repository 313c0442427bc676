"""The script as a Word table with the six columns: 时间, 画面, 口播, 字幕, 依据, 互动."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH

from assistant.domain.studio import Fact, Segment, StreamDraft
from assistant.printing.word import QUIET, add_table, centred, new_document, run
from assistant.studio.drafting.facts import BRIEF

COLUMNS = ("时间", "画面", "口播", "字幕", "依据", "互动")
LABEL = "本稿由人工智能生成，须经工作人员审核后才能播出"
"""Holds 人工智能 and 生成, as the labelling rules ask of generated files (DOMAIN §3)."""
_WIDTHS = (1.9, 2.6, 11.2, 3.2, 4.0, 3.2)


def docx_of(draft: StreamDraft, titles: Mapping[str, str]) -> bytes:
    """The script as .docx, without its hidden label. `titles` are names of sources by id."""
    document = new_document(1.8, 1.6, across=True)
    _label_each_page(document)
    _head(document, draft)
    facts = {fact.id: fact for fact in draft.facts}
    shown = {slide.id: slide.title for slide in draft.deck.slides}
    rows = [_cells(segment, facts, shown, titles) for segment in draft.segments]
    add_table(document, COLUMNS, rows, _WIDTHS, 9.5)
    _sources(document, draft, titles)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _label_each_page(document: Any) -> None:
    foot = document.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run(foot, LABEL, 9).font.color.rgb = QUIET


def _head(document: Any, draft: StreamDraft) -> None:
    centred(document, f"{draft.brief.title}　直播口播稿", 18, bold=True)
    day = draft.brief.day.isoformat() if draft.brief.day else "日期待定"
    about = f"{draft.brief.kind}　{day}　{draft.brief.minutes}分钟　{draft.deck.office}"
    centred(document, about, 10)
    centred(document, LABEL, 10, bold=True)


def _cells(
    segment: Segment,
    facts: Mapping[str, Fact],
    shown: Mapping[str, str],
    titles: Mapping[str, str],
) -> list[Sequence[str]]:
    ends = segment.starts + segment.seconds
    time = [f"{_clock(segment.starts)}–{_clock(ends)}"]
    if segment.open_seconds >= 1:
        time.append(f"含答疑 {_clock(segment.open_seconds)}")
    stated = dict.fromkeys(one for sentence in segment.sentences for one in sentence.facts)
    basis = [_basis(facts[one], titles) for one in stated if one in facts]
    return [
        time,
        [segment.title, *(f"幻灯片：{shown.get(one, one)}" for one in segment.slides)],
        [sentence.text for sentence in segment.sentences],
        [segment.caption],
        list(dict.fromkeys(basis)) or ["无（串场）"],
        [segment.interaction],
    ]


def _basis(fact: Fact, titles: Mapping[str, str]) -> str:
    if fact.source_id == BRIEF:
        return "本场需求"
    return f"{titles.get(fact.source_id, fact.source_id)}：{fact.locator}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes:02d}:{rest:02d}"


def _sources(document: Any, draft: StreamDraft, titles: Mapping[str, str]) -> None:
    used = dict.fromkeys(f.source_id for f in draft.facts if f.source_id != BRIEF)
    run(document.add_paragraph(), "依据的资料：", bold=True)
    for source_id in used:
        run(document.add_paragraph(), f"{titles.get(source_id, source_id)}（{source_id}）")
    if draft.findings:
        run(document.add_paragraph(), "请审核时留意：", bold=True)
    for one in draft.findings:
        words = f"“{one.words}”" if one.words else ""
        run(document.add_paragraph(), f"{one.place}：{words}{one.reason}。{one.suggestion}")
