"""The hidden label in sound files: a WAV chunk `AIGC`, an MP3 frame TXXX (GB 45438-2025)."""

import io
import struct
from collections.abc import Iterator

from assistant.printing.aigc import KEY, AigcLabel, label_of

_CHUNK = KEY.encode()


def into_wav(data: bytes, label: AigcLabel) -> bytes:
    """The file with one chunk `AIGC` behind the sound."""
    kept = [(name, body) for name, body in _chunks(data) if name != _CHUNK]
    kept.append((_CHUNK, label.text().encode("ascii")))
    body = b"".join(
        name + struct.pack("<I", len(part)) + part + b"\0" * (len(part) % 2) for name, part in kept
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def from_wav(data: bytes) -> AigcLabel | None:
    """The label of a WAV file; None without one."""
    for name, body in _chunks(data):
        if name == _CHUNK:
            return label_of(body.decode("ascii", "replace"))
    return None


def into_mp3(data: bytes, label: AigcLabel) -> bytes:
    """The file with one frame TXXX:AIGC in its ID3 tag."""
    from mutagen.id3 import ID3, TXXX, ID3NoHeaderError

    try:
        tags = ID3(io.BytesIO(data))
    except ID3NoHeaderError:
        tags = ID3()
    tags.delall(f"TXXX:{KEY}")
    tags.add(TXXX(encoding=3, desc=KEY, text=[label.text()]))
    file = io.BytesIO(data)
    tags.save(file)
    return file.getvalue()


def from_mp3(data: bytes) -> AigcLabel | None:
    """The label of an MP3 file; None without one."""
    from mutagen.id3 import ID3, ID3NoHeaderError

    try:
        found = ID3(io.BytesIO(data)).getall(f"TXXX:{KEY}")
    except ID3NoHeaderError:
        return None
    return label_of(str(found[0].text[0])) if found else None


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ValueError("not a WAV file")
    at = 12
    while at + 8 <= len(data):
        size = struct.unpack_from("<I", data, at + 4)[0]
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
