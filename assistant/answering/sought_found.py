"""Where words hold the sort of thing that a question seeks, and what stands around it.

What the question says itself is none of it, nor what is cut off in the words (首次突破6万亿...).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from assistant.answering.marks import is_of_other
from assistant.answering.person_names import person_names
from assistant.answering.sought import Sort, Sought

Span = tuple[int, int]

_HAN = "〇零一二三四五六七八九十百千万亿两"
_SOME = rf"(?:\d[\d,]*(?:\.\d+)?|[{_HAN}]+)"
_CUT = re.compile(r"\s?(?:\.{3}|…)")
_HEAD_DATE = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]* \d{1,2}, \d{4}"
)
"""Before a result of a web search: when the page was made."""
_SENTENCE = re.compile(r"[。！？!?;；\n]+|\.{3}|…")
_QUESTION = re.compile(r"[^。！？!?；;\n]*[？?]")
_PATTERNS: dict[Sort, re.Pattern[str]] = {
    Sort.PHONE: re.compile(
        r"(?<!\d)(?:0\d{2,3}[- ]?\d{7,8}|1\d{10}|1\d{4}|\d{7,8}|[48]00-?\d{3}-?\d{4}|1[12]\d)(?!\d)"
        r"|https?:|网站|公众号"
    ),
    Sort.DATE: re.compile(
        rf"(?:\d{{4}}年)?\d{{1,2}}月(?:\d{{1,2}}[日号]?)?|\d{{4}}年(?!度)|\d{{1,2}}[日号](?!线)"
        rf"|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|[{_HAN}]{{1,3}}月(?:[{_HAN}]{{1,3}}[日号]|底|初|份)|即日|之日"
        r"|[今明昨次当前后][日天月年]|[月年][底初末]|[结解]\w{1,3}后|期间|\d{1,2}[:点时]|[周期][一二三四五六日末天]|工作日"
        r"|\d+\s*[天日]内|截至|端午|春节|国庆|元旦|中秋|清明|除夕|目前|长期|[上下中]旬|[^小同及随按何有定]时(?:起|成立|生效|。|$)"
    ),
    Sort.DURATION: re.compile(
        rf"{_SOME}(?:多|余|来)?个?半?(?:工作日|自然日|[天日月年周]|星期|小时|分钟|季度|学期)|长期|永久|终身|当[天日]|即时"
        r"|随时|[至到]\S{0,12}[日月]|期间"
    ),
    Sort.RANK: re.compile(rf"第{_SOME}|前[{_HAN}\d]|首位|榜首|倒数|冠军|亚军|季军"),
    Sort.SHARE: re.compile(
        rf"{_SOME}\s*(?:个百分点|%|‰|倍|成|折|个点)|[百千万{_HAN}]分之|全部|全额|减半|一半"
    ),
    Sort.PLACE: re.compile(
        "[一-鿿](?:省|市|区|县|镇|乡|村|街|路|号|楼|站|馆|厅|场|中心|大学|医院|学校|酒店|公园|岛|湾|港|州|国|窗口"
        "|网站?|平台|公众号|小程序|app|系统|银行|公司|局|委|部)|网上|线上|当地|各地|全国|中国|美国|英国|法国|德国|日本|韩国"
        "|北京|上海|天津|重庆|武汉|广州|深圳|香港|澳门|台湾|[a-z]{3,}"
        "|[一-鿿]{1,4}(?:斯坦|利亚|尼亚|比亚|西亚|兰)|印度|巴西|西班牙|葡萄牙|卡塔尔|土耳其|墨西哥|俄罗斯|加拿大|南非|埃及|泰国|越南"
    ),
    Sort.OFFICE: re.compile(
        "[一-鿿]{2}(?:局|委|部|厅|办|会|处|院|中心|公司|单位|机构|企业|银行|大学|学校|学院|俱乐部|队|集团|政府|平台|站|所|协会"
        "|厂|店|网|窗口|人)|[男女][足排篮]|[a-z]{2,}"
    ),
    Sort.TITLE: re.compile(
        r"《[^》]+》|“[^”]+”|「[^」]+」|\"[^\"]+\"|[a-z][a-z0-9 .&-]{2,}|[为称叫是名][一-鿿]{2,}"
    ),
}
_NUMBER = re.compile(
    rf"(?<![\d第a-z.])(?:\d[\d,]*(?:\.\d+)?|[{_HAN}ⅰⅱⅲⅳⅴ]+(?:点[{_HAN}]+)?)\s*(?:余|多|几)?[万亿千百]{{0,2}}余?\s*([一-鿿%‰])?"
)
_MONEY = re.compile("[美欧日港英]?[元镑块角]|美金|人民币|新台币|卢布|法郎")
_AS_GOOD: dict[str, str] = {
    "元": "元美欧日港英镑块角人新卢法",
    "人": "人名位例口户",
    "名": "人名位例",
    "位": "人名位例",
    "例": "例人名",
    "家": "家个户所",
    "户": "户家个",
    "所": "所家个",
    "岁": "岁周",
    "班": "班次趟架",
    "辆": "辆台",
    "台": "台辆",
}
_OTHER = "年月日号届时点第"
"""Numbers with these are days and editions, not amounts."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORDS = frozenset({"一般", "一定", "一些", "统一"})


def is_found(seeks: Sought, words: str, published_on: date | None = None) -> bool:
    """Whether folded words hold what is sought; True where the question seeks no one sort.

    The sentence that holds it must not be about another year, edition or product than the one
    asked.
    """
    spans = found(seeks, words)
    if spans is None:
        return True
    near = around(spans, words)
    return any(not is_of_other(seeks.text, sentence, published_on) for sentence in near)


def said(words: str) -> str:
    """Words without the questions among them."""
    return _QUESTION.sub("", words).strip(" 。\n")


def found(seeks: Sought, words: str) -> list[Span] | None:
    """The places in folded words of what is sought; None where the question seeks no one sort."""
    if seeks.sort is None:
        return None
    text = _HEAD_DATE.sub(lambda date: " " * len(date[0]), words)
    spans = _finder(seeks)(text)
    return [span for span in spans if _counts(text, span, seeks.text)]


def _finder(seeks: Sought) -> Callable[[str], Iterable[Span]]:
    if seeks.sort is Sort.PERSON:
        return lambda text: [*person_names(text), *_teams(text, seeks.text)]
    if seeks.sort is Sort.NUMBER:
        return lambda text: _numbers(text, seeks.unit)
    pattern = _PATTERNS[seeks.sort or Sort.TITLE]
    return lambda text: (match.span() for match in pattern.finditer(text))


def _counts(text: str, span: Span, question: str) -> bool:
    return text[slice(*span)].strip() not in question and not _CUT.match(text, span[1])


_TEAM = re.compile("[一-鿿]{2,6}队|[一-鿿]{2}[男女][足排篮]")


def _teams(text: str, question: str) -> Iterator[Span]:
    """Of a title that a team can win (冠军, not 男单冠军)."""
    if re.search("(?<![单打])[冠亚季]军", question):
        yield from (match.span() for match in _TEAM.finditer(text))


def _numbers(text: str, unit: str) -> Iterator[Span]:
    for match in _NUMBER.finditer(text):
        if _fits(match, text, unit):
            yield match.span()
    if unit in ("", "个"):
        yield from (match.span() for match in _PATTERNS[Sort.SHARE].finditer(text))


def _fits(match: re.Match[str], text: str, unit: str) -> bool:
    """A number with a unit as good as the one asked; without one no year, day or word (一般)."""
    own = match[1] or ""
    if unit == "元":
        return bool(own) and _MONEY.match(text, match.end() - 1) is not None
    if unit and unit not in "个件种类条项次":
        return own != "" and own in _AS_GOOD.get(unit, unit)
    if (own and own in _OTHER) or _YEAR.fullmatch(match[0].strip()):
        return False
    return match[0][0].isdigit() or (bool(own) and match[0] not in _WORDS)


def sentences(words: str) -> list[Span]:
    """Sentences of folded words, and what an ellipsis parts."""
    ends = [*(mark.span() for mark in _SENTENCE.finditer(words)), (len(words), len(words))]
    starts = [0, *(end for _, end in ends[:-1])]
    return [(start, end) for start, (end, _) in zip(starts, ends, strict=True) if end > start]


def around(spans: Sequence[Span], words: str) -> list[str]:
    """The sentences in which spans lie."""
    return [words[a:b] for a, b in sentences(words) if any(a <= start < b for start, _ in spans)]
