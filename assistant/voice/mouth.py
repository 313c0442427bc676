"""The mouth: nine shapes in time, from what each syllable is made of (FIELD §4)."""

from collections.abc import Iterator, Sequence

from assistant.domain.speech import Mark, MouthShape, SpokenText, Viseme
from assistant.voice.syllables import parts_of

REST_GAP = 0.06
"""Seconds between two characters above which the mouth comes to rest."""
ONSET, LONGEST_ONSET = 0.35, 0.09
"""Share of a syllable that its initial takes, and seconds at most."""
_BY_INITIAL = {
    **dict.fromkeys(("b", "p", "m"), Viseme.A),
    "f": Viseme.G,
    **dict.fromkeys(("d", "t", "n", "l"), Viseme.H),
    **dict.fromkeys(("zh", "ch", "sh", "r"), Viseme.F),
    **dict.fromkeys(("g", "k", "h"), Viseme.C),
    **dict.fromkeys(("j", "q", "x", "z", "c", "s"), Viseme.B),
}
_BY_SOUND = {"a": Viseme.D, "o": Viseme.E, "e": Viseme.C, "ê": Viseme.C, "i": Viseme.B}
_BY_SOUND |= {"u": Viseme.F, "v": Viseme.F, "n": Viseme.H, "r": Viseme.H}
_WHOLE = {"ao": "ao", "ong": "uo", "iong": "vo", "er": "er", "ian": "ien", "van": "ven"}
"""Finals that are not spoken as they are written: ong is u, ian is ien."""
_LETTERS = {
    **dict.fromkeys("AHJK", "ei"),
    **dict.fromkeys("BPVM", "bi"),
    **dict.fromkeys("CDEGTZLNSX", "i"),
    **dict.fromkeys("FIRY", "ai"),
    **dict.fromkeys("OQUW", "ou"),
}


def mouth(text: SpokenText, marks: Sequence[Mark], seconds: float) -> tuple[MouthShape, ...]:
    """The mouth over the whole of a sound, in order, without gap or overlap."""
    made: list[MouthShape] = []
    at = 0.0
    for mark, following in zip(marks, [*(m.start for m in marks[1:]), seconds], strict=True):
        if mark.start - at > REST_GAP or (not made and mark.start > 0):
            _add(made, MouthShape(at, mark.start, Viseme.REST))
        end = mark.end if following - mark.end > REST_GAP else following
        for shape in _timed(text.pinyin[mark.first], max(at, mark.start), end):
            _add(made, shape)
        at = max(at, end)
    if seconds > at:
        _add(made, MouthShape(at, seconds, Viseme.REST))
    return tuple(made)


def at_rest(seconds: float) -> tuple[MouthShape, ...]:
    """A closed mouth: a caption without sound."""
    return (MouthShape(0.0, seconds, Viseme.REST),) if seconds > 0 else ()


def shapes_of(pinyin: str) -> tuple[Viseme | None, tuple[Viseme, ...]]:
    """The shape of a syllable's initial (None without one) and those of its final."""
    parts = parts_of(pinyin)
    if parts is None:
        sounds = _LETTERS.get(pinyin.upper(), "e").lstrip("b")
        onset = Viseme.A if pinyin.upper() in set("BPVM") else None
        return onset, tuple(_BY_SOUND[each] for each in sounds)
    initial, final, _ = parts
    onset = _BY_INITIAL.get(initial)
    if final == "i" and initial in {"zh", "ch", "sh", "r"}:
        return onset, (Viseme.F,)  # the vowel of 是: the mouth stays as it is
    return onset, tuple(_final(final))


def _final(final: str) -> Iterator[Viseme]:
    spoken = _WHOLE.get(final, final)
    if spoken.endswith("ng"):
        spoken = spoken[:-2] + ("e" if spoken[:-2].endswith("i") else "")  # ng is behind the lips
    yield from (_BY_SOUND[each] for each in spoken)


def _timed(pinyin: str, start: float, end: float) -> Iterator[MouthShape]:
    """A syllable's shapes over its time: the initial briefly, the final for the rest."""
    if end <= start:
        return
    onset, final = shapes_of(pinyin)
    if onset is not None:
        middle = start + min(LONGEST_ONSET, ONSET * (end - start))
        yield MouthShape(start, middle, onset)
        start = middle
    step = (end - start) / len(final)
    for number, shape in enumerate(final):
        last = number + 1 == len(final)
        yield MouthShape(start + number * step, end if last else start + (number + 1) * step, shape)


def _add(made: list[MouthShape], shape: MouthShape) -> None:
    """Append; the same shape again is one that stays."""
    if shape.end <= shape.start:
        return
    if made and made[-1].shape is shape.shape:
        made[-1] = MouthShape(made[-1].start, shape.end, shape.shape)
    else:
        made.append(shape)
