"""Tables of guides or FAQs (.xlsx, .csv): one row a source. Other tables become documents."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assistant.errors import FormatError, UnreadableFile
from assistant.retrieval.formats import parse_source
from assistant.retrieval.readers.document import Document, Limits, ReadResult, broken, reading
from assistant.retrieval.readers.encoding import decode
from assistant.retrieval.readers.package import check_xml, open_package
from assistant.retrieval.readers.sheet_cells import LIST_SEPARATORS, is_nothing, parse_cell
from assistant.retrieval.readers.sheet_mapping import TableMapping, default_mapping, heading_key
from assistant.retrieval.readers.tables import table_text

Rows = list[list[str]]
_HEADER_SEARCHED = 10
_WIDEST = 500


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of one sheet as text, merged cells repeating their value."""

    name: str
    rows: Rows


def read_csv(data: bytes, limits: Limits) -> list[Sheet]:
    """A table of comma, semicolon or tab separated values."""
    text = decode(data)
    head = text[:4096]
    delimiter = max(",\t;", key=head.count)
    try:
        rows = _without_blank_end(list(csv.reader(io.StringIO(text), delimiter=delimiter)))
    except csv.Error as error:
        raise broken("CSV", error) from None
    _check_rows(len(rows), limits)
    return [Sheet("", rows)]


def read_xlsx(data: bytes, limits: Limits) -> list[Sheet]:
    """All sheets of a workbook that hold something.

    Raises:
        UnreadableFile: code `broken`, `encrypted`, `bomb`, `huge` or `empty`.
    """
    package = open_package(data, "Excel", limits)
    check_xml(package, "Excel", limits)
    sheets = [sheet for sheet in _sheets(data, limits) if sheet.rows]
    if not sheets:
        raise UnreadableFile("表格里没有内容", code="empty")
    return sheets


def _sheets(data: bytes, limits: Limits) -> list[Sheet]:
    with reading("Excel"):
        from openpyxl.reader import excel

        load_workbook: Callable[..., Any] = excel.load_workbook
        book = load_workbook(io.BytesIO(data), data_only=True)
        return [Sheet(str(sheet.title), _rows(sheet, limits)) for sheet in book.worksheets]


def _rows(sheet: Any, limits: Limits) -> Rows:
    _check_rows(sheet.max_row, limits)
    columns = min(sheet.max_column, _WIDEST)
    merged = _merged(sheet)
    rows = [
        [merged.get((r, c), "") or _text(cell) for c, cell in enumerate(row, start=1)]
        for r, row in enumerate(sheet.iter_rows(max_col=columns, values_only=True), start=1)
    ]
    return _without_blank_end(rows)


def _without_blank_end(rows: Rows) -> Rows:
    """Blank rows inside stay, so that a row's number is the one that a person sees."""
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows


def _merged(sheet: Any) -> dict[tuple[int, int], str]:
    values: dict[tuple[int, int], str] = {}
    for area in sheet.merged_cells.ranges:
        if area.size["rows"] * area.size["columns"] > 100_000:
            continue
        value = _text(sheet.cell(area.min_row, area.min_col).value)
        values.update(dict.fromkeys(area.cells, value))
    return values


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if value.time() == datetime.min.time()
            else value.isoformat(" ")
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _check_rows(count: int, limits: Limits) -> None:
    if count > limits.rows:
        message = f"表格有 {count} 行，上限 {limits.rows} 行"
        raise UnreadableFile(message, code="huge", hint="请拆分后再导入")


def table_sources(
    sheets: list[Sheet], file: str, mapping: TableMapping | None
) -> ReadResult | Document:
    """Sources of the sheets that are tables of guides or FAQs; else all of it as a document.

    A row that cannot be read is a warning with its number; the others are read.
    """
    results = [_read_sheet(sheet, file, mapping) for sheet in sheets if _wanted(sheet, mapping)]
    read = [result for result in results if result is not None]
    if mapping is not None and not read:
        raise FormatError("没有映射文件所列的列（或工作表）", where=file)
    if not read:
        return Document("\n".join(_as_text(sheet, len(sheets) > 1) for sheet in sheets))
    return ReadResult(
        tuple(source for result in read for source in result.sources),
        tuple(warning for result in read for warning in result.warnings),
    )


def _wanted(sheet: Sheet, mapping: TableMapping | None) -> bool:
    return mapping is None or mapping.sheet is None or sheet.name in {mapping.sheet, ""}


def _as_text(sheet: Sheet, titled: bool) -> str:
    text = table_text(sheet.rows)
    return f"## {sheet.name}\n{text}" if titled and sheet.name else text


def _read_sheet(sheet: Sheet, file: str, mapping: TableMapping | None) -> ReadResult | None:
    found = _header(sheet.rows, mapping)
    if found is None:
        return None
    number, used = found
    where = f"{file}[{sheet.name}]" if sheet.name else file
    sources, warnings = [], []
    for row_number, row in enumerate(sheet.rows[number:], start=number + 1):
        values = dict(_keyed(sheet.rows[number - 1], row, used))
        if not values:
            continue
        try:
            problems: list[str] = []
            sources.append(_source(values, used, f"{where}:{row_number}", problems))
            warnings += problems
        except FormatError as error:
            warnings.append(str(error))
    return ReadResult(tuple(sources), tuple(warnings))


def _header(rows: Rows, mapping: TableMapping | None) -> tuple[int, TableMapping] | None:
    """Number of the row of headings, from 1, and the mapping that applies."""
    if mapping is not None and mapping.header_row:
        return (mapping.header_row, mapping) if mapping.header_row <= len(rows) else None
    for number, row in enumerate(rows[:_HEADER_SEARCHED], start=1):
        if mapping is None:
            suggested = default_mapping(row)
            if suggested is not None:
                return number, suggested
        elif len({heading_key(cell) for cell in row} & set(mapping.columns)) >= min(
            2, len(mapping.columns)
        ):
            return number, mapping
    return None


def _keyed(header: list[str], row: list[str], mapping: TableMapping) -> Iterator[tuple[str, str]]:
    for heading, cell in zip(header, row, strict=False):
        key = mapping.columns.get(heading_key(heading))
        if key and not is_nothing(cell):
            yield key, cell


def _source(values: dict[str, str], mapping: TableMapping, where: str, problems: list[str]) -> Any:
    """The source of a row; a cell that cannot be read is null and a problem."""
    row: dict[str, Any] = {"kind": mapping.kind.value, **mapping.defaults}
    for key, cell in values.items():
        try:
            value = parse_cell(key, cell, mapping.separators.get(key, LIST_SEPARATORS))
        except ValueError as error:
            problems.append(f"{where}: {key} 未采用（{error}）")
            continue
        outer, _, inner = key.partition(".")
        if inner:
            row.setdefault(outer, {})[inner] = value
        else:
            row[outer] = value
    _complete(row, where)
    return parse_source(row, where=where)


def _complete(row: dict[str, Any], where: str) -> None:
    """An id from the code or the row's place; one location as a list; online only when stated."""
    row["id"] = str(row.get("id") or row.get("code") or where.replace(":", "#"))
    if isinstance(row.get("locations"), dict):
        row["locations"] = [row["locations"]]
    online = row.get("online")
    if isinstance(online, dict) and "available" not in online:
        row["online"] = {**online, "available": True} if online.get("url") else None
