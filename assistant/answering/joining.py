"""Several parts of one question as one draft."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.asking_back import OPTIONS
from assistant.answering.spoken import LIMIT
from assistant.domain.answer import NO_DRAFT, Draft, Route, Statement

_ALL_ON_SCREEN = "您问了几个事项，答复都在屏幕上。"


def joined(drafts: Sequence[Draft]) -> Draft:
    """Several parts as one draft, only as well supported as the weakest."""
    if len(drafts) == 1:
        return drafts[0]
    said = [draft for draft in drafts if draft.statements and "guess" not in draft.support.features]
    told = {draft.source_ids for draft in said}
    if len(said) < len(drafts) or len(told) < len(said):
        return replace(NO_DRAFT, notes=("几个问题中有的没有依据",))
    weakest = min(said, key=lambda draft: draft.support.match)
    route = Route.CLARIFY if any(d.route is Route.CLARIFY for d in said) else Route.GUIDE
    return Draft(
        route,
        _short_voice([statement for draft in said for statement in draft.statements]),
        tuple(option for draft in said for option in draft.options)[:OPTIONS],
        weakest.support,
        tuple(dict.fromkeys(key for draft in said for key in draft.source_ids)),
        tuple(dict.fromkeys(note for draft in said for note in draft.notes)),
    )


def _short_voice(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements; where their voice together is too long, the screen is pointed to instead."""
    if sum(len(one.spoken) for one in statements) <= LIMIT:
        return tuple(statements)
    silent = [replace(one, spoken="") for one in statements]
    return (replace(silent[0], spoken=_ALL_ON_SCREEN), *silent[1:])
