"""The assistant: records, index and question desk, open."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.bootstrap.hosts import is_on_this_machine
from assistant.bootstrap.keeping import incident_records
from assistant.bootstrap.library import Library, open_library
from assistant.bootstrap.proposals import ProposalDesk, proposed_lay
from assistant.bootstrap.regions import gazetteer_of, read_regions
from assistant.bootstrap.verdict import VerdictDesk, verdict_of
from assistant.bundled import bundled
from assistant.domain.clock import Clock, system_clock
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question, Scope
from assistant.domain.region import RegionTree
from assistant.domain.source import in_force
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from assistant.answering.decide import VerdictPolicy
    from assistant.answering.desk import Desk
    from assistant.answering.faq_answer import FaqAnswerer
    from assistant.answering.guide_answer import GuideAnswerer
    from assistant.answering.lexicon import Lexicon
    from assistant.answering.vetoes import Stands
    from assistant.answering.withheld import Withheld
    from assistant.bootstrap.voice import VoiceDesk
    from assistant.domain.evidence import Ranking
    from assistant.domain.passage import Passage
    from assistant.domain.source import SourceHeader
    from assistant.insight.morning import Mornings
    from assistant.live.broadcast.programme import Programme
    from assistant.live.duty_keeper import DutyKeeper
    from assistant.live.house import LiveHouse
    from assistant.models.chat import ChatModel, OpenAIChat
    from assistant.push.board import PushBoard
    from assistant.records.incidents import IncidentRecords
    from assistant.records.learned import LearnedRecords
    from assistant.records.ledger import LedgerReads
    from assistant.records.morning_letters import MorningLetters
    from assistant.records.request_replies import RequestReplies
    from assistant.records.stream_happenings import StreamHappenings
    from assistant.retrieval.index import Helping, KnowledgeIndex
    from assistant.retrieval.ingest import IngestReport, Progress
    from assistant.review.calendar import OfficeCalendar
    from assistant.review.deadlines import Deadlines
    from assistant.review.desk import ReviewDesk
    from assistant.review.learning import Learning
    from assistant.review.person import PersonDesk
    from assistant.review.replay import Replay
    from assistant.review.statistics import ReviewStatistics
    from assistant.safety.rules import Rules
    from assistant.studio.building import Studio
    from assistant.studio.clips.shelf import ClipShelf
    from assistant.voice.said import SaidAudio
    from assistant.voice.seams import Reading
    from assistant.voice.voicing import StoredVoicing


LAY_TERMS = "lay_terms.jsonl"
"""An office's own lay terms, in the data folder."""


@dataclass
class Assistant(Library):
    """Everything, open. Made by `open_assistant`."""

    index: "KnowledgeIndex"
    regions: RegionTree
    desk: "Desk"
    rules: "Rules"
    withheld: "Withheld"
    verdict: VerdictDesk
    live: "LiveHouse | None" = None
    review: "ReviewDesk | None" = None
    calendar: "OfficeCalendar | None" = None
    deadlines: "Deadlines | None" = None
    statistics: "ReviewStatistics | None" = None
    learning: "Learning | None" = None
    learnt: "LearnedRecords | None" = None
    ledger: "LedgerReads | None" = None
    replay: "Replay | None" = None
    incidents: "IncidentRecords | None" = None
    people: "PersonDesk | None" = None
    replies: "RequestReplies | None" = None
    voice: "StoredVoicing | None" = None
    reading: "Reading | None" = None
    said: "SaidAudio | None" = None
    studio: "Studio | None" = None
    programme: "Programme | None" = None
    duty: "DutyKeeper | None" = None
    robot_names: Sequence[str] = ()
    """What a rota may call its robots."""
    clips: "ClipShelf | None" = None
    voice_desk: "VoiceDesk | None" = None
    mornings: "Mornings | None" = None
    letters: "MorningLetters | None" = None
    proposals: ProposalDesk | None = None
    pushes: "PushBoard | None" = None
    happenings: "StreamHappenings | None" = None
    chat: "OpenAIChat | None" = None
    unwell: Callable[[], Sequence[str]] = tuple
    """Codes of what the service leans on and is not well."""

    async def answer(self, question: Question) -> Outcome:
        """Answer one question."""
        return await self.desk.answer(question)

    def lay_words(self, source_id: str) -> tuple[str, ...]:
        """What people call the item of a guide, by the lexicon; it is searched, never quoted."""
        from assistant.answering.items import profile_of

        catalogue = self.desk.guides.catalogue
        guide = catalogue.guides.get(source_id)
        found = catalogue.lay_words(profile_of(guide)) if guide else ()
        return tuple(word for word, _ in found)

    async def faqs(self) -> "FaqAnswerer":
        """The FAQs in use, as they are now."""
        await self.desk.refresh()
        return self.desk.faqs

    async def warm(self) -> None:
        """Read into memory what the first answers need: for a process that serves.

        What then lives as long as the process is taken out of the garbage collector's sight: its
        full rounds would walk through the whole knowledge base while a viewer waits.
        """
        await self.index.warm()
        await self.desk.warm()
        await asyncio.to_thread(gc.collect)
        gc.freeze()

    async def search(self, text: str, scope: Scope, limit: int = 50) -> "Ranking":
        """Ranked passages: the hit test, the same search as an answer's."""
        return await self.index.search(text, scope, limit)

    async def ingest(
        self,
        paths: Sequence[Path],
        *,
        mapping: Path | None = None,
        retire_missing: bool = False,
        progress: "Progress | None" = None,
    ) -> "IngestReport":
        """Add files to the knowledge base; when this returns, they answer."""
        report = await super().ingest(
            paths, mapping=mapping, retire_missing=retire_missing, progress=progress
        )
        await self.index.refresh()
        await self.desk.refresh()
        return report


@asynccontextmanager
async def open_assistant(
    settings: Settings,
    *,
    clock: Clock = system_clock,
    regions: RegionTree | None = None,
    embeddings: "Embeddings | None" = None,
    chat: "ChatModel | None" = None,
    renew: bool = False,
    announce: Callable[[str], None] = lambda text: None,
) -> AsyncIterator[Assistant]:
    """Open everything; closes it at the end.

    What is passed takes the place of what the settings would build. `renew` begins the index anew
    where it was made by another embedding model, and `announce` is then told so. Raises
    IndexLocked where another process holds the index, IndexMismatch, ConfigurationError,
    Unavailable.
    """
    from assistant.answering.lexicon import Lexicon
    from assistant.answering.withheld import Withheld
    from assistant.models.cross_encoder import build_judge
    from assistant.models.embeddings import build_embeddings
    from assistant.retrieval.index import KnowledgeIndex

    async with open_library(settings, clock) as library:
        regions = regions or read_regions(settings.data_dir)
        if embeddings is None:
            embeddings = await asyncio.to_thread(
                build_embeddings, settings.embedding_model, offline=settings.offline
            )
        judge = await asyncio.to_thread(
            build_judge, settings.reranker_model, offline=settings.offline
        )
        lexicon = await asyncio.to_thread(
            Lexicon.load, bundled("knowledge") / "lexicon", settings.data_dir / LAY_TERMS
        )
        index = await KnowledgeIndex.open(
            settings.data_dir / "index",
            library.sources,
            embeddings,
            regions,
            chroma_url=settings.chroma_url,
            renew=renew,
            helping=replace(helping_of(lexicon), proposed=proposed_lay(library).kept),
        )
        index.judge = judge
        own_chat = None if chat else chat_model_of(settings)
        try:
            if own_chat:
                await own_chat.warm()
            if index.replaced:
                announce(f"向量模型已更换，正在重建索引（{len(index.headers)} 份资料）…")
            await index.refresh()
            rules = await rules_of(library)
            withheld = Withheld(incident_records(library).withheld)
            await withheld.refresh()
            speaks = chat or own_chat
            verdict = await verdict_of(library, embeddings, has_chat=speaks is not None)
            guides = await asyncio.to_thread(guides_of, settings, regions, lexicon)
            desk = await asyncio.to_thread(
                _desk, guides, library, index, regions, speaks, rules, verdict.standing.policy
            )
            desk.withhold(withheld)
            verdict.govern(desk)
            assistant = Assistant(
                **vars(library),
                index=index,
                regions=regions,
                desk=desk,
                rules=rules,
                withheld=withheld,
                verdict=verdict,
                chat=own_chat,
            )
            await desk.refresh()
            yield assistant
        finally:
            if own_chat:
                await own_chat.close()
            await index.close()


def helping_of(lexicon: "Lexicon") -> "Helping":
    """The words of the lexicon that help the index to find."""
    from assistant.answering.folding import fold
    from assistant.answering.items import PLAIN, surfaces_of
    from assistant.retrieval.guide_passages import aliases_of
    from assistant.retrieval.index import Helping

    def words(header: "SourceHeader", passages: "Sequence[Passage]") -> list[str]:
        if PLAIN in header.tags:
            return []
        aliases = [fold(alias) for alias in aliases_of(header, passages)]
        names = surfaces_of(fold(header.title), aliases, fold(header.parent or ""))
        return [word for word, _ in lexicon.guide_words.of(names)]

    return Helping(lexicon.official_words, words, lexicon.digest)


async def rules_of(library: Library) -> "Rules":
    """The rule packs as the office edited them."""
    from assistant.records.rule_packs import RulePackRecords
    from assistant.safety.harm import shipped_harm
    from assistant.safety.packs import shipped_packs
    from assistant.safety.rules import Rules

    records = RulePackRecords(library.database, library.settings.organization, library.clock)
    packs, harm = await asyncio.to_thread(lambda: (shipped_packs(), shipped_harm()))
    rules = Rules(records, packs, harm)
    await rules.load()
    return rules


def guides_of(settings: Settings, regions: RegionTree, lexicon: "Lexicon") -> "GuideAnswerer":
    """What answers from guides; its catalogue fills when the desk follows the sources."""
    from assistant.answering.guide_answer import GuideAnswerer
    from assistant.answering.items import Catalogue

    return GuideAnswerer(Catalogue.build((), regions, lexicon), gazetteer_of(settings, regions))


def _desk(
    guides: "GuideAnswerer",
    library: Library,
    index: "KnowledgeIndex",
    regions: RegionTree,
    chat: "ChatModel | None",
    rules: "Rules",
    policy: "VerdictPolicy",
) -> "Desk":
    from assistant.answering.desk import Desk
    from assistant.answering.everyday_answer import EverydayAnswerer
    from assistant.answering.guard import Guard
    from assistant.answering.nearness import Nearness
    from assistant.answering.policy_answer import PolicyAnswerer
    from assistant.answering.policy_support import Places
    from assistant.answering.proposed_terms import TermProposer
    from assistant.answering.rephrase import Rephraser
    from assistant.answering.services import Services
    from assistant.answering.vetoes import Vetting
    from assistant.answering.which_region import RegionAsker
    from assistant.models.static_embedding import StaticEmbedding

    services = Services(
        refuse=Guard(rules.screen).reason,
        guides=guides,
        drafters=(RegionAsker(regions), PolicyAnswerer(regions=regions)),
        search=index.search,
        policy=policy,
        improver=Rephraser(chat) if chat else None,
        vetting=Vetting(standing_sources(index), Places(regions)),
        linking=EverydayAnswerer(guides, Nearness(StaticEmbedding())),
        proposing=TermProposer(chat, guides) if chat else None,
    )
    return Desk(services, guides, regions.sees, library.sources, index)


def standing_sources(index: "KnowledgeIndex") -> "Stands":
    """Whether a source is current and in force on a day."""

    def stands(source_id: str, as_of: date) -> bool:
        header = index.headers.get(source_id)
        return header is not None and in_force(header, as_of)

    return stands


def chat_model_of(settings: Settings) -> "OpenAIChat | None":
    """The chat model, where one is configured and outside hosts are allowed."""
    if settings.chat_model is None or not uses_chat(settings):
        return None
    from assistant.models.chat import OpenAIChat

    key = settings.openai_api_key
    return OpenAIChat(
        settings.chat_model,
        base_url=settings.openai_base_url,
        api_key=key.get_secret_value() if key else None,
    )


def uses_chat(settings: Settings) -> bool:
    """Whether a chat model is configured and may be asked."""
    allowed = not settings.offline or is_on_this_machine(settings.openai_base_url)
    return settings.chat_model is not None and allowed
