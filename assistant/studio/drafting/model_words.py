"""What a model wrote, held against the facts: lines with ids → sentences, or why they are not used.

The model sees phones, links, amounts and 文号 only as places ({f3.1}), into which code puts the
value. Every other value is checked; a sentence that changes one is dropped.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.figures import FigureKind, figures, fold
from assistant.answering.verify import faults as meant_otherwise
from assistant.answering.verify import overlap
from assistant.domain.studio import Fact, Sentence
from assistant.studio.drafting.checking import Checker
from assistant.studio.drafting.parts import closed
from assistant.studio.drafting.wording import words_in

_BODY = re.compile(r"<口播>(.*?)(?:</口播>|\Z)", re.DOTALL)
_LINE = re.compile(r"\s*\[((?:\s*f\d+\s*[,，、]?)*)\]\s*(\S.*)")
_PLACE = re.compile(r"\{(f\d+)\.(\d+)\}")
_HIDDEN = frozenset({FigureKind.LINK, FigureKind.PHONE, FigureKind.DOCUMENT})
_MONEY = re.compile(r"元$")
_LEAST_SHARED = 0.35
_LONGEST = 90
_MOST = 60
_CLAIMS = re.compile(
    "不用|不需要|无需|无须|必须|应当|免费|收费|能办|可办|不能|只要|都要|要带|需要带|不收|有效期|可以办|才能|都能"
)
"""What a sentence without facts may only ask."""
_MATTERS = re.compile("承诺|法定|规定|条件|材料|证明|原件|复印件|申请|办结|办理|窗口|网上")
_IDIOMS = re.compile(
    "拿不准|说不准|吃不准|免不了|少不了|不明白|不清楚|不知道|不着急|不慌|不忙|记不住|来不及|忍不住|别忘了?|别急|别慌|不急"
)
"""Ways of speaking that hold a 不 and deny nothing."""
_ABOUT_US = re.compile("评论|公屏|屏幕|直播|截图|截屏|提问|打字|关注|听|讲|说|看|问")
"""A sentence without facts that claims something must at least be about the stream itself."""


class UnusableError(ValueError):
    """The model's text is not used; says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Written:
    """Sentences that hold, and why others were dropped."""

    sentences: tuple[Sentence, ...]
    dropped: tuple[str, ...]


def shown(fact: Fact) -> str:
    """A fact as the model sees it: values that must not be typed stand as places."""
    text = fact.text
    for number, value in hidden_values(fact):
        text = text.replace(value, f"{{{fact.id}.{number}}}")
    return f"[{fact.id}] {text}"


def hidden_values(fact: Fact) -> list[tuple[int, str]]:
    """Phones, links, 文号 and amounts of a fact as they stand in it, numbered from 1."""
    folded = fold(fact.text)
    same = len(folded) == len(fact.text)
    found = [
        fact.text[one.start : one.start + len(one.written)] if same else one.written
        for one in figures(fact.text)
        if one.kind in _HIDDEN or _MONEY.search(one.written)
    ]
    return list(enumerate(dict.fromkeys(v for v in found if v in fact.text), start=1))


def read(reply: str, facts: Mapping[str, Fact], checker: Checker) -> Written:
    """The sentences of a reply that may be said. Raises UnusableError where there is none."""
    body = _BODY.search(reply)
    lines = [line for line in (body[1] if body else reply).splitlines() if line.strip()]
    if not lines or len(lines) > _MOST:
        raise UnusableError("模型没有写出口播")
    kept, dropped = [], []
    for line in lines:
        try:
            kept.append(_sentence(line, facts, checker))
        except UnusableError as error:
            dropped.append(str(error))
    if not any(one.facts for one in kept):
        raise UnusableError(dropped[0] if dropped else "没有一句说到依据")
    return Written(tuple(kept), tuple(dropped))


def _sentence(line: str, facts: Mapping[str, Fact], checker: Checker) -> Sentence:
    match = _LINE.fullmatch(line.strip())
    if not match:
        raise UnusableError("格式不符")
    ids = tuple(dict.fromkeys(re.findall(r"f\d+", match[1])))
    if unknown := [one for one in ids if one not in facts]:
        raise UnusableError(f"引用了不存在的依据 {unknown[0]}")
    text = closed(_filled(match[2].strip(), ids, facts))
    sentence = Sentence(text, ids)
    if len(text) > _LONGEST:
        raise UnusableError("句子太长")
    if why := _why_not(sentence, [facts[one].text for one in ids], checker):
        raise UnusableError(why)
    return sentence


def _filled(text: str, ids: Sequence[str], facts: Mapping[str, Fact]) -> str:
    """The text with the values in their places. Raises UnusableError for a place that is none."""

    def value(match: re.Match[str]) -> str:
        fact = facts.get(match[1]) if match[1] in ids else None
        values = dict(hidden_values(fact)) if fact else {}
        if int(match[2]) not in values:
            raise UnusableError(f"占位 {match[0]} 不属于这句的依据")
        return values[int(match[2])]

    return _PLACE.sub(value, text)


def _why_not(sentence: Sentence, quotes: Sequence[str], checker: Checker) -> str:
    if found := checker.faults(sentence):
        return found[0]
    if word := next(iter(words_in(sentence.text)), None):
        return f"含有“{word[0]}”（{word[1].kind}）"
    if not quotes:
        asks = sentence.text.endswith(("？", "?"))
        claims = _CLAIMS.search(sentence.text) and not asks
        matters = _MATTERS.search(sentence.text) and not (asks or _ABOUT_US.search(sentence.text))
        return "没有依据的说法" if claims or matters else ""
    whole = "。".join(quotes)
    if overlap(sentence.text, whole) < _LEAST_SHARED:
        return "与依据的内容重合不足"
    plain = _IDIOMS.sub("", sentence.text)
    changed = (one for one in meant_otherwise(plain, whole) if "重合" not in one)
    return next(changed, "")


def completed(written: Sequence[Sentence], sample: Sequence[Sentence]) -> list[Sentence]:
    """What was written, with the sample's own sentence wherever a fact or a figure is left out.

    A fact that the model told only in part is told by the sample instead, at its place.
    """
    told = list(written)
    place = 0
    for one in sample:
        if not one.facts:
            continue
        held = [n for n, other in enumerate(told) if set(other.facts) & set(one.facts)]
        said = {f.value for n in held for f in figures(told[n].text)}
        if held and {f.value for f in figures(one.text)} <= said and _named(one, told, held):
            place = max(place, held[-1] + 1)
            continue
        place = max(place, held[-1] + 1 if held else place)
        told.insert(place, one)
        place += 1
    return told


def _named(one: Sentence, told: Sequence[Sentence], held: Sequence[int]) -> bool:
    """Whether most of the sample sentence's words are told by those that share its facts."""
    return overlap(one.text, "".join(told[n].text for n in held)) >= _LEAST_SHARED
