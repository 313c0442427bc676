"""Publishing to real RTMP servers, and to one that hangs."""

import asyncio
import re
import shutil
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.push.card import Card
from assistant.push.flv import Kind, Tag
from assistant.push.publisher import Publisher, PublisherState
from assistant.push.relay import Relay
from assistant.push.rtmp import amf, publishing
from assistant.push.rtmp.chunks import Incoming, Message, chunked
from assistant.push.rtmp.publishing import Publication, Refused
from assistant.push.seams import LANDSCAPE
from assistant.push.targets import Target, address_of
from tests.push.conftest import described, listening, until

pytestmark = pytest.mark.integration

text = st.text(max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | text,
    lambda inner: st.dictionaries(text.filter(bool), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(values, max_size=4))
def test_written_values_are_read_back(given: list[amf.Value]) -> None:
    assert amf.read(amf.written(given)) == given


@pytest.mark.parametrize("data", [b"\x00\x01", b"\x02\x00\x09abc", b"\x7f", b"\x03" * 40])
def test_what_is_cut_off_is_no_value(data: bytes) -> None:
    with pytest.raises(ValueError, match="AMF0"):
        amf.read(data)


@given(st.binary(max_size=9000), st.integers(0, 2**32 - 1), st.integers(3, 63))
def test_chunks_are_put_together(body: bytes, at: int, channel: int) -> None:
    async def read() -> Message:
        stream = asyncio.StreamReader()
        size = chunked(Message(1, (4096).to_bytes(4, "big")), 2)
        stream.feed_data(size + chunked(Message(9, body, at, 1), channel))
        stream.feed_eof()
        incoming = Incoming(stream)
        await incoming.message()
        return await incoming.message()

    assert asyncio.run(read()) == Message(9, body, at, 1)


@asynccontextmanager
async def pushing(url: str, card: Sequence[Tag], key: str = "k1") -> AsyncIterator[Publisher]:
    """The card is pushed meanwhile."""
    relay = Relay(time.monotonic)
    target = Target("one", address_of(url), key)
    one = Publisher(target, LANDSCAPE, time.monotonic, Publication.open, lambda: relay.headers)
    relay.add(one.take)
    tasks = [asyncio.create_task(one.run())]
    tasks.append(asyncio.create_task(Card(relay, card, time.monotonic).run()))
    try:
        yield one
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def pushed(url: str, card: Sequence[Tag], frames: int, key: str = "k1") -> Publisher:
    """Push the card until so many frames are out."""
    async with pushing(url, card, key) as one:
        await until(lambda: one.reading().frames >= frames)
    return one


async def test_a_server_receives_picture_and_sound(tmp_path: Path, card: list[Tag]) -> None:
    async with listening(tmp_path) as (url, file):
        one = await pushed(url, card, 60)
    assert one.reading().dropped < 50
    said = await described(file)
    assert re.search(r"Video: h264 \(High\), yuv420p.*1280x720.*25 fps", said)
    assert re.search(r"Audio: aac \(LC\), 44100 Hz, stereo", said)
    assert int(re.findall(r"frame= *(\d+)", said)[-1]) >= 55
    assert "rror" not in said.replace("Error during demuxing", "")


async def test_nginx_takes_the_stream(tmp_path: Path, card: list[Tag]) -> None:
    module = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    if not module.exists() or not Path(program).exists():
        pytest.skip("no nginx with libnginx-mod-rtmp")
    port = 20_000 + hash(str(tmp_path)) % 10_000
    settings = tmp_path / "nginx.conf"
    settings.write_text(
        f"load_module {module};\nworker_processes 1;\ndaemon off;\npid {tmp_path}/pid;\n"
        f"error_log {tmp_path}/errors;\nevents {{ worker_connections 32; }}\n"
        f"rtmp {{ server {{ listen 127.0.0.1:{port}; application live {{ live on; record all; "
        f"record_path {tmp_path}; }} }} }}\n"
    )
    tmp_path.chmod(0o777)
    for folder in tmp_path.parents:
        if str(folder).startswith("/tmp/pytest"):
            folder.chmod(0o755)
    server = await asyncio.create_subprocess_exec(program, "-c", str(settings))
    try:
        one = await pushed(f"rtmp://127.0.0.1:{port}/live", card, 60)
        assert one.reading().connections == 1
        await until((tmp_path / "k1.flv").exists)
    finally:
        server.terminate()
        await server.wait()
    assert "1280x720" in await described(tmp_path / "k1.flv")


class Server:
    """Says what a server says to a publisher, then does as it is told."""

    def __init__(self, status: str = "NetStream.Publish.Start") -> None:
        self._status = status
        self.calls: list[str] = []
        self.media = 0
        self._open = 0
        self.reads = asyncio.Event()
        self.reads.set()

    async def gone(self) -> None:
        """Until every connection has ended."""
        await until(lambda: not self._open)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        with_client = await reader.readexactly(1537)
        writer.write(b"\x03" + bytes(1536) + with_client[1:])
        await reader.readexactly(1536)
        incoming = Incoming(reader)
        try:
            while True:
                await self.reads.wait()
                self._answer(await incoming.message(), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            self._open -= 1

    def _answer(self, message: Message, writer: asyncio.StreamWriter) -> None:
        if message.type in {Kind.AUDIO, Kind.VIDEO}:
            self.media += 1
        if message.type != 20:
            return
        name, number, *_ = amf.read(message.body)
        self.calls.append(str(name))
        ping = (6).to_bytes(2, "big") + b"\x00\x00\x00\x07"
        writer.write(chunked(Message(4, ping), 2))
        if name in {"connect", "createStream"}:
            result = [{"code": "NetConnection.Connect.Success"}] if name == "connect" else [1.0]
            body = amf.written(["_result", number, None, *result])
            writer.write(chunked(Message(20, body), 3))
        if name == "publish":
            facts: dict[str, amf.Value] = {"level": "status", "code": self._status}
            body = amf.written(["onStatus", 0.0, None, facts])
            writer.write(chunked(Message(20, body, stream=1), 5))


async def test_the_steps_are_those_of_an_encoder_and_the_key_is_the_stream(
    card: list[Tag],
) -> None:
    served = Server()
    async with await asyncio.start_server(served.serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        line = await Publication.open(address_of(f"rtmp://127.0.0.1:{port}/app/live"), "k?a=1")
        await line.send(next(tag for tag in card if tag.is_keyframe))
        await until(lambda: served.media)
        await line.close()
        await served.gone()
    assert served.calls == ["connect", "releaseStream", "FCPublish", "createStream", "publish"]


async def test_a_server_that_refuses_is_told_apart() -> None:
    served = Server("NetStream.Publish.BadName")
    async with await asyncio.start_server(served.serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Refused, match="BadName"):
            await Publication.open(address_of(f"rtmp://127.0.0.1:{port}/live"), "k1")
        await served.gone()


async def test_what_is_no_rtmp_server_is_an_error() -> None:
    async def other(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1537)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n" + bytes(4000))
        writer.close()

    async with await asyncio.start_server(other, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(OSError, match="握手"):
            await Publication.open(address_of(f"rtmp://127.0.0.1:{port}/live"), "k1")


async def test_a_server_that_hangs_is_noticed_and_tried_again(
    card: list[Tag], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "PATIENCE", 0.6)
    monkeypatch.setattr("assistant.push.waits.FIRST", 0.05)
    served = Server()
    target_states = []
    async with await asyncio.start_server(served.serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        target = Target("one", address_of(f"rtmp://127.0.0.1:{port}/live"), "k1")
        one = Publisher(target, LANDSCAPE, time.monotonic, Publication.open, list)
        task = asyncio.create_task(one.run())
        async with asyncio.timeout(30):
            while not served.media:
                one.take(Tag(Kind.VIDEO, 0, b"\x17\x01\x00\x00\x00" + bytes(9)))
                await asyncio.sleep(0.02)
            served.reads.clear()
            number = 0
            while one.reading().connections < 2 and one.reading().why != "服务器没有响应":
                number += 1
                one.take(Tag(Kind.VIDEO, number, b"\x17\x01\x00\x00\x00" + bytes(200_000)))
                target_states.append(one.reading().state)
                await asyncio.sleep(0.02)
            served.reads.set()
            await until(lambda: one.reading().state is PublisherState.LIVE)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await served.gone()
    assert PublisherState.LIVE in target_states
