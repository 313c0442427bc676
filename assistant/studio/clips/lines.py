"""When each line of a clip is heard: the timeline that pictures, subtitles and sound share."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.clips import MOST_SECONDS
from assistant.domain.studio import Clip, Fact, FactKind
from assistant.errors import BadInput
from assistant.voice.exporting import SPOKEN_LABEL, Place

COVER = 2.2
"""Seconds that the opening frame with its AI mark stays at least (GB 45438-2025: 2 s)."""
END = 2.4
"""Seconds that the last card with the QR code stays at least."""
HEAD, TAIL = 0.3, 0.5
"""Silence before the first and after the last word."""
LONGEST = MOST_SECONDS - 0.4
"""So long may the timeline be: the sound's codec adds up to two of its frames."""
SAFE = 0.96 * LONGEST
"""So long may it be by the estimate. The offline voice takes less (1 to 7 %); others may not."""
LEAST_SAID = 2
"""Question and first answer: without them there is no clip."""
LABEL = -1
"""Stands for the sentence that says that this was made by AI."""


class Part(StrEnum):
    """What stands while something is said."""

    COVER = "cover"
    BODY = "body"
    END = "end"


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one breath says: `text` as written, `sentence` its place in the clip, or LABEL."""

    text: str
    sentence: int
    part: Part
    audio: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Line:
    """Something said, in its time (seconds of the film)."""

    said: Spoken
    start: float

    @property
    def end(self) -> float:
        """When it is over, its pause included."""
        return self.start + self.said.seconds


@dataclass(frozen=True, slots=True)
class Timeline:
    """The lines in order; the cover ends at `cover_ends`, the last card begins at `end_starts`."""

    lines: tuple[Line, ...]
    cover_ends: float
    end_starts: float
    seconds: float


def said_in(clip: Clip, facts: Sequence[Fact], place: Place) -> Iterator[tuple[str, int, Part]]:
    """Everything to say, in order: the text, which sentence it is, and what stands meanwhile."""
    phones = {fact.id for fact in facts if fact.kind is FactKind.PHONE}
    last = len(clip.sentences) - 1
    if place == "start":
        yield SPOKEN_LABEL["start"], LABEL, Part.COVER
    for number, one in enumerate(clip.sentences):
        leads_on = number == last > 0 and phones.issuperset(one.facts)
        part = Part.END if leads_on else Part.BODY
        yield one.text, number, part if number else Part.COVER
    if place == "end":
        yield SPOKEN_LABEL["end"], LABEL, Part.END


def film_seconds(
    clip: Clip, facts: Sequence[Fact], pace: Callable[[str], float], place: Place = "end"
) -> float:
    """How long the film will be, as far as that is known before it is spoken."""
    said = said_in(clip, facts, place)
    return timed([Spoken(text, n, part, "", pace(text)) for text, n, part in said]).seconds


def timed(spoken: Sequence[Spoken]) -> Timeline:
    """One after the other; the first of the body waits until the cover has stood long enough."""
    lines: list[Line] = []
    starts: dict[Part, float] = {}
    at = HEAD
    for one in spoken:
        if one.part is not Part.COVER and Part.BODY not in starts:
            at = max(at, COVER)
        starts.setdefault(one.part, at)
        lines.append(Line(one, at))
        at += one.seconds
    cover_ends = starts.get(Part.BODY, max(at, COVER))
    end_starts = starts.get(Part.END, max(at, cover_ends))
    return Timeline(tuple(lines), cover_ends, end_starts, max(at + TAIL, end_starts + END))


def shortened(clip: Clip, spoken: Sequence[Spoken]) -> tuple[tuple[int, ...], Timeline]:
    """Which sentences can be said in time, and when; the last ones are left out first.

    Raises BadInput, which tells how long each sentence is, where even the first two are too long.
    """
    kept = list(range(len(clip.sentences)))
    while (timeline := timed(_of(spoken, kept))).seconds > LONGEST:
        if len(kept) <= LEAST_SAID:
            raise _too_long(clip, spoken, kept, timeline.seconds)
        kept.pop()
    return tuple(kept), timeline


def unshortened(clip: Clip, spoken: Sequence[Spoken]) -> tuple[tuple[int, ...], Timeline]:
    """All sentences, and when. Raises BadInput with the length of each where that is too long."""
    every = tuple(range(len(clip.sentences)))
    timeline = timed(spoken)
    if timeline.seconds > LONGEST:
        raise _too_long(clip, spoken, every, timeline.seconds)
    return every, timeline


def _of(spoken: Sequence[Spoken], kept: Collection[int]) -> list[Spoken]:
    return [one for one in spoken if one.sentence == LABEL or one.sentence in kept]


def _too_long(
    clip: Clip, spoken: Sequence[Spoken], kept: Sequence[int], seconds: float
) -> BadInput:
    lengths = []
    for number in kept:
        own = sum(one.seconds for one in spoken if one.sentence == number)
        lengths.append(f"“{clip.sentences[number].text}”{own:.1f} 秒")
    told = f"短视频“{clip.title}”要 {seconds:.1f} 秒，须短于 {MOST_SECONDS:.0f} 秒"
    return BadInput(f"{told}：{'，'.join(lengths)}", hint="请改短这几句")
