"""An approved script on the stage: its words with the slides beside them, and where it goes on.

A rundown makes a cue of each part: `scripted` gives its words and slides; when an answer came
between, `rest_of` gives what is still to be said, by the sentences that were `heard_whole`.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from assistant.domain.live import Cue, SlideAt
from assistant.domain.speech import Said, SpokenText

_SENTENCE_ENDS = re.compile(r"[。！？；!?;\n]+[”’」』）)]*")
_WORD = re.compile(r"\w")


def scripted(
    sentences: Sequence[str], slides: Mapping[int, str]
) -> tuple[str, tuple[SlideAt, ...]]:
    """The words of a part, and its slides by the number of the sentence with which each comes.

    Raises IndexError for a sentence that is not there.
    """
    before = [0, *accumulate(map(_letters, sentences))]
    if slides and not 0 <= min(slides) <= max(slides) < len(sentences):
        raise IndexError("a slide needs a sentence to come with")
    placed = tuple(SlideAt(slides[number], before[number]) for number in sorted(slides))
    return "".join(sentences), placed


def moved(slides: tuple[SlideAt, ...], by: str) -> tuple[SlideAt, ...]:
    """The slides where some words go before; the first one stands beside these as well."""
    shifted = [replace(one, at=one.at + _letters(by)) for one in slides]
    if slides and slides[0].at == 0:
        shifted[0] = slides[0]
    return tuple(shifted)


def sentences_of(slides: Sequence[SlideAt], sentences: Sequence[SpokenText]) -> list[int]:
    """The number of the read sentence with which each slide comes."""
    begins = [0, *accumulate(_letters(one.display) for one in sentences)][: len(sentences)]
    return [max(0, bisect_right(begins, one.at) - 1) for one in slides]


def written(text: str) -> tuple[str, ...]:
    """The written sentences of a text."""
    begins = [*_begins(text), len(text)]
    return tuple(text[at:end].strip() for at, end in pairwise(begins))


def heard_whole(text: str, said: Said | None) -> int:
    """How many written sentences were heard to their end; none without a report."""
    at = _sentence_start(text, _heard_to_end(said) if said else 0)
    begins = _begins(text)
    return sum(begin < at for begin in begins) if _WORD.search(text[at:]) else len(begins)


def rest_of(cue: Cue, heard: int) -> Cue | None:
    """A cue without its first written sentences; None where nothing is left of it.

    Half a sentence is said again, a whole one never.
    """
    begins = _begins(cue.spoken)
    if heard >= len(begins):
        return None
    at = begins[heard]
    rest = cue.spoken[at:].lstrip()
    return replace(cue, spoken=rest, slides=_after(cue.slides, _letters(cue.spoken[:at])))


def _begins(text: str) -> list[int]:
    """Where the written sentences begin; what has no words belongs to the one before."""
    ends = [0, *(found.end() for found in _SENTENCE_ENDS.finditer(text)), len(text)]
    return [at for at, end in pairwise(ends) if _WORD.search(text[at:end])]


def _heard_to_end(said: Said) -> int:
    """Letters of the read sentences that were heard whole; closing marks need not be heard."""
    letters = before = 0
    for one in said.voiced:
        if _WORD.search(one.text[max(0, said.heard - before) :]):
            break
        before += len(one.text)
        letters += _letters(one.text)
    return letters


def _sentence_start(text: str, letters: int) -> int:
    """Where the written sentence begins in which the letter after so many stands."""
    place = _place(text, letters)
    ends = [0, *(found.end() for found in _SENTENCE_ENDS.finditer(text))]
    return max(one for one in ends if one <= place)


def _place(text: str, letters: int) -> int:
    """The place in a text before which so many letters stand."""
    counted = [0, *accumulate(not one.isspace() for one in text)]
    return bisect_right(counted, letters) - 1


def _after(slides: tuple[SlideAt, ...], letters: int) -> tuple[SlideAt, ...]:
    """Those still to come, and first the one that stands then."""
    standing = [one for one in slides if one.at <= letters][-1:]
    coming = [one for one in slides if one.at > letters]
    return tuple(replace(one, at=max(0, one.at - letters)) for one in (*standing, *coming))


def _letters(text: str) -> int:
    return sum(not one.isspace() for one in text)
