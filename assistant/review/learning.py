"""What a person approved answers by itself from then on: resolutions become FAQs.

An answer that rests on a source is in use at once; a person's own word waits until another person
agrees. A question that was learnt before gets a new version of its FAQ; one that a file already
answers keeps both, and the one approved later answers (`FaqAnswerer`), since a file that is read
again would take a version of ours back.
"""

from dataclasses import dataclass, replace

import structlog

from assistant.access.accounts import Account, Permission, may_at
from assistant.answering.faq_match import form_of
from assistant.answering.masking import masked_text
from assistant.domain.clock import Clock, NewId, china_day
from assistant.domain.region import RegionTree
from assistant.domain.review import (
    OWN_CODES,
    SAID,
    SECOND,
    Basis,
    DeskCase,
    LearnedAnswer,
    LearnedState,
    Resolution,
    ResolutionKind,
)
from assistant.errors import Conflict, Forbidden, NotFound
from assistant.records.events import Event
from assistant.records.learned import Decided, LearnedRecords
from assistant.records.review_resolutions import RESOLVED
from assistant.review.handling import Handler
from assistant.review.learnt_faqs import LearntFaqs, faq_id_of
from assistant.review.standing import Standing
from assistant.review.suspending import Suspending, asked_again

log = structlog.get_logger()
_NO_SOURCE = "答复没有依据，须另一人同意后才用于以后的同类问题"
_SAME_PERSON = "同意的人就是答复的人；须另一人同意后才用于以后的同类问题"
_REPLACED = "已由新的答复取代"
_REFUSED = "另一人不同意用于以后的同类问题"
_GIVEN_UP = "复核后不再用于以后的同类问题"
_CHANGED = frozenset({ResolutionKind.EDIT, ResolutionKind.ANSWER})
_AS_IT_IS = frozenset({ResolutionKind.APPROVE, ResolutionKind.CONFIRM})
_LIVING = (LearnedState.PENDING, LearnedState.ACTIVE, LearnedState.SUSPENDED)


@dataclass(frozen=True, slots=True)
class LearningParts:
    """What it works with."""

    records: LearnedRecords
    faqs: LearntFaqs
    standing: Standing
    suspending: Suspending
    regions: RegionTree
    clock: Clock
    new_id: NewId


class Learning:
    """Handles settled cases. What is done already is not done again."""

    def __init__(self, on: LearningParts) -> None:
        self._on = on
        self.handler = Handler("learning", frozenset({RESOLVED}), self.handle)

    async def handle(self, event: Event) -> None:
        """Learn from one resolution."""
        try:
            decided = await self._on.records.decided(event.subject)
        except NotFound:  # purged
            log.warning("nothing_to_learn_from", resolution=event.subject)
            return
        if decided.lead.code not in OWN_CODES:
            if decided.resolution.kind in SAID and _may_be_learnt(decided.resolution):
                await self._learn(decided, None)
            return
        about = await self._on.records.of_case(decided.lead.id)
        if about is not None:  # else something newer took its place
            await self._settled(decided, about)

    async def second(self, account: Account, faq_id: str, *, agree: bool) -> LearnedAnswer:
        """Another person's word on an answer without a source.

        Raises NotFound, Conflict where it no longer waits, Forbidden for who gave the answer and
        for who may not approve at its region.
        """
        records = self._on.records
        about = await records.get(faq_id)
        if about is None:
            raise NotFound("没有这条学习到的答复")
        await self.check_second(account, about)
        if not await self._seconded(about, account.id, agree=agree):
            raise Conflict("这条答复刚有变动", hint="请刷新后再看")
        if about.case_id is not None:
            await records.close(about.case_id)
        return await records.get(faq_id) or about

    async def check_order(self, account: Account, case: DeskCase, kind: ResolutionKind) -> None:
        """Nobody agrees to their own word. Raises as `check_second`."""
        about = await self._on.records.of_case(case.id) if case.code == SECOND else None
        if about is not None and kind in _AS_IT_IS:
            await self.check_second(account, about)

    async def check_second(self, account: Account, about: LearnedAnswer) -> None:
        """Whether someone may say a second word. Raises Forbidden, Conflict."""
        if about.state is not LearnedState.PENDING:
            raise Conflict("这条答复不在等待第二人同意")
        decided = await self._on.records.decided(about.resolution_id)
        if decided.resolution.actor == account.id:
            raise Forbidden(_SAME_PERSON)
        if not may_at(account, Permission.APPROVE, decided.lead.region, self._on.regions):
            raise Forbidden("您没有这件所在地区的复核权限")

    async def _learn(self, decided: Decided, about: LearnedAnswer | None) -> None:
        made, records = decided.resolution, self._on.records
        before = about or await self._equal(decided)
        own = faq_id_of(made.id)
        known = before.faq_id if before and before.resolution_id >= made.id else own
        if (row := await records.get(known)) is not None:  # done, or overtaken
            await self._stands(row, made.actor)
            return
        if about is None and before and before.state is LearnedState.ACTIVE and made.needs_second:
            before = None  # what answers now goes on until another person agrees
        case = self._second_case(decided.lead, _NO_SOURCE) if made.needs_second else None
        row = await self._row(decided, before.faq_id if before else own, case)
        if case is None and about is not None:
            row = replace(row, case_id=about.case_id)
        await self._keep(row, before, made.actor, case)

    async def _row(self, decided: Decided, faq_id: str, case: DeskCase | None) -> LearnedAnswer:
        made = decided.resolution
        return LearnedAnswer(
            faq_id=faq_id,
            resolution_id=made.id,
            state=LearnedState.PENDING if case else LearnedState.ACTIVE,
            question=masked_text(decided.asked.text),
            answer=made.text,
            region=decided.region,
            basis=await self._roots(made.basis),
            changed_at=self._on.clock(),
            why=_NO_SOURCE if case else "",
            case_id=case.id if case else None,
        )

    async def _settled(self, decided: Decided, about: LearnedAnswer) -> None:
        """A case of our own came back: the answer is right, another, or not to be given again."""
        made = decided.resolution
        if made.kind is ResolutionKind.HAND_OVER:
            return  # the department's word comes back to the desk
        if made.kind in _CHANGED and _may_be_learnt(made):
            await self._learn(decided, about)
        elif made.kind in _AS_IT_IS and about.state is LearnedState.PENDING:
            await self._seconded(about, made.actor, agree=True)
        elif made.kind in _AS_IT_IS and about.state is LearnedState.SUSPENDED:
            await self._confirmed(decided, about)
        elif about.state in (LearnedState.PENDING, LearnedState.SUSPENDED):
            await self._give_up(about, made.actor, _GIVEN_UP)
        else:
            await self._stands(about, made.actor)

    async def _confirmed(self, decided: Decided, about: LearnedAnswer) -> None:
        """Right still: it rests on today's versions. Without any, another person must agree."""
        made, on = decided.resolution, self._on
        anew = await on.standing.based_anew(about.basis, china_day(on.clock()))
        basis = anew or await self._roots(made.basis)
        case = None if basis else self._second_case(decided.lead, _NO_SOURCE)
        row = replace(
            about,
            resolution_id=made.id,
            state=LearnedState.PENDING if case else LearnedState.ACTIVE,
            basis=basis,
            changed_at=on.clock(),
            why=_NO_SOURCE if case else "",
            case_id=case.id if case else about.case_id,
        )
        await self._keep(row, about, made.actor, case)

    async def _seconded(self, about: LearnedAnswer, account_id: str, *, agree: bool) -> bool:
        """Whether it was still to be agreed to."""
        on = self._on
        if not agree:
            return await self._give_up(about, account_id, _REFUSED)
        decided = await on.records.decided(about.resolution_id)
        if decided.resolution.actor == account_id:
            case = self._second_case(decided.lead, _SAME_PERSON)
            row = replace(about, case_id=case.id, changed_at=on.clock())
            return await on.records.keep(row, about, account_id, case)
        await on.records.agreed(about.resolution_id, account_id, on.clock())
        row = replace(about, state=LearnedState.ACTIVE, why="", changed_at=on.clock())
        if not await on.records.keep(row, about, account_id):
            return False
        await self._stands(row, account_id)
        return True

    async def _stands(self, row: LearnedAnswer, actor: str) -> None:
        """What follows from a row as it is now; repeated after a crash."""
        await self._on.faqs.follow(row.faq_id)
        if row.state is not LearnedState.ACTIVE:
            return
        await self._on.suspending.check(row)
        for other in await self._same_question(row.question, row.region):
            if other.faq_id != row.faq_id and other.resolution_id < row.resolution_id:
                await self._give_up(other, actor, _REPLACED)

    async def _give_up(self, about: LearnedAnswer, actor: str, why: str) -> bool:
        row = replace(about, state=LearnedState.WITHDRAWN, why=why, changed_at=self._on.clock())
        kept = await self._on.records.keep(row, about, actor)
        await self._on.faqs.follow(about.faq_id)
        return kept

    async def _keep(
        self, row: LearnedAnswer, before: LearnedAnswer | None, actor: str, case: DeskCase | None
    ) -> None:
        if not await self._on.records.keep(row, before, actor, case):
            raise Conflict("这条学习到的答复刚有变动")  # the event comes again
        await self._stands(row, actor)

    async def _equal(self, decided: Decided) -> LearnedAnswer | None:
        """What was learnt for the same question of the same region."""
        same = await self._same_question(decided.asked.text, decided.region)
        return max(same, key=lambda row: row.resolution_id, default=None)

    async def _same_question(self, question: str, region: str) -> list[LearnedAnswer]:
        asked = form_of(masked_text(question)).text
        rows = await self._on.records.of_states(_LIVING, region)
        return [row for row in rows if form_of(row.question).text == asked]

    async def _roots(self, basis: tuple[Basis, ...]) -> tuple[Basis, ...]:
        """What an answer rests on in the end: a learnt FAQ stands for its own sources."""
        found: list[Basis] = []
        for one in basis:
            learnt = await self._on.records.get(one.source_id)
            found += learnt.basis if learnt else (one,)
        return tuple(dict.fromkeys(found))

    def _second_case(self, lead: DeskCase, reason: str) -> DeskCase:
        return asked_again(lead, SECOND, reason, self._on.clock, self._on.new_id)


def _may_be_learnt(made: Resolution) -> bool:
    return made.learn and not made.personal
