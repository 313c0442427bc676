"""Speech: a written sentence, how it is read aloud, and when each of its sounds is heard.

Two texts belong to a sentence: the *display* text stands in the caption as written (5个工作日), the
*spoken* text is what the voice reads (五个工作日). Spans map one to the other.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the display text and the piece of the spoken text that reads it.

    Half-open character ranges. A span may be empty on one side: a bracket that is not read, a word
    that only the voice adds.
    """

    display_start: int
    display_end: int
    spoken_start: int
    spoken_end: int


@dataclass(frozen=True, slots=True)
class SpokenText:
    """One sentence to say: at most 25 spoken characters where it can be divided.

    `spans` cover both texts wholly, in order, without gap or overlap. `pinyin` has one entry for
    each spoken character: a syllable with its tone (`zhong1`, neutral `de5`, ü written `v`), a
    Latin letter itself, and "" for punctuation.
    """

    display: str
    spoken: str
    spans: tuple[Span, ...]
    pinyin: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.pinyin) != len(self.spoken):
            raise ValueError("a sentence needs one pinyin entry for each spoken character")
        shown = said = 0
        for one in self.spans:
            if (one.display_start, one.spoken_start) != (shown, said):
                raise ValueError("the spans of a sentence must follow each other")
            shown, said = one.display_end, one.spoken_end
        if (shown, said) != (len(self.display), len(self.spoken)):
            raise ValueError("the spans of a sentence must cover both of its texts")


@dataclass(frozen=True, slots=True)
class Mark:
    """The spoken characters `first` to `last` (half-open) are heard from `start` to `end` (s)."""

    start: float
    end: float
    first: int
    last: int


class Viseme(StrEnum):
    """Nine shapes of a mouth, named as Rhubarb names them; X is the mouth at rest.

    A closed (b p m), B teeth (j q x z c s, i), C open (e), D wide (a), E rounded (o), F puckered
    (u ü, zh ch sh r), G teeth on lip (f), H tongue up (d t n l).
    """

    REST = "X"
    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"
    G = "G"
    H = "H"


@dataclass(frozen=True, slots=True)
class MouthShape:
    """The mouth from `start` to `end`, in seconds of the sentence's audio."""

    start: float
    end: float
    shape: Viseme


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks and how fast. `name` is an engine's own ("" is its usual one); 0 is its pace."""

    name: str = ""
    rate_percent: int = 0


@dataclass(frozen=True, slots=True)
class Sound:
    """What an engine gives for one sentence: mono 16-bit PCM, little-endian.

    `marks` are the engine's own boundaries; none where it has none. `engine` and `version` say
    which engine of a chain it was; "" from an engine asked by itself.
    """

    samples: bytes
    sample_rate: int
    marks: tuple[Mark, ...] = ()
    engine: str = ""
    version: str = ""

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.samples) / 2 / self.sample_rate


@dataclass(frozen=True, slots=True)
class Speech:
    """A sentence that can be played: `audio` names a stored file; "" is captions only.

    `marks` has one entry for each spoken character that sounds, in order. `engine` and `version`
    say which voice it was; `seconds` is the audio's length, or an estimate without audio.
    """

    text: SpokenText
    seconds: float
    marks: tuple[Mark, ...]
    mouth: tuple[MouthShape, ...]
    audio: str = ""
    engine: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Voiced:
    """One sentence as the stage was given it: its caption, the voice's stored file, whose voice.

    `audio` is "" where it went out as a caption only.
    """

    text: str
    audio: str = ""
    engine: str = ""
    version: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Said:
    """How far a cue was heard: display characters of its sentences, and the sentences."""

    heard: int
    voiced: tuple[Voiced, ...] = ()
