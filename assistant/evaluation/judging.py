"""Each case judged: small named booleans, None where the case does not ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.domain.verdict import Action
from assistant.evaluation.cases import Case
from assistant.evaluation.grounding import Grounding, StoredSource, check
from assistant.evaluation.matching import holds, states
from assistant.evaluation.results import DraftText, ResultLine

SPOKEN_LIMIT = 150
"""Most characters of a spoken reply (FORMATS §4): about 35 seconds."""

NOTHING_WRONG = Grounding()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is right and wrong about one reply. Every harm is named after what a viewer suffers.

    `facts_stated`: all of must_contain and none of must_not_contain in the answer shown.
    `citation_correct`: any citation is of a source in reference_ids.
    `correct`: right action, facts stated, and, where an answer's only measure is its source, the
    right source cited first.
    `rank`: place of the first reference among the ranked sources, from 1; None if not ranked.
    `draft_…`: the same of the draft, whatever was decided about it.
    """

    action_correct: bool
    facts_stated: bool
    citation_correct: bool | None
    correct: bool
    answered: bool
    wrong_item: bool
    rank: int | None
    reference_in_answer: bool | None
    reference_in_spoken: bool | None
    spoken_short: bool | None
    draft_correct: bool
    draft_reference_in_spoken: bool | None
    grounding: Grounding


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with the reply it got, what is right and wrong about it, and the draft behind it."""

    case: Case
    result: ResultLine
    judgement: Judgement
    draft: DraftText | None = None


def judge(
    case: Case, result: ResultLine, draft: DraftText, stored: Mapping[str, StoredSource]
) -> Judged:
    """Judge one reply against its case and the stored sources.

    A draft that waits for a person is held to the same rules as what is shown: a person may
    approve it as it stands. A fixed line cites nothing and states nothing.
    """
    cited = {citation.source_id for citation in result.citations}
    shown = result.action in {Action.ANSWER, Action.CLARIFY} or bool(result.citations)
    judgement = Judgement(
        action_correct=result.action == case.expected_action,
        facts_stated=_facts_stated(case, result.answer),
        citation_correct=bool(cited & set(case.reference_ids)) if case.reference_ids else None,
        correct=_correct(case, result),
        answered=result.action is Action.ANSWER,
        wrong_item=result.action is Action.ANSWER and _wrong_item(case, cited),
        rank=_rank(case, result),
        reference_in_answer=_holds(result.answer, case),
        reference_in_spoken=_holds(result.spoken, case),
        spoken_short=len(result.spoken) <= SPOKEN_LIMIT if shown else None,
        draft_correct=draft_is_right(case, draft),
        draft_reference_in_spoken=_holds(draft.spoken, case),
        grounding=check(result, stored) if shown else NOTHING_WRONG,
    )
    return Judged(case, result, judgement, draft)


def _facts_stated(case: Case, reply: str) -> bool:
    return all(states(reply, fact) for fact in case.must_contain) and not any(
        states(reply, fact) for fact in case.must_not_contain
    )


def _correct(case: Case, result: ResultLine) -> bool:
    if result.action != case.expected_action or not _facts_stated(case, result.answer):
        return False
    first = [citation.source_id for citation in result.citations][:1]
    return not _source_decides(case) or not set(case.reference_ids).isdisjoint(first)


def _source_decides(case: Case) -> bool:
    """Whether the source cited is all that tells a right answer from a wrong one."""
    return (
        case.expected_action is Action.ANSWER and bool(case.reference_ids) and not case.must_contain
    )


def _wrong_item(case: Case, cited: set[str]) -> bool:
    """An answer from a source that is not right, or where none is."""
    if case.expected_action is Action.ANSWER and not case.reference_ids:
        return False
    return not cited & set(case.reference_ids)


def _rank(case: Case, result: ResultLine) -> int | None:
    places = (i for i, source in enumerate(result.ranked_ids, 1) if source in case.reference_ids)
    return next(places, None)


def _holds(text: str, case: Case) -> bool | None:
    if case.expected_action is not Action.ANSWER or not case.reference:
        return None
    return holds(text, case.reference)


def draft_is_right(case: Case, draft: DraftText) -> bool:
    """Whether a draft would have been right, whatever was decided about it."""
    wanted = Action.CLARIFY if draft.clarifies else Action.ANSWER
    if case.expected_action is not wanted or not draft.text:
        return False
    if not _facts_stated(case, draft.text):
        return False
    first = draft.source_ids[:1]
    return not _source_decides(case) or not set(case.reference_ids).isdisjoint(first)
