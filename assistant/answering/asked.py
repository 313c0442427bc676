"""What kind of answer a question wants, and which of its words must be found in the evidence."""

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.retrieval.analysis import words_in


class AnswerKind(StrEnum):
    """The expected type of an answer, told from the question word."""

    PHONE = "phone"
    LINK = "link"
    DATE = "date"
    NUMBER = "number"
    PLACE = "place"
    WHO = "who"
    WHY = "why"
    YES_NO = "yes_no"
    HOW = "how"
    LIST = "list"
    WHAT = "what"


# The first pattern that matches decides: the more specific comes first.
_KINDS: tuple[tuple[AnswerKind, re.Pattern[str]], ...] = (
    (
        AnswerKind.PHONE,
        re.compile(
            r"(电话|热线|号码|联系方式|联系电话|手机号|传真)(号码?)?(是|为|有|分别|多少|几|什么|哪|\?|$)|打(什么|哪个|多少|几)[^,。]{0,4}(电话|热线)?"
        ),
    ),
    (
        AnswerKind.LINK,
        re.compile(
            r"网址|链接|网站(地址)?(是|为)|邮箱|公众号(是|叫|名)|二维码|哪个(网站|平台|公众号|小程序)"
        ),
    ),
    (
        AnswerKind.DATE,
        re.compile(
            r"多久|多长时间|[几多少]{1,2}个?(?:工作日|天|小时|个?月(?!份))|何时|什么时[候间]|什么时段|哪[一]?[天年日月]|几[月号日]|几点|啥时|多会儿|"
            r"(时间|日期|期限|截止|起止)[^,。]{0,6}(是|为|到|至|多少|什么|哪|\?|$)|什么日期"
        ),
    ),
    (
        AnswerKind.NUMBER,
        re.compile(
            r"多少|几[个名家项人次件台张份条种类所辆万千百元%]|多[大长高远]|百分之几|比例|何种比例|几(?!乎)"
        ),
    ),
    (
        AnswerKind.PLACE,
        re.compile(
            r"哪里|哪儿|何处|何地|什么地[方点]|地[址点](是|在|为|\?|$)|在哪(?![些个几方])|位于|哪些?(省|市|区|县|地方|地区)"
        ),
    ),
    (
        AnswerKind.WHY,
        re.compile(
            r"为什么|为何|为啥|什么原因|原因(是|有|\?|$)|何故|目的(是|\?|$)|什么目的|为了什么"
        ),
    ),
    (
        AnswerKind.WHO,
        re.compile(
            r"谁|哪[个家些位名]?(部门|单位|机构|机关|企业|公司|医院|局|委|人|银行|组织)|什么(部门|单位|机构|人|企业)|何人"
        ),
    ),
    (
        AnswerKind.YES_NO,
        re.compile(
            r"是否|能否|可否|有没有|能不能|可不可以|是不是|要不要|会不会|需不需要|吗(\?|$)|么\?$"
        ),
    ),
    (
        AnswerKind.LIST,
        re.compile(
            r"哪些|哪几|几方面|什么(措施|政策|举措|要求|条件|材料|工作|内容|支持|规定|服务|办法|方面)|有何"
        ),
    ),
    (
        AnswerKind.HOW,
        re.compile(
            r"如何|怎么|怎样|怎么样|咋|什么(方式|途径|方法|形式|渠道|手段)|何种(方式|途径|方法|形式)"
        ),
    ),
)

_ASKING = re.compile(
    r"是什么|有什么|为什么|什么时候|什么时间|什么|哪[些里儿个天年月日家种项几]?|何[时处地种人]|有何|为何|如何|"
    r"怎么样|怎么|怎样|多少|多[大长久]|几|谁|是否|能否|可否|有没有|能不能|可不可以|吗|呢|啥|咋"
)

_STOP = frozenset(
    re.findall(
        r"\w+",
        """
        的 了 在 是 有 对 为 和 与 及 等 将 被 把 于 以 之 其 该 此 由 从
        到 向 给 让 使 用 也 都 就 还 又 会 要 能 可以 可 应 应该 做 做了
        进行 什么 哪些 哪个 哪 如何 怎么 怎样 多少 几 谁 是否 吗 呢 啊 吧 一个
        这 那 我 我们 你 你们 请问 请 问 何 时候 关于 根据 按照 通过 分别 具体
        主要 目前 采取 中 上 下 里 内 外 后 前 个 们 所 并 或 或者 而 且 时
        做出 作出 有关 相关 方面 情况 可否 能否 有何 为何 何时 以及 期间 如果 需要
        想 老师 一下 啥 咋
        """,
    )
)
"""Words that say nothing about the subject."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the extractor sees it.

    `words` are its content words with a weight (how rare the word is in general language);
    `pairs` its distinct character bigrams; `focus` maps a word to 0..1, 1 beside the question word.
    """

    text: str
    kind: AnswerKind
    words: dict[str, float]
    pairs: tuple[str, ...]
    focus: dict[str, float]
    unit: str


_RUN = re.compile(r"[㐀-鿿]+|[a-z0-9][a-z0-9.%/-]*")
_HAN = re.compile(r"[㐀-鿿]")

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_FULL_WIDTH |= {ord(dash): 0x2D for dash in "—–－‐−"}


def fold(text: str) -> str:
    """Half width, lower case, one kind of dash: character for character, so offsets stay."""
    return text.translate(_FULL_WIDTH).lower()


def read_question(text: str) -> Asked:
    """Read a question; pure, about 0.3 ms."""
    folded = fold(text).strip().rstrip("?？。!！ ")
    found = list(_ASKING.finditer(folded))
    place = found[-1] if found else None
    words, focus = _words(folded, place)
    plain = _ASKING.sub(" ", folded)
    pairs = dict.fromkeys(  # in order, so that sums over them are the same in every run
        plain[i : i + 2]
        for i in range(len(plain) - 1)
        if _content(plain[i]) and _content(plain[i + 1])
    )
    return Asked(folded, kind_of(folded), words, tuple(pairs), focus, _unit(folded))


def kind_of(folded: str) -> AnswerKind:
    """The expected type of the answer."""
    for kind, pattern in _KINDS:
        if pattern.search(folded):
            return kind
    return AnswerKind.WHAT


def _content(char: str) -> bool:
    return char.isalnum()


def _unit(folded: str) -> str:
    """The unit asked for, as in 多少家 → 家; empty where none is named."""
    found = re.search(r"(?:多少|几)(?:万|亿|千|百)?([一-鿿])", folded)
    return found[1] if found else ""


def _words(folded: str, place: re.Match[str] | None) -> tuple[dict[str, float], dict[str, float]]:
    words: dict[str, float] = {}
    focus: dict[str, float] = {}
    for start, end in segments(folded):
        word = folded[start:end]
        if word in _STOP or not any(char.isalnum() for char in word):
            continue
        words[word] = min(1.0, 0.4 + 0.2 * (end - start - 1))
        focus[word] = max(focus.get(word, 0.0), _nearness(start, end, place))
    return words, focus


def _nearness(start: int, end: int, place: re.Match[str] | None) -> float:
    if place is None:
        return 0.0
    gap = start - place.end() if start >= place.end() else place.start() - end
    return 1.0 / (1.0 + max(gap, 0) / 3)


def segments(folded: str) -> list[tuple[int, int]]:
    """Spans of words: Latin and number runs whole, Chinese runs in the fewest dictionary words."""
    return [span for run in _RUN.finditer(folded) for span in _run_segments(run)]


def _run_segments(run: re.Match[str]) -> list[tuple[int, int]]:
    if not _HAN.match(run[0]):
        return [run.span()]
    spans = _joined(run[0], _fewest(run[0]))
    return [(run.start() + start, run.start() + end) for start, end in spans]


def _joined(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Single characters side by side are a name that the dictionary lacks (工信部)."""
    joined: list[tuple[int, int]] = []
    loose = False
    for start, end in spans:
        single = end - start == 1 and text[start] not in _STOP
        if single and loose:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
        loose = single
    return joined


def _fewest(text: str) -> list[tuple[int, int]]:
    """Dynamic programme from the right; a single character costs a little more than a word."""
    size = len(text)
    ends: dict[int, list[int]] = {}
    for start, end in words_in(text):
        ends.setdefault(start, []).append(end)
    cost, step = [0.0] * (size + 1), [0] * size
    for i in range(size - 1, -1, -1):
        choices = [(1.2 + cost[i + 1], i + 1), *((1.0 + cost[j], j) for j in ends.get(i, ()))]
        cost[i], step[i] = min(choices)
    return _walk(step)


def _walk(step: list[int]) -> list[tuple[int, int]]:
    spans, here = [], 0
    while here < len(step):
        spans.append((here, step[here]))
        here = step[here]
    return spans
