"""Tables as lines: one row a line, cells separated by tabs, so that a row stays together."""

import re
from collections.abc import Iterable, Sequence

from assistant.retrieval.pieces import CONTINUED


def row_line(cells: Sequence[str]) -> str:
    """One row as a line; empty where all its cells are."""
    clean = [cell if cell == CONTINUED else re.sub(r"\s+", " ", cell).strip() for cell in cells]
    return "\t".join(clean).rstrip("\t ") if any(clean) else ""


def table_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows as lines; a table of one column is just lines."""
    return "\n".join(line for line in map(row_line, rows) if line)
