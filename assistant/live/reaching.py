"""Texts for viewers whose address may be gone: what is stored, or who has the page open now."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from assistant.domain.live import Comment
from assistant.live.core import Core
from assistant.live.seams import Connected
from assistant.live.steps import Step


def tell(core: Core, step: Step, comment: Comment, text: str, stored: Collection[str]) -> bool:
    """Send a text to the comment's viewer; False where there is no way to.

    A reply belongs to the session that sends it: it is found again there after a crash.
    """
    if comment.platform not in core.on.repliers:
        return False
    if comment.id not in stored and not stand_by(core, step, comment):
        return False
    step.reply(replace(comment, session_id=core.session_id), text)
    return True


def stand_by(core: Core, step: Step, comment: Comment) -> bool:
    """Keep the address of a viewer who is there now; False where they are not."""
    replier = core.on.repliers.get(comment.platform)
    address = replier.address_of(comment.event_id) if isinstance(replier, Connected) else None
    if address is not None:
        step.addresses[comment.id] = core.on.vault.seal(address)
    return address is not None


def by_viewer(comments: Sequence[Comment], first: Collection[str]) -> list[list[Comment]]:
    """The comments of each viewer, those with a stored address first, the newest before others."""
    found: dict[tuple[str, str], list[Comment]] = {}
    for comment in sorted(comments, key=lambda one: one.id, reverse=True):
        found.setdefault((comment.platform, comment.viewer), []).append(comment)
    return [sorted(each, key=lambda one: one.id not in first) for each in found.values()]
