"""Shortening for the voice: at most 150 characters, cut at clause boundaries, never inside a value.

93 questions an hour leave 39 s for each (DOMAIN §1), which is about 150 characters.
"""

import re
from collections.abc import Sequence

LIMIT = 150
"""Longest spoken answer, in characters of the display string (punctuation counts)."""

SEE_SCREEN = "完整清单见屏幕。"

_STOP = r"(?:[。！？\n]|[!?](?![A-Za-z0-9]))"
_PAUSE = rf"(?:[，；：;]|{_STOP})"
_SENTENCE = re.compile(rf"(?:(?!{_STOP}).)*{_STOP}+[”’」』）)]*|(?:(?!{_STOP}).)+$")
_CLAUSE = re.compile(rf"(?:(?!{_PAUSE}).)*(?:{_PAUSE}+[”’」』）)]*|$)")
_UNBREAKABLE = re.compile(
    r"[A-Za-z0-9０-９.,:/@%_?&=#\-—－〔〕\[\]℃‰]+(?:[年月日号时分秒个元万亿%]+)?"
)
_NEEDLESS = re.compile(
    r"(?<![A-Za-z0-9])(?<!\d[.,]) | (?![A-Za-z0-9]|(?<=\d )[.,]\d)|(?<=\d[.,]) (?!\d)"
)
_LOOSE_END = re.compile(r"[，、；：,;:\s（(“‘《]+$")


def count(text: str) -> int:
    """Length of what is voiced, in characters of the display string."""
    return len(text.strip())


def tidy(text: str) -> str:
    """One line: line breaks end a sentence, white space inside Chinese text goes.

    Between two numbers it stays: `17:40. 1/10` without it would say 40.1, which nobody wrote.
    """
    lines = (line.strip() for line in text.splitlines())
    joined = " ".join(_closed(line) for line in lines if line)
    return _NEEDLESS.sub("", re.sub(r"\s+", " ", joined))


def _closed(line: str) -> str:
    return line if line[-1] in "。！？!?；;，,、：:" else line + "。"


def sentences(text: str) -> list[str]:
    """Split into sentences; joined they give the text back."""
    return _SENTENCE.findall(text)


def clauses(text: str) -> list[str]:
    """Split into clauses (to the next comma, colon or stop); joined they give the text back."""
    return [clause for clause in _CLAUSE.findall(text) if clause]


def shorten(text: str, limit: int = LIMIT, tail: str = "") -> str:
    """Give the text itself if it fits, else its longest beginning of whole clauses.

    `tail` (for instance "详见屏幕。") follows where something was cut. The result never exceeds
    `limit` characters and never ends inside a number, a link or a phone number.
    """
    whole = tidy(text)
    if len(whole) <= limit:
        return whole
    room = limit - len(tail) - 1
    kept = _whole_pieces(sentences(whole), room)
    if len(kept) < room // 2:
        kept = _whole_pieces(clauses(whole), room)
    if len(kept) < room // 3:
        kept = _cut(whole, room)
    return _end(kept) + tail


def _whole_pieces(pieces: Sequence[str], room: int) -> str:
    kept = ""
    for piece in pieces:
        if len(kept) + len(piece) > room:
            break
        kept += piece
    return kept


def _cut(text: str, room: int) -> str:
    """Cut a text without clause marks: at the last 、 or between words, not inside a value."""
    comma = text.rfind("、", room // 2, room)
    if comma > 0:
        return text[:comma] + "等"
    end = room
    for value in _UNBREAKABLE.finditer(text):
        if value.start() < room < value.end():
            end = value.start()
    return text[: end or room]


def _end(text: str) -> str:
    text = _LOOSE_END.sub("", text)
    return text if not text or text[-1] in "。！？!?”」』" else text + "。"


def voice_list(
    names: Sequence[str], *, lead: str = "", unit: str = "项", limit: int = LIMIT
) -> str:
    """Make a list for the ear: whole if it fits, else its count, the first names and a pointer.

    `voice_list(["甲", …], lead="申请材料")` → `申请材料共12项：甲、乙、丙等，完整清单见屏幕。`
    """
    whole = f"{lead}共{len(names)}{unit}：{'、'.join(names)}。" if len(names) > 1 else ""
    whole = whole or f"{lead}：{''.join(names)}。".lstrip("：")
    if len(whole) <= limit:
        return whole
    head, tail = f"{lead}共{len(names)}{unit}：", f"等，{SEE_SCREEN}"
    kept: list[str] = []
    for name in names:
        if len(head) + len("、".join([*kept, name])) + len(tail) > limit:
            break
        kept.append(name)
    if kept:
        return head + "、".join(kept) + tail
    return f"{lead}共{len(names)}{unit}，{SEE_SCREEN}"
