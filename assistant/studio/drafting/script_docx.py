"""The script as a Word table with the six columns: 时间, 画面, 口播, 字幕, 依据, 互动."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from assistant.domain.studio import Fact, Segment, StreamDraft
from assistant.studio.drafting.facts import BRIEF

COLUMNS = ("时间", "画面", "口播", "字幕", "依据", "互动")
LABEL = "本稿由人工智能生成，须经工作人员审核后才能播出"
"""Holds 人工智能 and 生成, as the labelling rules ask of generated files (DOMAIN §3)."""
_WIDTHS = (1.9, 2.6, 11.2, 3.2, 4.0, 3.2)
_FACE, _HEAD_FACE = "宋体", "黑体"


def docx_of(draft: StreamDraft, titles: Mapping[str, str]) -> bytes:
    """The script as .docx, without its hidden label. `titles` are names of sources by id."""
    document = Document()
    _page(document)
    _head(document, draft)
    _table(document, draft, titles)
    _sources(document, draft, titles)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _page(document: Any) -> None:
    """A4 across: six columns need the width. The label stands on each page."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin = section.bottom_margin = Cm(1.6)
    style = document.styles["Normal"]
    style.font.size = Pt(10.5)
    _faces(style.element.get_or_add_rPr(), _FACE)
    style.paragraph_format.space_after = Pt(2)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(foot, LABEL, 9).font.color.rgb = RGBColor(0x55, 0x55, 0x55)


def _faces(properties: Any, face: str) -> None:
    """python-docx names the Latin face only; Chinese text needs its own."""
    fonts = properties.get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(kind), face)


def _run(paragraph: Any, text: str, size: float = 10.5, *, bold: bool = False) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    _faces(run._element.get_or_add_rPr(), _HEAD_FACE if bold else _FACE)  # noqa: SLF001 - its way
    return run


def _head(document: Any, draft: StreamDraft) -> None:
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(title, f"{draft.brief.title}　直播口播稿", 18, bold=True)
    below = document.add_paragraph()
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    day = draft.brief.day.isoformat() if draft.brief.day else "日期待定"
    _run(below, f"{draft.brief.kind}　{day}　{draft.brief.minutes}分钟　{draft.deck.office}", 10)
    label = document.add_paragraph()
    label.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(label, LABEL, 10, bold=True)


def _table(document: Any, draft: StreamDraft, titles: Mapping[str, str]) -> None:
    facts = {fact.id: fact for fact in draft.facts}
    shown = {slide.id: slide.title for slide in draft.deck.slides}
    table = document.add_table(rows=1, cols=len(COLUMNS), style="Table Grid")
    table.autofit = False
    _repeat(table.rows[0])
    _fill(table.rows[0], [[name] for name in COLUMNS], bold=True)
    for segment in draft.segments:
        _fill(table.add_row(), _cells(segment, facts, shown, titles))


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


def _fill(row: Any, cells: Sequence[Sequence[str]], *, bold: bool = False) -> None:
    for cell, lines, width in zip(row.cells, cells, _WIDTHS, strict=True):
        cell.width = Cm(width)
        first, *others = lines or [""]
        _run(cell.paragraphs[0], first, 9.5, bold=bold)
        for line in others:
            _run(cell.add_paragraph(), line, 9.5, bold=bold)


def _repeat(row: Any) -> None:
    """The head of the table stands again on each page."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no call for it
    properties.append(properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))


def _sources(document: Any, draft: StreamDraft, titles: Mapping[str, str]) -> None:
    used = dict.fromkeys(f.source_id for f in draft.facts if f.source_id != BRIEF)
    _run(document.add_paragraph(), "依据的资料：", bold=True)
    for source_id in used:
        _run(document.add_paragraph(), f"{titles.get(source_id, source_id)}（{source_id}）")
    if draft.findings:
        _run(document.add_paragraph(), "请审核时留意：", bold=True)
    for one in draft.findings:
        words = f"“{one.words}”" if one.words else ""
        _run(document.add_paragraph(), f"{one.place}：{words}{one.reason}。{one.suggestion}")
