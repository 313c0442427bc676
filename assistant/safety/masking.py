"""Personal data is hidden before anything is stored, logged, searched, sent, shown or voiced.

Numbers first, because a name is known by the number beside it. What no digit and no telling word is
in, a live comment mostly, is let through by one pass of a regular expression.
"""

import re
from collections.abc import Collection, Iterator

from assistant.safety.addresses import addresses
from assistant.safety.chains import chained_numbers
from assistant.safety.contacts import contacts
from assistant.safety.digits import NUMBERED, fold, half
from assistant.safety.masked import PLACEHOLDERS, Found, Masked, hide, joined
from assistant.safety.names import names_beside, told_names
from assistant.safety.official import Official
from assistant.safety.personal_numbers import lettered_numbers, personal_numbers
from assistant.safety.pieces import may_be_told
from assistant.safety.plates import plates

__all__ = ["PLACEHOLDERS", "Masked", "Masker"]

_ROUNDS = 6
_KEPT, _SHORT = 8192, 100
"""Texts in which nothing was found, and their length: a crowd types the same short words."""
_PLACEHOLDER = re.compile("|".join(PLACEHOLDERS.values()))
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef]"
)
_NAMING = re.compile(
    r"叫|名|本人|我是|这里是|人|[·•・‧]|姓|俺是|咱是|患者|[户业]主|学生|房东|租客|家[长属]"
)
_LETTERED = re.compile(r"@|＠|艾特|\bat\b|信|[A-Za-zＡ-Ｚａ-ｚ]")
_HOUSED = re.compile(r"[室房户号栋幢座单元组队社#＃楼院弄]|[-—－]")
_PLATED = re.compile(r"[A-Za-z]|[使领]")


class Masker:
    """Hides personal data. `kinds` are those that are hidden; default: all.

    `replace_official` takes what the knowledge base makes public now; a call in another thread
    sees the old set or the new one, never a mixture.
    """

    def __init__(
        self,
        official_numbers: Collection[str] = (),
        official_addresses: Collection[str] = (),
        kinds: Collection[str] = tuple(PLACEHOLDERS),
    ) -> None:
        self._official = Official(official_numbers, official_addresses)
        self._kinds = frozenset(kinds)
        self._plain: set[str] = set()

    def replace_official(self, official: Official) -> None:
        """What is public from now on (see `official_of`)."""
        self._official = official
        self._plain = set()  # after the above: what a call meanwhile notes goes to the old set

    def __call__(self, text: str) -> Masked:
        """The masked text. Masking it again changes nothing.

        Where something is hidden, invisible characters go too: they serve to split numbers.
        What is hidden may leave something bare beside it; so it goes round until nothing is found.
        """
        plain = self._plain
        if text in plain:
            return Masked(text)
        masked = self._masked(text)
        if not masked.kinds and len(text) <= _SHORT:
            if len(plain) >= _KEPT:
                plain.clear()
            plain.add(text)
        return masked

    def _masked(self, text: str) -> Masked:
        kinds: list[str] = []
        seen = _INVISIBLE.sub("", text)
        for _ in range(_ROUNDS):
            found = self.find(seen)
            if not found:
                break
            kinds += [each.kind for each in found]
            seen = hide(seen, found)
        return Masked(seen if kinds else text, tuple(dict.fromkeys(kinds)))

    def find(self, text: str) -> list[Found]:
        """Where which personal data stands, in order and apart."""
        wanted = (each for each in self._all(_blank(text)) if each.kind in self._kinds)
        return joined([each for each in wanted if each.start < each.end])

    def _all(self, text: str) -> Iterator[Found]:
        """Everything, possibly twice."""
        numbers: list[Found] = []
        numbered, lettered = NUMBERED.search(text), _LETTERED.search(text)
        if numbered or lettered:
            folded = fold(text)
            numbers = self._numbers(text, folded) if NUMBERED.search(folded) else []
            if may_be_told(text):
                numbers += chained_numbers(text, half(text), self._official)
            numbers += contacts(folded) if lettered else []
        yield from numbers
        yield from names_beside(text, numbers)
        if _NAMING.search(text):
            yield from told_names(text)

    def _numbers(self, text: str, folded: str) -> list[Found]:
        plain = half(text)
        found = personal_numbers(text, plain, self._official)
        if _PLATED.search(folded):
            found += [*lettered_numbers(folded), *plates(folded, plain)]
        if _HOUSED.search(folded):
            found += addresses(folded, self._official)
        return found


def _blank(text: str) -> str:
    """The text with nothing to find in the placeholders; offsets stay."""
    return (
        _PLACEHOLDER.sub(lambda match: "〔" * len(match[0]), text) if "〔已隐去" in text else text
    )
