"""The table of written → spoken → pinyin, as data."""

from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("spoken_cases.tsv")


@dataclass(frozen=True)
class SpokenCase:
    """One row. `pinyin` holds the doubtful characters in order with their syllables."""

    source: str
    written: str
    spoken: str
    pinyin: tuple[tuple[str, str], ...]


def cases() -> list[SpokenCase]:
    """All rows of the table."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [_case(*row) for row in rows[1:]]


def _case(source: str, written: str, spoken: str, pinyin: str) -> SpokenCase:
    marks = (mark.partition("=") for mark in pinyin.split())
    return SpokenCase(source, written, spoken, tuple((char, sound) for char, _, sound in marks))
