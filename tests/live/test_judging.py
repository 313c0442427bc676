"""Judging in another process says the same, and its end is nobody's loss."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from assistant.domain.live import Urgency
from assistant.domain.screening import Screened, Severity
from assistant.live.judging import MANY, Judging
from assistant.live.seams import CommentKind, Triaged

pytestmark = pytest.mark.integration
TEXTS = [f"第{number}个问题怎么办" for number in range(MANY)]


@dataclass
class Rules:
    """A screen of one word, and a triage that knows one emergency; both go to the process."""

    version: str = "1"
    word: str = "坏"

    def __call__(self, text: str) -> Screened:
        return Screened(Severity.SET_ASIDE, "abuse") if self.word in text else Screened()


@dataclass
class Words:
    def __call__(self, text: str) -> Triaged:
        urgency = Urgency.EMERGENCY if "救命" in text else Urgency.NORMAL
        return Triaged(CommentKind.QUESTION, 0.9, urgency)


class Office:
    def __init__(self) -> None:
        self.rules, self.words = Rules(), Words()
        self.judging = Judging(lambda: self.words, lambda: self.rules)

    def helper(self) -> object:
        """The helping process, once it goes by the rules of now."""
        self.judging.prepare()
        helper = self.judging._helper
        assert helper is not None
        assert helper.rules == self.judging._rules
        return helper


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    yield made
    made.judging.close()


def test_another_process_judges_as_this_one_does(office: Office) -> None:
    texts = [*TEXTS, "坏话", "坏话，救命"]
    here = office.judging(texts)
    office.helper()

    assert office.judging(texts) == here
    assert here[-2][1].severity is Severity.SET_ASIDE
    assert here[-1][1].severity is Severity.CLEAN


def test_a_killed_process_is_replaced_and_loses_nothing(office: Office) -> None:
    office.helper().process.kill()

    assert len(office.judging(TEXTS)) == len(TEXTS)
    assert office.helper().process.is_alive()


@pytest.mark.parametrize("texts", [TEXTS, []])
def test_a_process_that_died_is_told_once_whoever_notices_and_another_begun(
    office: Office, texts: list[str]
) -> None:
    process = office.helper().process
    assert not office.judging.has_lost_process()
    process.kill()
    process.join()
    office.judging(texts)

    assert office.judging.has_lost_process()
    assert not office.judging.has_lost_process()
    assert office.helper().process.is_alive()


def test_a_process_that_was_ended_for_new_rules_is_not_lost(office: Office) -> None:
    office.helper()
    office.rules = Rules("2", "问题")
    office.helper()

    assert not office.judging.has_lost_process()


def test_changed_rules_count_at_once(office: Office) -> None:
    office.helper()
    office.rules = Rules("2", "问题")

    first = office.judging(TEXTS)
    office.helper()

    assert {screened.code for _, screened in first} == {"abuse"}
    assert office.judging(TEXTS) == first


def test_once_closed_no_process_is_begun(office: Office) -> None:
    office.helper()
    office.judging.close()
    office.judging.prepare()

    assert office.judging._helper is None
    assert len(office.judging(TEXTS)) == len(TEXTS)


def test_few_texts_begin_no_process(office: Office) -> None:
    office.judging(TEXTS[:-1])

    assert office.judging._beginning is None


class Broken(Words):
    """Its copy in the helping process cannot be made."""

    def __reduce__(self) -> tuple[type[int], tuple[str]]:
        return int, ("no number",)


def test_a_helper_that_dies_at_its_start_holds_nobody_up(office: Office) -> None:
    office.words = Broken()
    office.judging.prepare()
    assert office.judging._helper is None
    assert len(office.judging(TEXTS)) == len(TEXTS)
