"""The story of a question: evidence as it then stood, also after the source has changed."""

from dataclasses import replace

import pytest

from assistant.domain.answer import Citation, Draft, Route, Statement
from assistant.domain.live import CueState, LiveSession, Room
from assistant.domain.live_commit import Commit
from assistant.domain.outcome import Outcome
from assistant.domain.passage import Passage
from assistant.domain.question import Question
from assistant.domain.source import PolicyDocument, SourceKind
from assistant.domain.verdict import Action, Verdict
from assistant.records.live import LiveRepository
from assistant.records.replay import ReplayReads
from assistant.records.sources import NewSource
from tests.support.live_values import NOON, case, comment, cue, decision, question, reply

pytestmark = pytest.mark.contract


def version(text: str) -> NewSource:
    passage = Passage("p", SourceKind.POLICY, 0, "第一条", text)
    return NewSource(PolicyDocument("p", "办法", text), (passage,), digest=text)


def cited(text: str, key: int) -> Outcome:
    citation = Citation("p", "第一条", text, passage_key=key)
    said = Statement(text, text, (citation,))
    asked = Question("要带什么", NOON.date())
    return Outcome(asked, Draft(Route.POLICY, (said,)), Verdict(Action.ANSWER, 0.9), text, text)


async def test_evidence_stays_as_it_was(database, clock, repository, outcomes) -> None:
    clock.now = NOON
    await repository.put_many([version("带身份证。")])
    key = (await repository.passages_of("p"))[0].key
    by_key = await outcomes.record(cited("带身份证。", key))
    by_time = await outcomes.record(cited("带身份证。", 0))
    clock.advance(hours=1)
    await repository.put_many([version("不用带证件。")])
    live = LiveRepository(database, "office", clock)
    await live.put_room(Room("hall", "一号厅"))
    await live.open_session(LiveSession("s1", "hall", NOON))
    token = await live.lease("hall", "x", 10)
    asked = [question(1, outcome_id=by_key), question(2, outcome_id=by_time), question(3)]
    step = Commit(
        comments=[comment(1), comment(2), comment(3)],
        decisions=[
            decision(1, question_id="q1", is_question=True),
            decision(2, question_id="q2", is_question=True),
        ],
        questions=asked,
        cues=[cue(1, question_id="q1", state=CueState.DONE, started_at=NOON)],
        replies=[reply(1)],
        cases=[case(2)],
    )
    await live.commit("hall", token, step)
    stories = await ReplayReads(database, "office").stories(["q1", "q2", "q3", "none"])
    assert stories.keys() == {"q1", "q2", "q3"}
    assert [stories[name].versions for name in ("q1", "q2", "q3")] == [[1], [1], []]
    assert stories["q1"].cited[0].quote == "带身份证。"
    first, second = stories["q1"], stories["q2"]
    assert ([one.id for one in first.cues], [one.id for one in first.replies]) == (["u1"], ["r1"])
    assert [one.question_id for one in second.cases] == ["q2"]
    assert {"q1", "u1", "r1", by_key} == first.ids
    assert await ReplayReads(database, "elsewhere").stories(["q1"]) == {}


async def test_entries_come_oldest_first_and_page_by_page(database, clock) -> None:
    live = LiveRepository(database, "office", clock)
    await live.put_room(Room("hall", "一号厅"))
    await live.open_session(LiveSession("s1", "hall", NOON))
    token = await live.lease("hall", "x", 10)
    decided = [replace(decision(n), is_question=n != 2) for n in (1, 2, 3)]
    comments = [comment(n) for n in range(1, 5)]
    await live.commit("hall", token, Commit(comments=comments, decisions=decided))
    reads = ReplayReads(database, "office")
    assert [one.comment.id[-1] for one in await reads.entries("s1")] == ["1", "2", "3", "4"]
    first = await reads.entries("s1", limit=1, noise=False)
    rest = await reads.entries("s1", first[0].comment.id, noise=False)
    assert [one.comment.id[-1] for one in (*first, *rest)] == ["1", "3"]
    assert (await reads.session("s1")).room_id == "hall"
    assert await reads.session("s2") is None
