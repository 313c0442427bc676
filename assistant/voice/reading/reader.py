"""The reading: written text → the sentences that are said."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import structlog

from assistant.domain.speech import Span, SpokenText
from assistant.voice.reading.backstop import warm_up
from assistant.voice.reading.division import said, sentences
from assistant.voice.reading.lexicon import Lexicon
from assistant.voice.reading.normalise import Unit, characters, units
from assistant.voice.reading.pinyin import syllables

log = structlog.get_logger()


class Reader:
    """`Reading` (assistant/voice/seams.py) by rules, wetext and a lexicon of polyphones."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon or Lexicon.load()

    @classmethod
    def load(cls, *own_lexicons: Path) -> "Reader":
        """With the office's own lexicons, where they are; warm."""
        reader = cls(Lexicon.load(*own_lexicons))
        warm_up()
        return reader

    def __call__(self, text: str, region: str | None = None) -> tuple[SpokenText, ...]:
        """The sentences. Never raises: what cannot be read is silent, and stays in the map."""
        try:
            return self.read(text, region)
        except (LookupError, ValueError, TypeError, RuntimeError):  # a rule's defect
            log.exception("rules_failed", characters=len(text))
            return self._sentences(sentences(characters(text)), region)

    def read(self, text: str, region: str | None = None) -> tuple[SpokenText, ...]:
        """The sentences by all rules; a defect of one of them is not hidden."""
        return self._sentences(sentences(units(text)), region)

    def _sentences(
        self, parts: Sequence[Sequence[Unit]], region: str | None
    ) -> tuple[SpokenText, ...]:
        sounds = syllables("".join(map(said, parts)), self._lexicon, region)
        spoken, place = [], 0
        for part in parts:
            length = len(said(part))
            one = _sentence(_stripped(part), sounds[place : place + length])
            place += length
            if one.display or one.spoken:
                spoken.append(one)
        return tuple(spoken)


def _stripped(part: Sequence[Unit]) -> list[Unit]:
    """Without white space at its ends; white space is never said."""
    blank = [unit.shown.isspace() and not unit.said for unit in part]
    start = next((i for i, one in enumerate(blank) if not one), len(part))
    end = next((i for i in range(len(part), start, -1) if not blank[i - 1]), start)
    kept = list(part[start:end])
    if kept:
        kept[0] = replace(kept[0], shown=kept[0].shown.lstrip())
        kept[-1] = replace(kept[-1], shown=kept[-1].shown.rstrip())
    return kept


def _sentence(part: Sequence[Unit], sounds: tuple[str, ...]) -> SpokenText:
    spans, shown, heard = [], 0, 0
    for unit in part:
        span = Span(shown, shown + len(unit.shown), heard, heard + len(unit.said))
        shown, heard = span.display_end, span.spoken_end
        spans.append(span)
    display = "".join(unit.shown for unit in part)
    return SpokenText(display, said(part), tuple(spans), sounds)
