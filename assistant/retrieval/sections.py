"""Sources → passages. A policy document gives one passage for each 条 or lowest section."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.domain.passage import Passage
from assistant.domain.source import Faq, PolicyDocument, ServiceGuide, Source, SourceKind
from assistant.retrieval.guide_passages import faq_passages, guide_passages
from assistant.retrieval.headings import ARTICLE, FIRST, SECOND, Heading, headings, locator
from assistant.retrieval.pieces import LONGEST, TARGET, pieces

_CLAUSE_CHARS = 80
"""Clauses shorter than this on average are items of a list, which stays together."""
_ITEM_CHARS = 20
"""So are sections 一、 二、 shorter than this."""


def passages_of(source: Source) -> tuple[Passage, ...]:
    """All passages of a source, in reading order, numbered from 0. Pure."""
    match source:
        case ServiceGuide():
            return guide_passages(source)
        case Faq():
            return faq_passages(source)
        case PolicyDocument():
            return policy_passages(source)


def policy_passages(document: PolicyDocument) -> tuple[Passage, ...]:
    """Passages of a document: joined, they give its text back but for white space.

    Each text is a substring of the document's. A table that had to be cut has its header row in
    the context of every part.
    """
    rows = (row for section in sections(document.text) for row in _rows(document, section))
    return tuple(
        Passage(document.id, SourceKind.POLICY, ordinal, where, text, context)
        for ordinal, (where, text, context) in enumerate(_numbered(rows))
    )


@dataclass(frozen=True, slots=True)
class Section:
    """A span of a text under a path of headings; the spans of a text follow without gaps."""

    start: int
    end: int
    path: tuple[Heading, ...]


@dataclass(slots=True)
class _Node:
    heading: Heading | None
    start: int
    end: int
    children: "list[_Node]" = field(default_factory=list)


def sections(text: str) -> list[Section]:
    """The sections of a text, in order, covering all of it."""
    return list(_leaves(text, _tree(text), (), 0))


def _tree(text: str) -> _Node:
    root = _Node(None, 0, len(text))
    line: list[_Node] = [root]
    for heading in headings(text):
        while line[-1].heading and line[-1].heading.rank >= heading.rank:
            line.pop().end = heading.start
        node = _Node(heading, heading.start, len(text))
        line[-1].children.append(node)
        line.append(node)
    return root


def _leaves(text: str, node: _Node, path: tuple[Heading, ...], start: int) -> Iterator[Section]:
    """`start` lies before the node where a bare heading above it belongs to its first section."""
    path = (*path, node.heading) if node.heading else path
    if _stays_whole(text, node):
        yield Section(start, node.end, path)
        return
    first = node.children[0].start
    if _has_body(text[node.start : first], node.heading):
        yield Section(start, first, path)
        start = first
    for child in node.children:
        yield from _leaves(text, child, path, start)
        start = child.end


def _stays_whole(text: str, node: _Node) -> bool:
    if not node.children:
        return True
    if any(child.heading and child.heading.divides for child in node.children):
        return False
    each = (node.end - node.children[0].start) / len(node.children)
    if _is_article(node):
        return node.end - node.start <= LONGEST or each < _CLAUSE_CHARS
    if _are_sections(text, node.children):
        return each < _ITEM_CHARS
    return node.end - node.start <= TARGET or each < _CLAUSE_CHARS


def _are_sections(text: str, parts: "list[_Node]") -> bool:
    """Whether parts are sections 一、 or sentences （一）…。, which the items of a list are not."""
    ranks = {part.heading.rank for part in parts if part.heading}
    return FIRST in ranks or (SECOND in ranks and _are_sentences(text, parts))


def _are_sentences(text: str, clauses: "list[_Node]") -> bool:
    """Whether each clause is a sentence, which the items of a list (…；) are not."""
    return all(text[one.start : one.end].rstrip().endswith("。") for one in clauses)


def _is_article(node: _Node) -> bool:
    return node.heading is not None and node.heading.rank == ARTICLE


def _has_body(own: str, heading: Heading | None) -> bool:
    """Whether there is more than the heading line before the first child."""
    words = own.strip(" \u3000\t\r\n*#")
    return bool(words) and (heading is None or len(words) > len(heading.title.strip()) + 1)


def _rows(document: PolicyDocument, section: Section) -> Iterator[tuple[str, str, str]]:
    where = locator(section.path)
    context = _context(document, section.path)
    for piece in pieces(document.text, section.start, section.end):
        text = document.text[piece.start : piece.end].strip()
        if text:
            yield where, text, f"{context}\n{piece.header}" if piece.header else context


def _context(document: PolicyDocument, path: tuple[Heading, ...]) -> str:
    titles = (heading.title for heading in path)
    parts = (document.title, document.document_number, document.issuer, *titles)
    return "\n".join(dict.fromkeys(part for part in parts if part))


def _numbered(rows: Iterator[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """A text without any heading gets its pieces counted: 正文第3段."""
    given = list(rows)
    if len(given) < 2 or any(where != "正文" for where, _, _ in given):
        return given
    return [(f"正文第{n}段", text, context) for n, (_, text, context) in enumerate(given, 1)]
