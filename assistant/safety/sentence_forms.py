"""Sentence forms: word lists in an order, with room between them.

`{无视}…6{先前}…8{规则}` holds where a word of list 无视 is followed within 6 characters by one of
先前, and that within 8 by one of 规则. Plain text stands for itself, `{念|读|说}` for any of its
words. `…` without a number allows 4. No form runs over the end of a sentence. `^` at the beginning
holds the form to the start of a clause: `^{宣布}` does not see 昨天政府宣布; `^…4{宣布}` lets up to
4 characters stand before.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.errors import FormatError
from assistant.safety.folding import Folded, simplified
from assistant.safety.word_scan import Found

_PART = re.compile(r"\{([^{}]+)\}|…(\d{0,2})|([^{}…^]+)")
_USUAL_GAP = 4
_MOST_PARTS = 6

Places = Mapping[str, Sequence[Found]]


@dataclass(frozen=True, slots=True)
class Part:
    """One word list of a form; `gap` characters at most stand before it."""

    label: str
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """A sentence form as written, and its parts."""

    source: str
    parts: tuple[Part, ...]
    anchored: bool = False
    """Whether it begins where a clause does, give or take the gap of its first part."""

    labels: frozenset[str] = field(init=False)
    """The word lists that it needs."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", frozenset(part.label for part in self.parts))

    def match(self, text: Folded, places: Places) -> Sequence[Found] | None:
        """The words of the first match, or None."""
        first = self.parts[0]
        chains: list[tuple[Found, ...]] = [
            (found,)
            for found in places.get(first.label, ())
            if not self.anchored or text.clause_letters(found.start, first.gap) <= first.gap
        ]
        for part in self.parts[1:]:
            chains = [
                (*chain, found)
                for chain in chains
                for found in places.get(part.label, ())
                if 0 <= found.start - chain[-1].end <= part.gap
                and text.same_sentence(chain[-1].end - 1, found.start)
            ]
        return chains[0] if chains else None


def parse(source: str, lists: Collection[str]) -> Form:
    """Read a form. Raises FormatError for an unknown list or a broken form."""
    parts: list[Part] = []
    anchored = source.startswith("^")
    gap, at = 0, int(anchored)
    for piece in _PART.finditer(source, at):
        if piece.start() != at:
            break
        at = piece.end()
        listed, room, literal = piece.groups()
        if room is not None:
            gap = int(room or _USUAL_GAP)
            continue
        parts.append(Part(_label(listed, literal, lists), gap))
        gap = 0
    if at != len(source) or not 0 < len(parts) <= _MOST_PARTS:
        raise FormatError(f"句式“{source}”写法不对", hint="例：{无视}…6{先前}…8{规则}")
    return Form(source, tuple(parts), anchored)


def _label(listed: str | None, literal: str | None, lists: Collection[str]) -> str:
    if listed is None:
        return f"={literal}"
    if "|" in listed:
        if mixed := [word for word in listed.split("|") if word in lists]:
            message = f"词表“{mixed[0]}”不能和词写在一个括号里"
            raise FormatError(message, hint="分成两个句式来写")
        return f"={listed}"
    if listed not in lists:
        raise FormatError(f"没有名为“{listed}”的词表", hint="先在 words 里写好这个词表")
    return listed


def inline_words(label: str) -> tuple[str, ...]:
    """The words that stand in the form itself (label `=念|读|说`); none for a named list."""
    return tuple(map(squeeze, label[1:].split("|"))) if label.startswith("=") else ()


def squeeze(word: str) -> str:
    """A word of a list as the scan sees it."""
    return re.sub(r"[\W_]+", "", simplified(word))
