"""How alike two questions are: shared rare character pairs, and the signs by which they differ.

Near-identical questions about different things share most of their words; what is left over on
either side decides, so rare words weigh most and numbers, negation, places, the kind of answer
and official opposites (注销 against 变更) must agree.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import fsum

from rapidfuzz.distance import Indel

from assistant.answering.asked import AnswerKind, kind_of
from assistant.answering.contrasts import conflicts
from assistant.answering.figures import figures
from assistant.answering.folding import clean, grams
from assistant.answering.folding import fold as bare

_POLITE = re.compile(
    r"老师|主播|请问一下|请问|您好|你好|大家好|我?想?(?:问|咨询|了解|请教)(?:一下|下)|想问|麻烦(?:您|你)?(?:问|说)?(?:一下|下)?|谢谢(?:您|你)?"
    r"|有没有人知道|谁知道|求(?:助|解|问)|问一?下|那个|话说|请教|一下|急[!！]+"
)
_PARTICLE = re.compile(r"[呢啊呀哦嘛哈哟噢喔啦咧](?=$|[,，。!！?？\s])|[吧么](?=$|[,，。!！?？])")
_SAME = tuple(
    (re.compile(words), one)
    for words, one in (
        (r"可不可以|能不能|能不|可否|能否|是否可以|是不是可以|可以不可以|行不行|可以吗|能吗", "能"),
        (r"是不是|是否|有没有", "是否"),
        (r"要不要|需不需要|用不用|是否需要|需要|得要", "要"),
        (r"怎么样|怎样|如何|咋样|咋|怎么着|怎么才能", "怎么"),
        (r"什么时候|什么时间|啥时候|啥时|何时|几时", "何时"),
        (r"多长时间|多少天|几天|多少时间|多少个工作日|多久时间", "多久"),
        (r"哪里|哪儿|何处|什么地方|啥地方|哪块|搁哪", "哪里"),
        (r"为什么|为何|为啥|什么原因", "为什么"),
        (r"啥|什么样的", "什么"),
        (r"哪几(?:个|种|项|类)|哪些", "哪些"),
        (r"多少钱|费用(?:是)?多少|收费(?:是)?多少|几块钱|贵不贵", "多少钱"),
        (r"可以", "能"),
        (r"一共|总共|到底|究竟|现在|目前|如今", ""),
        (r"有多久|要多久|得多久|需多久", "多久"),
    )
)
_NEGATION = re.compile(
    r"不能|不得|不予|不会|不再|不够|不到|没有|没|未|无法|无需|不用|不需|不(?![动同论])|无(?!线|锡|人机|障碍)"
)
_NOT_NEGATION = re.compile(
    r"不动产|不同|不论|(?:是|能|要|会|行|有|可|需)(?:不|没)(?:是|能|要|会|行|有|可|需)|未成年|未来|无锡|不锈钢|不良|不溶|不稳定|要不|不$"
)
_PLACE = re.compile(
    r"[一-鿿]{2,3}?(?:(?<![社小校地辖园片市城景战学分])区|(?<![上城本全各超夜股])市|(?<![全本各外出跨])省|(?<![全本各])县|自治州|镇(?!痛|静))"
    r"(?!场|别|民|分|间|政|域|值|盈|长|价|级|内|外|里)"
)
_EXACT_KINDS = frozenset(
    {AnswerKind.PHONE, AnswerKind.LINK, AnswerKind.DATE, AnswerKind.PLACE, AnswerKind.WHY}
)


@dataclass(frozen=True, slots=True)
class Form:
    """One way to ask, read once: its plain text, its character pairs and its signs."""

    text: str
    pairs: frozenset[str]
    kind: AnswerKind
    figures: frozenset[str]
    negations: int
    places: frozenset[str]


@lru_cache(maxsize=2048)
def form_of(question: str) -> Form:
    """Read a question; greetings and particles go, everyday variants become one word."""
    plain = _PARTICLE.sub("", _POLITE.sub("", clean(question))).rstrip("?？ ")
    negations = len(_NEGATION.findall(_NOT_NEGATION.sub("", plain)))
    for pattern, one in _SAME:
        plain = pattern.sub(one, plain)
    held = figures(plain)
    for figure in reversed(held):
        plain = plain[: figure.start] + figure.value + plain[figure.end :]
    text = bare(plain)
    return Form(
        text=text,
        pairs=frozenset(grams(text)),
        kind=kind_of(plain),
        figures=frozenset(f.value for f in held if not f.written.startswith("一")),
        negations=negations,
        places=frozenset(_PLACE.findall(plain)),
    )


def likeness(one: Form, other: Form, idf: Mapping[str, float], unseen: float) -> float:
    """Weighted Dice of the pairs, raised for a typing error in long text; 0..1."""
    if one.text == other.text:
        return 1.0
    shared = fsum(idf.get(pair, unseen) for pair in one.pairs & other.pairs)
    both = _weight(one, idf, unseen) + _weight(other, idf, unseen)
    dice = 2.0 * shared / both if both else 0.0
    edit = Indel.normalized_similarity(one.text, other.text)
    return max(dice, min(dice + 0.15, edit))


def _weight(form: Form, idf: Mapping[str, float], unseen: float) -> float:
    return fsum(idf.get(pair, unseen) for pair in form.pairs)  # the same in any order


def disagreement(asked: Form, known: Form) -> str:
    """The sign by which two questions differ, in Chinese; empty where none is found."""
    signs = (
        ("数字不同", asked.figures != known.figures),
        ("肯定与否定不同", asked.negations % 2 != known.negations % 2),
        ("地区不同", bool(asked.places and known.places and asked.places != known.places)),
        ("问的内容不同", _other_kind(asked, known)),
        ("所办事项不同", conflicts(asked.text, known.text)[0] > 0),
        ("关键词不同", _replaced(asked.text, known.text)),
    )
    return next((name for name, differs in signs if differs), "")


def _other_kind(asked: Form, known: Form) -> bool:
    """Whether another kind of answer is asked for; long questions hold several question words."""
    exact = {asked.kind, known.kind} & _EXACT_KINDS
    short = min(len(asked.text), len(known.text)) <= 25
    return asked.kind is not known.kind and bool(exact) and short


def _replaced(asked: str, known: str) -> bool:
    """Whether a word stands where the other question has another one (房产证丢了, 结婚证丢了)."""
    for old, new in _replacements(asked, known):
        if _says(old) and _says(new) and not set(old) & set(new):
            return True
    return False


def _replacements(asked: str, known: str) -> list[tuple[str, str]]:
    """Neighbouring deletions and insertions of the shortest edit, as pairs of words."""
    pairs: list[tuple[str, str]] = []
    old = new = ""
    for step in Indel.opcodes(asked, known):
        if step.tag == "equal" and step.src_end - step.src_start >= 2:
            pairs.append((old, new))
            old = new = ""
        else:
            kept = asked[step.src_start : step.src_end] if step.tag == "equal" else ""
            old += kept or (asked[step.src_start : step.src_end] if step.tag == "delete" else "")
            new += kept or (known[step.dest_start : step.dest_end] if step.tag == "insert" else "")
    return [*pairs, (old, new)]


_EMPTY = re.compile(
    r"怎么|何时|多久|哪里|为什么|什么|哪些|多少钱|是否|能|要|办理|办|的|了|我|去|在|是|吗|呢|如果|对于|关于|进行|时|情况|应当?|该|需|有|会|到|多少|几|以|及|和|与"
)


def _says(words: str) -> bool:
    return len(_EMPTY.sub("", words)) >= 2
