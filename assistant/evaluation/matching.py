"""Whether a reply states a fact (`must_contain`) or holds a reference text (FORMATS §4)."""

import re
import unicodedata

_APART = "\x1f"
_BETWEEN_DIGITS = re.compile(rf"(?<=[0-9]){_APART}+(?=[0-9])")


def bare(text: str) -> str:
    """Text after NFKC without white space and punctuation."""
    return _marked(text).replace(_APART, "")


def comparable(text: str) -> str:
    """As `bare`, but what stood between two digits still separates them."""
    marked = _BETWEEN_DIGITS.sub("\n", _marked(text))
    return marked.replace(_APART, "").replace("\n", _APART)


def states(reply: str, fact: str) -> bool:
    """Whether a reply states a fact; `a|b` are alternatives.

    A digit at either end of the fact must not touch another digit of the reply, so that
    `1个工作日` is not found in `11个工作日`. An alternative without any letter or digit is
    never stated.
    """
    there = comparable(reply)
    return any(_found(there, comparable(option)) for option in fact.split("|"))


def holds(text: str, reference: str) -> bool:
    """Whether a text holds the whole reference, white space and punctuation aside."""
    wanted = bare(reference)
    return bool(wanted) and wanted in bare(text)


def _found(there: str, wanted: str) -> bool:
    if not wanted:
        return False
    before = r"(?<![0-9])" if wanted[0].isdecimal() else ""
    after = r"(?![0-9])" if wanted[-1].isdecimal() else ""
    return re.search(f"{before}{re.escape(wanted)}{after}", there) is not None


def _marked(text: str) -> str:
    """Each white space or punctuation character becomes one mark."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(_APART if _separates(char) else char for char in folded)


def _separates(char: str) -> bool:
    return char.isspace() or unicodedata.category(char)[0] in "PZC"
