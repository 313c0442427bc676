"""Does the evidence carry what is said? Figures verbatim, sentences by content and polarity.

Used on whatever a model wrote, and on our own answers in tests. In doubt the answer is no: then
the extractive answer is said instead.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.answering.figures import Figure, FigureKind, figures, fold

ENOUGH = 0.6
"""Least share of a sentence's content that one citation must hold."""


def unsupported(text: str, quotes: Iterable[str]) -> list[str]:
    """Every figure of `text`, as written, that no quote holds; each once, in order."""
    known = [figure for quote in quotes for text in _readings(quote) for figure in figures(text)]
    missing = (f.written for f in figures(text) if not any(_same(f, other) for other in known))
    return list(dict.fromkeys(missing))


def _readings(quote: str) -> tuple[str, str]:
    """The quote, and without stray white space (`12: 00`), though never joining two numbers."""
    return quote, re.sub(r"(?<!\d)(?<!\d[.,])\s+|\s++(?!\d|(?<=\d\s)[.,]\d)", "", quote)


def _same(said: Figure, known: Figure) -> bool:
    if said.kind is FigureKind.DATE and known.kind is FigureKind.DATE:
        return _part_of(said.value, known.value)
    if said.kind is FigureKind.PHONE and known.kind is FigureKind.PHONE:
        return _same_phone(said.value, known.value)
    if said.kind is FigureKind.DOCUMENT and known.kind is FigureKind.DOCUMENT:
        return known.value.endswith(said.value) or said.value.endswith(known.value)
    return said.value == known.value


def _part_of(said: str, known: str) -> bool:
    """`-4-1` and `2025-4-` are parts of `2025-4-1`; never the other way round."""
    pairs = zip(said.split("-"), known.split("-"), strict=True)
    return all(part in ("", whole) for part, whole in pairs)


def _same_phone(said: str, known: str) -> bool:
    """Equal digits, or the local number after a written area code."""
    local = known.split("-", 1)[1] if re.match(r"0\d{2,3}-", known) else known
    return _digits(said) in (_digits(known), _digits(local))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def faults(sentence: str, quote: str) -> list[str]:
    """Why `quote` does not carry `sentence`, in Chinese; empty where it does."""
    found = [f"依据中没有“{figure}”" for figure in unsupported(sentence, [quote])]
    if overlap(sentence, quote) < ENOUGH:
        found.append("与依据的内容重合不足")
    found += _flips(sentence, quote)
    found += _moved(sentence, quote)
    found += _contrasts(sentence, quote)
    found += _dropped(sentence, quote)
    return found


def supported(sentence: str, quotes: Sequence[str]) -> bool:
    """Whether one of the quotes carries the whole sentence."""
    return any(not faults(sentence, quote) for quote in quotes)


# --- content ---------------------------------------------------------------------------------

_FILLER = re.compile(
    r"根据|按照|依据|您好|请问|可以|需要|进行|相关|有关|规定|的话|其中|具体|以及|并且|同时|此外|您|请|的|了|是|在|和|与|及|等|也|都|就|吧|呢|哦|呀|啊"
)


def overlap(sentence: str, quote: str) -> float:
    """Share of the sentence's content pairs that the quote holds, 0..1 (1 for no content)."""
    pairs = _pairs(_FILLER.sub(" ", fold(sentence)))
    held = fold(re.sub(r"\s+", "", quote))
    return sum(pair in held for pair in pairs) / len(pairs) if pairs else 1.0


def _pairs(text: str) -> set[str]:
    runs = re.findall(r"[㐀-鿿]+|[a-z0-9.]+", text)
    return {run[i : i + 2] for run in runs for i in range(max(1, len(run) - 1))}


# --- polarity --------------------------------------------------------------------------------

_NEGATION = re.compile(
    r"不得|不能|不予|不可|不再|不需|无需|无须|不必|不用|不收|禁止|严禁|不|无|未|没有|没|勿|非|免"
)
_NO_NEGATION = re.compile(
    r"不动产|不仅|不但|不断|不管|不论|不少|不同|不足|不超过|不少于|不低于|不高于|不超|不锈钢|不妨|不日|无论|无锡|无线|无障碍|"
    r"非常|非税|非公|非遗|非营利|未来|未成年|免疫|无人机|是不是|能不能|可不可以|要不要|对不起|差不多|非接触式"
)
_REACH = 4


def _flips(sentence: str, quote: str) -> Iterator[str]:
    """Words that the sentence negates and the quote does not, or the other way round."""
    said, known = _polarity(sentence), _polarity(quote)
    for pair, poles in said.items():
        if pair in known and not poles & known[pair]:
            yield f"“{pair}”前的肯定与否定与依据不一致"
            return
    if _negations(sentence) and not _negations(quote):
        yield "依据中没有否定的意思"


def _negations(text: str) -> int:
    return len(_NEGATION.findall(_NO_NEGATION.sub("", fold(text))))


def _polarity(text: str) -> dict[str, set[bool]]:
    """For each content pair whether it stands right behind a negation, in the same clause."""
    poles: dict[str, set[bool]] = {}
    for clause in re.split(r"[，,。；;：:！!？?、\s]", _NO_NEGATION.sub("＿", fold(text))):
        ends = [match.end() for match in _NEGATION.finditer(clause)]
        for i in range(len(clause) - 1):
            if re.fullmatch(r"[㐀-鿿]{2}", clause[i : i + 2]):
                negated = any(0 <= i - end < _REACH for end in ends)
                poles.setdefault(clause[i : i + 2], set()).add(negated)
    return poles


# --- figures in their place ------------------------------------------------------------------

_NEAR = 14


def _moved(sentence: str, quote: str) -> Iterator[str]:
    """Figures whose words around them in the sentence stand nowhere near them in the quote."""
    said, known = fold(sentence), fold(quote)
    places = figures(quote)
    for figure in figures(sentence):
        around = _pairs(_FILLER.sub(" ", _context(said, figure, _NEAR)))
        near = [_context(known, other, 3 * _NEAR) for other in places if _same(figure, other)]
        if around and near and not any(any(p in text for p in around) for text in near):
            yield f"“{figure.written}”在依据中说的是另一件事"


def _context(text: str, figure: Figure, reach: int) -> str:
    """The words before a figure and a few behind it, within its sentence."""
    before = re.split(r"[。！？\n]", text[max(0, figure.start - reach) : figure.start])[-1]
    behind = re.split(r"[。！？\n]", text[figure.end : figure.end + reach // 2])[0]
    return f"{before} {behind}"


_OPPOSITES = (
    ("法定", "承诺"),
    ("咨询", "投诉"),
    ("咨询", "监督"),
    ("原件", "复印件"),
    ("最高", "最低"),
    ("以上", "以下"),
    ("至少", "至多"),
    ("不超过", "不少于"),
    ("不低于", "不高于"),
    ("之前", "之后"),
    ("线上", "线下"),
    ("网上", "窗口"),
    ("增加", "减少"),
    ("提高", "降低"),
    ("上午", "下午"),
    ("男", "女"),
    ("城镇", "农村"),
    ("职工", "居民"),
    ("施行", "废止"),
    ("必须", "可以"),
    ("应当", "可以"),
    ("开始", "截止"),
    ("免收", "收取"),
)


def _contrasts(sentence: str, quote: str) -> Iterator[str]:
    """A word in the sentence whose opposite stands where the quote says the same thing."""
    for one, other in (pair for a, b in _OPPOSITES for pair in ((a, b), (b, a))):
        for clause in _clauses(sentence):
            if one in clause and other not in clause and _only(other, one, clause, quote):
                yield f"依据中说的是“{other}”，不是“{one}”"
                return


def _only(other: str, one: str, clause: str, quote: str) -> bool:
    """Whether the quote says `other` and never `one`, where it has the clause's figures."""
    said = figures(clause)
    alike = [text for text in _clauses(quote) if _shares_figure(said, figures(text))]
    near = alike or [quote]
    return any(other in text for text in near) and not any(one in text for text in near)


def _shares_figure(said: list[Figure], known: list[Figure]) -> bool:
    return any(_same(one, other) for one in said for other in known)


_LIMITING = re.compile(
    r"除外|不包括|不含|以外|仅限|只限|但是|但(?!凡|愿)|另有规定|前提|方可|才能|才可以"
)


def _dropped(sentence: str, quote: str) -> Iterator[str]:
    """A limit in the sentence of the quote that is retold, of which nothing is said."""
    parts = [part for part in re.split(r"[。！!？?\n]", quote) if part.strip()]
    nearest = max(parts, key=lambda part: overlap(sentence, part), default="")
    if _LIMITING.search(nearest) and not _LIMITING.search(sentence):
        yield "漏掉了限制或例外"


def _clauses(text: str) -> list[str]:
    return [clause for clause in re.split(r"[，,。；;！!？?\n]", fold(text)) if clause.strip()]
