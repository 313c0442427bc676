"""A recording is read as FORMATS §5 says it, and nothing else is."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.domain.live import EventType, LiveUser
from assistant.errors import FormatError
from assistant.live.platforms.event_rows import PLATFORMS
from assistant.live.platforms.recording import parse_recorded, read_recording

pytestmark = pytest.mark.unit

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def comment(**changes: object) -> dict[str, object]:
    base = {"event_id": "e1", "platform": "kuaishou", "room_id": "r", "type": "comment", "at": 1.5}
    return base | {"user": {"id": "u1", "name": "小王"}, "text": "居住证怎么办"} | changes


def line(**changes: object) -> str:
    return json.dumps(comment(**changes))


def test_a_comment_has_its_moment_twice() -> None:
    got = parse_recorded(line(count=None, extra={"a": 1}), "f:1", START)
    assert (got.seconds, got.room_id) == (1.5, "r")
    assert got.event.at == START + timedelta(seconds=1.5)
    assert got.event.user == LiveUser("u1", "小王", 0)
    assert (got.event.reply_to, got.event.count, got.event.extra) == ("u1", 1, {"a": 1})


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_of_the_format_is_read(platform: str) -> None:
    assert parse_recorded(line(platform=platform), "f:1").event.platform == platform


@pytest.mark.parametrize("kind", EventType)
def test_every_type_of_the_format_is_read(kind: EventType) -> None:
    assert parse_recorded(line(type=kind), "f:1").event.type is kind


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"colour": 1}, "键 colour：未知的键"),
        ({"user": {"id": "u", "vip": 1}}, "键 user.vip：未知的键"),
        ({"type": "shout"}, "键 type：不认识的类型；可用：comment"),
        ({"platform": "elsewhere"}, "键 platform：不认识的平台"),
        ({"text": None}, "type 为 comment 时必须有 text"),
        ({"at": "1"}, "键 at：应为数字"),
        ({"at": -1}, "键 at：不能小于 0"),
        ({"at": 1e18}, "键 at：应为录制开始后的秒数"),
        ({"count": 1.5}, "键 count"),
        ({"event_id": ""}, "键 event_id：不能为空"),
        ({"event_id": 7}, "键 event_id：应为字符串"),
        ({"room_id": None}, "键 room_id：应为字符串"),
        ({"user": "u1"}, "键 user：应为对象"),
    ],
)
def test_what_breaks_the_format_is_named(changes: dict[str, object], said: str) -> None:
    with pytest.raises(FormatError, match=r"^rec:7: ") as error:
        parse_recorded(line(**changes), "rec:7")
    assert said in str(error.value)


@pytest.mark.parametrize("missing", ["event_id", "platform", "room_id", "type", "at"])
def test_a_missing_required_key_is_named(missing: str) -> None:
    row = comment()
    del row[missing]
    with pytest.raises(FormatError, match=f"键 {missing}：缺少这个键"):
        parse_recorded(json.dumps(row), "f:1")


def test_an_error_repeats_no_personal_data() -> None:
    with pytest.raises(FormatError) as error:
        parse_recorded(line(text="我叫王小明", user={"id": 13800000000}), "f:1")
    assert "王小明" not in str(error.value)
    assert "138" not in str(error.value)


def test_a_text_that_cannot_be_stored_is_made_storable() -> None:
    assert parse_recorded(line(text="你\x00好"), "f:1").event.text == "你好"


@pytest.mark.parametrize("name", ["rec.jsonl", "rec.jsonl.gz"])
def test_a_file_is_read_in_its_order_with_repeats(tmp_path: Path, name: str) -> None:
    rows = [line(event_id="b", at=3), "", line(event_id="a", at=1), line(event_id="b", at=3)]
    content = ("\ufeff" + "\r\n".join(rows)).encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    assert [each.event.event_id for each in read_recording(path)] == ["b", "a", "b"]


def test_a_bad_line_of_a_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rec.jsonl"
    path.write_text(line() + "\n\n{oops", "utf-8")
    with pytest.raises(FormatError, match=r"rec\.jsonl:3: 不是有效的 JSON"):
        list(read_recording(path))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe{", None])
def test_a_file_that_is_no_recording_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "rec.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FormatError, match=r"rec\.jsonl"):
        list(read_recording(path))


def test_a_text_line_separator_ends_no_line(tmp_path: Path) -> None:
    path = tmp_path / "rec.jsonl"
    path.write_text(json.dumps(comment(text="一\u2028二"), ensure_ascii=False), "utf-8")
    assert next(iter(read_recording(path))).event.text == "一\u2028二"
