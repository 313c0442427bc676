"""The development data beside the checkout, where there is any."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"

needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data is not here")


def rows(name: str) -> list[dict[str, Any]]:
    path = DATA / name
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in data.split(b"\n") if line.strip()]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
