"""The project's own test set: many, broad, and right by the sources it names."""

from collections import Counter
from pathlib import Path

import pytest

from assistant.answering.lexicon import Lexicon
from assistant.domain.source import PolicyDocument, ServiceGuide
from assistant.domain.verdict import Action
from assistant.evaluation.cases import Case, read_cases
from assistant.evaluation.matching import states
from tests.knowledge import shipped

pytestmark = pytest.mark.unit

SETS = shipped.KNOWLEDGE.parent / "eval" / "sets"
CASES = read_cases(SETS)
FIELDS = {
    *("conditions", "materials", "steps", "statutory_limit", "promised_limit", "fee", "locations"),
    *("consult_phone", "complaint_phone", "online", "visits", "appointment", "courier"),
    *("result", "basis", "authority", "audience"),
}
PHONE_AFTER_SILENCE = 1
FILES = sorted(SETS.glob("*.jsonl"))
every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def test_many_of_every_kind() -> None:
    assert len(CASES) >= 640
    actions = Counter(case.expected_action for case in CASES)
    assert all(actions[action] >= 15 for action in Action)
    assert len({(case.question, case.region, case.as_of, case.history) for case in CASES}) == len(
        CASES
    )


def test_every_field_is_asked() -> None:
    asked = {part for case in CASES for part in (case.field or "").split("+")}
    assert asked >= FIELDS


@pytest.mark.parametrize(
    ("tag", "least"),
    [
        ("dialect", 8),
        ("typo", 5),
        ("follow_up", 5),
        ("two_items", 2),
        ("not_stated", 8),
        ("out_of_scope", 20),
        ("gazetteer", 5),
        ("sibling", 3),
        ("date", 6),
        ("superseded", 2),
        ("injection", 4),
        ("abuse", 3),
        ("personal_data", 4),
        ("politics", 3),
        ("false_premise", 30),
        ("conflict", 2),
        ("foreign", 6),
    ],
)
def test_every_difficulty_is_there(tag: str, least: int) -> None:
    assert sum(tag in case.tags for case in CASES) >= least


def test_every_guide_is_asked_about() -> None:
    asked = {source_id for case in CASES for source_id in case.reference_ids}
    assert {guide.id for guide in shipped.guides()} <= asked


def test_every_case_has_its_day() -> None:
    assert all(case.as_of for case in CASES)


@every_file
def test_an_answer_names_sources_and_facts(file: Path) -> None:
    assert not [case.id for case in read_cases(file) if not _names_sources_and_facts(case)]


@every_file
def test_the_facts_stand_in_the_sources(file: Path) -> None:
    missing = {case.id: _without_source(case) for case in read_cases(file)}
    assert not {name: facts for name, facts in missing.items() if facts}


@every_file
def test_the_sources_hold_on_the_day(file: Path) -> None:
    """At least one right source must be in force on the day of the question."""
    assert not [case.id for case in read_cases(file) if not _holds_on_its_day(case)]


def test_the_lexicon_loads() -> None:
    lexicon = Lexicon.load(shipped.KNOWLEDGE / "lexicon")
    assert lexicon.standard("咋整") == "怎么办"


def _names_sources_and_facts(case: Case) -> bool:
    known = case.expected_action in {Action.ANSWER, Action.CLARIFY}
    there = all(source_id in shipped.by_id() for source_id in case.reference_ids)
    return there and known is bool(case.reference_ids) and known is bool(case.must_contain)


def _without_source(case: Case) -> list[str]:
    """Facts that no source of the case states."""
    facts = list(case.must_contain)
    if "not_stated" in case.tags:
        guide = shipped.by_id()[case.reference_ids[0]]
        assert isinstance(guide, ServiceGuide)
        assert getattr(guide, case.field or "") is None
        facts = facts[PHONE_AFTER_SILENCE:]
    texts = [shipped.words_of(source_id) for source_id in case.reference_ids]
    return [fact for fact in facts if not any(states(text, fact) for text in texts)]


def _holds_on_its_day(case: Case) -> bool:
    sources = [shipped.by_id()[source_id] for source_id in case.reference_ids]
    day = case.as_of
    if not sources or day is None:
        return True
    held = [
        source
        for source in sources
        if (source.effective_from is None or source.effective_from <= day)
        and (source.effective_to is None or day <= source.effective_to)
    ]
    statuses = [source.status for source in held if isinstance(source, PolicyDocument)]
    return bool(held) and not {"repealed", "draft"} & set(statuses)
