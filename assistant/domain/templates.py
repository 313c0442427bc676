"""An office's own templates for decks."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DeckTemplate:
    """An uploaded file, named by `digest`. `told`: what a deck on it cannot keep of it."""

    id: str
    name: str
    digest: str
    size: int
    told: tuple[str, ...]
    by: str
    at: datetime
