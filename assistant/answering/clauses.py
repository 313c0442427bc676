"""Evidence cut into clauses: the positions where a quote may begin and end."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answering.asked import AnswerKind, fold
from assistant.domain.evidence import Hit

MOST_HITS = 14
MOST_CHARACTERS = 5000
"""How much evidence is read for one question; the answer lies outside in 2 % of the dev cases."""

_BOUNDARY = re.compile(
    r"(?:[，；：。！？!;…]|\?(?!\w+=))+[”’」』）)》\"]*\s*|[,:](?![\d/])\s*|\s*\n\s*"
    r"|(?<![A-Za-z0-9.,])(?<!\d\s[-–—~])\s+|\s+(?![A-Za-z0-9]|[-–—~]\s*\d)"
)
_SPACE = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[。！？!?…]")
_NEW_START = re.compile(r"[。！？!?…;；\s]")
_DIGITS = "一二三四五六七八九十"
_ITEM = re.compile(
    rf"\s*(?:[{_DIGITS}]+是|[（(][{_DIGITS}]+[）)]|[①-⑳]|\d{{1,2}}[.、．)）](?!\d)"
    rf"|[{_DIGITS}]+、|第[{_DIGITS}]+[,，、条])"
)
_FORMAL = re.compile(
    r"\s*(?:为(?:了|切实|贯彻|进一步|深入|全面|做好|有效|应对|积极|保障|支持|加强)|根据|按照|依据|现将|特此|记者"
    r"|各[^,，]{0,12}(?:局|厅|委|府|部|单位|院|处|公司|中心)|据[^,，]{0,8}(?:介绍|悉|了解|报道)|以下简称|近日|日前)"
)
_ARTICLE = re.compile(rf"\s*\**第[{_DIGITS}百零〇\d]+条\**[\s　：:]")
_REPLY = re.compile(r"\s*(?:答|a)\s*[:：]")
_SIGNS: dict[AnswerKind, re.Pattern[str]] = {
    AnswerKind.PHONE: re.compile(
        r"(?<!\d)(?:0\d{2,3}[- ]?\d{7,8}|1\d{10}|1\d{4}|\d{7,8}|[48]00-?\d{3}-?\d{4})(?!\d)"
    ),
    AnswerKind.LINK: re.compile(
        r"https?:|www\.|[a-z0-9]\.(?:com|cn|gov|net|org)|公众号|小程序|app|@|网站"
    ),
    AnswerKind.DATE: re.compile(
        rf"\d[年月日时天]|\d:\d|工作日|小时|个月|之日|年底|[{_DIGITS}][月日天年]|当日|期间|截止|之前|起"
    ),
    AnswerKind.NUMBER: re.compile(
        r"\d|[一二三四五六七八九十百千万亿两]+[个名家项人次件台张份条种类所辆万千百元年月日天倍成]"
    ),
    AnswerKind.PLACE: re.compile(r"[省市区县镇街路号楼站口村]|位于|地址"),
    AnswerKind.WHO: re.compile(r"[局委部厅办会处院]|中心|公司|单位|机构|企业|银行|人员|者|政府"),
    AnswerKind.WHY: re.compile(
        r"因为|由于|为了|为(?!主|期)|以便|避免|防止|减少|确保|保障|导致|因此|所以"
    ),
    AnswerKind.YES_NO: re.compile(
        r"可|不得|不能|不予|应当|必须|禁止|严禁|暂停|允许|无需|不需|需|免"
    ),
    AnswerKind.HOW: re.compile(
        r"通过|采取|采用|加强|实行|建立|利用|按照|依托|拨打|登[录陆]|进行|开展|组织|设立|对"
    ),
    AnswerKind.LIST: re.compile(
        rf"、|[{_DIGITS}]是|[（(][{_DIGITS}][）)]|[①-⑳]|\d[.、．]|[；;]|第[{_DIGITS}]|包括"
    ),
    AnswerKind.WHAT: re.compile(r"[是为指即称叫《“]"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A clause of a passage, `[start, end)`, with what can be told without the question.

    `folded` is its text in NFKC lower case, `size` its length without white space. `opens`: a
    sentence or line begins here; `closes`: one ends here. `signs` are the answer kinds whose
    typical marks it shows. `asks` and `replies`: the question and the answer of a printed dialogue.
    """

    start: int
    end: int
    folded: str
    size: int
    opens: bool
    closes: bool
    breaks: bool
    semicolon: bool
    colon: bool
    item: bool
    formal: bool
    article: bool
    asks: bool
    replies: bool
    signs: frozenset[AnswerKind]


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of one hit. `stretch` numbers the run of neighbouring passages it belongs to."""

    piece: Piece
    hit: Hit
    stretch: int
    rank: int


def clauses_of(hits: Sequence[Hit]) -> list[Clause]:
    """Cut the best hits into clauses; neighbouring passages of a source form one stretch."""
    chosen = list(_within_budget(hits))
    rank = {id(hit): place for place, hit in enumerate(chosen)}
    return list(_numbered(chosen, rank))


def _numbered(hits: Sequence[Hit], rank: Mapping[int, int]) -> Iterator[Clause]:
    """A stretch ends where the passages are no neighbours and where a new 条 begins."""
    number = 0
    for run in _runs(hits):
        number += 1
        for hit in run:
            for piece in pieces(hit.passage.text):
                number += piece.article
                yield Clause(piece, hit, number, rank[id(hit)])


def _within_budget(hits: Sequence[Hit]) -> Iterator[Hit]:
    used = 0
    for hit in hits[:MOST_HITS]:
        if used and used + len(hit.passage.text) > MOST_CHARACTERS:
            return
        used += len(hit.passage.text)
        yield hit


def _runs(hits: Sequence[Hit]) -> list[list[Hit]]:
    runs: list[list[Hit]] = []
    for hit in sorted(hits, key=lambda h: (h.source.id, h.passage.ordinal)):
        if runs and _follows(runs[-1][-1], hit):
            runs[-1].append(hit)
        else:
            runs.append([hit])
    return runs


def _follows(before: Hit, after: Hit) -> bool:
    """Whether one passage continues another (and does not repeat its end, as sliding cuts do)."""
    return (
        before.source.id == after.source.id
        and before.passage.ordinal + 1 == after.passage.ordinal
        and before.passage.text[-12:] not in after.passage.text
    )


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[Piece, ...]:
    """Cut a passage into clauses; joined they give it back, save white space at its ends."""
    return tuple(_pieces(text))


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """The folded text of a passage or context; the same ones are found again and again."""
    return fold(text)


def _pieces(text: str) -> Iterable[Piece]:
    start, opens = 0, True
    plain = folded(text)
    for end in _ends(text):
        if not text[start:end].strip():
            continue
        mark = text[max(start, end - 4) : end]
        yield _piece(text[start:end], plain[start:end], start, opens=opens)
        opens = bool(_NEW_START.search(mark))
        start = end


def _ends(text: str) -> Iterator[int]:
    for mark in _BOUNDARY.finditer(text):
        yield mark.end()
    yield len(text)


def _piece(raw: str, plain: str, start: int, *, opens: bool) -> Piece:
    tail = plain.rstrip()[-1:]
    return Piece(
        start=start,
        end=start + len(raw),
        folded=plain,
        size=len(_SPACE.sub("", raw)),
        opens=opens,
        closes=bool(_SENTENCE_END.search(raw[-3:])) or "\n" in raw,
        breaks="\n" in raw or raw.endswith("  "),
        semicolon=tail == ";",
        colon=tail == ":",
        item=bool(_ITEM.match(raw)),
        formal=bool(_FORMAL.match(raw)),
        article=opens and bool(_ARTICLE.match(raw)),
        asks=tail == "?",
        replies=bool(_REPLY.match(plain)),
        signs=frozenset(kind for kind, sign in _SIGNS.items() if sign.search(plain)),
    )
