"""From fits to a choice: the guides meant, how surely, and what stands against them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answering.folding import fold
from assistant.answering.general_words import tells_apart
from assistant.answering.guide_speech import value_of
from assistant.answering.items import Catalogue
from assistant.answering.matching import Fit, estimate, log_odds
from assistant.answering.mention import Mention
from assistant.domain.source import ServiceGuide

_EVEN = 0.3
"""Items whose log-odds differ by less than this fit equally well."""
_TAKEN = 20
_FEW_LETTERS = 8
_CORE = 2
_LEAST_HELD = 4
_SHARED = 0.75
"""How surely one of the items is meant that share the few words of a question."""

Able = tuple[float, Fit, tuple[ServiceGuide, ...]]


@dataclass(frozen=True, slots=True)
class Choice:
    """The guides that fit best, all equally well.

    `match`: how surely the item is among them. `margin`: their lead over the best rival that gives
    another value. `fit`: the numbers of the best. `guesses`: the likeliest items, one guide each,
    with their estimates, the best first. `is_shared`: they are several items that share all that
    the question says of them.
    """

    guides: tuple[ServiceGuide, ...]
    match: float
    margin: float
    fit: Fit
    guesses: tuple[tuple[float, ServiceGuide], ...] = ()
    is_shared: bool = False


def choose(
    mention: Mention,
    fits: Iterable[Fit],
    catalogue: Catalogue,
    fields: Sequence[str],
    as_of: date,
    region: str | None,
) -> Choice | None:
    """The guides meant; None where no eligible guide has anything in common with the question."""
    rated = sorted(((estimate(fit), fit) for fit in fits), key=lambda pair: -pair[0])
    able = [
        (match, fit, guides)
        for match, fit in rated[:_TAKEN]
        if (guides := catalogue.in_force([fit.profile], as_of, region))
    ]
    if not able:
        return None
    match, best, _ = able[0]
    even = [
        one for one in able if log_odds(match) - log_odds(one[0]) < _EVEN and _alike(one[1], best)
    ]
    shared = _sharing(mention, able) or _of_parent(mention, able)
    if shared:
        match, even = max(match, _SHARED), shared
    elif (only := _only_holder(mention, able)) is not None:
        match, best, even = max(only[0], _SHARED), only[1], [only]
    guides = narrowed(tuple({g.id: g for _, _, found in even for g in found}.values()), mention)
    rest = [(m, found) for m, fit, found in able if all(fit is not f for _, f, _ in even)]
    margin = _margin(match, guides, rest, fields)
    guesses = tuple((m, found[0]) for m, _, found in able)
    return Choice(guides, match, margin, best, guesses, is_shared=len(shared) > 1)


def _sharing(mention: Mention, able: Sequence[Able]) -> list[Able]:
    """The items among which a few words (公积金, 注销登记) do not tell, because all have them."""
    best = able[0][1]
    if best.is_exact or best.is_clean or best.is_slip:
        return []
    if sum(map(len, mention.parts)) > _FEW_LETTERS:
        return []
    shared = [one for one in able if one[1].has_all]
    return shared if len({one[1].profile for one in shared}) > 1 else []


def _of_parent(mention: Mention, able: Sequence[Able]) -> list[Able]:
    """The items below the one that a question names (个体工商户登记): none of them is named."""
    if not mention.is_named:
        return []
    below = [one for one in able if mention.parts[0] == one[1].profile.parent]
    own = any(mention.parts[0] in (p.name, *p.aliases) for p in (one[1].profile for one in able))
    plain = [one for one in below if one[1].is_clean]
    return plain if len(plain) > 1 and len(plain) == len(below) and not own else []


def _only_holder(mention: Mention, able: Sequence[Able]) -> Able | None:
    """The one item whose name holds all that a question says of it (结婚登记), if it tells much."""
    if mention.is_named or len(mention.parts) != 1 or len(tells_apart(mention.parts[0])) < _CORE:
        return None
    said = mention.parts[0]
    holders = [one for one in able if any(said in name for name in one[1].profile.surfaces)]
    return holders[0] if len(holders) == 1 and len(said) >= _LEAST_HELD else None


def _alike(fit: Fit, best: Fit) -> bool:
    """Named alike: an item that the question names is not on a level with one that it does not."""
    return fit.named == best.named


def _margin(
    match: float,
    guides: Sequence[ServiceGuide],
    rest: Sequence[tuple[float, Sequence[ServiceGuide]]],
    fields: Sequence[str],
) -> float:
    mine = values(guides[0], fields)
    rivals = (m for m, others in rest if any(values(g, fields) != mine for g in others))
    return max(0.0, match - max(rivals, default=0.0))


def values(guide: ServiceGuide, fields: Sequence[str]) -> tuple[str | None, ...]:
    """What a guide answers to fields; equal tuples are equal answers."""
    return tuple(value_of(guide, field) for field in fields)


def narrowed(guides: tuple[ServiceGuide, ...], mention: Mention) -> tuple[ServiceGuide, ...]:
    """Of several guides those whose authority the question names, if it names one."""
    if len(guides) < 2:
        return guides
    said = " ".join(mention.parts) + " " + fold(mention.outside)
    named = tuple(g for g in guides if g.authority and names_authority(said, g.authority))
    return named or guides


def names_authority(said: str, authority: str) -> bool:
    """Whether a text says an authority's name, whole or without its region (省公安厅, 市公安局)."""
    whole = fold(authority)
    return any(len(part) >= 4 and part in said for part in (whole, whole[2:], whole[3:]))
