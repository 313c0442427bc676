"""What must hold of a stream on air, found in the captured sound, the pictures and the records."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant.domain.live import Cue, CueKind, CueState
from eval.drills.on_air_page import Look, StageWatch
from eval.drills.on_air_sound import Found, Load, find, joined, outside, read

OPEN = {CueState.WAITING, CueState.SENT, CueState.STARTED}
"""States of a cue that is not over."""
SAME = 0.9
"""Correlation from which the sound is the sentence, and nothing else at the same time."""
TOUCHING = 0.02
"""Seconds by which two sentences may lie over one another: a rounding, not two voices."""
STRAY = 0.1
"""Seconds of sound that may belong to no sentence: the cut of a reload."""
IN_STEP = 0.12
"""Seconds between a character's caption and its sound (issue 5)."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence that the page began, and its place in the sound (None: captions alone).

    In Unix seconds: its file `started`, its first sound was heard (`began`), its file `ended`.
    """

    cue_id: str
    index: int
    load: float
    place: Found | None
    is_cut: bool = False
    started: float = 0.0
    began: float = 0.0
    ended: float = 0.0

    @property
    def is_heard(self) -> bool:
        """Whether it is in the sound as it was synthesised, alone."""
        return self.place is not None and self.place.match >= SAME


def heard_by(watch: StageWatch, sounds: Path) -> list[Heard]:
    """Each sentence that the page began, in that order, looked for in the sound."""
    found = []
    for look in begun(watch.looks):
        key = look.cue_id, look.index
        load, audio = watch.loads[look.load], watch.sentences[key]["audio"]
        place = find(load, read(sounds / audio, load.rate), look.at) if audio else None
        is_first = look.load == min(watch.loads)
        is_cut = key == watch.cut_at and is_first and len(watch.loads) > 1
        found.append(Heard(*key, look.load, place, is_cut, *moments(load, place)))
    return found


def moments(load: Load, place: Found | None) -> tuple[float, ...]:
    """When its file started, its first sound was heard, its file ended."""
    if place is None:
        return ()
    return tuple(map(load.wall, (place.at, place.at + place.lead, place.end)))


def begun(looks: Iterable[Look]) -> list[Look]:
    """The first look at each sentence that was begun, as often as it was begun."""
    found, last = [], ("", -1, 0.0)
    for one in looks:
        here = one.cue_id, one.index, one.load
        if one.cue_id and one.index >= 0 and here != last:
            found.append(one)
        last = here
    return found


def faults(
    heard: Sequence[Heard],
    watch: StageWatch,
    cues: Sequence[Cue],
    lines: Sequence[Mapping[str, Any]],
    sent: Iterable[str],
) -> dict[str, list[str]]:
    """All that must not be, with the places where it is."""
    outcomes = Counter(line["event_id"] for line in lines)
    started = [(cue.started_at, cue.id) for cue in cues if cue.started_at]
    order = [cue_id for _, cue_id in sorted(started)]
    whole = whole_cues(heard, watch.cues)
    spoken = {line["question_id"] for line in lines if line["outcome"] == "spoken"}
    told = {cue.question_id for cue in cues if cue.id in whole and cue.state is CueState.DONE}
    return {
        "comments without an outcome": sorted(set(sent) - outcomes.keys())
        + [line["event_id"] for line in lines if line["decided_at"] is None],
        "comments with two outcomes": [one for one, times in outcomes.items() if times > 1],
        "answers to be spoken that were not heard whole": sorted(map(str, spoken - told)),
        "cues begun and not ended": [
            one.id for one in cues if one.started_at and one.state is not CueState.DONE
        ],
        "sentences that are not in the sound": [
            f"{name(one)} {one.place.match:.2f}"
            for one in heard
            if one.place and not one.is_cut and not one.is_heard
        ],
        "sentences without a sound": [name(one) for one in heard if one.place is None],
        "sentences heard twice": twice(heard),
        "sentences out of order": out_of_order(heard),
        "two voices at once": at_once(heard),
        "sound that is no sentence, s": stray(heard, watch),
        "cues in another order than stored": []
        if order == list(dict.fromkeys(one.cue_id for one in heard))
        else ["stored " + " ".join(order)],
        "answers said twice": said_twice(heard, watch.cues),
        "errors of the page": watch.complaints,
    }


def name(one: Heard) -> str:
    """A sentence by its cue and number."""
    return f"{one.cue_id}/{one.index}"


def whole_cues(heard: Sequence[Heard], cues: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Cues of which every sentence was heard, or stood as a caption where it had no sound."""
    found: dict[str, set[int]] = {}
    for one in heard:
        if not one.is_cut and (one.is_heard or one.place is None):
            found.setdefault(one.cue_id, set()).add(one.index)
    return {id_ for id_, said in found.items() if said == set(range(cues[id_]["sentences"]))}


def twice(heard: Sequence[Heard]) -> list[str]:
    """Sentences begun more than once; the one that a reload cut may be said again."""
    counts = Counter(name(one) for one in heard if not one.is_cut)
    return [one for one, times in counts.items() if times > 1]


def out_of_order(heard: Sequence[Heard]) -> list[str]:
    """Places where a cue does not go on with its next sentence, or the sound goes back."""
    found = []
    for one, other in pairwise(heard):
        follows = other.index == one.index + (not one.is_cut)
        if not (follows if one.cue_id == other.cue_id else other.index == 0):
            found.append(f"{name(one)} then {name(other)}")
        elif one.place and other.place and other.began < one.began:
            found.append(f"{name(other)} heard before {name(one)}")
    return found


def at_once(heard: Sequence[Heard]) -> list[str]:
    """Pairs of sentences of which one began before the other was over."""
    placed = sorted((one for one in heard if one.place and not one.is_cut), key=lambda o: o.began)
    return [
        f"{name(one)} and {name(other)}: {one.ended - other.started:.2f} s"
        for one, other in pairwise(placed)
        if one.ended - other.started > TOUCHING
    ]


def stray(heard: Sequence[Heard], watch: StageWatch) -> list[str]:
    """Loads of the page that sounded outside all sentences."""
    found = []
    for number, load in watch.loads.items():
        known = [
            (one.place.at - TOUCHING, one.place.end + TOUCHING)
            for one in heard
            if one.place and one.load == number and not one.is_cut
        ]
        cut = [one.place.at for one in heard if one.is_cut and one.load == number and one.place]
        known += [(at - TOUCHING, load.end) for at in cut]
        if (seconds := outside(load.loud(), known)) > STRAY:
            found.append(f"{seconds:.2f}")
    return found


def said_twice(heard: Sequence[Heard], cues: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Answers whose words were begun as two cues; a line that asks for patience may come again."""
    told = [cues[one] for one in dict.fromkeys(each.cue_id for each in heard)]
    counts = Counter(cue["text"] for cue in told if cue["kind"] != CueKind.FIXED_LINE)
    return [text for text, times in counts.items() if times > 1]


def steps(heard: Sequence[Heard], watch: StageWatch) -> list[float]:
    """For each character, its caption's moment minus its sound's, in seconds."""
    places = {(one.load, one.cue_id, one.index): one for one in heard if one.is_heard}
    lit: dict[tuple[float, str, int], int] = {}
    found = []
    for look in watch.looks:
        key = look.load, look.cue_id, look.index
        if (one := places.get(key)) is None or one.place is None:
            continue
        times = watch.sentences[key[1:]]["times"]
        new = range(lit.get(key, 0), min(look.said, len(times)))
        found += [look.at - (one.place.at + times[character]) for character in new]
        lit[key] = max(lit.get(key, 0), look.said)
    return found


def spans(heard: Sequence[Heard]) -> list[tuple[float, float]]:
    """When something was said, pauses inside sentences included."""
    return joined([(one.began, one.ended) for one in heard if one.place], 0.0)
