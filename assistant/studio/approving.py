"""What stands against an approval: the whole list, each with its place. Pure.

Blank plan fields, sentences that their facts do not bear out, banned words, sources that do not
hold on the day of broadcast, marks that nobody has looked at: each of these blocks.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from assistant.domain.studio import Fact, FactKind, Sentence, StreamDraft
from assistant.domain.studio_flow import Comment, CommentState, Problem, Stale
from assistant.studio.drafting.checking import Checker, names_in
from assistant.studio.drafting.files import PLAN_NAMES
from assistant.studio.drafting.timing import TOLERANCE
from assistant.studio.drafting.wording import Screen, findings_of
from assistant.studio.places import PLAN_FIELDS, Spot, part_of, spots
from assistant.studio.standing import Ground

_QUOTED = "依据原文里的词"
"""How `drafting.wording` marks a word that a source itself says."""


def problems(
    draft: StreamDraft,
    marks: Sequence[Stale],
    grounds: Sequence[Ground],
    comments: Sequence[Comment],
    screen: Screen | None,
) -> list[Problem]:
    """Everything, what blocks first."""
    found = [
        *_blank(draft),
        *_grounds(draft, grounds),
        *_unsupported(draft),
        *_words(draft, screen),
        *(Problem(one.place, "", one.why, "改好，或点“已核对”", code="stale") for one in marks),
        *_open(comments),
        *_length(draft),
        *_day(draft),
    ]
    return sorted(found, key=lambda one: not one.blocks)


def late(draft: StreamDraft, today: date) -> Problem | None:
    """A day that is over."""
    if draft.brief.day and draft.brief.day < today:
        reason = f"播出日期 {draft.brief.day} 已经过去"
        return Problem("", "", reason, "按新的日期重新起草", code="day")
    return None


def _blank(draft: StreamDraft) -> Iterator[Problem]:
    for name in PLAN_FIELDS:
        if not getattr(draft.plan, name).strip():
            reason = f"直播方案的“{PLAN_NAMES[name]}”没有填"
            yield Problem(f"plan.{name}", "", reason, "请填写", code="blank")
    for segment in draft.segments:
        if not segment.sentences:
            yield Problem(
                segment.id, "", "这一段没有口播", "写一句，或重新起草这一段", code="blank"
            )


def _grounds(draft: StreamDraft, grounds: Sequence[Ground]) -> Iterator[Problem]:
    facts = {fact.id: fact for fact in draft.facts}
    for ground in grounds:
        if ground.why:
            place = _first(draft, {f.id for f in draft.facts if f.source_id == ground.source_id})
            reason = f"依据《{ground.title}》{ground.why}"
            yield Problem(place, "", reason, "换一个依据，或改日期", code="source")
        for fact_id in ground.changed:
            place = _first(draft, {fact_id})
            reason = f"依据《{ground.title}》已更新，“{facts[fact_id].locator}”有改动"
            yield Problem(
                place, facts[fact_id].text, reason, "按新内容重新起草这一段", code="source"
            )


def _first(draft: StreamDraft, facts: set[str]) -> str:
    return next((one.place for one in spots(draft) if facts & set(one.facts)), "")


def _unsupported(draft: StreamDraft) -> Iterator[Problem]:
    """Spoken sentences and the announcement by their facts; slides by theirs, then by all."""
    texts = {fact.id: fact.text for fact in draft.facts}
    known = frozenset(names_in(draft.facts))
    every = tuple(texts.values())
    for one in spots(draft):
        if one.place.startswith("plan.") or not one.text or _is_row_number(one):
            continue
        if missing := [fact for fact in one.facts if fact not in texts]:
            faults: tuple[str, ...] = (f"引用了不存在的依据 {missing[0]}",)
        else:
            faults = faults_in(one.text, tuple(texts[fact] for fact in one.facts), known)
        if faults and not (one.spoken or one.place == "announcement"):
            faults = faults_in(one.text, every, known)
        for fault in faults:
            suggestion = "删去，或改成依据里的说法"
            yield Problem(one.place, one.text, fault, suggestion, code="unsupported")


@lru_cache(20_000)
def faults_in(text: str, quotes: tuple[str, ...], names: frozenset[str]) -> tuple[str, ...]:
    """What a text states that the quotes do not; kept, for an edit changes one text of hundreds."""
    facts = [Fact(str(n), "", FactKind.NAME, q, "", 0, "") for n, q in enumerate(quotes)]
    checker = Checker.of(facts, names)
    return tuple(checker.faults(Sentence(text, tuple(checker.facts))))


def _is_row_number(one: Spot) -> bool:
    """Whether a table's cell only counts its row."""
    name, _, rest = one.place.rpartition(".cell.")
    return bool(name) and rest == f"{one.text}.1"


def _words(draft: StreamDraft, screen: Screen | None) -> Iterator[Problem]:
    for one in findings_of(draft, screen):
        quoted = _QUOTED in one.reason
        yield Problem(
            one.place, one.words, one.reason, one.suggestion, blocks=not quoted, code="words"
        )


def _open(comments: Sequence[Comment]) -> Iterator[Problem]:
    waiting = [one for one in comments if one.state is CommentState.OPEN]
    if waiting:
        yield Problem(
            part_of(waiting[0].place),
            "",
            f"还有 {len(waiting)} 条批注没有处理",
            "处理后再批准",
            blocks=False,
            code="comments",
        )


def _length(draft: StreamDraft) -> Iterator[Problem]:
    wanted = (draft.brief.minutes or 0) * 60
    made = sum(segment.seconds for segment in draft.segments)
    if wanted and abs(made - wanted) > TOLERANCE * wanted:
        reason = f"约 {made / 60:.1f} 分钟，要求 {draft.brief.minutes} 分钟"
        yield Problem("plan.time", "", reason, "增减内容", blocks=False, code="length")


def _day(draft: StreamDraft) -> Iterator[Problem]:
    if draft.brief.day is None:
        yield Problem(
            "plan.time",
            "",
            "没有写哪一天播，依据按今天核对；排期时按播出日再核对",
            blocks=False,
            code="day",
        )
