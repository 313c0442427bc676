"""A source as its page shows it: validity, numbers and dates, and each passage with an anchor."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.domain.passage import Passage
from assistant.domain.source import Faq, Source, SourceKind
from assistant.web.blocks import Block, Mark, blocks
from assistant.web.choices import KIND_NAMES
from assistant.web.holdings import Holding, Holdings
from assistant.web.links import source_url, web_address


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage to show. `label` is its heading, empty where the text begins with it."""

    key: int
    label: str
    blocks: tuple[Block, ...]
    cited: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """A name that opens a page."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Basis:
    """A source that an approved answer rests on, and its words."""

    source: Linked
    quote: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """All that the source's template needs."""

    holding: Holding
    kind_name: str
    facts: tuple[tuple[str, str], ...]
    newer: tuple[Linked, ...]
    original: str | None
    passages: tuple[PassageView, ...]
    earlier: PassageView | None

    @property
    def as_table(self) -> bool:
        """Guides are read as a table of fields."""
        return self.holding.header.kind is SourceKind.GUIDE


def source_view(
    holding: Holding,
    holdings: Holdings,
    passages: Sequence[Passage],
    mark: Mark | None,
    earlier: Passage | None,
) -> SourceView:
    """The view of a source; `earlier` is the cited passage where it is of an older version."""
    header = holding.header
    return SourceView(
        holding=holding,
        kind_name=KIND_NAMES[header.kind],
        facts=tuple(_facts(holding)),
        newer=tuple(_linked(holdings, newer) for newer in holding.superseded_by),
        original=web_address(header.source_url),
        passages=tuple(passage_view(passage, mark) for passage in passages),
        earlier=passage_view(earlier, mark) if earlier else None,
    )


def passage_view(passage: Passage, mark: Mark | None) -> PassageView:
    """A passage with the cited words marked, if it is the cited one."""
    cited = mark is not None and mark.key == passage.key
    label, skip = passage.locator, 0
    if passage.field and passage.text.startswith(f"{label}："):
        skip = len(label) + 1
    elif passage.text.lstrip("# ").startswith(label):
        label = ""
    return PassageView(
        key=passage.key,
        label=label,
        blocks=blocks(passage.text, mark if cited else None, skip),
        cited=cited,
    )


_NAMES = {
    SourceKind.GUIDE: {"published_on": "更新日期"},
    SourceKind.POLICY: {"issuer": "发文机关", "published_on": "成文日期"},
    SourceKind.FAQ: {"issuer": "审定人", "published_on": "审定日期"},
}
"""What a kind calls these; a guide's 实施主体 stands among its fields."""


def _facts(holding: Holding) -> Iterable[tuple[str, str]]:
    header, names = holding.header, _NAMES[holding.header.kind]
    rows = (
        ("文号", header.document_number),
        (names.get("issuer"), header.issuer),
        ("适用地区", holding.region_name or header.region),
        (names["published_on"], header.published_on),
        ("施行日期", header.effective_from),
        ("失效日期", header.effective_to),
        ("所属主项", header.parent),
        ("标签", "、".join(header.tags)),
    )
    return ((name, str(value)) for name, value in rows if name and value)


def basis_view(source: Source | None, holdings: Holdings) -> tuple[Basis, ...]:
    """What a question-answer pair rests on, with pages to open."""
    rows = source.basis if isinstance(source, Faq) else ()
    return tuple(Basis(_linked(holdings, row.source_id), row.quote) for row in rows)


def _linked(holdings: Holdings, source_id: str) -> Linked:
    holding = holdings.get(source_id)
    return Linked(holding.header.title if holding else source_id, source_url(source_id))
