"""One clock and one decoder's setup over all sources that come and go."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.push.flv import HEADER, Tag, tags
from assistant.push.relay import FRAME, Relay
from tests.push.tags import AUDIO_HEADER, VIDEO_HEADER, frame, key, sound

pytestmark = pytest.mark.unit


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def relay(clock: Clock) -> tuple[Relay, list[Tag]]:
    one, sent = Relay(clock), []
    one.add(sent.append)
    return one, sent


def test_a_source_is_taken_from_its_first_keyframe() -> None:
    one, sent = relay(Clock())
    for tag in (VIDEO_HEADER, AUDIO_HEADER, sound(10), frame(20), key(60), sound(70), frame(100)):
        one.take(tag, "a")
    assert [tag.body for tag in sent[:2]] == [VIDEO_HEADER.body, AUDIO_HEADER.body]
    assert [tag.time for tag in sent[2:]] == [0, 10, 40]


def test_time_goes_on_over_a_change_of_source() -> None:
    clock = Clock()
    one, sent = relay(clock)
    one.take(key(5000), "a")
    clock.now += 3.0
    one.take(VIDEO_HEADER, "b")
    one.take(key(77), "b")
    one.take(frame(117), "a")
    one.take(frame(117), "b")
    assert [tag.time for tag in sent] == [0, 3000, 3000, 3000 + FRAME]
    assert one.origin == "b"


def test_the_same_setup_is_told_once() -> None:
    one, sent = relay(Clock())
    for origin in ("a", "b"):
        one.take(VIDEO_HEADER, origin)
        one.take(key(0), origin)
    assert [tag.is_header for tag in sent] == [True, False, False]


def test_a_source_that_may_not_lead_waits() -> None:
    one, sent = relay(Clock())
    one.take(key(0), "air")
    one.take(key(0), "trial", may_lead=False)
    assert (one.origin, len(sent)) == ("air", 1)
    one.take(key(40), "trial")
    assert (one.origin, len(sent)) == ("trial", 2)


def test_what_is_late_is_counted() -> None:
    clock = Clock()
    one, _ = relay(clock)
    one.take(key(0, size=1000), "a")
    one.take(sound(90), "a")
    clock.now += 2.0
    reading = one.reading()
    assert (reading.frames, reading.offset) == (1, 90)
    assert reading.bits == pytest.approx((1005 + 6) * 8 / 2)
    assert one.silent == pytest.approx(2.0)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 10**6), st.booleans())))
def test_time_never_goes_back(events: list[tuple[str, int, bool]]) -> None:
    clock = Clock()
    one, sent = relay(clock)
    for origin, time, is_key in events:
        clock.now += 0.01
        one.take(key(time) if is_key else frame(time), origin)
    times = [tag.time for tag in sent]
    assert times == sorted(times)


@given(st.integers(0, 2**31), st.binary(min_size=0, max_size=300))
def test_a_written_tag_is_read_back(time: int, body: bytes) -> None:
    async def read() -> list[Tag]:
        stream = asyncio.StreamReader()
        stream.feed_data(HEADER + one.written())
        stream.feed_eof()
        return [tag async for tag in tags(stream)]

    one = sound(time).at(time)
    one = Tag(one.kind, one.time, body)
    assert asyncio.run(read()) == [one]


async def test_what_is_no_stream_is_refused() -> None:
    stream = asyncio.StreamReader()
    stream.feed_data(b"HTTP/1.1 200 OK\r\n")
    stream.feed_eof()
    with pytest.raises(ValueError, match="FLV"):
        await anext(tags(stream))
