"""A recording put in order for a replay: one event an id, by time, in small batches."""

from collections.abc import Iterable, Iterator, Sequence

from assistant.live.platforms.recording import RecordedEvent

WINDOW = 0.02
"""Seconds of the recording whose events are one batch, as the intake gathers them."""


def in_order(events: Iterable[RecordedEvent]) -> list[RecordedEvent]:
    """By time, then id; of an event that came again, on whatever platform, the first.

    The same id with other words on another platform is another event.
    """
    by_time = sorted(events, key=lambda one: (one.seconds, one.event.event_id, one.event.platform))
    seen: set[tuple[str, str]] = set()
    kept: list[RecordedEvent] = []
    for one in by_time:
        words = (one.event.event_id, f"{one.event.type}:{one.event.text}")
        place = (one.event.event_id, f"@{one.event.platform}")
        if words not in seen and place not in seen:
            kept.append(one)
        seen.update((words, place))
    return kept


def batches(events: Sequence[RecordedEvent]) -> Iterator[list[RecordedEvent]]:
    """Events that came within a moment of each other."""
    batch: list[RecordedEvent] = []
    for one in events:
        if batch and one.seconds - batch[0].seconds > WINDOW:
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch
