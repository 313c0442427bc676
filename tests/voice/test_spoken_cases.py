"""Four hundred written fragments are read as a person wrote down beforehand."""

import re
from collections import Counter
from collections.abc import Sequence

import pytest

from assistant.domain.speech import SpokenText
from assistant.voice.reading import Reader
from tests.voice.spoken_table import SpokenCase, cases

pytestmark = pytest.mark.unit


def test_enough_cases_of_each_source() -> None:
    sources = Counter(case.source for case in cases())
    assert sources["own"] >= 150
    assert sources["gd"] + sources["ncp"] >= 150


def test_no_expectation_leaves_a_digit() -> None:
    assert not [case for case in cases() if re.search(r"\d", case.spoken)]


def test_all_are_read_as_written_down() -> None:
    read = Reader()
    wrong = []
    for case in cases():
        sentences = read(case.written)
        spoken = "".join(one.spoken for one in sentences)
        if spoken != case.spoken or _sounds(sentences, case) != list(case.pinyin):
            wrong.append((case.written, spoken, _sounds(sentences, case)))
    assert wrong == []


def _sounds(sentences: Sequence[SpokenText], case: SpokenCase) -> list[tuple[str, str]]:
    """The syllables of the doubtful characters, each sought after the one before."""
    said = [pair for one in sentences for pair in zip(one.spoken, one.pinyin, strict=True)]
    found, place = [], 0
    for char, _ in case.pinyin:
        place = next((i for i in range(place, len(said)) if said[i][0] == char), -1)
        if place < 0:
            return [*found, (char, "not said")]
        found.append(said[place])
        place += 1
    return found
