"""FLV tags for tests, with bodies of no picture."""

from assistant.push.flv import Kind, Tag

VIDEO_HEADER = Tag(Kind.VIDEO, 0, b"\x17\x00\x00\x00\x00avcC")
AUDIO_HEADER = Tag(Kind.AUDIO, 0, b"\xaf\x00\x12\x10")


def key(time: int, size: int = 9) -> Tag:
    return Tag(Kind.VIDEO, time, b"\x17\x01\x00\x00\x00" + b"k" * size)


def frame(time: int, size: int = 4) -> Tag:
    return Tag(Kind.VIDEO, time, b"\x27\x01\x00\x00\x00" + b"f" * size)


def sound(time: int) -> Tag:
    return Tag(Kind.AUDIO, time, b"\xaf\x01" + b"s" * 4)
