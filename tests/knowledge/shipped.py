"""The bundled knowledge base as the tests look at it: read once, by the product's own readers."""

import gzip
import json
import re
import unicodedata
from dataclasses import fields
from functools import cache
from pathlib import Path

from assistant.bundled import bundled
from assistant.domain.source import Faq, PolicyDocument, ServiceGuide, Source
from assistant.retrieval.formats import parse_source, read_jsonl
from assistant.retrieval.guide_render import FIELD_LABELS, render_field
from assistant.retrieval.readers.plain import read_markdown

KNOWLEDGE = bundled("knowledge")
STATUTES = Path("/work/shared/data/laws_cn.jsonl.gz")
_ARTICLE = re.compile(r"^(第[一二三四五六七八九十百千零]+条)[\s\u3000]*(.*)")


@cache
def guides() -> tuple[ServiceGuide, ...]:
    """All shipped guides."""
    return tuple(source for source in _lines("guides") if isinstance(source, ServiceGuide))


@cache
def faqs() -> tuple[Faq, ...]:
    """All shipped question-and-answer pairs."""
    return tuple(source for source in _lines("faqs") if isinstance(source, Faq))


@cache
def policies() -> tuple[PolicyDocument, ...]:
    """All shipped policy documents."""
    files = sorted((KNOWLEDGE / "policies").glob("*.md"))
    found = [_policy(path) for path in files]
    return tuple(source for source in found if isinstance(source, PolicyDocument))


@cache
def by_id() -> dict[str, Source]:
    """Every shipped source by its id."""
    everything: list[Source] = [*guides(), *faqs(), *policies()]
    return {source.id: source for source in everything}


@cache
def words_of(source_id: str) -> str:
    """All that a source says, as one text."""
    source = by_id()[source_id]
    if isinstance(source, PolicyDocument):
        return source.text
    if isinstance(source, Faq):
        return f"{source.question}\n{source.answer}"
    rendered = (render_field(source, field) for field in FIELD_LABELS)
    return "\n".join(text for text in rendered if text)


def plain(text: str) -> str:
    """NFKC without white space: the form in which quotes are compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def articles(text: str) -> dict[str, str]:
    """第X条 → its words, without headings."""
    found: dict[str, list[str]] = {}
    here: list[str] | None = None
    for line in text.splitlines():
        match = _ARTICLE.match(line.strip())
        if match:
            here = found.setdefault(match[1], [])
            here.append(match[2])
        elif line.startswith("#"):
            here = None
        elif here is not None:
            here.append(line.strip())
    return {number: plain("".join(lines)) for number, lines in found.items()}


@cache
def statutes() -> dict[str, str]:
    """Statute id → text, empty where the shared collection is not at hand."""
    if not STATUTES.exists():
        return {}
    with gzip.open(STATUTES, "rt", encoding="utf-8") as lines:
        return {row["id"]: row["text"] for row in map(json.loads, lines)}


def stated(guide: ServiceGuide) -> set[str]:
    """Names of the fields that a guide states."""
    values = ((field.name, getattr(guide, field.name)) for field in fields(guide))
    return {name for name, value in values if value is not None and value not in ("", ())}


def _lines(folder: str) -> tuple[Source, ...]:
    files = sorted((KNOWLEDGE / folder).glob("*.jsonl"))
    return tuple(source for file in files for source in read_jsonl(file))


def _policy(path: Path) -> Source:
    document = read_markdown(path.read_bytes())
    row = {"kind": "policy_document", **document.declared, "text": document.text}
    return parse_source(row, where=path.name)
