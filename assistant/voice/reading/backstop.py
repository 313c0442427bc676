"""`wetext` for what the own rules do not know: currencies, rare units, notations."""

from functools import cache, lru_cache
from typing import Any

from assistant.voice.reading.pieces import Kind, Part, Piece


@cache
def _normaliser() -> Any:
    import wetext  # loads its transducers: 0.4 s

    module: Any = wetext  # it has no types
    return module.Normalizer(lang="zh", operator="tn")


def warm_up() -> None:
    """Load the transducers now, not at the first answer."""
    _normaliser().normalize_with_mapping("5μg", include_identity=True)


@lru_cache(maxsize=4096)
def read(text: str) -> tuple[Part, ...]:
    """The text in parts as wetext reads it; () where it cannot."""
    try:
        result = _normaliser().normalize_with_mapping(text, include_identity=True)
    except (RuntimeError, ValueError, IndexError, UnicodeError):  # its own AlignmentError is one
        return ()
    parts, place = [], 0
    for one in result.mappings:
        if one.input_start != place:
            return ()
        parts.append((one.input_end - one.input_start, one.output_text))
        place = one.input_end
    return tuple(parts) if place == len(text) else ()


def pieces(text: str, start: int) -> list[Piece]:
    """What it makes of a stretch without white space at its ends, as one piece at `start`."""
    parts = read(text)
    return [Piece(start, parts, Kind.NUMBER)] if parts else []
