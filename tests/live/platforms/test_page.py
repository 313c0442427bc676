"""The page: every viewer gets their own replies, all of them, through lost networks."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count

import pytest

from assistant.errors import BadInput, ReplyFailed, Unavailable
from assistant.live.platforms.page import Page, PageConfig, TooOften, event_id, new_viewer
from assistant.live.platforms.page_channels import PageReply
from tests.support.platforms import ManualClock, Recorder, settled

pytestmark = pytest.mark.unit


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@asynccontextmanager
async def opened(page: Page, receive: Recorder) -> AsyncIterator[Page]:
    task = asyncio.create_task(page.run(receive))
    await settled()
    try:
        yield page
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def taken(page: Page, viewer: str, most: int, pending: Sequence[str] = ()) -> list[str]:
    """The texts that a new connection of the viewer gets, `most` at most, as far as they wait."""
    got: list[str] = []

    async def read() -> None:
        async for reply in page.stream(viewer, pending):
            got.append(reply.text)
            if len(got) == most:
                return

    task = asyncio.create_task(read())
    await settled()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return got


async def test_a_reply_goes_to_its_viewer_and_to_no_other(clock: ManualClock) -> None:
    receive, one, other = Recorder(), new_viewer(), new_viewer()
    async with opened(Page(clock), receive) as page:
        await page.post(one, "居住证怎么办", "c1")
        await page.reply(receive.events[0].reply_to, "请到派出所", "k1")
        assert await taken(page, one, 9) == ["请到派出所"]
        assert await taken(page, other, 9) == []


async def test_a_reply_says_which_comment_it_answers(clock: ManualClock) -> None:
    receive, viewer = Recorder(), new_viewer()
    async with opened(Page(clock), receive) as page:
        await page.post(viewer, "问", "c1")
        await page.reply(receive.events[0].reply_to, "答", "k1")
        reply = await anext(page.stream(viewer))
    assert (reply.client_id, reply.key, reply.at) == ("c1", "k1", clock.now())


async def test_what_is_not_acknowledged_comes_again_after_a_lost_network(
    clock: ManualClock,
) -> None:
    page, viewer = Page(clock), new_viewer()
    for key in ("k1", "k2", "k3"):
        await page.reply(f"{viewer} c", f"答{key}", key)
    assert await taken(page, viewer, 9) == ["答k1", "答k2", "答k3"]
    page.acknowledge(viewer, ["k1", "k2"])
    assert await taken(page, viewer, 9) == ["答k3"]


async def test_an_open_stream_gets_each_reply_once_as_it_comes(clock: ManualClock) -> None:
    page, viewer = Page(clock), new_viewer()
    stream = page.stream(viewer)
    waiting = asyncio.ensure_future(anext(stream))
    await settled()
    assert page.watching == 1
    for key in ("k1", "k1", "k2", "k1"):
        await page.reply(f"{viewer} c", f"答{key}", key)
    assert [(await waiting).text, (await anext(stream)).text] == ["答k1", "答k2"]
    last = asyncio.ensure_future(anext(stream))
    await settled()
    assert not last.done()
    last.cancel()
    await asyncio.gather(last, return_exceptions=True)
    assert page.watching == 0


async def test_a_reply_that_was_acknowledged_is_not_given_again(clock: ManualClock) -> None:
    page, viewer = Page(clock), new_viewer()
    await page.reply(f"{viewer} c", "答", "k1")
    page.acknowledge(viewer, ["k1"])
    await page.reply(f"{viewer} c", "答", "k1")
    assert await taken(page, viewer, 9) == []


async def test_two_tabs_of_a_viewer_both_get_the_reply(clock: ManualClock) -> None:
    page, viewer = Page(clock), new_viewer()
    tabs = [asyncio.ensure_future(anext(page.stream(viewer))) for _ in range(2)]
    await settled()
    await page.reply(f"{viewer} c", "答", "k1")
    assert [(await tab).text for tab in tabs] == ["答", "答"]


async def test_after_a_restart_replies_are_fetched_by_the_comments_that_wait(
    clock: ManualClock,
) -> None:
    viewer, other = new_viewer(), new_viewer()
    kept = {event_id(viewer, "c1"): PageReply("k1", "c1", "答", clock.now())}

    async def fetch(ids: Sequence[str]) -> Sequence[PageReply]:
        return [kept[each] for each in ids if each in kept]

    page = Page(clock, fetch=fetch)
    assert await taken(page, viewer, 9, ["c0", "c1"]) == ["答"]
    assert await taken(page, other, 9, ["c1"]) == []
    await page.reply(f"{viewer} c1", "答", "k1")
    assert await taken(page, viewer, 9, ["c1"]) == ["答"]


async def test_the_same_comment_twice_is_one_and_does_not_count(clock: ManualClock) -> None:
    receive, viewer = Recorder(), new_viewer()
    async with opened(Page(clock, PageConfig(burst=2, every=3)), receive) as page:
        ids = {await page.post(viewer, "问", "c1") for _ in range(9)}
        await page.post(viewer, "又问", "c2")
    assert ids == {event_id(viewer, "c1")}
    assert receive.texts == ["问", "又问"]


async def test_a_viewer_is_slowed_down_and_the_others_are_not(clock: ManualClock) -> None:
    receive, viewer, numbers = Recorder(), new_viewer(), count()
    async with opened(Page(clock, PageConfig(burst=3, every=4)), receive) as page:

        async def post(who: str) -> None:
            await page.post(who, "问", f"c{next(numbers)}")

        for _ in range(3):
            await post(viewer)
        with pytest.raises(TooOften) as error:
            await post(viewer)
        assert error.value.retry_after == pytest.approx(4)
        await post(new_viewer())
        await clock.advance(4)
        await post(viewer)
        with pytest.raises(TooOften):
            await post(viewer)
        await clock.advance(3600)
        for _ in range(3):
            await post(viewer)
        with pytest.raises(TooOften):
            await post(viewer)


async def test_neither_viewers_nor_replies_grow_without_bound(clock: ManualClock) -> None:
    page = Page(clock, PageConfig(most_viewers=10, most_replies=5))
    watcher = new_viewer()
    await page.reply(f"{watcher} c", "留着", "k")
    open_stream = page.stream(watcher)
    await anext(open_stream)
    for number in range(50):
        await page.reply(f"{new_viewer()} c", "答", f"k{number}")
    assert len(page._channels) == 10
    busy = new_viewer()
    for number in range(20):
        await page.reply(f"{busy} c", f"答{number}", f"b{number}")
    assert await taken(page, busy, 99) == [f"答{number}" for number in range(15, 20)]
    assert await taken(page, watcher, 9) == ["留着"]
    await open_stream.aclose()


@pytest.mark.parametrize(
    ("viewer", "text", "client_id"),
    [
        ("short", "问", "c1"),
        ("x" * 30 + " c2", "问", "c1"),
        ("x" * 30, "问", ""),
        ("x" * 30, "问", "c 1"),
        ("x" * 30, "  ", "c1"),
        ("x" * 30, "问" * 301, "c1"),
    ],
)
async def test_what_is_no_comment_is_refused(
    clock: ManualClock, viewer: str, text: str, client_id: str
) -> None:
    receive = Recorder()
    async with opened(Page(clock), receive) as page:
        with pytest.raises(BadInput):
            await page.post(viewer, text, client_id)
    assert receive.events == []


async def test_the_session_id_shows_in_no_event_id(clock: ManualClock) -> None:
    receive, viewer = Recorder(), new_viewer()
    async with opened(Page(clock), receive) as page:
        await page.post(viewer, "问", "c1")
    assert viewer not in receive.events[0].event_id


async def test_a_comment_that_was_not_stored_may_be_sent_again(clock: ManualClock) -> None:
    receive, viewer = Recorder(refuse=1), new_viewer()
    page = Page(clock)
    with pytest.raises(Unavailable):
        await page.post(viewer, "问", "c1")
    async with opened(page, receive):
        with pytest.raises(OSError, match="disk"):
            await page.post(viewer, "问", "c1")
        await page.post(viewer, "问", "c1")
    assert receive.texts == ["问"]


async def test_an_address_of_another_platform_is_refused_for_good(clock: ManualClock) -> None:
    with pytest.raises(ReplyFailed) as error:
        await Page(clock).reply("bilibili 7", "答", "k")
    assert not error.value.retryable
