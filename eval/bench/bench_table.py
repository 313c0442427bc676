"""What every benchmark prints and writes."""

import json
import os
import platform
import resource
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

Figures = dict[str, float | str]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[round(share * (len(ordered) - 1))]


def peak_mib() -> float:
    """The largest resident memory of this process so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def resident_mib() -> float:
    """The resident memory of this process now, in MiB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def report(title: str, rows: Mapping[str, Figures], out: Path | None) -> None:
    """Print a table of rows and write it with the machine it was made on."""
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    table = [["", *columns], *([name, *_cells(row, columns)] for name, row in rows.items())]
    widths = [max(len(line[i]) for line in table) for i in range(len(columns) + 1)]
    print(f"\n{title}  ({machine()})")
    for line in table:
        print("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        held = {"title": title, "machine": machine(), "rows": dict(rows)}
        out.write_text(json.dumps(held, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def machine() -> str:
    """Processor count and system: figures of two machines are not to be compared."""
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} CPUs, {system}, Python {platform.python_version()}"


def _cells(row: Figures, columns: Sequence[str]) -> list[str]:
    return [_cell(row.get(column, "")) for column in columns]


def _cell(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.1f}" if value >= 10 else f"{value:.2f}"
