"""A script of three parts for a room to say, over sources in memory."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from assistant.domain.broadcast import Broadcast, Taking
from assistant.domain.studio import Sentence, StreamDraft
from assistant.domain.studio_flow import Approval, Version, frozen_digest
from assistant.errors import NotFound
from assistant.live.broadcast.scripts import Scripts
from assistant.live.orders import Begin
from assistant.stage.slides import SlideStore
from assistant.studio.standing import Grounds
from tests.live.fakes import ROOM, SESSION, World
from tests.studio.conftest import Shelf, guide
from tests.studio.sample import draft

STREAM = "st1"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def three_parts(open_seconds: float = 0.0) -> StreamDraft:
    """The sample with a third part; the second one rests on the fee, its last sentence too."""
    words = draft()
    opening, papers = words.segments
    said = (*papers.sentences, Sentence("材料齐了，当场就能办好。"))
    papers = replace(papers, sentences=said, open_seconds=open_seconds)
    end = (Sentence("今天就讲到这里。"), Sentence("感谢大家的关注。"))
    closing = replace(opening, id="s3", title="结束", sentences=end, slides=())
    slides = tuple(replace(one, notes="") for one in words.deck.slides)
    deck = replace(words.deck, slides=slides)
    return replace(words, segments=(opening, papers, closing), deck=deck)


def sentences(words: StreamDraft) -> list[str]:
    return [one.text for part in words.segments for one in part.sentences]


@dataclass
class Words:
    """`Versions` of one stream; `shelf` holds what it rests on."""

    folder: Path
    draft: StreamDraft = field(default_factory=three_parts)
    shelf: Shelf = field(default_factory=Shelf)

    def __post_init__(self) -> None:
        self.shelf.put(guide())
        self.approval = Approval(frozen_digest(self.draft), 1, "bob", NOW)

    async def version(self, stream_id: str, number: int | None = None) -> Version:
        if (stream_id, number) != (STREAM, 1):
            raise NotFound("没有这个版本")
        return Version(STREAM, 1, "ann", NOW, "起草", self.draft)

    @property
    def scripts(self) -> Scripts:
        return Scripts(self, Grounds(self.shelf), SlideStore(self.folder))

    def begin(self, world: World, taking: Taking = Taking.AT_ONCE) -> Begin:
        at = world.clock.now()
        return Begin(
            Broadcast("b1", ROOM, SESSION, STREAM, "设立登记", self.approval, "甲", at, taking)
        )
