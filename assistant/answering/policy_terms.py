"""What a question insists on, and whether the evidence has it: numbers in 0..1, 1 if not asked.

A neighbour of the right document shares its subject, not the city, the office or the list asked
for: each of these is one number, so that its lack counts however many other words are shared.
"""

import re
from collections.abc import Iterable

from assistant.answering.asked import Asked
from assistant.answering.clause_features import Grid
from assistant.answering.span_model import Window

_FRAME = frozenset(
    re.findall(
        r"\w+",
        """
        提出 给予 给出 出台 采取 措施 政策 规定 要求 举措 内容 实施 推出 发布 作了 做好 提供 方面
        具体 明确 强调 情况 方式 办法 安排 处理 针对 进行 相关 有关 主要 包括 指出 制定 对于 做了
        如下 得到 获得 取得 属于 期间
        """,
    )
)
"""Words with which policies are asked about; a document need not repeat them."""
_OFFICE = re.compile(
    r"[一-鿿]{1,12}?(?:委员会|联防联控机制|办公[厅室]|领导小组|指挥部|[部委局厅署院]|协会|公司|银行|集团|基金会|中心)"
    r"(?![门分员长署队落位])"
)
_OFFICE_TAIL = 3
"""Characters of an office's name that its short and long forms share (市交通委, 交通委)."""
_DIGITS = dict(zip("两二三四五六七八九十", (2, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True))
_COUNTED = re.compile(
    r"(?:哪|[“\"]|[的出])([两二三四五六七八九十])(?:个|大|项|类|种|道|条|方面|点|是|步)"
    r"|([两二三四五六七八九十])(?:个|大|项|类|种|道|条|方面|步)[^，。]{0,12}(?:是什么|有哪些|包括|分别|指)"
)
_ITEM = re.compile(r"\s*(?:[一二三四五六七八九十]+是|[（(]?[一二三四五六七八九十\d]+[）)、.])")


def content_held(asked: Asked, text: str) -> float:
    """Share of the question's content that the text holds, in pairs of characters.

    Pairs lie within a word: those across two words (市对, 业的) need not stand in any document.
    """
    pairs = {
        word[i : i + 2] for word in asked.words if word not in _FRAME for i in range(len(word) - 1)
    }
    return sum(pair in text for pair in pairs) / len(pairs) if pairs else 1.0


def offices_held(question: str, passage: str) -> float:
    """Share of the offices and firms named that the passage or its title names."""
    tails = [name[-_OFFICE_TAIL:] for name in _OFFICE.findall(question)]
    return sum(tail in passage for tail in tails) / len(tails) if tails else 1.0


def all_places_held(asked: Iterable[str], source: str) -> float:
    """1 where the source names every place asked: half of them is another place."""
    return float(all(place in source for place in asked))


def count_shown(question: str, grid: Grid, window: Window) -> float:
    """Whether the window lists things where the question says how many there are (哪三类 …)."""
    asked = _COUNTED.search(question)
    if not asked:
        return 1.0
    count = _DIGITS[asked[1] or asked[2]]
    chosen = [c.piece.folded for c in grid.clauses[window.begin : window.end + 1]]
    text = "".join(chosen)
    items = sum(bool(_ITEM.match(clause)) for clause in chosen)
    listed = max(text.count("、"), text.count(";")) >= count - 1
    return float(items >= 2 or listed or "等方面" in text)
