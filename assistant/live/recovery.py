"""A room that starts again takes up what its last process left; nothing is said or sent twice."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from assistant.domain.live import (
    Comment,
    Cue,
    CueState,
    LiveQuestion,
    QuestionState,
    Reply,
    ReplyState,
)
from assistant.domain.live_commit import Backlog, Commit
from assistant.live.core import Core
from assistant.live.memory import Known
from assistant.live.sorting import Sorter
from assistant.live.speech import Speech

MERGED_WITH = frozenset(
    {QuestionState.ANSWERED, QuestionState.CLARIFIED, QuestionState.IN_REVIEW, QuestionState.OPEN}
)


async def recover(
    core: Core, sorter: Sorter, speech: Speech, backlog: Backlog
) -> tuple[list[Known], list[Comment]]:
    """Fill the memory from the records.

    Gives the questions that are still to be answered, and the comments that nobody looked at.
    A reply found half sent becomes UNCERTAIN and is shown; a cue that was sent is offered to the
    stage again, which knows by its id whether it was begun; a page that still says one is given
    the rest of it.
    """
    waiting = {comment.id: comment for comment in backlog.comments}
    cases = {case.question_id: case for case in backlog.cases}
    spoken = {cue.question_id for cue in backlog.cues}
    kept = _kept(backlog.questions, spoken, core)
    for question in kept:
        known = Known(question, core.now, case=cases.get(question.id))
        await _remember(core, sorter, known, waiting.get(question.id))
        if known.is_pending or question.id in spoken:
            await _find_askers(core, known)
    await _restore_cues(core, speech, backlog.cues)
    await _restore_replies(core, backlog.replies)
    asked = [known for known in core.memory if known.question.state is QuestionState.OPEN]
    owners = {known.question.id for known in asked}
    return asked, [comment for comment in backlog.comments if comment.id not in owners]


def _kept(
    questions: Sequence[LiveQuestion], spoken: Collection[str | None], core: Core
) -> list[LiveQuestion]:
    """Those not settled or still to be said, and the last ones that may still be merged with."""
    unsettled = (QuestionState.OPEN, QuestionState.IN_REVIEW)
    pending = [q for q in questions if q.state in unsettled or q.id in spoken]
    known = {question.id for question in pending}
    latest = sorted(questions, key=lambda q: q.first_at)[-core.on.config.remembered :]
    return sorted(
        [*pending, *(question for question in latest if question.id not in known)],
        key=lambda question: question.id,
    )


async def _remember(core: Core, sorter: Sorter, known: Known, first: Comment | None) -> None:
    question = known.question
    known.before = question.asked_by
    core.memory.add(known)
    if first is not None:
        _asked_by(core, known, first)
    if question.state in MERGED_WITH:
        await asyncio.to_thread(sorter.remember, question.id, question.text)


async def _find_askers(core: Core, known: Known) -> None:
    """Who asked, from the records: they are still to be told."""
    for entry in await core.on.askers(known.question.id):
        _asked_by(core, known, entry.comment)
        if entry.comment.id == known.question.id:
            known.decision = entry.decision


def _asked_by(core: Core, known: Known, comment: Comment) -> None:
    if comment.id == known.question.id:
        known.first = comment
    if comment.viewer not in known.viewers:
        known.viewers.add(comment.viewer)
        known.before = max(0, known.before - 1)
    if known.is_pending:
        core.memory.await_answer(known, comment)


async def _restore_cues(core: Core, speech: Speech, cues: Iterable[Cue]) -> None:
    """The one that was sent last is the stage's; of several that had begun only the last may be."""
    for cue in sorted(cues, key=_last_sent_first):
        known = core.memory.get(cue.question_id or "")
        if known is not None:
            known.cue_id = cue.id
        await speech.restore(cue, known)


def _last_sent_first(cue: Cue) -> tuple[int, float, str]:
    order = (CueState.SENT, CueState.STARTED)
    place = order.index(cue.state) if cue.state in order else len(order)
    return place, -(cue.started_at.timestamp() if cue.started_at else 0.0), cue.id


async def _restore_replies(core: Core, replies: Sequence[Reply]) -> None:
    """What was never begun is sent now; what was begun may have arrived, so it is not."""
    pending = [reply for reply in replies if reply.state is ReplyState.PENDING]
    begun = [reply for reply in replies if reply.state is ReplyState.SENDING]
    uncertain = tuple(replace(reply, state=ReplyState.UNCERTAIN) for reply in begun)
    if pending or uncertain:
        await core.commit(Commit(replies=(*pending, *uncertain)))
