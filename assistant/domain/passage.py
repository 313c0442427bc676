"""The unit that search ranks: one field of a guide, one 条 or section of a document, one FAQ."""

from dataclasses import dataclass

from assistant.domain.source import SourceKind


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of one version of a source.

    `text` is verbatim from the source, so that a quote cut from it can be found there. What only
    helps to find it (title, item name, path of headings) is in `context`.
    `locator` is what a citation shows (`第十二条`, `二、（一）`, `申请材料`, `附件1`).
    `field` is the guide's field (`materials`, `fee` …) and None elsewhere.
    `key` is the integer primary key in SQL, 0 before it is stored.
    """

    source_id: str
    kind: SourceKind
    ordinal: int
    locator: str
    text: str
    context: str = ""
    field: str | None = None
    key: int = 0
