"""Which clips an answer that was taken back puts in doubt: those that state what it cited. Pure.

Of a guide the field counts, of a document the clause: the place is the same, or one text holds the
other. The item's name, which every answer cites, counts only where nothing else of it was cited;
a source of which nothing is known but its id counts whole. Who approved a clip after the answer
was corrected, or looked at it since, has lifted the doubt.
"""

from collections.abc import Iterable, Sequence

from assistant.answering.folding import fold
from assistant.domain.answer import Citation
from assistant.domain.clips import ShelvedClip, TakenBack
from assistant.domain.studio import Fact
from assistant.retrieval.guide_render import FIELD_LABELS

_NAME = FIELD_LABELS["name"]


def doubts_of(clip: ShelvedClip, taken: Iterable[TakenBack]) -> tuple[TakenBack, ...]:
    """The answers whose end puts this clip in doubt."""
    return tuple(
        one
        for one in taken
        if one.id not in clip.cleared
        and not (one.corrected_at and clip.at > one.corrected_at)
        and meets(clip.card.facts, one)
    )


def meets(facts: Sequence[Fact], taken: TakenBack) -> bool:
    """Whether facts state what an answer cited."""
    cited = _by_source(taken)
    return any(fact.source_id in cited and _stated(fact, cited[fact.source_id]) for fact in facts)


def _by_source(taken: TakenBack) -> dict[str, list[Citation]]:
    found: dict[str, list[Citation]] = {one: [] for one in taken.source_ids}
    for one in taken.citations:
        found.setdefault(one.source_id, []).append(one)
    return found


def _stated(fact: Fact, cited: Sequence[Citation]) -> bool:
    telling = [one for one in cited if one.locator != _NAME] or cited
    return not telling or any(_same(fact, one) for one in telling)


def _same(fact: Fact, cited: Citation) -> bool:
    if fact.locator == cited.locator:
        return True
    stated, quoted = fold(fact.text), fold(cited.quote)
    return bool(stated and quoted) and (stated in quoted or quoted in stated)
