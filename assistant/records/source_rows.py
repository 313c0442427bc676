"""Sources as rows and rows as sources: what each column holds, nothing about statements."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.domain.passage import Passage
from assistant.domain.source import (
    Faq,
    PolicyDocument,
    ServiceGuide,
    Source,
    SourceHeader,
    SourceKind,
    Status,
)
from assistant.errors import BadInput
from assistant.records.codec import kind_of, to_json
from assistant.records.database import AnyRow
from assistant.records.schema import passages, sources

Values = dict[str, Any]
"""One row to write, by column name; the driver takes each value as it is."""

HEADER_COLUMNS = [
    sources.c[name]
    for name in (
        "source_id",
        "kind",
        "version",
        "title",
        "region",
        "document_number",
        "issuer",
        "published_on",
        "effective_from",
        "effective_to",
        "status",
        "supersedes",
        "tags",
        "source_url",
        "parent",
        "base_code",
    )
]
HEADER_FIELDS = ["id", *(column.name for column in HEADER_COLUMNS[1:])]

PASSAGE_COLUMNS = [
    passages.c[name]
    for name in ("source_id", "kind", "ordinal", "locator", "text", "context", "field", "key")
]
"""In the order of `Passage`."""


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source as it was read: its passages, a digest of its content, where it came from."""

    source: Source
    passages: Sequence[Passage]
    digest: str
    origin: str | None = None


def header_of(source: Source, version: int) -> SourceHeader:
    """The header of a source. A guide's authority is its issuer, its last change its date."""
    common: Values = {
        "id": source.id,
        "kind": kind_of(source),
        "version": version,
        "region": source.region,
        "effective_from": source.effective_from,
        "effective_to": source.effective_to,
        "tags": source.tags,
    }
    match source:
        case PolicyDocument():
            return SourceHeader(**common, **_policy_header(source))
        case ServiceGuide():
            return SourceHeader(**common, **_guide_header(source))
        case Faq():
            return SourceHeader(**common, title=source.question)


def _policy_header(document: PolicyDocument) -> Values:
    return {
        "title": document.title,
        "document_number": document.document_number,
        "issuer": document.issuer,
        "published_on": document.published_on,
        "status": document.status,
        "supersedes": document.supersedes,
        "source_url": document.source_url,
    }


def _guide_header(guide: ServiceGuide) -> Values:
    return {
        "title": guide.name,
        "issuer": guide.authority,
        "published_on": guide.updated_on,
        "source_url": guide.source_url,
        "parent": guide.parent,
        "base_code": guide.base_code,
    }


def header_from_row(row: AnyRow) -> SourceHeader:
    """The header in a row of HEADER_COLUMNS."""
    values = dict(zip(HEADER_FIELDS, row, strict=True))
    values["kind"] = SourceKind(values["kind"])
    values["status"] = Status(values["status"]) if values["status"] else None
    values["supersedes"] = _names(values["supersedes"])
    values["tags"] = _names(values["tags"])
    return SourceHeader(**values)


def passage_from_row(row: Sequence[Any]) -> Passage:
    """The passage in the values of PASSAGE_COLUMNS."""
    source_id, kind, *rest = row
    return Passage(source_id, SourceKind(kind), *rest)


def source_values(new: NewSource, version: int, organization: str) -> Values:
    """The row of `sources`."""
    header = header_of(new.source, version)
    values: Values = {
        column.name: getattr(header, "id" if column.name == "source_id" else column.name)
        for column in HEADER_COLUMNS
    }
    return values | {
        "organization_id": organization,
        "digest": new.digest,
        "origin": new.origin,
        "retired_at": None,
        "supersedes": json.dumps(header.supersedes, ensure_ascii=False),
        "tags": json.dumps(header.tags, ensure_ascii=False),
    }


def version_values(new: NewSource, version: int, organization: str, at: datetime) -> Values:
    """The row of `source_versions`."""
    return {
        "organization_id": organization,
        "source_id": new.source.id,
        "version": version,
        "kind": kind_of(new.source),
        "digest": new.digest,
        "origin": new.origin,
        "title": header_of(new.source, version).title,
        "body": _body(new.source),
        "created_at": at,
    }


def passage_values(new: NewSource, version: int, organization: str) -> list[Values]:
    """The rows of `passages`; their keys are given by the database."""
    return [
        {
            "organization_id": organization,
            "source_id": new.source.id,
            "version": version,
            "ordinal": passage.ordinal,
            "kind": passage.kind,
            "field": passage.field,
            "locator": passage.locator,
            "context": passage.context,
            "text": passage.text,
        }
        for passage in new.passages
    ]


def check_storable(new: NewSource) -> None:
    """Refuse what no database keeps: NUL and lone surrogates. Raises BadInput."""
    header = header_of(new.source, 0)
    texts = [new.source.id, header.title, header.issuer or "", header.document_number or ""]
    texts += [header.source_url or "", header.parent or "", new.digest, new.origin or ""]
    for passage in new.passages:
        if passage.source_id != new.source.id:
            raise BadInput(f"a passage of {passage.source_id} was given with {new.source.id}")
        texts += (passage.text, passage.context, passage.locator)
    whole = "".join(texts)
    if "\0" in whole:
        raise BadInput(f"{new.source.id!r}: the text holds a NUL character")
    try:
        whole.encode()
    except UnicodeEncodeError as error:
        raise BadInput(f"{new.source.id!r}: not valid Unicode: {error.reason}") from error


def _body(source: Source) -> str:
    try:
        return to_json(source)
    except ValueError as error:
        raise BadInput(f"{source.id!r}: cannot be written as JSON: {error}") from error


def _names(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text != "[]" else ()
