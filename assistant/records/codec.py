"""Domain values as JSON text and back, without loss (None and empty stay different)."""

from typing import Any, TypeVar

from pydantic import TypeAdapter

from assistant.domain.source import Faq, PolicyDocument, ServiceGuide, Source, SourceKind

T = TypeVar("T")

KINDS: dict[SourceKind, type[Source]] = {
    SourceKind.POLICY: PolicyDocument,
    SourceKind.GUIDE: ServiceGuide,
    SourceKind.FAQ: Faq,
}

_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def kind_of(source: Source) -> SourceKind:
    """The kind of a source."""
    return next(kind for kind, value in KINDS.items() if isinstance(source, value))


def to_json(value: object, kind: Any = None) -> str:
    """JSON of a value; `kind` is its type where that is not simply its class."""
    return _adapter(kind or type(value)).dump_json(value).decode()


def from_json(kind: type[T], text: str) -> T:
    """The value that `to_json` wrote."""
    value: T = _adapter(kind).validate_json(text)
    return value


def source_from_json(kind: str, text: str) -> Source:
    """A source of a kind as stored."""
    return from_json(KINDS[SourceKind(kind)], text)


def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Building an adapter takes milliseconds: each type's is kept."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
