"""The helping process: what it says, and what happens when it does not."""

import asyncio
import io
import json
import struct
import sys

import pytest

from assistant.errors import VoiceFailed
from assistant.voice.engines.serving import serve
from assistant.voice.engines.worker import Worker
from tests.voice.speaking import until

pytestmark = pytest.mark.integration
ECHO = """
import sys
from assistant.voice.engines.serving import serve
def say(asked):
    if "hang" in asked:
        import time; time.sleep(60)
    if "die" in asked:
        import os; os._exit(3)
    return {"got": asked}, b"pcm" * asked.get("count", 1)
serve(say, sys.stdin.buffer, sys.stdout.buffer)
"""


@pytest.fixture
async def worker():
    made = Worker([sys.executable, "-c", ECHO], seconds=1.0, start=5.0)
    yield made
    await made.close()


def frame(value: object) -> bytes:
    body = json.dumps(value).encode()
    return struct.pack(">I", len(body)) + body


def replies(data: bytes) -> list[tuple[dict[str, object], bytes]]:
    found, stream = [], io.BytesIO(data)
    while head := stream.read(4):
        told = json.loads(stream.read(struct.unpack(">I", head)[0]))
        found.append((told, stream.read(told["bytes"])))
    return found


def test_frames_are_answered_in_order_and_an_error_is_a_reply() -> None:
    out = io.BytesIO()
    requests = frame({"text": "a"}) + struct.pack(">I", 3) + b"{no" + frame({}) + b"\0\0"
    serve(lambda asked: ({"said": asked["text"]}, b"12"), io.BytesIO(requests), out)
    first, second, third = replies(out.getvalue())
    assert first == ({"said": "a", "bytes": 2}, b"12")
    assert "error" in second[0]
    assert "error" in third[0]


async def test_it_answers_and_stays(worker: Worker) -> None:
    told, body = await worker.ask({"text": "汉字", "count": 3})
    first = worker.pid
    assert told["got"]["text"] == "汉字"
    assert body == b"pcmpcmpcm"
    await worker.ask({"text": "b"})
    assert worker.pid == first


@pytest.mark.parametrize("fault", ["hang", "die"])
async def test_one_that_hangs_or_dies_is_replaced(worker: Worker, fault: str) -> None:
    await worker.ask({})
    with pytest.raises(VoiceFailed) as failed:
        await worker.ask({fault: True})
    assert failed.value.retryable
    assert worker.pid is None
    assert (await worker.ask({}))[1] == b"pcm"


async def test_one_that_died_is_told_once_whoever_notices(worker: Worker) -> None:
    await worker.ask({})
    assert not await worker.has_lost_process()
    with pytest.raises(VoiceFailed):
        await worker.ask({"die": True})
    assert await worker.has_lost_process()
    await worker.ask({})
    process = worker._process
    process.kill()
    await process.wait()
    assert await worker.has_lost_process()
    assert not await worker.has_lost_process()
    assert (await worker.ask({}))[1] == b"pcm"


async def test_one_that_was_slow_or_closed_did_not_die(worker: Worker) -> None:
    await worker.ask({})
    with pytest.raises(VoiceFailed):
        await worker.ask({"hang": True})
    await worker.close()
    assert not await worker.has_lost_process()


async def test_a_request_that_is_given_up_leaves_no_half_reply(worker: Worker) -> None:
    await worker.ask({})
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await worker.ask({"hang": True})
    told, _ = await worker.ask({"text": "next"})
    assert told["got"]["text"] == "next"


@pytest.mark.parametrize("output", ["b'junk' * 9", "b'\\xff' * 9", "b''"])
async def test_nonsense_is_an_error(output: str) -> None:
    program = f"import sys; sys.stdin.buffer.read(4); sys.stdout.buffer.write({output})"
    worker = Worker([sys.executable, "-c", program], seconds=2.0)
    with pytest.raises(VoiceFailed):
        await worker.ask({})
    await worker.close()


async def test_a_program_that_is_missing_is_an_error() -> None:
    with pytest.raises(VoiceFailed):
        await Worker(["/no/such/program"]).ask({})


async def test_it_ends_when_closed(worker: Worker) -> None:
    await worker.ask({})
    process = worker._process
    await worker.close()
    await until(lambda: process.returncode is not None)
