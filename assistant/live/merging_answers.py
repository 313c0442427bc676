"""Whether two questions got the very same answer: a second merge, after answering."""

from assistant.domain.answer import Draft, Route
from assistant.domain.outcome import Outcome
from assistant.domain.verdict import Action

Facts = tuple[tuple[str, str | None, str], ...]


def same_answer(one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes say the same: one voicing serves both viewers.

    Guides and FAQs: the same source ids, asked in the same region, with the same fields and quotes
    cited. Policies and models: the same quotes of the same sources, and the same words said. Never
    for what a person settles, for a refusal, a question back or an answer without a citation.
    """
    if one.verdict.action is not Action.ANSWER or other.verdict.action is not Action.ANSWER:
        return False
    if one.question.region != other.question.region or one.draft.route is not other.draft.route:
        return False
    mine, its = _facts(one.draft), _facts(other.draft)
    if not mine or mine != its or one.draft.source_ids != other.draft.source_ids:
        return False
    return one.draft.route in {Route.GUIDE, Route.LINKED, Route.FAQ} or one.text == other.text


def _facts(draft: Draft) -> Facts:
    """What is cited: source, field and quote, in any order."""
    cited = {(one.source_id, one.field, one.quote) for one in draft.citations}
    return tuple(sorted(cited, key=lambda fact: (fact[0], fact[1] or "", fact[2])))
