"""A room that starts again takes up what its last process left; nothing is said or sent twice."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.domain.live import (
    Comment,
    Cue,
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
    stage again, which knows by its id whether it was begun.
    """
    waiting = {comment.id: comment for comment in backlog.comments}
    cases = {case.question_id: case for case in backlog.cases}
    kept = _young(backlog.questions, core)
    spoken = {cue.question_id for cue in backlog.cues}
    for question in kept:
        known = Known(question, core.now, case=cases.get(question.id))
        await _remember(core, sorter, known, waiting.get(question.id))
        if known.is_pending or question.id in spoken:
            await _find_askers(core, known)
    _restore_cues(core, speech, backlog.cues)
    await _restore_replies(core, backlog.replies)
    asked = [known for known in core.memory if known.question.state is QuestionState.OPEN]
    owners = {known.question.id for known in asked}
    return asked, [comment for comment in backlog.comments if comment.id not in owners]


def _young(questions: Sequence[LiveQuestion], core: Core) -> list[LiveQuestion]:
    """Those not settled, and the last ones that may still be merged with."""
    pending = [q for q in questions if q.state in (QuestionState.OPEN, QuestionState.IN_REVIEW)]
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


def _restore_cues(core: Core, speech: Speech, cues: Iterable[Cue]) -> None:
    for cue in sorted(cues, key=lambda one: one.id):
        known = core.memory.get(cue.question_id or "")
        if known is not None:
            known.cue_id = cue.id
        speech.restore(cue, known)


async def _restore_replies(core: Core, replies: Sequence[Reply]) -> None:
    """What was never begun is sent now; what was begun may have arrived, so it is not."""
    pending = [reply for reply in replies if reply.state is ReplyState.PENDING]
    begun = [reply for reply in replies if reply.state is ReplyState.SENDING]
    uncertain = tuple(replace(reply, state=ReplyState.UNCERTAIN) for reply in begun)
    if pending or uncertain:
        await core.commit(Commit(replies=(*pending, *uncertain)))
