"""Gathers what one step of a room changes."""

from dataclasses import dataclass, field, replace

from assistant.domain.broadcast import Broadcast
from assistant.domain.live import (
    Alert,
    AlertLevel,
    Comment,
    Cue,
    CueKind,
    Decision,
    LiveQuestion,
    OutcomeKind,
    Reply,
    ReviewCase,
    Urgency,
)
from assistant.domain.live_commit import Commit
from assistant.domain.review import Incident, Resolution
from assistant.domain.verdict import Action
from assistant.live import lines
from assistant.live.core import Core
from assistant.live.memory import Known


@dataclass(frozen=True, slots=True)
class Ruling:
    """What becomes of a comment, and why."""

    kind: OutcomeKind
    code: str
    reason: str
    action: Action | None = None


@dataclass(slots=True)
class Step:
    """The rows of one step; `commit` makes the value of it."""

    core: Core
    comments: list[Comment] = field(default_factory=list)
    decisions: dict[str, Decision] = field(default_factory=dict)
    questions: dict[str, LiveQuestion] = field(default_factory=dict)
    cues: dict[str, Cue] = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)
    cases: dict[str, ReviewCase] = field(default_factory=dict)
    alerts: list[Alert] = field(default_factory=list)
    resolutions: list[Resolution] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    broadcasts: dict[str, Broadcast] = field(default_factory=dict)

    def commit(self) -> Commit:
        """What is written."""
        return Commit(
            comments=tuple(self.comments),
            decisions=tuple(self.decisions.values()),
            questions=tuple(self.questions.values()),
            cues=tuple(self.cues.values()),
            replies=tuple(self.replies),
            addresses=dict(self.addresses),
            cases=tuple(self.cases.values()),
            alerts=tuple(self.alerts),
            resolutions=tuple(self.resolutions),
            incidents=tuple(self.incidents),
            broadcasts=tuple(self.broadcasts.values()),
        )

    def decide(
        self,
        comment: Comment,
        ruling: Ruling,
        *,
        ms: float = 0.0,
        question_id: str | None = None,
        is_question: bool = False,
    ) -> Decision:
        """One decision for a comment."""
        decision = Decision(
            comment_id=comment.id,
            kind=ruling.kind,
            code=ruling.code,
            reason=ruling.reason,
            decided_at=self.core.now,
            decision_ms=ms,
            is_question=is_question,
            question_id=question_id,
            action=ruling.action,
        )
        self.decisions[comment.id] = decision
        return decision

    def change(self, known: Known, question: LiveQuestion | None = None) -> None:
        """A question as it is now."""
        known.question = question or known.question
        self.questions[known.question.id] = known.question

    def reply(self, comment: Comment, text: str) -> None:
        """A text to the comment's own viewer, where the platform can carry one."""
        if comment.platform not in self.core.on.repliers:
            return
        self.replies.append(
            Reply(
                id=self.core.on.new_id(),
                room_id=comment.room_id,
                session_id=comment.session_id,
                comment_id=comment.id,
                platform=comment.platform,
                viewer=comment.viewer,
                text=lines.clipped(text),
                made_at=self.core.now,
            )
        )

    def case(self, known: Known, code: str, reason: str, urgency: Urgency) -> None:
        """Let a person settle the question; one open case a question, the sooner urgency wins."""
        made = known.case
        if made is None or made.settled_at is not None:
            question = known.question
            made = ReviewCase(
                id=self.core.on.new_id(),
                room_id=question.room_id,
                session_id=question.session_id,
                question_id=question.id,
                code=code,
                reason=reason,
                made_at=self.core.now,
                urgency=urgency,
            )
        elif made.urgency is Urgency.NORMAL:
            made = replace(made, urgency=urgency)
        known.case = made
        self.cases[made.id] = made

    def fixed_line(self, text: str) -> Cue:
        """Approved words that belong to no question: they answer none."""
        cue = Cue(
            id=self.core.on.new_id(),
            room_id=self.core.room.id,
            session_id=self.core.session_id,
            kind=CueKind.FIXED_LINE,
            text=text,
            spoken=text,
            made_at=self.core.now,
        )
        self.cues[cue.id] = cue
        return cue

    def alert(self, code: str, level: AlertLevel, text: str, comment_id: str | None = None) -> None:
        """Something that a person must acknowledge."""
        officers = names_on_duty(self.core)
        alert = Alert(
            id=self.core.on.new_id(),
            room_id=self.core.room.id,
            code=code,
            level=level,
            text=text,
            raised_at=self.core.now,
            comment_id=comment_id,
            assignee=officers[0] if officers else "",
        )
        self.alerts.append(alert)


def names_on_duty(core: Core) -> tuple[str, ...]:
    """Who is told of alerts, in order: by the rota; where that names nobody, the room's own."""
    on_duty = tuple(one.name for one in core.duty.officers(core.room.id, core.now))
    return on_duty or core.room.officers
