"""A place in the queue as the text that continues after it."""

from datetime import datetime

from assistant.errors import BadInput
from assistant.records.review_queue import Place


def written(place: Place) -> str:
    """The cursor of a place."""
    return f"{place.rank}~{place.due_at.isoformat()}~{place.key}"


def place_of(cursor: str) -> Place:
    """The place of a cursor. Raises BadInput."""
    try:
        rank, due_at, key = cursor.split("~", maxsplit=2)
        place = Place(int(rank), datetime.fromisoformat(due_at), key)
        place.due_at.astimezone()
    except (ValueError, OverflowError):
        raise BadInput("cursor：不是这里给出的") from None
    if place.due_at.tzinfo is None or "\0" in key or not 0 <= place.rank < 10:
        raise BadInput("cursor：不是这里给出的")
    return place
