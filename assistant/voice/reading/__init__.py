"""Spoken Chinese: a written text as the sentences that a voice says (DOMAIN §6)."""

from assistant.voice.reading.leftovers import leftovers
from assistant.voice.reading.lexicon import Lexicon
from assistant.voice.reading.pace import estimate_seconds
from assistant.voice.reading.reader import Reader

__all__ = ["Lexicon", "Reader", "estimate_seconds", "leftovers"]
