"""PDF files: paragraphs as written, tables as rows, no page furniture; scans and locks reported."""

import pytest

from assistant.errors import UnreadableFile
from assistant.retrieval.readers import Limits, read_bytes
from assistant.retrieval.readers.pdf import read_pdf
from tests.retrieval.readers.make_pdf import Rule, make_pdf, set_lines

pytestmark = pytest.mark.unit

HEADER = (72, 810, "示例县人民政府公报")
FULL = "为了规范高龄津贴的申领和发放保障老年人的合法权益根据有关法律法规制定本办法"


def page_number(number: int) -> tuple[float, float, str]:
    return (280, 30, f"— {number} —")


def code_of(data: bytes, name: str = "文件.pdf") -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(data, name, limits=Limits())
    return caught.value.code


def test_lines_become_paragraphs_and_furniture_is_dropped() -> None:
    first = [
        f"  第一条 {FULL[:31]}",
        FULL,
        "由县民政局负责解释。",
        "  第二条 老年人可以申请：",
        "  （一）年满八十周岁；",
    ]
    second = [f"  第三条 {FULL[:31]}", "自发布之日起施行。"]
    pages = [[HEADER, *set_lines(lines), page_number(n)] for n, lines in ((1, first), (2, second))]
    assert read_pdf(make_pdf(pages), Limits()).text.split("\n") == [
        f"第一条 {FULL[:31]}{FULL}由县民政局负责解释。",
        "第二条 老年人可以申请：",
        "（一）年满八十周岁；",
        f"第三条 {FULL[:31]}自发布之日起施行。",
    ]


def test_a_paragraph_goes_on_over_the_page() -> None:
    pages = [
        [*set_lines([f"  {FULL[:33]}", FULL]), page_number(1)],
        [*set_lines(["由县民政局解释。"]), page_number(2)],
    ]
    assert read_pdf(make_pdf(pages), Limits()).text == f"{FULL[:33]}{FULL}由县民政局解释。"


def test_a_table_keeps_its_rows_and_repeats_merged_cells() -> None:
    xs = (72.0, 190.0, 310.0, 430.0)
    rules: list[Rule] = [
        (72, 620, 430, 620),
        (72, 600, 430, 600),
        (190, 575, 430, 575),
        (72, 550, 430, 550),
    ]
    rules += [(x, 550, x, 620) for x in xs]
    marks = [(80.0, 605.0, "类别"), (200, 605, "对象"), (320, 605, "标准"), (80, 570, "津贴")]
    marks += [(200, 585, "80岁"), (320, 585, "100元"), (200, 560, "90岁"), (320, 560, "200元")]
    page = [(72.0, 700.0, "标准如下。"), *marks, (72.0, 500.0, "以上按月发放。")]
    text = read_pdf(make_pdf([page], [rules]), Limits()).text
    assert (
        text == "标准如下。\n类别\t对象\t标准\n津贴\t80岁\t100元\n津贴\t90岁\t200元\n以上按月发放。"
    )


def picture_only() -> bytes:
    pdf = make_pdf([[]])
    image = b"q 500 0 0 700 40 40 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xaa EI Q"
    return pdf.replace(
        b"<< /Length 1 >>\nstream\n \nendstream",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(image), image),
    )


def test_a_scan_is_called_a_scan() -> None:
    assert code_of(picture_only()) == "scan"


def test_blank_pages_are_called_empty() -> None:
    assert code_of(make_pdf([[]])) == "empty"


def test_a_password_is_reported() -> None:
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O ({'x' * 32}) /U ({'y' * 32}) /P -4 >>"
    locked = make_pdf(
        [set_lines(["密"])], trailer=lock + " /ID [(aaaaaaaaaaaaaaaa)(aaaaaaaaaaaaaaaa)]"
    )
    assert code_of(locked) == "encrypted"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.4",
        b"%PDF-1.7\n\x00\x01",
        make_pdf([set_lines(["字"])])[:300],
        b"%PDF-" + b"[" * 9999,
    ],
)
def test_broken_files_are_reported(data: bytes) -> None:
    assert code_of(data) in {"broken", "empty"}


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_pdf(make_pdf([set_lines(["字"])] * 4), Limits(pages=3))
    assert caught.value.code == "huge"


def test_a_drawing_is_no_table_and_costs_no_time() -> None:
    strokes: list[Rule] = [(n % 500, n % 700, n % 500 + 40, n % 700) for n in range(4000)]
    strokes += [(y, x, y, x2) for x, y, x2, _ in strokes]
    text = read_pdf(make_pdf([set_lines(["图例说明。"])], [strokes]), Limits()).text
    assert text == "图例说明。"


def one_table(rows: list[list[str]]) -> tuple[list[tuple[float, float, str]], list[Rule]]:
    """Marks and rules of a table with two columns, 30 points a row."""
    xs, top = (72.0, 172.0, 522.0), 700.0
    bottom = top - 30 * len(rows)
    rules: list[Rule] = [(xs[0], top - 30 * n, xs[-1], top - 30 * n) for n in range(len(rows) + 1)]
    rules += [(x, bottom, x, top) for x in xs]
    marks = [
        (xs[column] + 4, top - 30 * row - 20, cell)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell
    ]
    return marks, rules


def test_a_row_that_the_page_cut_is_made_whole_and_no_other() -> None:
    tables = [
        one_table([["条件", "说明"], ["居住", "在本县连续居住满一年并按规定办理"]]),
        one_table([["", "居住登记的。"], ["年龄", "六十周岁"]]),
        one_table([["", "八十周岁"], ["户籍", "本县"]]),
    ]
    text = read_pdf(make_pdf([m for m, _ in tables], [r for _, r in tables]), Limits()).text
    assert text.split("\n") == [
        "条件\t说明",
        "居住\t在本县连续居住满一年并按规定办理居住登记的。",
        "年龄\t六十周岁",
        "\t八十周岁",
        "户籍\t本县",
    ]
