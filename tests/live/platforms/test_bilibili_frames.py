"""Packets and messages of Bilibili are read as documented, and garbage costs only itself."""

import json
import struct
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.live import EventType
from assistant.live.platforms.bilibili_events import SessionEnded, read_message
from assistant.live.platforms.bilibili_frames import Operation, Packet, pack, unpack
from assistant.live.platforms.bilibili_signing import signed_headers
from tests.support.bilibili_server import danmaku, packet

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_a_packet_has_the_documented_header() -> None:
    assert (
        pack(Operation.AUTH, b"{}") == bytes.fromhex("0000001200100001 00000007 00000001") + b"{}"
    )
    assert pack(Operation.HEARTBEAT) == bytes.fromhex("00000010001000010000000200000001")


def test_packets_one_after_the_other_and_in_zlib_are_all_read() -> None:
    inner = packet(5, b"1") + packet(5, b"2")
    data = packet(3, b"\0\0\0\1", 1) + packet(5, zlib.compress(inner), 2) + packet(5, b"3")
    found, whole = unpack(data)
    assert whole
    assert found == [Packet(3, b"\0\0\0\1"), Packet(5, b"1"), Packet(5, b"2"), Packet(5, b"3")]


@pytest.mark.parametrize(
    "bad",
    [
        b"\0",
        struct.pack(">IHHII", 999, 16, 0, 5, 0) + b"x",
        struct.pack(">IHHII", 4, 16, 0, 5, 0),
        struct.pack(">IHHII", 17, 3, 0, 5, 0) + b"x",
        packet(5, b"no zlib", 2),
        packet(5, zlib.compress(packet(5, b"cut off"))[:-9], 2),
        packet(5, zlib.compress(packet(5, zlib.compress(b"x"), 2)), 2),
        packet(5, zlib.compress(b"\0" * 40_000_000), 2),
        packet(5, b"brotli", 3),
    ],
)
def test_a_broken_packet_costs_not_those_before_it(bad: bytes) -> None:
    found, whole = unpack(packet(5, b"good") + bad)
    assert not whole
    assert found == [Packet(5, b"good")]


@given(st.binary(max_size=200))
def test_any_bytes_are_survived(data: bytes) -> None:
    packets, _ = unpack(data)
    for each in packets:
        try:
            read_message(each.body, NOW)
        except ValueError:
            continue


@given(st.lists(st.binary(max_size=50), max_size=8), st.booleans())
def test_what_is_packed_is_unpacked(bodies: list[bytes], zipped: bool) -> None:
    data = b"".join(pack(Operation.MESSAGE, body, 0) for body in bodies)
    if zipped:
        data = pack(Operation.MESSAGE, zlib.compress(data), 2)
    assert unpack(data) == ([Packet(5, body) for body in bodies], True)


def message(kind: str, **data: object) -> bytes:
    return json.dumps({"cmd": f"LIVE_OPEN_PLATFORM_{kind}", "data": data}).encode()


def test_a_comment_is_read_with_its_viewer_and_moment() -> None:
    event = read_message(json.dumps(danmaku("1")).encode(), NOW)
    assert event.type is EventType.COMMENT
    assert (event.event_id, event.platform, event.text) == ("id-1", "bilibili", "问题1")
    assert (event.user.id, event.user.name, event.user.level) == ("open-1", "网友", 3)
    assert event.at == datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
    assert event.reply_to == ""


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("SUPER_CHAT", {"message_id": 7, "message": "问", "rmb": 30}, (EventType.COMMENT, "7", 1)),
        ("SEND_GIFT", {"msg_id": "g", "gift_num": 5}, (EventType.GIFT, "g", 5)),
        ("GUARD", {"msg_id": "h", "guard_num": 2}, (EventType.GIFT, "h", 2)),
        ("LIKE", {"msg_id": "l", "like_count": 9}, (EventType.LIKE, "l", 9)),
        ("LIVE_ROOM_ENTER", {"msg_id": "e"}, (EventType.ENTER, "e", 1)),
        ("LIVE_START", {"msg_id": "s"}, (EventType.STREAM_START, "s", 1)),
        ("LIVE_END", {"msg_id": "t"}, (EventType.STREAM_END, "t", 1)),
    ],
)
def test_each_kind_is_an_event(
    kind: str, data: dict[str, object], expected: tuple[object, ...]
) -> None:
    event = read_message(message(kind, **data), NOW)
    assert (event.type, event.event_id, event.count) == expected


def test_a_paid_comment_has_its_text() -> None:
    assert read_message(message("SUPER_CHAT", message_id=7, message="问"), NOW).text == "问"


def test_a_guard_is_known_by_its_user_info() -> None:
    event = read_message(
        message("GUARD", msg_id="1", user_info={"open_id": "o", "uname": "n"}), NOW
    )
    assert (event.user.id, event.user.name) == ("o", "n")


def test_a_message_without_id_gets_the_same_one_when_it_comes_again() -> None:
    one, again, other = (
        read_message(message("LIKE", open_id="o", timestamp=1_772_409_600 + n), NOW)
        for n in (0, 0, 1)
    )
    assert one.event_id == again.event_id != other.event_id


def test_the_end_of_the_session_is_no_event() -> None:
    assert read_message(message("INTERACTION_END", game_id="g"), NOW) == SessionEnded("g")


@pytest.mark.parametrize("kind", ["DM_MIRROR", "SUPER_CHAT_DEL", "SOMETHING_NEW"])
def test_what_is_of_no_use_is_nothing(kind: str) -> None:
    assert read_message(message(kind, msg="x"), NOW) is None


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"cmd":"LIVE_OPEN_PLATFORM_DM"}', b"\xff", b"7"]
)
def test_what_is_no_message_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's and unicode's are both of them
        read_message(body, NOW)


def test_odd_values_are_made_storable() -> None:
    odd = danmaku("1", msg="a\x00\ud800b", timestamp="soon", fans_medal_level=None, uname=7)
    event = read_message(json.dumps(odd).encode(), NOW)
    assert (event.text, event.at, event.user.level, event.user.name) == ("ab", NOW, 0, "7")


def test_the_signature_is_that_of_a_worked_example() -> None:
    # The lines written out by hand, as the platform's page on signing has them.
    lines = (
        "x-bili-accesskeyid:k\n"
        "x-bili-content-md5:99914b932bd37a50b983c5e7c90ae93b\n"
        "x-bili-signature-method:HMAC-SHA256\n"
        "x-bili-signature-nonce:n\n"
        "x-bili-signature-version:1.0\n"
        "x-bili-timestamp:1624594467"
    )
    import hashlib
    import hmac

    headers = signed_headers("k", "s", b"{}", timestamp=1624594467, nonce="n")
    assert headers["Authorization"] == hmac.new(b"s", lines.encode(), hashlib.sha256).hexdigest()
    assert headers["x-bili-content-md5"] == "99914b932bd37a50b983c5e7c90ae93b"
