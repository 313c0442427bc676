"""Verbatim quotes with their place: what is shown, and the shorter part of it that is voiced."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.answering.asked import AnswerKind
from assistant.answering.clause_features import Grid
from assistant.answering.frames import is_frame, unframed
from assistant.answering.listings import Listing
from assistant.answering.markup import plain
from assistant.answering.span_model import Window
from assistant.answering.spoken import LIMIT, SEE_SCREEN, shorten
from assistant.domain.answer import Citation
from assistant.domain.evidence import Hit
from assistant.domain.source import SourceHeader

MOST_SHOWN = 400
"""Characters up to which a quote is widened to whole sentences, and to those that go on with it."""
_IN_PARTS = frozenset(
    {AnswerKind.LIST, AnswerKind.HOW, AnswerKind.WHAT, AnswerKind.WHY, AnswerKind.WHO}
)
"""Kinds of answers that often go on in the next sentences; a date or a sum does not."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Part of one passage: `hit.passage.text[start:end]`."""

    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        """The verbatim words."""
        return self.hit.passage.text[self.start : self.end].strip()


def cuts(grid: Grid, begin: int, end: int) -> list[Cut]:
    """Clauses `begin`..`end` as one cut for each passage they lie in."""
    return list(_cuts(grid, begin, end))


def _cuts(grid: Grid, begin: int, end: int) -> Iterator[Cut]:
    chosen = unframed(grid.clauses[begin : end + 1])
    for _, group in groupby(chosen, key=lambda clause: id(clause.hit)):
        of_one = list(group)
        words = unframed(of_one)
        if len(of_one) == len(chosen) or not all(map(is_frame, words)):
            yield Cut(words[0].hit, words[0].piece.start, words[-1].piece.end)


def spoken_of(grid: Grid, window: Window, listing: Listing | None = None) -> str:
    """What is voiced of a window: its words, closed as a sentence, at most 150 characters."""
    if listing is None:
        return shorten(_unfinished(_words(grid, window.begin, window.end)))
    tail = f"一共{_han(listing.count)}项，{SEE_SCREEN}" if listing.count else SEE_SCREEN
    end = _fitting(grid, window, LIMIT - len(tail) - 1)
    return shorten(_unfinished(_words(grid, window.begin, end)), LIMIT - len(tail)) + tail


def _han(number: int) -> str:
    """A small number as it is spoken, 1..99."""
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    lead = digits[tens] if tens > 1 else ""
    return f"{lead}{'十' if tens else ''}{digits[ones] if ones else ''}"


def _words(grid: Grid, begin: int, end: int) -> str:
    words = "\n".join(plain(cut.text) for cut in cuts(grid, begin, end))
    words = _LABEL.sub("", words) or words
    return words if len(_ITEM.findall(words)) > 1 else _ITEM.sub("", words, count=1)


def _fitting(grid: Grid, window: Window, room: int) -> int:
    """The last clause that leaves room for the tail: the end of an item where one fits."""
    sizes = grid.sizes[window.begin : window.end + 1].cumsum()
    fits = range(window.begin, window.begin + max(int((sizes <= room).sum()), 1))
    ends = [i for i in fits if grid.stop[i] == i or grid.clauses[i].piece.semicolon]
    return max(ends or fits)


_LABEL = re.compile(r"^\s*\**第[〇零一二三四五六七八九十百\d]+条\**[\s　：:]+")
"""第十二条 at the beginning: the source line shows it, the ear need not hear it."""


_ITEM = re.compile(
    r"^\s*(?:[（(][一二三四五六七八九十]+[）)]|[一二三四五六七八九十]+、)\s*", re.MULTILINE
)
"""（一） before the only item that is voiced counts nothing."""


def _unfinished(words: str) -> str:
    words = words.strip().rstrip("，,；;：:、")
    return words if words.endswith(("。", "！", "？", "!", "?", "”", "…")) else words + "。"


def shown(grid: Grid, window: Window, listing: Listing | None = None) -> list[Cut]:
    """The window widened to whole sentences and lists, where that stays readable."""
    head, stop = int(grid.head[window.begin]), int(grid.stop[window.end])
    if listing:
        return cuts(grid, head, listing.last)
    for begin, end in ((head, stop), (head, window.end), (window.begin, stop)):
        if int(grid.sizes[begin : end + 1].sum()) <= MOST_SHOWN:
            return cuts(grid, begin, _onward(grid, begin, window.begin, end))
    return cuts(grid, window.begin, window.end)


def _onward(grid: Grid, begin: int, answer: int, end: int) -> int:
    """The last clause of the sentences that go on with what stands in `begin`..`end`.

    A heading ends it, and what began with an item of a list (no later than at `answer`) ends with
    it.
    """
    if grid.asked.kind not in _IN_PARTS:
        return end
    is_item = any(grid.clauses[i].piece.item for i in range(begin, answer + 1))
    while end < int(grid.final[begin]):
        following = grid.clauses[end + 1]
        stop = int(grid.stop[end + 1])
        other = is_frame(following) or (is_item and following.piece.item and following.piece.opens)
        if other or int(grid.sizes[begin : stop + 1].sum()) > MOST_SHOWN:
            break
        end = stop
    return end


def citation(cut: Cut) -> Citation:
    """The citation of a cut."""
    header, passage = cut.hit.source, cut.hit.passage
    return Citation(
        source_id=header.id,
        locator=passage.locator,
        quote=cut.text,
        title=header.title,
        document_number=header.document_number,
        source_url=header.source_url,
        field=passage.field,
        passage_key=passage.key,
    )


def source_line(header: SourceHeader, locators: Sequence[str]) -> str:
    """`——《标题》（文号，2025-04-01）第十二条`: where a quote stands."""
    facts = [header.document_number or "", _day(header)]
    inside = "，".join(fact for fact in facts if fact)
    places = "、".join(dict.fromkeys(place.rstrip("、") for place in locators if place))
    title = header.title.strip("《》 ")
    return f"——《{title}》{f'（{inside}）' if inside else ''}{places}"


def _day(header: SourceHeader) -> str:
    if header.published_on:
        return header.published_on.isoformat()
    return f"{header.effective_from.isoformat()}起施行" if header.effective_from else ""


def block(found: Sequence[Cut]) -> str:
    """Quotes, without marks of layout, and source line as shown."""
    quoted = "\n".join(f"“{plain(cut.text)}”" for cut in found)
    locators = [cut.hit.passage.locator for cut in found]
    return f"{quoted}\n{source_line(found[0].hit.source, locators)}"
