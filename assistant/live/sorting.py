"""What each comment of a batch is. All of it is CPU work: it runs in one thread call a batch."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import structlog

from assistant.domain.live import Comment, Urgency
from assistant.domain.screening import Screened, Severity
from assistant.live.judging import Judge, Judgement, judged
from assistant.live.seams import (
    CommentKind,
    Floods,
    Merger,
    Screen,
    Triage,
    Triaged,
)
from assistant.safety.masked import Masked

log = structlog.get_logger()
KEPT = 8192
"""Texts whose judgement is kept."""
CLEAN = Screened()
UNKNOWN = Triaged(CommentKind.QUESTION, 0.0)
"""What stands for a comment that could not be triaged: a person looks at it."""


class Sort(StrEnum):
    """The drawers that comments go to."""

    EMERGENCY = "emergency"
    HARMFUL = "harmful"
    QUESTION = "question"
    REPEAT = "repeat"
    COMPLAINT = "complaint"
    IDENTITY = "identity"
    NOISE = "noise"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Sorted:
    """A comment with its drawer; `question_id` is the question that it repeats."""

    comment: Comment
    sort: Sort
    triaged: Triaged
    screened: Screened = CLEAN
    question_id: str | None = None


class Sorter:
    """Sorts a session's comments; remembers its questions and floods. One thread at a time."""

    def __init__(
        self,
        screen: Screen,
        floods: Floods,
        triage: Triage,
        merger: Merger,
        region: str | None = None,
        judge: Judge | None = None,
    ) -> None:
        self._screen = screen
        self._floods = floods
        self._triage = triage
        self._merger = merger
        self._region = region
        self._judge = judge
        self._judged: dict[str, Judgement] = {}
        self._asked: dict[str, str] = {}
        self._rules: object = None

    def sort(self, comments: Sequence[Comment], stale: Collection[str] = ()) -> list[Sorted]:
        """Each comment's drawer, in their order; `stale` questions are merged with no more."""
        if stale:
            gone = set(stale)
            self._merger.forget(gone)
            self._asked = {text: id_ for text, id_ in self._asked.items() if id_ not in gone}
        self._follow_rules()
        return [self._checked(comment) for comment in comments]

    def judge(self, comments: Sequence[Comment]) -> None:
        """Judge the words of a batch beforehand; may run while another batch is sorted.

        Crowds type the same words, so a judgement is kept for a while.
        """
        self._follow_rules()
        rules = self._rules
        texts = list({comment.text for comment in comments} - self._judged.keys())
        for old in list(self._judged)[: len(self._judged) + len(texts) - KEPT]:
            self._judged.pop(old, None)
        if self._judge is None or not texts:
            return
        try:
            judgements = dict(zip(texts, self._judge(texts), strict=True))
        except Exception as error:  # one of them is at fault: each is judged by itself later
            log.exception("comments_not_judged", count=len(texts), kind=type(error).__name__)
            return
        if rules == self._rules == getattr(self._screen, "version", None):
            self._judged |= judgements

    def remember(self, question_id: str, text: str) -> None:
        """A question that is known from before a restart."""
        self._merger.add(question_id, text, self._region)
        self._asked[text] = question_id

    def _follow_rules(self) -> None:
        """What was judged by other rule packs is judged anew."""
        rules = getattr(self._screen, "version", None)
        if rules != self._rules:
            self._judged.clear()
            self._rules = rules

    def _checked(self, comment: Comment) -> Sorted:
        try:
            return self._sorted(comment)
        except Exception as error:
            log.exception("comment_not_sorted", comment=comment.id, kind=type(error).__name__)
            return Sorted(comment, Sort.FAILED, UNKNOWN)

    def _sorted(self, comment: Comment) -> Sorted:
        triaged, screened = self._judgement(comment.text)
        if triaged.urgency is Urgency.EMERGENCY:
            return Sorted(comment, Sort.EMERGENCY, triaged)
        screened = self._screened(comment, triaged, screened)
        if screened.severity is not Severity.CLEAN:
            return Sorted(comment, Sort.HARMFUL, triaged, screened)
        sort = _DRAWERS.get(triaged.kind, Sort.NOISE)
        if sort is not Sort.QUESTION:
            return Sorted(comment, sort, triaged)
        asked = self._asked.get(comment.text) or self._found(comment.text)
        if asked is None:
            self.remember(comment.id, comment.text)
            return Sorted(comment, Sort.QUESTION, triaged)
        return Sorted(comment, Sort.REPEAT, triaged, question_id=asked)

    def _found(self, text: str) -> str | None:
        match = self._merger.find(text, self._region)
        return match.question_id if match else None

    def _judgement(self, text: str) -> Judgement:
        """What the words alone say."""
        known = self._judged.get(text)
        if known is None:
            known = self._judged[text] = judged(text, self._triage, self._screen)
        return known

    def _screened(self, comment: Comment, triaged: Triaged, screened: Screened) -> Screened:
        """A flood never ends a question: a question that is repeated is merged."""
        flood = self._floods(comment)
        if screened.severity is not Severity.CLEAN or triaged.kind in _ANSWERED:
            return screened
        return flood


_DRAWERS = {
    CommentKind.QUESTION: Sort.QUESTION,
    CommentKind.COMPLAINT: Sort.COMPLAINT,
    CommentKind.IDENTITY: Sort.IDENTITY,
}
_ANSWERED = frozenset({CommentKind.QUESTION, CommentKind.COMPLAINT})


def unsafe(text: str, masked: Masked, screened: Screened) -> str:
    """Why a text may not go out; "" where it may. Personal data and harmful words may not."""
    if masked.text != text:
        return "含有个人信息"
    if screened.severity is not Severity.CLEAN:
        return f"含有不宜播出的内容（{screened.reason or screened.code}）"
    return ""
