"""A drafted answer: statements with the quotes that carry them, and how well it is supported."""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote and where it stands.

    `quote` is a substring of the source's text (for a guide: of the rendered field passage).
    `passage_key` opens the page at the place; 0 where there is none.
    """

    source_id: str
    locator: str
    quote: str
    title: str = ""
    document_number: str | None = None
    source_url: str | None = None
    field: str | None = None
    passage_key: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is said: the text shown, the text voiced, and what carries both."""

    text: str
    spoken: str
    citations: tuple[Citation, ...] = ()


class Route(StrEnum):
    """How a draft was made (生成方式 in the ledger)."""

    GUIDE = "guide"
    LINKED = "linked"
    POLICY = "policy"
    FAQ = "faq"
    CLARIFY = "clarify"
    MODEL = "model"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Support:
    """Numbers that the verdict is computed from, each 0..1 (0 = absent, 1 = best).

    `match`: how surely the item, clause or FAQ meant was found. `margin`: its lead over the best
    rival that would give another answer. `asked`: how surely what is asked was understood.
    `coverage`: share of the question's informative words found in the evidence.
    `dense`: cosine of question and evidence. `features` holds whatever else a route measures.
    """

    match: float = 0.0
    margin: float = 0.0
    asked: float = 0.0
    coverage: float = 0.0
    dense: float = 0.0
    features: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be said, before the verdict.

    `options` are the names (at most four) that a clarify draft offers. `notes` are reasons in
    plain Chinese for the reviewer ("事项名称完全一致", "证据只覆盖问题的一半").
    """

    route: Route
    statements: tuple[Statement, ...] = ()
    options: tuple[str, ...] = ()
    support: Support = Support()
    source_ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What is shown."""
        return "\n".join(statement.text for statement in self.statements)

    @property
    def spoken(self) -> str:
        """What is voiced."""
        return "".join(statement.spoken for statement in self.statements)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations, in order, each once."""
        seen = (c for statement in self.statements for c in statement.citations)
        return tuple(dict.fromkeys(seen))


NO_DRAFT = Draft(Route.NONE)
