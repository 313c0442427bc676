"""Regions and everyday places: the bundled tables and the office's own."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.bundled import bundled
from assistant.domain.region import Region, RegionTree
from assistant.errors import FormatError
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.answering.places import Gazetteer


def read_regions(data_dir: Path) -> RegionTree:
    """The bundled region table and the rows of `regions.csv` in the data folder."""
    own = data_dir / "regions.csv"
    files = [bundled("knowledge") / "regions" / "regions.csv", *([own] if own.exists() else [])]
    return RegionTree(region for file in files for region in _region_rows(file))


def _region_rows(file: Path) -> Iterable[Region]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                short = tuple(name for name in (row["short_names"] or "").split("|") if name)
                yield Region(row["code"], row["name"], row["parent"] or None, short)
            except KeyError as error:
                hint = "列名应为 code,name,parent,short_names"
                raise FormatError(f"缺少列 {error}", where=f"{file}:{number}", hint=hint) from error


def gazetteer_of(settings: Settings, regions: RegionTree) -> "Gazetteer":
    """Everyday places: the operator's own file where there is one, else the bundled."""
    from assistant.answering.places import Gazetteer

    own = settings.data_dir / "gazetteer.jsonl"
    shipped = bundled("knowledge") / "regions" / "gazetteer.jsonl"
    return Gazetteer.load(regions, own if own.exists() else shipped)
