"""Replies go at most once, to their own viewer, and addresses do not stay."""

import asyncio

import pytest

from assistant.domain.live import ReplyState
from assistant.domain.live_commit import Commit
from tests.live.fakes import SESSION, Vault, World, not_sent

pytestmark = pytest.mark.integration


async def states(world: World) -> list[tuple[ReplyState, int]]:
    return [(one.state, one.tries) for one in await world.reads.replies(SESSION)]


async def test_it_is_stored_as_being_sent_before_it_is_sent(world: World) -> None:
    seen: list[list[tuple[ReplyState, int]]] = []
    send = world.replier.reply

    async def watched(address: str, text: str, key: str) -> None:
        seen.append(await states(world))
        await send(address, text, key)

    world.replier.reply = watched
    await world.ask("社保怎么办", "a")
    assert seen == [[(ReplyState.SENDING, 1)]]
    assert await states(world) == [(ReplyState.SENT, 1)]


async def test_who_stops_lets_a_reply_under_way_arrive(world: World) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()
    send = world.replier.reply

    async def slow(address: str, text: str, key: str) -> None:
        begun.set()
        await may_end.wait()
        await send(address, text, key)

    world.replier.reply = slow
    await world.say(world.comment("社保怎么办", "a"), settle=False)
    await begun.wait()
    stopping = asyncio.create_task(world.live.stop())
    await asyncio.sleep(0)
    may_end.set()
    await stopping
    assert await states(world) == [(ReplyState.SENT, 1)]


async def test_the_key_is_the_replys_own_id(world: World) -> None:
    await world.ask("社保怎么办", "a")
    (reply,) = await world.reads.replies(SESSION)
    assert [key for _, _, key in world.replier.sent] == [reply.id]


async def test_the_address_is_gone_when_all_is_delivered(world: World) -> None:
    answered = await world.ask("社保怎么办", "a")
    waiting = await world.ask("补贴多少", "b")
    noise = await world.ask("哈哈", "c")
    assert await world.records.address(answered.id) is None
    assert await world.records.address(waiting.id) == Vault().seal("to-b")
    assert await world.records.address(noise.id) is None


async def test_what_may_have_arrived_is_not_sent_again(world: World) -> None:
    world.replier.fails = [not_sent(retryable=False)]
    await world.ask("社保怎么办", "a")
    await world.pass_(60)
    assert world.replier.sent == []
    assert await states(world) == [(ReplyState.UNCERTAIN, 1)]
    assert [one.state for one in world.live.snapshot().uncertain] == [ReplyState.UNCERTAIN]


async def test_what_surely_did_not_arrive_is_sent_again(world: World) -> None:
    world.replier.fails = [not_sent(retryable=True)]
    await world.say(world.comment("社保怎么办", "a"), settle=False)
    settled = asyncio.create_task(world.live.settle())
    while world.replier.fails or not settled.done():
        await world.clock.move(world.clock.now().replace(minute=world.clock.now().minute + 1))
        await asyncio.wait([settled], timeout=0.05)
    assert len(world.replier.sent) == 1
    assert (await states(world))[0][0] is ReplyState.SENT


async def test_a_comment_without_an_address_fails_visibly(world: World) -> None:
    await world.live.take([world.comment("社保怎么办", "a")])
    await world.live.settle()
    assert await states(world) == [(ReplyState.FAILED, 0)]


async def test_an_address_that_cannot_be_read_fails_visibly(world: World) -> None:
    comment = world.comment("社保怎么办", "a")

    class Broken(Vault):
        def open(self, sealed: str) -> str:
            raise ValueError("another key")

    await world.live.stop()
    await world.open(vault=Broken())
    await world.say(comment)
    assert await states(world) == [(ReplyState.FAILED, 0)]


async def test_a_crowd_gets_each_its_own(world: World) -> None:
    asked = [world.comment(f"{word}怎么办", f"v{n}") for n, word in enumerate("甲乙丙丁戊己庚")]
    await world.say(*asked)
    for comment in asked:
        (text,) = world.replier.texts(f"to-{comment.viewer}")
        assert comment.text in text


async def test_a_reply_half_sent_is_shown_and_not_repeated(world: World) -> None:
    from dataclasses import replace

    await world.ask("社保怎么办", "a")
    (reply,) = await world.reads.replies(SESSION)
    half = replace(reply, id="half", state=ReplyState.SENDING, tries=1)
    pending = replace(reply, id="pending", state=ReplyState.PENDING, tries=0)
    token = await world.records.lease("room-1", "other", 0.0)
    assert token is not None
    sealed = {reply.comment_id: Vault().seal("to-a")}
    await world.records.commit("room-1", token, Commit(replies=(half, pending), addresses=sealed))
    await world.live.stop()
    world.replier.sent.clear()

    await world.open()
    await world.live.settle()
    assert [key for _, _, key in world.replier.sent] == ["pending"]
    found = {one.id: one.state for one in await world.reads.replies(SESSION)}
    assert found["half"] is ReplyState.UNCERTAIN


async def test_a_platform_that_takes_no_replies_counts_as_refusing_until_it_takes_one(
    world: World,
) -> None:
    world.replier.fails = [not_sent(retryable=False)] * 4
    seen = []
    for number in range(5):
        await world.ask(f"第{number}件事怎么办", f"v{number}")
        seen.append(world.live.refusing)
    assert seen == [set()] * 3 + [{"page"}, set()]
