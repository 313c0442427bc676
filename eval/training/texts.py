"""Training texts whose use allows it: statutes, State Council documents, the bundled knowledge.

Statutes and official documents are outside copyright (Copyright Law of the PRC, art. 5); the
knowledge base is the project's own.
"""

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ARTICLE = re.compile(r"\n(?=第[一二三四五六七八九十百千零〇]+条)")
_LABEL = re.compile(
    r"^(?:第[一二三四五六七八九十百千零〇]+条|[（(]?[一二三四五六七八九十]+[)）、])\s*"
)
_HEADING = re.compile(r"#+\s*(.*)")
_SHORTEST, _LONGEST = 12, 600


@dataclass(frozen=True, slots=True)
class Document:
    """A title and its clauses in order; `headings[i]` stands over clause i."""

    title: str
    headings: tuple[str, ...]
    clauses: tuple[str, ...]


def documents(data: Path, knowledge: Path) -> Iterator[Document]:
    """All training documents, in a fixed order."""
    for name in ("laws_cn.jsonl.gz", "govcn_docs.jsonl.gz"):
        for row in _rows(data / name):
            yield _split(row["title"], row["text"])
    for path in sorted(knowledge.rglob("*.jsonl")):
        yield from filter(None, map(_from_knowledge, _rows(path)))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    yield from map(json.loads, filter(None, text.split("\n")))


def _split(title: str, text: str) -> Document:
    """Articles (or paragraphs, where there are none), each with the last heading before it."""
    headings, clauses, heading = [], [], ""
    blocks = _ARTICLE.split(text) if _ARTICLE.search(text) else text.split("\n")
    for block in blocks:
        body = _LABEL.sub("", _HEADING.sub("", block).strip())[:_LONGEST]
        if len(body) >= _SHORTEST:
            headings.append(heading)
            clauses.append(" ".join(body.split()))
        for found in _HEADING.finditer(block):
            heading = found.group(1).strip()
    return Document(title, tuple(headings), tuple(clauses))


def _from_knowledge(row: dict[str, Any]) -> Document | None:
    match row:
        case {"kind": "faq", "question": question, "answer": answer}:
            alike = [text for text in row.get("similar_questions") or [] if text]
            return _named(question, [answer, *alike])
        case {"kind": "service_guide", "name": name}:
            return _named(name, _guide_texts(row))
        case {"kind": "policy_document", "title": title, "text": text}:
            return _split(title, text)
        case {"everyday": everyday, "official": official}:
            return _named(" ".join(official), everyday)
    return None


def _guide_texts(row: dict[str, Any]) -> list[str]:
    materials = " ".join(material["name"] for material in row.get("materials") or [])
    steps = " ".join(step["text"] for step in row.get("steps") or [])
    aliases = " ".join(row.get("aliases") or [])
    return [text for text in (aliases, row.get("conditions"), materials, steps) if text]


def _named(title: str, texts: Iterable[str]) -> Document:
    clauses = tuple(text[:_LONGEST] for text in texts)
    return Document(title, ("",) * len(clauses), clauses)
