"""From an event as it came to the comment that may be stored: masked, under a pseudonym."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from assistant.domain.clock import NewId
from assistant.domain.live import Comment, LiveEvent
from assistant.live.journal import Record
from assistant.live.seams import AddressVault, LiveClock, Mask, Pseudonyms

log = structlog.get_logger()

LONGEST_TEXT = 2000
"""Characters of a comment that are read; no platform lets a viewer type as many."""
CUT_AFTER = 60
"""Characters dropped before a cut: a number may have been cut in two and so not be masked."""
LONGEST_ID = 200
"""Longer ids of platforms are kept as their digest: an index entry has its limits."""
NOT_MASKED = "〔内容无法处理，已隐去〕"

ShownName = Callable[[str], str]
"""A viewer's name as others may see it."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Makes comments of events. `shown_name` must give nothing by which a viewer is known."""

    mask: Mask
    pseudonyms: Pseudonyms
    shown_name: ShownName
    vault: AddressVault
    clock: LiveClock
    new_id: NewId

    def records(self, room_id: str, session_id: str, events: Sequence[LiveEvent]) -> list[Record]:
        """One record for each comment event, in their order."""
        return [self._record(room_id, session_id, event) for event in events]

    def _record(self, room_id: str, session_id: str, event: LiveEvent) -> Record:
        text, hidden = self._masked(event)
        name = event.user.name if event.user else ""
        comment = Comment(
            id=self.new_id(),
            room_id=room_id,
            session_id=session_id,
            platform=event.platform,
            event_id=key_of(event)[1],
            received_at=self.clock.now(),
            viewer=self._viewer(event),
            text=text,
            viewer_name=self.shown_name(storable(name)) if name else "",
            hidden=hidden,
        )
        address = storable(event.reply_to)
        return Record(comment, self.vault.seal(address) if address else "")

    def _viewer(self, event: LiveEvent) -> str:
        """Nobody's comment is its own viewer's: no two strangers are taken for one."""
        who = event.user.id if event.user and event.user.id else f"event:{event.event_id}"
        return self.pseudonyms(event.platform, who)

    def _masked(self, event: LiveEvent) -> tuple[str, tuple[str, ...]]:
        """What cannot be masked is not kept, but the comment is: a person sees that it came."""
        text = storable(event.text[:LONGEST_TEXT])
        try:
            masked = self.mask(text)
        except Exception as error:
            log.exception("comment_not_masked", platform=event.platform, kind=type(error).__name__)
            return NOT_MASKED, ("not_masked",)
        if len(event.text) > LONGEST_TEXT:
            return masked.text[:-CUT_AFTER] + "…", masked.kinds
        return masked.text, masked.kinds


def key_of(event: LiveEvent) -> tuple[str, str]:
    """By what an event is known again: its platform and id, as they are stored."""
    event_id = storable(event.event_id)
    if len(event_id) > LONGEST_ID:
        event_id = "sha256:" + hashlib.sha256(event_id.encode()).hexdigest()
    return event.platform, event_id


def storable(text: str) -> str:
    """Without what no database keeps: NUL and lone surrogates."""
    if not text.isascii():
        text = text.encode("utf-8", "ignore").decode()
    return text.replace("\0", "") if "\0" in text else text
