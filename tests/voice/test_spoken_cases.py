"""Three hundred and more written fragments are read as a person wrote down beforehand."""

import re
from collections import Counter

import pytest

from tests.voice.spoken_table import cases

pytestmark = pytest.mark.unit


def test_enough_cases_of_each_source() -> None:
    sources = Counter(case.source for case in cases())
    assert sources["own"] >= 150
    assert sources["gd"] + sources["ncp"] >= 150


def test_no_expectation_leaves_a_digit() -> None:
    assert not [case for case in cases() if re.search(r"\d", case.spoken)]
