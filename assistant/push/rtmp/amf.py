"""AMF0 values (Adobe, Action Message Format 0): what RTMP's commands are written in."""

import struct
from collections.abc import Mapping, Sequence

Value = float | bool | str | None | Mapping[str, "Value"]
_NUMBER, _BOOLEAN, _STRING, _OBJECT, _NULL, _UNDEFINED, _ARRAY, _END = 0, 1, 2, 3, 5, 6, 8, 9
_LIST, _LONG = 10, 12
_DEEPEST = 16


def written(values: Sequence[Value]) -> bytes:
    """The values one after the other."""
    return b"".join(_one(value) for value in values)


def _one(value: Value) -> bytes:
    if value is None:
        return bytes((_NULL,))
    if isinstance(value, bool):
        return bytes((_BOOLEAN, value))
    if isinstance(value, int | float):
        return bytes((_NUMBER,)) + struct.pack(">d", value)
    if isinstance(value, str):
        return bytes((_STRING,)) + _text(value)
    pairs = b"".join(_text(name) + _one(each) for name, each in value.items())
    return bytes((_OBJECT,)) + pairs + b"\0\0" + bytes((_END,))


def _text(value: str) -> bytes:
    data = value.encode()
    return len(data).to_bytes(2, "big") + data


def read(data: bytes) -> list[Value]:
    """The values of a message. Raises ValueError for what is cut off or of no known kind."""
    reader = _Reader(data)
    found = []
    while reader.at < len(data):
        found.append(reader.value())
    return found


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def value(self, depth: int = 0) -> Value:
        if depth > _DEEPEST:
            raise ValueError("AMF0: too deep")
        marker = self._take(1)[0]
        if marker == _NUMBER:
            return float(struct.unpack(">d", self._take(8))[0])
        if marker == _BOOLEAN:
            return bool(self._take(1)[0])
        if marker in {_STRING, _LONG}:
            return self._text(4 if marker == _LONG else 2)
        if marker in {_NULL, _UNDEFINED}:
            return None
        if marker in {_OBJECT, _ARRAY}:
            self._take(4 if marker == _ARRAY else 0)
            return self._pairs(depth)
        if marker == _LIST:
            count = int.from_bytes(self._take(4), "big")
            return {str(number): self.value(depth + 1) for number in range(count)}
        raise ValueError(f"AMF0: marker {marker}")

    def _pairs(self, depth: int) -> Mapping[str, Value]:
        found: dict[str, Value] = {}
        while True:
            name = self._text(2)
            if not name and self._data[self.at : self.at + 1] == bytes((_END,)):
                self.at += 1
                return found
            found[name] = self.value(depth + 1)

    def _text(self, length: int) -> str:
        return self._take(int.from_bytes(self._take(length), "big")).decode("utf-8", "replace")

    def _take(self, count: int) -> bytes:
        taken = self._data[self.at : self.at + count]
        if len(taken) < count:
            raise ValueError("AMF0: cut off")
        self.at += count
        return taken
