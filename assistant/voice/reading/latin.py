"""Which words in Latin letters the voice may say: those of a list, and capitals by their names."""

import re
from functools import cache
from importlib.resources import files

LONGEST_SPELT = 6
"""Capitals beyond that are no abbreviation that a listener could follow."""


@cache
def words() -> dict[str, str]:
    """The allowed words, as written and in small letters, and how they are said."""
    lines = files(__package__).joinpath("data/latin.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {row[0].lower(): row[-1] for row in rows} | {row[0]: row[-1] for row in rows}


def said(run: str) -> str:
    """A run of letters as it is said; "" where it is no word that the voice may say."""
    listed = words().get(run, words().get(run.lower()))
    if listed is not None:
        return listed
    if len(run) == 1:
        return run.upper()
    return run if run.isupper() and len(run) <= LONGEST_SPELT else ""


@cache
def allowed() -> re.Pattern[str]:
    """What may stand in a spoken text: listed words and single capitals, one after the other."""
    listed = sorted({w for w in words().values() if w.isascii()}, key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, listed), "[A-Z]"]))
