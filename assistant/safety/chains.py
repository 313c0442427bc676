"""Numbers told in pieces: 号码138再加0013再加8000, 一三八啊零零一三, one three eight ….

Pieces with little between them are a chain. What a window of a chain gives when put together must
be a valid number (checksum, birthday, prefix and length); or the words around call it one, and the
pieces are told to belong together. Between two pieces, words that only join (再加, 后面, 空格, 啊)
count for less than others do.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, permutations

from assistant.safety import checksums
from assistant.safety.masked import Found
from assistant.safety.number_words import in_code
from assistant.safety.official import Official
from assistant.safety.pieces import POSITION, Piece, pieces

_PLAIN, _JOINED, _OTHER, _APART = range(4)
_MARK = r"[^\w〔〕。！!？?\n]"
_JOINS = (
    rf"{POSITION}|(?:[一二两三四五六七八九十]{{1,2}}|[0-9]{{1,2}})位数?|[啊阿哦噢喔呃嗯呢哈哎唉诶额嘛吧呀吖哇喂啦哒系喺嗰咁]|空格?|[点杠横减连接再加跟]"
    r"|(?:斜|短|中|下)?(?:划线|横线|横杠|杠)|逗号|句号|顿号|星号?|然后|接着|再?(?:加上?|接上?|来|打|拼上|连上|输|拨)"
    r"|跟(?:着|住)|之后|[后前]面?|[后前]边|后头|前头|中间|当中|最后|末尾|结尾|收尾|尾[号数]|尾巴|起头|开头|打头|头|是|为"
    r"|的|我的?|号码?|号段|数字|[及和与]|还有|剩下|其余|下面|另外?|那|这|and|then|dash|space|dot|hyphen|minus|plus|star"
    r"|分机|区号|本机|出生|生日|生于|顺序码|校验码?|地区码?|[（(]|_"
)
_LINKS = (
    (_PLAIN, re.compile(rf"(?:{_MARK}|_)*")),
    (_JOINED, re.compile(rf"(?:{_MARK}|{_JOINS})*", re.IGNORECASE)),
    (_OTHER, re.compile(r"[^〔〕。！!？?\n年月日元万亿岁]{1,7}")),
)
_LONGEST_LINK = 16
_PLACED = re.compile(
    r"[前后末尾头]|最后|中间|开头|剩下|其余|[第][一二三四12345][位段组]|星", re.IGNORECASE
)
_TURNED = re.compile(
    r"[倒反逆](?:着|过来|序|向|读|念|写)|[后尾](?:往|向|到)前|颠倒|backward|revers", re.IGNORECASE
)
_PHONE = re.compile(
    r"手机|电话|号码|打我|打给我|联系|致电|回电|座机|固话|拨|我的?号|微信|加我|找我|呼我|响我|本机|区号|手提"
    r"|\b(?:call|tel|phone|mobile|number|whatsapp)\b",
    re.IGNORECASE,
)
_IDENTITY = re.compile(r"身份|身分|证件|证号|份证|户口簿|sfz|\bid\b", re.IGNORECASE)
_CARD = re.compile(r"银行卡|卡号|账号|帐号|账户|户头|存折|储蓄卡|信用卡")
_AREA = re.compile(r"0(?:10|2\d|[3-9]\d\d)")
_PREFIX = re.compile(r"1(?:3\d|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])")
_MOST = 19
_MOST_PIECES = 5


def chained_numbers(text: str, half: str, official: Official) -> Iterator[Found]:
    """Every number that is told in pieces; `half` is the text in half width."""
    told = list(pieces(half))
    if sum(len(each.digits) for each in told) >= 9:
        turned = _TURNED.search(text) is not None
        for chain, links in _chains(half, told):
            yield from _Chain(half, chain, links, official, turned=turned).read()


def _chains(half: str, told: Sequence[Piece]) -> Iterator[tuple[list[Piece], list[int]]]:
    """Pieces that are linked, and how each is linked to the next."""
    chain, links = list(told[:1]), list[int]()
    for before, after in pairwise(told):
        link = _link(half, before, after)
        if link == _APART:
            yield chain, links
            chain, links = [after], []
        else:
            chain.append(after)
            links.append(link)
    yield chain, links


def _link(half: str, before: Piece, after: Piece) -> int:
    between = half[before.end : after.start]
    if before.dated and (rest := between.lstrip()[:1]) == before.dated:
        between = between.lstrip().removeprefix(rest)
    if len(between) > _LONGEST_LINK:
        return _APART
    return next((link for link, words in _LINKS if words.fullmatch(between)), _APART)


class _Chain:
    """One chain of pieces; `turned`: the text says that a number is told from its end."""

    def __init__(
        self, half: str, chain: list[Piece], links: list[int], official: Official, *, turned: bool
    ) -> None:
        self._half, self._chain, self._links = half, chain, links
        self._official, self._turned = official, turned
        around = half[max(0, chain[0].start - 24) : chain[-1].end + 16]
        self._phone, self._card = _PHONE.search(around), _CARD.search(around)
        self._identity, self._placed = _IDENTITY.search(around), _PLACED.search(around)

    def read(self) -> Iterator[Found]:
        """The valid numbers; else what the words call one."""
        found = [*self._windows()]
        if not found:
            found = [*self._jumbled(), *self._called()]
        yield from found
        numbers = "".join(self._digits(first, last) for first, last in self._spans(found))
        for each in self._chain if found else ():
            digits, apart = each.digits, not any(f.start <= each.start < f.end for f in found)
            told_twice = digits in numbers and len(digits) >= 3
            if apart and told_twice and not each.measured and not self._official.is_number(digits):
                yield Found(each.start, each.end, found[0].kind)

    def _spans(self, found: Sequence[Found]) -> Iterator[tuple[int, int]]:
        for each in found:
            inside = [i for i, p in enumerate(self._chain) if each.start <= p.start < each.end]
            yield inside[0], inside[-1] + 1

    def _windows(self) -> Iterator[Found]:
        at = 0
        while at < len(self._chain):
            last, kind = self._from(at)
            if kind:
                yield Found(self._chain[at].start, self._chain[last - 1].end, kind)
            at = last if kind else at + 1

    def _from(self, first: int) -> tuple[int, str]:
        """The end and kind of the longest valid number that begins with a piece."""
        best = (first, "")
        size, last = 0, first
        while last < len(self._chain) and size + len(self._chain[last].digits) <= _MOST:
            size += len(self._chain[last].digits)
            last += 1
            if kind := self._kind(first, last):
                best = (last, kind)
        return best

    def _kind(self, first: int, last: int) -> str:
        digits, window = self._digits(first, last), self._chain[first:last]
        link = max(self._links[first : last - 1], default=_PLAIN)
        told = link > _PLAIN or any(each.spoken or each.dated for each in window)
        if self._turned and (kind := self._valid(digits[::-1], _JOINED, first)):
            return kind
        if not told or (any(map(_counted, window)) and len(digits) != 18):
            return ""
        if self._is_public(window):
            return ""
        return self._valid(digits, link, first)

    def _valid(self, digits: str, link: int, first: int) -> str:
        """The kind of the number that pieces give, by what such links let through."""
        if len(digits) == 18 and _is_identity(digits, strict=link == _OTHER):
            return "identity"
        placed = len(digits) == 14 and checksums.is_identity_head(digits)
        if placed and self._identity and link < _OTHER:
            return "identity"
        kind = checksums.shape(digits) if 10 <= len(digits) <= _MOST else None
        if kind == "card":
            return kind if checksums.luhn(digits) and (link < _OTHER or self._card) else ""
        if kind == "mobile" and _PREFIX.match(digits[-11:]):
            return kind if link < _OTHER or self._phone else ""
        area = _AREA.fullmatch(self._chain[first].digits)
        return kind if kind == "landline" and area and self._phone and link < _OTHER else ""

    def _is_public(self, window: Sequence[Piece]) -> bool:
        digits = "".join(each.digits for each in window)
        public = all(self._official.is_number(each.digits) for each in window)
        code = in_code(self._half, window[0].start, window[-1].end, named=True)
        return public or self._official.is_number(digits) or code

    def _jumbled(self) -> Iterator[Found]:
        """A number whose pieces stand in another order: 后四位8000，前面1380013."""
        for first, last in self._joined_stretches() if self._placed else ():
            window = self._chain[first:last]
            if last - first <= _MOST_PIECES and not self._is_public(window):
                kinds = map(self._kind_of_order, permutations(each.digits for each in window))
                if kind := next(filter(None, kinds), ""):
                    yield Found(window[0].start, window[-1].end, kind)

    def _kind_of_order(self, order: Sequence[str]) -> str:
        digits = "".join(order)
        if self._phone and len(digits) == 11 and checksums.shape(digits) == "mobile":
            return "mobile"
        return "identity" if _is_identity(digits, strict=False) else ""

    def _called(self) -> Iterator[Found]:
        """Pieces that are called a number of someone, though it is none: a digit is wrong."""
        for first, last in self._joined_stretches():
            window = self._chain[first:last]
            size = sum(len(each.digits) for each in window)
            linked = any(link == _JOINED for link in self._links[first : last - 1])
            told = linked or any(each.spoken for each in window)
            if not told or any(self._official.is_number(each.digits) for each in window):
                continue
            kind = "identity" if self._identity and 12 <= size <= 18 else ""
            kind = kind or ("mobile" if self._phone and 9 <= size <= 13 else "")
            if kind and not in_code(self._half, window[0].start, window[-1].end, named=True):
                yield Found(window[0].start, window[-1].end, kind)

    def _joined_stretches(self) -> Iterator[tuple[int, int]]:
        """Pieces in a row that are no amounts or dates, with nothing but joining words between."""
        first = 0
        for at, each in enumerate(self._chain):
            if each.measured or each.dated:
                yield from ((first, at),) if at - first > 1 else ()
                first = at + 1
            elif at + 1 == len(self._chain) or self._links[at] == _OTHER:
                yield from ((first, at + 1),) if at >= first else ()
                first = at + 1

    def _digits(self, first: int, last: int) -> str:
        """Together; a month or day of one digit gets its zero."""
        return "".join(
            each.digits.zfill(2) if each.dated in ("月", "日", "号") else each.digits
            for each in self._chain[first:last]
        )


def _counted(piece: Piece) -> bool:
    return piece.measured or piece.dated in ("年", "月", "日")


def _is_identity(digits: str, *, strict: bool) -> bool:
    if len(digits) != 18 or not digits[:17].isdecimal():
        return False
    if strict:
        return checksums.is_identity(digits)
    return checksums.is_identity_head(digits[:14]) or checksums.is_identity(digits)
