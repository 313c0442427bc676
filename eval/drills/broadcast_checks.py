"""What a broadcast must show: every sentence once, in order, and nothing of a part that fell."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

from assistant.domain.broadcast import Broadcast
from assistant.domain.studio import StreamDraft
from assistant.stage.script import heard_whole, written
from assistant.studio.rundown import INSTEAD
from eval.drills.broadcast_page import Heard


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part: its written sentences, and whether it fell."""

    sentences: tuple[str, ...]
    fell: bool


def expected(words: StreamDraft, row: Broadcast) -> list[Wanted]:
    """The parts, with what the room has stored of them."""
    fell = {one.part for one in row.fallen}
    texts = ["".join(one.text for one in part.sentences) for part in words.segments]
    return [Wanted(written(text), number in fell) for number, text in enumerate(texts)]


@dataclass
class Figures:
    """What was counted. `wrong` lists what must not be."""

    parts: int
    fell: int
    sentences: int
    heard_once: int
    said_again: int
    """Sentences that were broken off and begun anew."""
    answers_between: int
    answers_within_parts: int
    slides_shown: int
    comments: int
    undecided: int
    state: str
    stream: str
    wrong: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """By name."""
        return asdict(self)

    def holds(self, *, asked: int, between: bool) -> bool:
        """Whether all is as it must be."""
        whole = self.heard_once == self.sentences > 0 and not self.wrong
        answered = self.undecided == 0 and self.comments == asked
        kept = not (between and self.answers_within_parts)
        done = self.state == "done" and self.stream == ("in_review" if self.fell else "aired")
        return whole and answered and kept and done


def figures(
    heard: Sequence[Heard],
    wanted: Sequence[Wanted],
    row: Broadcast,
    comments: int,
    undecided: int,
    stream: str,
) -> Figures:
    """Count what the page heard against what was approved."""
    said = [(one, sentence) for one in heard for sentence in _whole(one)]
    script = [sentence for one, sentence in said if one.kind == "script"]
    kept = [sentence for part in wanted if not part.fell for sentence in part.sentences]
    lines = sum(sentence == INSTEAD for _, sentence in said)
    wrong = list(_differences(script, wanted))
    fell = [one.fell for one in wanted]
    runs = sum(now and not before for before, now in pairwise([False, *fell]))
    if lines != runs:
        wrong.append(f"{lines} lines in place of {runs} runs of parts")
    answers = [at for at, one in enumerate(heard) if one.kind == "answer" and one.done == one.whole]
    within = [at for at in answers if _is_within(heard, at)]
    return Figures(
        parts=len(wanted),
        fell=len(row.fallen),
        sentences=len(kept),
        heard_once=sum(script.count(one) == kept.count(one) for one in kept),
        said_again=sum(one.kind == "script" and one.done < one.whole for one in heard),
        answers_between=len(answers),
        answers_within_parts=len(within),
        slides_shown=len({name for one in heard for name in one.slides}),
        comments=comments,
        undecided=undecided,
        state=str(row.state),
        stream=stream,
        wrong=wrong,
    )


def _whole(one: Heard) -> tuple[str, ...]:
    """The written sentences of a cue that were heard to their end."""
    return written(one.spoken)[: heard_whole(one.spoken, one.said)]


def _differences(script: Sequence[str], wanted: Iterable[Wanted]) -> Iterable[str]:
    """In order: of a part that fell on the way, only its beginning may have been said."""
    at = 0
    for number, part in enumerate(wanted):
        said = 0
        while said < len(part.sentences) and script[at : at + 1] == (
            list(part.sentences[said : said + 1])
        ):
            said, at = said + 1, at + 1
        if said < len(part.sentences) and not part.fell:
            yield f"part {number + 1}: {part.sentences[said]!r} is missing or out of order"
    if at < len(script):
        yield f"said without need: {script[at]!r}"


def _is_within(heard: Sequence[Heard], at: int) -> bool:
    """Whether the script was broken off before an answer."""
    before = [one for one in heard[:at] if one.kind == "script"]
    return bool(before) and before[-1].done < before[-1].whole
