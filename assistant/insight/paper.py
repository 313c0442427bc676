"""The report as a PDF on A4, its text selectable, with both AI labels."""

from urllib.parse import quote

from assistant.insight.report import Morning
from assistant.insight.words import LABEL, clock, figures, period, sections, title
from assistant.printing.aigc import AigcLabel
from assistant.printing.breaking import broken
from assistant.printing.marking import marked
from assistant.printing.sheet import GREY, INK, LEADING, RED, SPARE, Sheet

WIDTH, HEIGHT, MARGIN = 210, 297, 18
SIZE, NAMES = 10.0, 34.0
"""Points of running text; mm that the names of the figures take."""


def pdf_of(report: Morning, producer: str) -> bytes:
    """The file. `producer` is the provider's code in the hidden label."""
    sheet = Sheet(WIDTH, HEIGHT, MARGIN)
    _head(sheet, report)
    for name, value in figures(report):
        _figure(sheet, name, value)
    for heading, lines, nothing in sections(report):
        _section(sheet, heading, lines or [nothing])
    sheet.ln(4)
    sheet.set_text_color(*GREY)
    sheet.words(f"{LABEL}。生成时间 {clock(report.made_at)}。", SIZE * 0.85, align="C")
    made_id = quote(f"morning/{report.night.day}/{report.made_at:%Y%m%dT%H%M%SZ}", safe="/")
    return marked("pdf", sheet.finished(), AigcLabel.first(producer, made_id))


def _head(sheet: Sheet, report: Morning) -> None:
    sheet.set_title(title(report))
    sheet.set_text_color(*RED)
    sheet.words(title(report), SIZE * 1.9, "B", "C")
    sheet.set_text_color(*GREY)
    sheet.words(period(report.night), SIZE, align="C")
    if report.rooms:
        sheet.words("、".join(report.rooms), SIZE, align="C")
    sheet.set_text_color(*INK)
    sheet.ln(4)


def _figure(sheet: Sheet, name: str, value: str) -> None:
    """A name and its value beside it."""
    sheet.set_font("sans", "B", SIZE)
    top, height = sheet.get_y(), SIZE * LEADING * 1.15
    sheet.cell(NAMES, height, name)
    sheet.set_font("sans", "", SIZE)
    room = sheet.epw - NAMES - SPARE
    for line in broken(value, room, sheet.get_string_width):
        sheet.set_xy(MARGIN + NAMES, top)
        sheet.cell(room, height, line)
        top += height
    sheet.set_xy(MARGIN, top)


def _section(sheet: Sheet, heading: str, lines: list[str]) -> None:
    sheet.ln(3)
    if sheet.will_page_break(SIZE * LEADING * 3):
        sheet.add_page()
    sheet.set_text_color(*RED)
    sheet.words(heading, SIZE * 1.15, "B")
    sheet.set_text_color(*INK)
    for line in lines:
        sheet.words(" ".join(line.split()), SIZE)
        sheet.ln(0.8)
