"""Whether a reply rests on its citations: figures found in the quotes, quotes found in the sources.

Independent of `answering.verify`: another reading of figures, and sources read back from the
records instead of what the answer carries. A defect of one is caught by the other.
"""

import dataclasses
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.passage import Passage
from assistant.domain.source import PolicyDocument, ServiceGuide, Source, TimeLimit
from assistant.evaluation.counts import LISTED, without_counts, wrong_counts
from assistant.evaluation.figures import Figure, figures
from assistant.evaluation.results import CitationLine, ResultLine

_LOOSE = frozenset({"copy", "time", "number"})
"""Units for which a source often gives the bare number in a table cell."""


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A source as the records hold it, with the passages that were cut from it."""

    source: Source
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Grounding:
    """What is wrong with the support of one reply; all empty where nothing is.

    `unsupported`: figures of answer or spoken that no quote of the reply holds.
    `not_verbatim`: quotes that their source does not hold (an unknown source included).
    `unfounded`: quotes of guides with a figure that no field of the guide holds.
    `mislabelled`: a limit or phone called by another field's name (法定 for 承诺 …).
    """

    unsupported: tuple[str, ...] = ()
    not_verbatim: tuple[str, ...] = ()
    unfounded: tuple[str, ...] = ()
    mislabelled: tuple[str, ...] = ()


def check(result: ResultLine, stored: Mapping[str, StoredSource]) -> Grounding:
    """Check one reply that was shown or voiced against the sources that it cites or ranks."""
    cited = [stored[c.source_id].source for c in result.citations if c.source_id in stored]
    said = f"{result.answer}。\n{result.spoken}"
    return Grounding(
        unsupported=(
            *_unsupported(without_counts(said), _evidence(result, stored)),
            *_miscounted(said, result, stored),
        ),
        not_verbatim=tuple(c.quote for c in result.citations if not _verbatim(c, stored)),
        unfounded=tuple(_unfounded(result, stored)),
        mislabelled=tuple(dict.fromkeys(_mislabelled(said, cited))),
    )


def _evidence(result: ResultLine, stored: Mapping[str, StoredSource]) -> str:
    """The quotes and what heads their sources. A clarify names items, so their names count."""
    parts = [c.quote for c in result.citations]
    parts += [c.locator for c in result.citations if _located(c, stored)]
    named = {c.source_id for c in result.citations}
    for source_id in named:
        if source_id in stored:
            parts += _heading(stored[source_id].source)
    if result.action == "clarify":
        ranked = (stored[i].source for i in result.ranked_ids if i in stored)
        parts += [name for source in ranked for name in _heading(source)]
    return "\n".join(parts)


def _heading(source: Source) -> list[str]:
    """Title, numbers, dates and link of a source: what a reply may say beside the quote."""
    keys = ("title", "name", "parent", "authority", "document_number", "issuer", "source_url")
    days = ("published_on", "effective_from", "effective_to", "updated_on")
    words = [getattr(source, key, None) for key in keys]
    dates = [getattr(source, key, None) for key in days]
    return [word for word in words if word] + [day.isoformat() for day in dates if day]


def _unsupported(said: str, evidence: str) -> Iterable[str]:
    known = figures(evidence)
    for figure, written in figures(LISTED.sub("\n", said)).items():
        if not _supported(figure, known):
            yield written


def _miscounted(said: str, result: ResultLine, stored: Mapping[str, StoredSource]) -> Iterable[str]:
    quotes = [citation.quote for citation in result.citations]
    sources = len({citation.source_id for citation in result.citations})
    return wrong_counts(said, quotes, (sources, len(stored)))


def _supported(figure: Figure, known: Collection[Figure]) -> bool:
    """Whether a figure is among the known ones, or says no more than one of them."""
    if figure in known:
        return True
    alike = [other.value for other in known if _comparable(figure, other)]
    match figure.kind:
        case "date":
            return any(_same_day(figure.value, value) for value in alike)
        case "phone":
            return any(value.endswith(figure.value) for value in alike)
        case "document_number":
            return any(_short(value) == _short(figure.value) for value in alike)
        case _:
            return figure.value in alike


def _comparable(figure: Figure, other: Figure) -> bool:
    """A bare number may stand for any; tables often give counts without their unit."""
    loosely = figure.kind in _LOOSE and other.kind in _LOOSE
    return figure.kind in {"number", other.kind} or loosely


def _short(number: str) -> str:
    """A 文号 with only the end of its issuer's name, before which other words may stand."""
    return number[max(0, number.index("[") - 2) :]


def _same_day(said: str, known: str) -> bool:
    """`2025-5` and `5-10` are parts of `2025-5-10`."""
    return f"-{known}-".startswith(f"-{said}-") or f"-{known}-".endswith(f"-{said}-")


def _verbatim(citation: CitationLine, stored: Mapping[str, StoredSource]) -> bool:
    held = stored.get(citation.source_id)
    return (
        held is not None
        and bool(citation.quote)
        and any(citation.quote in text for text in _texts(held))
    )


def _located(citation: CitationLine, stored: Mapping[str, StoredSource]) -> bool:
    held = stored.get(citation.source_id)
    return held is not None and any(p.locator == citation.locator for p in held.passages)


def _texts(held: StoredSource) -> Iterable[str]:
    if isinstance(held.source, PolicyDocument):
        yield held.source.text
    yield from (passage.text for passage in held.passages)


_LABELS = {
    "statutory_limit": re.compile(r"法定(?:办结)?(?:时限|期限)?(?:为|是|：|:)?"),
    "promised_limit": re.compile(r"承诺(?:办结)?(?:时限|期限)?(?:为|是|：|:)?"),
    "consult_phone": re.compile(r"咨询(?:电话|热线)(?:为|是|：|:)?"),
    "complaint_phone": re.compile(r"(?:投诉|监督)(?:投诉)?(?:电话|热线)(?:为|是|：|:)?"),
}
_LIMITS = frozenset({"workday", "day", "hour", "month"})


def _mislabelled(said: str, cited: Sequence[Source]) -> Iterable[str]:
    guides = [source for source in cited if isinstance(source, ServiceGuide)]
    for key, label in _LABELS.items():
        allowed = {value for guide in guides for value in _values(guide, key)}
        for match in label.finditer(said) if guides else ():
            after = _first_figure(said[match.end() : match.end() + 24], key)
            if after is not None and after not in allowed:
                yield f"{match[0]}{after.value}"


def _first_figure(text: str, key: str) -> Figure | None:
    """The figure of the field's kind in the same clause, None where there is none."""
    clause = re.split(r"[。；;，,\n]", text, maxsplit=1)[0]
    kinds = _LIMITS if key.endswith("limit") else frozenset({"phone"})
    return next((figure for figure in figures(clause) if figure.kind in kinds), None)


def _values(guide: ServiceGuide, key: str) -> Iterable[Figure]:
    value: TimeLimit | str | None = getattr(guide, key)
    if isinstance(value, TimeLimit):
        yield Figure(value.unit.value, f"{value.value:g}")
        yield from figures(value.note or "")
    elif value:
        yield from figures(value)


def _unfounded(result: ResultLine, stored: Mapping[str, StoredSource]) -> Iterable[str]:
    """Quotes of guides with a figure that none of the guide's own fields holds."""
    for citation in result.citations:
        held = stored.get(citation.source_id)
        guide = held.source if held else None
        if isinstance(guide, ServiceGuide) and not _founded(citation.quote, guide):
            yield citation.quote


def _founded(quote: str, guide: ServiceGuide) -> bool:
    """Whether the guide's fields hold every figure of a passage that was rendered from them.

    A field keeps value and unit apart, so here the value alone counts.
    """
    known = figures("\n".join(_leaves(dataclasses.asdict(guide))))
    values = {figure.value for figure in known}
    said = figures(LISTED.sub("\n", quote))
    return all(figure.value in values or _supported(figure, known) for figure in said)


def _leaves(value: object) -> Iterable[str]:
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _leaves(part)
    elif value is not None:
        yield f"{value:g}" if isinstance(value, float) else str(value)
