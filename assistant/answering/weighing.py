"""Which of several judged drafts is said, and when no other is asked for."""

from collections.abc import Sequence

from assistant.answering.decide import VerdictPolicy
from assistant.answering.disagreement import contradicts
from assistant.answering.torn import TORN
from assistant.answering.which_region import ASKS_REGION
from assistant.domain.answer import NO_DRAFT, Draft, Route
from assistant.domain.verdict import Action, Verdict

BOLD = (Action.ANSWER, Action.CLARIFY)
"""What is said without a person."""
_PLAINLY = 0.9
_SAME_WORDS = 0.85
_CERTAIN = 0.97
"""From this confidence on no other draft is asked for."""

Judged = tuple[Draft, Verdict]


def approved(judged: Sequence[Judged], best: Judged) -> Judged:
    """The approved answer to nearly the same words, where it is unsure which field is asked."""
    if best[0].route is not Route.GUIDE or best[0].support.asked >= _PLAINLY:
        return best
    same = (one for one in judged if one[0].route is Route.FAQ and one[1].action is Action.ANSWER)
    return next((one for one in same if one[0].support.match >= _SAME_WORDS), best)


def of_some_region(judged: Sequence[Judged], best: Judged) -> Judged:
    """The question which region is meant, before what holds in one of them only."""
    if best[0].route not in (Route.FAQ, Route.POLICY):
        return best
    return next((one for one in asks_region(judged) if one[1].action is Action.CLARIFY), best)


def withheld(judged: Sequence[Judged], best: Judged, policy: VerdictPolicy) -> Judged | None:
    """What is surer than `best` and sure enough, but is not said because what is asked is exact.

    Then nothing that is less sure is said in its place.
    """
    for draft, verdict in judged:
        rules = policy.routes.get(draft.route)
        if rules is None or verdict.action is not Action.REVIEW:
            continue
        sure = rules.answer_from <= verdict.confidence and best[1].confidence < verdict.confidence
        if sure and rules.is_withheld(draft.support, verdict.confidence):
            return draft, verdict
    return None


def asks_region(judged: Sequence[Judged]) -> list[Judged]:
    """The drafts that ask for the region, however sure."""
    return [one for one in judged if ASKS_REGION in one[0].support.features]


def is_settled(judged: Sequence[Judged]) -> bool:
    """Whether a clause could add nothing: one is certain, or the items named are asked about."""
    draft, verdict = judged[-1]
    named = verdict.action is Action.CLARIFY and draft.support.features.get("named") == 1.0
    return named or any(_is_certain(one[1]) for one in judged)


def _is_certain(verdict: Verdict) -> bool:
    return verdict.action is Action.ANSWER and verdict.confidence >= _CERTAIN


def conflict(judged: Sequence[Judged]) -> Judged | None:
    """A FAQ that excludes another one or what a guide says: for a person, with both shown."""
    of = {d.route: (d, v) for d, v in judged if d.route in (Route.FAQ, Route.GUIDE)}
    if Route.FAQ not in of:
        return None
    faq, verdict = of[Route.FAQ]
    if verdict.action is Action.REVIEW and faq.support.features.get(TORN):
        return faq, verdict
    guide, other = of.get(Route.GUIDE, (NO_DRAFT, verdict))
    if verdict.action is other.action is Action.ANSWER and contradicts(faq, guide):
        reason = f"常见问题与办事指南说法不同：“{faq.text[:60]}”；“{guide.text[:60]}”"
        return faq, Verdict(Action.REVIEW, verdict.confidence, (reason, *verdict.reasons))
    return None


def boldness(verdict: Verdict) -> tuple[bool, float]:
    """What orders verdicts: said before not said, surer before less sure."""
    return verdict.action in BOLD, verdict.confidence
