"""A session replayed: what came, what was judged on which evidence, what was said."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.live import Comment, LiveQuestion, LiveSession, Room
from assistant.domain.live_commit import Entry
from assistant.records.replay import ReplayReads, Story


@dataclass(frozen=True, slots=True)
class Moment:
    """A comment of the session; its question's story stands beside the first that asked it."""

    entry: Entry
    story: Story | None = None
    tells: bool = False

    @property
    def name(self) -> str:
        """脱敏昵称."""
        return shown(self.entry.comment)


@dataclass(frozen=True, slots=True)
class Stream:
    """A session with its room."""

    session: LiveSession
    room: Room


def shown(comment: Comment) -> str:
    """脱敏昵称: the first sign alone."""
    name = comment.viewer_name.strip()
    return f"{name[0]}**" if name else f"网友{comment.viewer[:4]}"


class Replay:
    """The sessions of one organisation."""

    def __init__(self, reads: ReplayReads) -> None:
        self.reads = reads

    async def moments(
        self, session_id: str, after: str = "", limit: int = 200, *, noise: bool = True
    ) -> list[Moment]:
        """Comments after one in the order in which they came, with the stories they began."""
        entries = await self.reads.entries(session_id, after, limit, noise=noise)
        return await self.told(entries)

    async def of_question(self, question: LiveQuestion) -> list[Moment]:
        """One question: those who asked it, and its story."""
        return await self.told(await self.reads.asked(question.id))

    async def told(
        self, entries: Sequence[Entry], known: dict[str, Story] | None = None
    ) -> list[Moment]:
        """Each with its story, which is told at the first that asked; `known` remembers them."""
        known = {} if known is None else known
        asked = [one.decision.question_id for one in entries if one.decision]
        new = [one for one in dict.fromkeys(asked) if one and one not in known]
        stories = await self.reads.stories(new)
        made = []
        for entry in entries:
            question_id = (entry.decision.question_id if entry.decision else None) or ""
            story = known.get(question_id) or stories.get(question_id)
            made.append(Moment(entry, story, tells=question_id in stories.keys() - known.keys()))
            if story:
                known[question_id] = story
        return made
