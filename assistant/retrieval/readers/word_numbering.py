"""Numbers that Word counts itself: `第一条`, `（二）`, `3.` are not in the paragraphs' text."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HAN = "零一二三四五六七八九"
_CHINESE = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "chineseLegalSimplified",
        "ideographDigital",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
    }
)


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    style: str
    text: str


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each was counted."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, word: "WordDocument") -> "Numbering":
        """The numbering part of a document; one without it counts nothing."""
        numbering = cls()
        root = _numbering_root(word)
        if root is None:
            return numbering
        for abstract in root.iter(_W + "abstractNum"):
            levels = {
                _int(level.get(_W + "ilvl")): _level(level) for level in abstract.iter(_W + "lvl")
            }
            numbering.levels[abstract.get(_W + "abstractNumId", "")] = levels
        for number in root.iter(_W + "num"):
            target = number.find(_W + "abstractNumId")
            if target is not None:
                numbering.lists[number.get(_W + "numId", "")] = target.get(_W + "val", "")
        for style in word.styles:
            if reference := _reference(style.element.find(_W + "pPr")):
                numbering.styles[style.style_id] = reference
        return numbering

    def prefix(self, properties: Any, style_id: str | None) -> str:
        """What stands before a paragraph, and count it."""
        reference = _reference(properties) or self.styles.get(style_id or "")
        if reference is None:
            return ""
        abstract, depth = self.lists.get(reference[0], ""), reference[1]
        levels = self.levels.get(abstract, {})
        if depth not in levels:
            return ""
        counts = self.counts.setdefault(abstract, {})
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        return _filled(levels, counts, depth)


def _filled(levels: dict[int, _Level], counts: dict[int, int], depth: int) -> str:
    text = levels[depth].text
    if levels[depth].style in {"bullet", "none"}:
        return ""
    for index, level in levels.items():
        number = counts.get(index, level.start)
        text = text.replace(f"%{index + 1}", _number(number, level.style))
    return text


def _number(value: int, style: str) -> str:
    if style in _CHINESE:
        return chinese(value)
    if style == "decimalEnclosedCircle" and 1 <= value <= 20:
        return chr(0x2460 + value - 1)
    if style in {"upperLetter", "lowerLetter"} and 1 <= value <= 26:
        return chr(ord("A" if style == "upperLetter" else "a") + value - 1)
    return str(value)


def chinese(value: int) -> str:
    """1 → 一, 12 → 十二, 105 → 一百零五; numbers of 1000 and more stay digits."""
    if not 0 < value < 1000:
        return str(value)
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_HAN[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _HAN[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_HAN[ones] if ones else "")


def _numbering_root(word: "WordDocument") -> Any:
    relations = word.part.rels.values()
    parts = [rel.target_part for rel in relations if rel.reltype.endswith("/numbering")]
    return parts[0].element if parts else None


def _level(level: Any) -> _Level:
    def value(name: str, default: str) -> str:
        node = level.find(_W + name)
        return node.get(_W + "val", default) if node is not None else default

    return _Level(_int(value("start", "1")), value("numFmt", "decimal"), value("lvlText", ""))


def _reference(properties: Any) -> tuple[str, int] | None:
    number = properties.find(_W + "numPr") if properties is not None else None
    target = number.find(_W + "numId") if number is not None else None
    if number is None or target is None:
        return None
    depths = [depth.get(_W + "val") for depth in number.iter(_W + "ilvl")]
    return target.get(_W + "val", ""), _int(depths[0] if depths else "0")


def _int(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else 0
