"""A recording through the live path on its own time: the same outcomes however often it runs."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from assistant.domain.live import EventType, Room, RoomState
from assistant.errors import Conflict
from assistant.live.export import Ended, exported, write
from assistant.live.incoming import Incoming
from assistant.live.outcome_lines import OutcomeLine
from assistant.live.platforms.recording import RecordedEvent, parse_recorded
from assistant.live.replay import Parts, Replay
from assistant.live.replay_events import batches, in_order
from assistant.records.database import Database
from tests.live.fakes import ROOM, Vault, World, mask

pytestmark = pytest.mark.integration
TEXTS = [
    "社保怎么办",
    "哈哈",
    "社保 怎么办",
    "补贴多少",
    "证怎么办",
    "敏感怎么办",
    "毒舌",
    "炸",
    "有人晕倒了",
]
KEYS = [
    "event_id",
    "outcome",
    "reason",
    "question_id",
    "answer",
    "citations",
    "received_at",
    "decided_at",
    "speech_started_at",
    "action",
    "is_question",
    "decision_ms",
]


def recorded(number: int, text: str, at: float, platform: str = "webhook") -> RecordedEvent:
    row = {
        "event_id": f"e{number}",
        "platform": platform,
        "room_id": "any",
        "type": "comment",
        "at": at,
        "user": {"id": f"u{number % 5}"},
        "text": text,
    }
    return parse_recorded(json.dumps(row), "test")


def recording() -> list[RecordedEvent]:
    return [recorded(n, TEXTS[n % len(TEXTS)], n * 7.5) for n in range(36)]


class Player:
    """Plays recordings over one database."""

    def __init__(self, database: Database, began: datetime | None = None) -> None:
        self.world = World(database, Room(ROOM, "一号"))
        self.sessions = 0
        self.began = began

    async def play(
        self, events: Sequence[RecordedEvent], *, automatic: bool = True
    ) -> dict[str, OutcomeLine]:
        world = self.world
        if await world.records.room(ROOM) is None:
            await world.records.put_room(world.room)
        self.sessions += 1
        parts = Parts(
            records=world.records,
            incoming=lambda clock, new_id: Incoming(
                mask, lambda p, u: f"{p}-{u}", str, Vault(), clock, new_id
            ),
            build=lambda clock, stage: replace(world.services(), clock=clock, stage=stage),
        )
        name = f"session{self.sessions}"
        run = Replay(parts, world.room, name, automatic=automatic, began=self.began)
        done = await run.run(in_order(events))
        self.ended = Ended(ROOM, done.session_id, done.began, done.ended)
        lines, self.summary = await exported(world.records, self.ended, run.event_id)
        assert len({line.event_id for line in lines}) == len(lines)
        return {line.event_id: line for line in lines}


@pytest.fixture
def player(sqlite_database: Database) -> Player:
    return Player(sqlite_database)


def ends(lines: dict[str, OutcomeLine]) -> dict[str, tuple[object, ...]]:
    """What must be the same in every run; ids carry the session and are not."""
    return {
        key: (one.outcome, one.action, one.answer, one.received_at, one.speech_started_at)
        for key, one in lines.items()
    }


async def test_every_comment_has_one_line_and_two_runs_agree(player: Player) -> None:
    first = await player.play(recording())
    second = await player.play(recording())
    assert first.keys() == {f"e{n}" for n in range(36)}
    assert ends(first) == ends(second)


async def test_five_platforms_repeats_and_disorder_change_nothing(player: Player) -> None:
    plain = await player.play(recording())
    names = ["bilibili", "douyin", "kuaishou", "wechat_channels", "webhook"]
    events = [recorded(n, TEXTS[n % len(TEXTS)], n * 7.5, names[n % 5]) for n in range(36)]
    later = [replace(one, seconds=one.seconds + 3) for one in events[::3]]
    mixed = [*events, *later]
    random.Random(4).shuffle(mixed)
    assert ends(await player.play(mixed)) == ends(plain)


async def test_the_ends_are_those_of_the_format(player: Player) -> None:
    lines = await player.play(recording())
    by_text = {TEXTS[n]: lines[f"e{n}"] for n in range(9)}
    assert [by_text[text].outcome.value for text in TEXTS] == [
        "spoken",
        "set_aside",
        "merged",
        "queued_for_review",
        "replied",
        "set_aside",
        "set_aside",
        "queued_for_review",
        "replied",
    ]
    repeat, first = by_text["社保 怎么办"], by_text["社保怎么办"]
    assert repeat.answer == first.answer == "答：社保怎么办"
    assert repeat.citations == first.citations != ()
    assert first.received_at <= (first.decided_at or 0) <= (first.speech_started_at or 0)


async def test_without_automatic_mode_everything_waits(player: Player) -> None:
    lines = await player.play(recording(), automatic=False)
    assert {line.outcome.value for line in lines.values() if line.is_question} <= {
        "queued_for_review",
        "merged",
        "set_aside",
        "replied",
    }
    assert lines["e0"].outcome == "queued_for_review"


async def test_the_files_have_the_keys_of_the_format(player: Player, tmp_path) -> None:
    await player.play(recording())
    lines, summary = await exported(player.world.records, player.ended)
    write(tmp_path / "out", lines, summary)
    rows = (tmp_path / "out" / "outcomes.jsonl").read_text(encoding="utf-8").splitlines()
    assert list(json.loads(rows[0])) == KEYS
    found = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert found["received"] == len(rows) == 36
    assert sum(found["outcomes"].values()) == 36
    assert found["undecided"] == 0
    asked = [row["asked_by"] for row in found["top_questions"]]
    assert asked == sorted(asked, reverse=True)
    assert found["gaps"][0]["asked_by"] >= 1


async def test_a_replay_leaves_the_room_as_it_was(player: Player) -> None:
    await player.play(recording()[:3])
    room = await player.world.records.room(ROOM)
    assert room is not None
    assert (room.state, room.automatic, room.session_id) == (RoomState.IDLE, False, None)


async def test_a_room_on_air_elsewhere_takes_no_replay(player: Player) -> None:
    await player.world.records.put_room(player.world.room)
    assert await player.world.records.lease(ROOM, "service", 60.0) is not None
    with pytest.raises(Conflict):
        await player.play(recording()[:3])


def test_of_a_repeated_event_the_first_counts() -> None:
    one, again = recorded(1, "甲", 5.0), recorded(1, "甲", 2.0, "douyin")
    other = recorded(1, "乙", 3.0, "bilibili")
    assert [event.seconds for event in in_order([one, again, other])] == [2.0, 3.0]


def test_batches_keep_moments_together() -> None:
    events = [recorded(n, "甲", at) for n, at in enumerate([0.0, 0.01, 0.5, 0.51, 0.9])]
    assert [len(batch) for batch in batches(events)] == [2, 2, 1]
    assert all(one.event.type is EventType.COMMENT for one in events)
