"""Puts a live room together from the desk, the records and the rule packs."""

import asyncio
import gc
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from assistant.answering.desk import Desk
from assistant.answering.guide_answer import GuideAnswerer
from assistant.domain.answer import Citation
from assistant.domain.clock import NewId
from assistant.live.incoming import Incoming
from assistant.live.judging import Judging
from assistant.live.merging import SlotMerger
from assistant.live.merging_desk import DeskReading
from assistant.live.official import public_addresses, public_numbers
from assistant.live.replay import Parts, nobody
from assistant.live.seams import (
    Floods,
    LiveClock,
    Replying,
    Screen,
    Stage,
    Triage,
    Triaged,
)
from assistant.live.services import Notify, RoomConfig, RoomServices, never_withheld
from assistant.live.triage import LearnedTriage
from assistant.models.static_embedding import StaticEmbedding
from assistant.records.live import LiveRepository
from assistant.records.live_reads import LiveReads
from assistant.records.outcomes import OutcomeRepository
from assistant.records.sources import SourceRepository
from assistant.safety.keys import Keys
from assistant.safety.masking import Masker
from assistant.safety.nicknames import safe_name
from assistant.safety.official import Official
from assistant.safety.pseudonyms import Pseudonyms
from assistant.safety.vault import Vault


@dataclass
class LiveParts:
    """What the live rooms of one organisation work with; made by bootstrap's `open_live`.

    `follow` takes up what the knowledge base makes known: its public numbers and its words.
    """

    desk: Desk
    records: LiveRepository
    reads: LiveReads
    outcomes: OutcomeRepository
    new_id: NewId
    keys: Keys
    screen: Screen
    floods: Callable[[], Floods]
    embedding: StaticEmbedding = field(default_factory=StaticEmbedding)
    mask: Masker = field(default_factory=Masker)
    triage: Triage = field(default_factory=LearnedTriage.shipped)
    withheld: Callable[[str, Iterable[Citation]], bool] = never_withheld

    def __post_init__(self) -> None:
        self.judging = Judging(lambda: self.triage, lambda: self.screen)

    def warm(self) -> None:
        """Load what is loaded at first use (word lists, syllables), so that no viewer waits.

        What is there by then stays: no look for garbage goes through it again, which would hold
        everything up for a tenth of a second, several times a minute.
        """
        merger = self.merger()
        merger.add("0", "居住证要带什么材料")
        merger.find("身份证丢了怎么补")
        self.judging(["居住证要带什么材料"])
        gc.collect()
        gc.freeze()

    async def follow(self, sources: SourceRepository) -> None:
        """Take up the knowledge base as it is now: its public numbers, addresses and words."""
        await asyncio.to_thread(self._follow, await public_numbers(sources))

    def _follow(self, numbers: set[str]) -> None:
        catalogue = self._guides.catalogue
        guides = catalogue.guides.values()
        self.mask.replace_official(Official(numbers, public_addresses(guides)))
        names = (name for guide in guides for name in (guide.name, *guide.aliases))
        self.triage = LearnedTriage.shipped([*catalogue.lexicon.words, *names])

    def services(
        self,
        clock: LiveClock,
        stage: Stage,
        notify: Notify,
        repliers: Mapping[str, Replying],
        config: RoomConfig | None = None,
    ) -> RoomServices:
        """The services of one room."""
        return RoomServices(
            records=self.records,
            askers=self.reads.of_question,
            outcomes=self.outcomes,
            answers=self.desk.answer,
            mask=self.mask,
            screen=self.screen,
            floods=self.floods,
            triage=self._triaged,
            judge=self.judging,
            merger=self.merger,
            stage=stage,
            vault=Vault(self.keys),
            notify=notify,
            clock=clock,
            new_id=self.new_id,
            repliers=repliers,
            withheld=self.withheld,
            config=config or RoomConfig(),
        )

    def replay_parts(self) -> Parts:
        """What a replay works with."""
        return Parts(
            records=self.records,
            incoming=self.incoming,
            build=lambda clock, stage: self.services(clock, stage, nobody, {}),
        )

    def incoming(self, clock: LiveClock, new_id: NewId) -> Incoming:
        """What makes comments of events."""
        return Incoming(
            mask=self.mask,
            pseudonyms=Pseudonyms(self.keys),
            shown_name=safe_name,
            vault=Vault(self.keys),
            clock=clock,
            new_id=new_id,
        )

    def _triaged(self, text: str) -> Triaged:
        """As the triage is now: the knowledge base may change while a room is on air."""
        return self.triage(text)

    def merger(self) -> SlotMerger:
        """A new memory of questions; one a room."""
        return SlotMerger(self.embedding.embed_array, DeskReading(self._guides))

    @property
    def _guides(self) -> GuideAnswerer:
        """The answerer whose catalogue follows the sources."""
        return cast("GuideAnswerer", self.desk.services.guides)
