"""Cells of a table of guides → values of FORMATS §2. What a cell does not say plainly is null."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.retrieval.chinese_dates import first_date

_NOTHING = frozenset({"", "-", "—", "——", "/", "\\", "无", "暂无", "null", "None", "N/A", "空"})
_YES = re.compile(r"是|可以?|支持|能|有|√|✓|true|yes|1", re.IGNORECASE)
_NO = re.compile(r"否|不|无|没有|×|✗|false|no|0", re.IGNORECASE)
_UNITS = (
    ("workday", r"个?\s*(?:工作日|工作天)"),
    ("month", r"个?月"),
    ("hour", r"个?小时"),
    ("day", r"个?(?:自然)?[日天]"),
)
_NUMBER = r"([0-9]+(?:\.[0-9]+)?)"
_AT_ONCE = re.compile(r"^(?:即办|即时|当场|立等可取|即来即办|当日)")
_COUNT = re.compile(r"(原件|正本|复印件|副本)[^0-9，,；;、）)]{0,6}?([0-9]+)\s*份")
_NOTE = re.compile(r"[（(]([^（）()]*)[）)]\s*$")
_NUMBERED = re.compile(
    r"^\s*(?:[0-9]{1,2}[.、．)）]|[（(][0-9一二三四五六七八九十]+[）)]|[①-⑳])\s*"
)
_STEP_CHANNEL = re.compile(
    r"^[【\[（(]?(网上|线上|网办|窗口|现场|线下)(?:办理|申请)?[】\]）)]?[:：\s]*"
)
LIST_SEPARATORS = "；;\n|｜"
"""Between items of a list; names of one item often hold 、 and ，, so those are no separators."""


def is_nothing(cell: str) -> bool:
    """Whether a cell states nothing."""
    return cell.strip() in _NOTHING


def split_list(cell: str, separators: str = LIST_SEPARATORS) -> list[str]:
    """The items of a cell, without their own numbers."""
    parts = re.split(f"[{re.escape(separators)}]", cell)
    return [
        item for part in parts if (item := _NUMBERED.sub("", part).strip()) and not is_nothing(item)
    ]


def names(cell: str, separators: str) -> list[str]:
    """A list of short names; 、 and ， part them too."""
    return split_list(cell, separators + "、，,")


def materials(cell: str, separators: str) -> list[dict[str, Any]]:
    """`户口簿（原件1份，复印件2份）；照片` → two materials with their counts."""
    return [_material(item) for item in _outside_brackets(cell, separators)]


def _material(item: str) -> dict[str, Any]:
    counts = {kind: int(number) for kind, number in _COUNT.findall(item)}
    note = _NOTE.search(item)
    name = item[: note.start()].strip() if note and counts and note.start() else item
    return {
        "name": name or item,
        "originals": counts.get("原件", counts.get("正本")),
        "copies": counts.get("复印件", counts.get("副本")),
        "note": note[1] if note and counts and not _is_only_counts(note[1]) else None,
    }


def _is_only_counts(note: str) -> bool:
    return not re.sub(r"[，,、；;\s和及]", "", _COUNT.sub("", note))


def _outside_brackets(cell: str, separators: str) -> list[str]:
    """Split where no bracket is open: separators inside （…） belong to the item."""
    items, depth, start = [], 0, 0
    for index, char in enumerate(cell):
        depth = max(0, depth + (char in "（(") - (char in "）)"))
        if char in separators and (not depth or char == "\n"):
            items.append(cell[start:index])
            start, depth = index + 1, 0
    parts = [*items, cell[start:]]
    return [
        item for part in parts if (item := _NUMBERED.sub("", part).strip()) and not is_nothing(item)
    ]


def steps(cell: str, separators: str) -> list[dict[str, str]]:
    """Numbered or separated steps, each with the channel that it names at its beginning."""
    given = []
    for item in split_list(cell, separators):
        channel = _STEP_CHANNEL.match(item)
        text = item[channel.end() :].strip() if channel else item
        word = channel[1] if channel else ""
        kind = "online" if word in {"网上", "线上", "网办"} else "window" if word else "any"
        given.append({"channel": kind, "text": text or item})
    return given


def limit(cell: str, separators: str) -> dict[str, Any] | None:
    """`7个工作日（受理之日起）` → value, unit, note; 即办 is 0 workdays, said in the note."""
    del separators
    for unit, pattern in _UNITS:
        if match := re.search(_NUMBER + r"\s*" + pattern, cell):
            rest = (cell[: match.start()] + cell[match.end() :]).strip("（）() 。，,")
            return {"value": float(match[1]), "unit": unit, "note": rest or None}
    if _AT_ONCE.match(cell):
        return {"value": 0, "unit": "workday", "note": cell.strip()}
    if re.fullmatch(_NUMBER, cell.strip()):
        return {"value": float(cell), "unit": "workday", "note": None}
    raise ValueError(f"不是时限：{cell[:30]}")


def yes_or_no(cell: str, separators: str) -> bool:
    """是/否, 支持/不支持, √/×."""
    del separators
    if _NO.match(cell.strip()):
        return False
    if _YES.match(cell.strip()):
        return True
    raise ValueError(f"不是「是」或「否」：{cell[:30]}")


def count(cell: str, separators: str) -> int:
    """`0`, `1次`, `最多跑1次`."""
    del separators
    number = re.search(r"[0-9]+", cell)
    if number is None:
        raise ValueError(f"不是次数：{cell[:30]}")
    return int(number[0])


def day(cell: str, separators: str) -> str:
    """A date in any usual way of writing it."""
    del separators
    found = first_date(cell)
    if found is None:
        raise ValueError(f"不是日期：{cell[:30]}")
    return found.isoformat()


def words(cell: str, separators: str) -> str:
    """The cell as it is."""
    del separators
    return cell.strip()


def basis(cell: str, separators: str) -> list[dict[str, str]]:
    """Titles of laws, one each."""
    return [{"title": item} for item in _outside_brackets(cell, separators)]


PARSERS: Mapping[str, Callable[[str, str], Any]] = {
    "aliases": names,
    "audience": names,
    "tags": names,
    "similar_questions": split_list,
    "negative_questions": split_list,
    "materials": materials,
    "steps": steps,
    "basis": basis,
    "statutory_limit": limit,
    "promised_limit": limit,
    "visits": count,
    "appointment": yes_or_no,
    "courier": yes_or_no,
    "online.available": yes_or_no,
    "effective_from": day,
    "effective_to": day,
    "updated_on": day,
}
"""Key of the format → how a cell becomes its value; all others are taken as they are."""


def parse_cell(key: str, cell: str, separators: str = LIST_SEPARATORS) -> Any:
    """The value of a cell for a key.

    Raises:
        ValueError: the cell cannot be read as that; the message says why.
    """
    return PARSERS.get(key, words)(cell, separators)


def known_keys(fields: Sequence[str]) -> frozenset[str]:
    """Keys that a column may be mapped to: those of the format and the parts of nested ones."""
    nested = ("online.available", "online.platform", "online.url")
    places = tuple(f"locations.{part}" for part in ("name", "address", "window", "hours", "phone"))
    return frozenset((*fields, *nested, *places))
