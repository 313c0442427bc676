"""Several questions in one: cut before each item that is named, or asked about, after another."""

import itertools
import re
from collections.abc import Iterable, Sequence

from assistant.answering.fields import find_fields
from assistant.answering.folding import clean, fold
from assistant.answering.items import Catalogue
from assistant.answering.mention import content_of
from assistant.answering.surface_index import Occurrence

_LEAST = 3
"""A shorter name (变更, 查询) does not begin a question of its own."""
_SURE = 4
"""A shorter name than this begins one only with a field of its own, or in a list (A和B)."""
_JOINS = re.compile(r"[,，。;；?？!！、\s]|(?:以及|还有|另外|同时|或者|和|与|跟|及|或)")
_LISTED = re.compile("以及|还有|和|与|跟|及|或者|或|、")
_ENDS = re.compile(r"[,，。;；?？!！\s]+")
_EACH = re.compile("分别|各自|各要|各是|各需|各多少|各几")
_ITEM_LIKE = re.compile(
    "(?:证书?|登记|许可|备案|审批|核准|执照|驾照|护照|签证|通行证|津贴|补贴|补助|低保|社保|医保"
    "|公积金|公租房|廉租房|注销|过户|落户|迁户口?|上户口?|退休|生育|失业金|抚恤金?|救助|补办|补领|补证|换领|换证|挂失|变更|年审)$"
)
_PAPERS = re.compile(
    "^(?:身份证|户口本|户口簿|房产证|不动产权?证书?|结婚证|离婚证|营业执照|驾驶证|护照|社保卡|学历证书?"
    "|毕业证书?)$"
)
"""What is brought along to an item as often as it is one."""

Span = tuple[int, int]


def split_questions(text: str, catalogue: Catalogue) -> list[str]:
    """The text cut into questions about one item each; joined they give the text back."""
    places = [place for place, char in enumerate(text) if fold(char)]
    if len(places) != len(fold(clean(text))):
        return [text]
    names = _side_by_side(text, catalogue)
    spans = [(places[one.start], places[one.end - 1] + 1) for one in names]
    asked = _asked(text, spans)
    cuts = [cut for a, b in itertools.pairwise(asked) if (cut := _cut(text, a[1], b[0]))]
    if len(cuts) < len(asked) - 1:
        return [text]
    owned = " ".join(p.text for one in names for p in catalogue.by_surface[one.number])
    return _at(text, sorted({*cuts, *_unnamed(text, asked, cuts, owned, catalogue)}))


def _side_by_side(text: str, catalogue: Catalogue) -> list[Occurrence]:
    """Names that do not overlap, in the order of the text; one item named twice counts once."""
    kept: list[Occurrence] = []
    for hit in catalogue.named(fold(clean(text))):
        apart = all(hit.end <= one.start or one.end <= hit.start for one in kept)
        new = all(not _same_item(hit, one, catalogue) for one in kept)
        if hit.end - hit.start >= _LEAST and apart and new:
            kept.append(hit)
    return sorted(kept, key=lambda one: one.start)


def _same_item(one: Occurrence, other: Occurrence, catalogue: Catalogue) -> bool:
    owners = catalogue.by_surface
    return bool(set(owners[one.number]) & set(owners[other.number]))


def _asked(text: str, spans: Sequence[Span]) -> list[Span]:
    """The names that are asked about: a short one has a field of its own or stands in a list."""
    pieces = _at(text, [_cut(text, a[1], b[0]) or b[0] for a, b in itertools.pairwise(spans)])
    listed = {
        span
        for a, b in itertools.pairwise(spans)
        if _LISTED.fullmatch(text[a[1] : b[0]].strip())
        for span in (a, b)
    }
    return [
        span
        for span, piece in zip(spans, pieces, strict=False)
        if span[1] - span[0] >= _SURE or span in listed or find_fields(clean(piece)).asked
    ]


def _unnamed(
    text: str, named: Sequence[Span], cuts: Sequence[int], owned: str, catalogue: Catalogue
) -> set[int]:
    """Where a clause begins that asks about something like an item that has no known name."""
    each = bool(_EACH.search(text))
    bounds = [0, *(end.end() for end in _ENDS.finditer(text)), len(text)]
    if each:
        bounds += [m.start() for m in _LISTED.finditer(text) if not _within(m.start(), named)]
    spans = [(a, b) for a, b in itertools.pairwise(sorted(set(bounds))) if a < b]
    own = [span for span in spans if _bears(text, span, named, owned, catalogue, each=each)]
    return {
        after
        for (before, _), (after, _) in itertools.pairwise(own)
        if not any(before < cut <= after for cut in cuts)
    }


def _bears(
    text: str, span: Span, named: Sequence[Span], owned: str, catalogue: Catalogue, *, each: bool
) -> bool:
    """Whether a clause holds a name, or asks (or lists) something that looks like an item."""
    start, end = span
    if any(start <= a and b <= end for a, b in named):
        return True
    clause = catalogue.lexicon.standard(text[start:end])
    fields = [one.field for one in find_fields(clause).asked if one.surety >= 0.9]
    content = content_of(clause)
    if fields and "materials" not in fields and len(content) == 1 and _PAPERS.match(content[0]):
        return True  # 结婚证要跑几趟: how to come by it
    return bool(each or fields) and any(_is_like(part, owned) for part in content)


def _is_like(part: str, owned: str) -> bool:
    if _PAPERS.match(part) or part in owned:
        return False
    return bool(_ITEM_LIKE.search(part))


def _within(place: int, spans: Iterable[Span]) -> bool:
    return any(start <= place < end for start, end in spans)


def _cut(text: str, after: int, before: int) -> int | None:
    """The last joint between two names; None where they are not joined but one expression."""
    joints = list(_JOINS.finditer(text, after, before))
    return joints[-1].start() if joints else None


def _at(text: str, cuts: Sequence[int]) -> list[str]:
    return [text[a:b] for a, b in itertools.pairwise([0, *cuts, len(text)])]
