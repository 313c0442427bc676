"""What a person decides in the room, as the review desk keeps it: final at once, not learnt."""

from assistant.domain.answer import Citation
from assistant.domain.review import Resolution, ResolutionKind
from assistant.live.core import Core
from assistant.live.memory import Known
from assistant.live.orders import Approve, Settled

NOTE = "在直播控制台处理"
Said = tuple[str, str, tuple[Citation, ...]]
"""Text, what is voiced, what both rest on."""


def approved(core: Core, known: Known, order: Approve, said: Said, actor: str) -> Resolution:
    """The drafted answer approved, or another one in its place."""
    drafted = known.question
    if said[0] == drafted.answer:
        kind = ResolutionKind.APPROVE
    else:
        kind = ResolutionKind.EDIT if drafted.citations else ResolutionKind.ANSWER
    return _made(core, known, kind, said, (order.by, actor), aloud=order.aloud)


def helped(core: Core, known: Known, order: Settled, actor: str) -> Resolution:
    """The viewers were helped otherwise; nothing is said."""
    return _made(core, known, ResolutionKind.REJECT, ("", "", ()), (order.by, actor), aloud=False)


def _made(
    core: Core,
    known: Known,
    kind: ResolutionKind,
    said: Said,
    who: tuple[str, str],
    *,
    aloud: bool,
) -> Resolution:
    account, name = who
    return Resolution(
        id=core.on.new_id(),
        kind=kind,
        case_ids=(known.case.id,) if known.case else (),
        text=said[0],
        spoken=said[1],
        actor=account or name,
        actor_name=name,
        made_at=core.now,
        sends_at=core.now,
        citations=said[2],
        note=NOTE,
        aloud=aloud,
        learn=False,
        sent_at=core.now,
    )
