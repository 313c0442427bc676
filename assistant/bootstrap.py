"""The one place where real objects are built from settings (DESIGN §3)."""

import asyncio
import csv
import gc
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.access.desk import AccessDesk
from assistant.bundled import bundled
from assistant.domain.clock import Clock, system_clock
from assistant.domain.ids import new_ulid
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question, Scope
from assistant.domain.region import Region, RegionTree
from assistant.errors import FormatError
from assistant.records.database import Database
from assistant.records.outcomes import OutcomeRepository
from assistant.records.retention_limits import Retention
from assistant.records.sources import SourceRepository
from assistant.settings import Settings

if TYPE_CHECKING:
    import httpx
    from langchain_core.embeddings import Embeddings

    from assistant.answering.desk import Desk
    from assistant.answering.faq_answer import FaqAnswerer
    from assistant.answering.places import Gazetteer
    from assistant.answering.withheld import Withheld
    from assistant.domain.evidence import Ranking
    from assistant.live.building import LiveParts
    from assistant.live.carrier import Carrier
    from assistant.live.house import LiveHouse
    from assistant.live.services import Notify
    from assistant.models.chat import ChatModel, OpenAIChat
    from assistant.records.incidents import IncidentRecords
    from assistant.records.learned import LearnedRecords
    from assistant.records.ledger import LedgerReads
    from assistant.records.live import LiveRepository
    from assistant.records.live_reads import LiveReads
    from assistant.records.regressions import RegressionRecords
    from assistant.retrieval.index import KnowledgeIndex
    from assistant.retrieval.ingest import IngestReport, Progress
    from assistant.review.building import Review
    from assistant.review.calendar import OfficeCalendar
    from assistant.review.chores import Chore
    from assistant.review.deadlines import Deadlines
    from assistant.review.desk import ReviewDesk
    from assistant.review.escalation import Tell
    from assistant.review.labels import Labels
    from assistant.review.learning import Learning
    from assistant.review.person import PersonDesk
    from assistant.review.replay import Replay
    from assistant.review.retention import Purging
    from assistant.review.statistics import ReviewStatistics
    from assistant.review.timekeeping import TimeParts
    from assistant.safety.rules import Rules

__all__ = [
    "Assistant",
    "Library",
    "Settings",
    "new_ulid",
    "open_assistant",
    "open_library",
    "open_service",
]


@dataclass
class Library:
    """The records alone: what can be done while another process holds the index."""

    settings: Settings
    clock: Clock
    database: Database
    sources: SourceRepository
    outcomes: OutcomeRepository
    access: AccessDesk

    async def ingest(
        self,
        paths: Sequence[Path],
        *,
        mapping: Path | None = None,
        retire_missing: bool = False,
        progress: "Progress | None" = None,
    ) -> "IngestReport":
        """Add files to the knowledge base; the holder of the index sees them within a second."""
        from assistant.retrieval.ingest import Ingestor
        from assistant.retrieval.issuing_region import IssuingRegions

        regions = await asyncio.to_thread(read_regions, self.settings.data_dir)
        reader = Ingestor(self.sources, region_of=IssuingRegions(regions))
        return await reader.ingest(
            paths, mapping=mapping, retire_missing=retire_missing, progress=progress
        )


@dataclass
class Assistant(Library):
    """Everything, open. Made by `open_assistant`."""

    index: "KnowledgeIndex"
    regions: RegionTree
    desk: "Desk"
    rules: "Rules"
    withheld: "Withheld"
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

    async def answer(self, question: Question) -> Outcome:
        """Answer one question."""
        return await self.desk.answer(question)

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
async def open_library(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[Library]:
    """Open the records; closes them at the end. Raises ConfigurationError, Unavailable."""
    retention_of(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = await Database.open(settings.sql_url)
    try:
        yield _library(settings, database, clock)
    finally:
        await database.close()


@asynccontextmanager
async def open_assistant(
    settings: Settings,
    *,
    clock: Clock = system_clock,
    regions: RegionTree | None = None,
    embeddings: "Embeddings | None" = None,
    chat: "ChatModel | None" = None,
    renew: bool = False,
) -> AsyncIterator[Assistant]:
    """Open everything; closes it at the end.

    What is passed takes the place of what the settings would build. `renew` begins the index anew
    where it was made by another embedding model. Raises IndexLocked where another process holds
    the index, IndexMismatch, ConfigurationError, Unavailable.
    """
    from assistant.answering.lexicon import Lexicon
    from assistant.answering.withheld import Withheld
    from assistant.models.embeddings import build_embeddings
    from assistant.retrieval.index import KnowledgeIndex

    async with open_library(settings, clock) as library:
        regions = regions or read_regions(settings.data_dir)
        if embeddings is None:
            embeddings = await asyncio.to_thread(
                build_embeddings, settings.embedding_model, offline=settings.offline
            )
        lexicon = await asyncio.to_thread(Lexicon.load, bundled("knowledge") / "lexicon")
        index = await KnowledgeIndex.open(
            settings.data_dir / "index",
            library.sources,
            embeddings,
            regions,
            chroma_url=settings.chroma_url,
            renew=renew,
            expand=lexicon.official_words,
        )
        own_chat = None if chat else _chat_model(settings)
        try:
            if own_chat:
                await own_chat.warm()
            await index.refresh()
            rules = await _rules(library)
            withheld = Withheld(incident_records(library).withheld)
            await withheld.refresh()
            desk = await asyncio.to_thread(
                _desk, settings, library, index, regions, chat or own_chat, rules
            )
            desk.withhold(withheld)
            assistant = Assistant(
                **vars(library),
                index=index,
                regions=regions,
                desk=desk,
                rules=rules,
                withheld=withheld,
            )
            await desk.refresh()
            yield assistant
        finally:
            if own_chat:
                await own_chat.close()
            await index.close()


@asynccontextmanager
async def open_service(settings: Settings) -> AsyncIterator[Assistant]:
    """What `assistant serve` serves: the assistant with its live rooms, those on air taken up.

    Raises as `open_assistant`; ConfigurationError for connectors that cannot be used.
    """
    import httpx

    from assistant.live.following import following_knowledge
    from assistant.review.chores import keeping

    async with open_assistant(settings) as assistant, httpx.AsyncClient(trust_env=False) as http:
        parts = await open_live(assistant)
        await asyncio.to_thread(parts.warm)
        assistant.live = house = _house(settings, parts, http)
        assistant.incidents = incident_records(assistant)
        carrier = _carrier(assistant, house)
        review = open_review(assistant, parts, carrier.chore.wake)
        assistant.review = review.desk
        assistant.calendar = review.times.calendar
        assistant.deadlines = review.times.deadlines
        assistant.statistics = statistics_of(assistant)
        assistant.learning, assistant.learnt = review.learning, review.learnt
        assistant.ledger, assistant.replay = ledger_reads(assistant), replay_of(assistant)
        assistant.people = people_of(assistant)
        await house.start()
        try:
            async with (
                following_knowledge(parts, assistant.index, assistant.sources),
                keeping(
                    [
                        *review.chores,
                        *_following(assistant, carrier),
                        purging_of(assistant).chore,
                    ]
                ),
            ):
                yield assistant
        finally:
            await house.desk.stop()
            await asyncio.to_thread(parts.judging.close)


def _house(settings: Settings, parts: "LiveParts", http: "httpx.AsyncClient") -> "LiveHouse":
    from assistant.live.house import HouseParts, LiveHouse
    from assistant.live.platforms.building import Tools

    return LiveHouse(
        HouseParts(
            live=parts,
            rooms=settings.rooms,
            journals=settings.data_dir / "journal",
            tools=lambda clock, fetch: Tools(clock, new_ulid, http, os.environ, fetch),
            notify=_notify(settings),
            stage_secret=parts.keys.addresses,
            offline=settings.offline,
        )
    )


def _notify(settings: Settings) -> "Notify":
    """How people are told of alerts: outside where an address is set, and in the log."""
    from assistant.live.notify import LogNotify, NotifyAll, WebhookNotify

    secret = settings.alert_secret.get_secret_value() if settings.alert_secret else ""
    outside = [WebhookNotify(settings.alert_url, secret)] if settings.alert_url else []
    return NotifyAll([*outside, LogNotify()])


SWITCH = 0.002
"""Seconds after which a thread lets another one run. Answers are computed in threads; with the
interpreter's own 5 ms each of them holds up the event loop and the sorting of comments."""


async def open_live(assistant: Assistant) -> "LiveParts":
    """What live rooms work with, over an open assistant; holds nothing that must be closed."""
    sys.setswitchinterval(SWITCH)
    from assistant.live.building import LiveParts
    from assistant.safety.floods import RoomFloods
    from assistant.safety.keys import Keys

    parts = LiveParts(
        desk=assistant.desk,
        records=live_records(assistant),
        reads=live_reads(assistant),
        outcomes=assistant.outcomes,
        new_id=new_ulid,
        keys=await asyncio.to_thread(Keys.load, assistant.settings.data_dir),
        screen=assistant.rules.screen,
        withheld=assistant.withheld.holds,
        floods=RoomFloods,
    )
    await parts.follow(assistant.sources)
    return parts


def open_review(
    assistant: Assistant, parts: "LiveParts", finished: Callable[[], None] = lambda: None
) -> "Review":
    """The review desk over an open assistant, with the mask and the screen of its rooms."""
    from assistant.live.sorting import unsafe
    from assistant.review.building import ReviewParts, build_review
    from assistant.review.near import NearFaqs

    return build_review(
        ReviewParts(
            database=assistant.database,
            organization=assistant.settings.organization,
            clock=assistant.clock,
            new_id=new_ulid,
            regions=assistant.regions,
            sources=assistant.sources,
            outcomes=assistant.outcomes,
            near=NearFaqs(assistant.faqs, assistant.regions),
            unsafe=lambda text: unsafe(text, parts.mask(text), parts.screen(text)),
            times=_times(assistant.settings, parts),
            withheld=assistant.withheld.holds,
            finished=finished,
        )
    )


def _times(settings: Settings, parts: "LiveParts") -> "TimeParts":
    """What keeps the desk's time, as the office set it. Raises ConfigurationError."""
    from assistant.review.deadlines import read_deadlines
    from assistant.review.spot_checks import Draw
    from assistant.review.timekeeping import TimeParts

    return TimeParts(
        same=parts.merger,
        tell=_teller(_notify(settings)),
        deadlines=read_deadlines(settings.review.get("deadlines")),
        draw=Draw(parts.keys.pseudonyms, settings.spot_check),
    )


def _teller(notify: "Notify") -> "Tell":
    """Tells of overdue cases by the way by which alerts go."""
    from assistant.domain.live import Alert, AlertLevel
    from assistant.review.escalation import ORDER, Notice

    async def tell(notice: Notice) -> None:
        level = AlertLevel.EMERGENCY if notice.is_emergency else AlertLevel.URGENT
        alert = Alert(
            id=notice.id,
            room_id=notice.room_id,
            code=f"review_{notice.step}",
            level=level,
            text=notice.text,
            raised_at=notice.at,
            step=ORDER.index(notice.step),
        )
        await notify("、".join(notice.to), alert)

    return tell


def statistics_of(library: Library) -> "ReviewStatistics":
    """The numbers of the review desk."""
    from assistant.review.timekeeping import review_statistics

    return review_statistics(library.database, library.settings.organization)


def labels_of(library: Library) -> "Labels":
    """What people decided at the review desk, as labels."""
    from assistant.review.timekeeping import review_labels

    return review_labels(library.database, library.settings.organization)


def _carrier(assistant: Assistant, house: "LiveHouse") -> "Carrier":
    """What brings the review desk's word into the rooms of this process."""
    from assistant.live.carrier import Carrier, CarrierParts
    from assistant.records.carrying import CarryRecords

    records = CarryRecords(assistant.database, assistant.settings.organization)
    incidents = assistant.incidents or incident_records(assistant)
    return Carrier(
        CarrierParts(house.desk, records, incidents, assistant.withheld, assistant.clock)
    )


def _following(assistant: Assistant, carrier: "Carrier") -> "list[Chore]":
    from assistant.review.chores import Chore

    return [carrier.chore, Chore("answering.withheld", assistant.withheld.refresh)]


def incident_records(library: Library) -> "IncidentRecords":
    """The answers that were taken back."""
    from assistant.records.accounts_audit import AuditRecords
    from assistant.records.events import EventRecords
    from assistant.records.incidents import IncidentRecords

    database, owner, clock = library.database, library.settings.organization, library.clock
    audit, events = AuditRecords(database, owner, clock), EventRecords(database, owner)
    return IncidentRecords(database, owner, clock, audit, events)


def live_records(library: Library) -> "LiveRepository":
    """The rows of the live rooms."""
    from assistant.records.live import LiveRepository

    return LiveRepository(library.database, library.settings.organization, library.clock)


def live_reads(library: Library) -> "LiveReads":
    """What is read of live rooms and their sessions."""
    from assistant.records.live_reads import LiveReads

    return LiveReads(library.database, library.settings.organization)


def regression_records(library: Library) -> "RegressionRecords":
    """The test cases that came from the desk."""
    from assistant.records.regressions import RegressionRecords

    return RegressionRecords(library.database, library.settings.organization)


def ledger_reads(library: Library) -> "LedgerReads":
    """The 台账 of the organisation."""
    from assistant.records.ledger import LedgerReads

    return LedgerReads(library.database, library.settings.organization, library.clock)


def replay_of(library: Library) -> "Replay":
    """Sessions to be looked at again."""
    from assistant.records.replay import ReplayReads
    from assistant.review.replay import Replay

    return Replay(ReplayReads(library.database, library.settings.organization))


def retention_of(settings: Settings) -> Retention:
    """How long content and logs are kept. Raises ConfigurationError for less than is lawful."""
    return Retention(settings.content_days, settings.log_days)


def purging_of(library: Library) -> "Purging":
    """Deletes what is older than the settings allow."""
    from assistant.records.retention import RetentionRecords
    from assistant.review.retention import Purging

    settings = library.settings
    return Purging(
        RetentionRecords(library.database, settings.organization),
        lambda before, dry_run: _journals_gone(settings, before, dry_run=dry_run),
        library.access.audit,
        retention_of(settings),
        library.clock,
    )


def people_of(library: Library) -> "PersonDesk":
    """What is stored of a viewer, to hand out and to erase."""
    from assistant.records.person import PersonRecords
    from assistant.review.person import PersonDesk, PersonParts

    settings = library.settings
    return PersonDesk(
        PersonParts(
            PersonRecords(library.database, settings.organization),
            library.access.audit,
            new_ulid,
            lambda: _journals_gone(settings, library.clock() + timedelta(days=1)),
            lambda platform, user_id: pseudonym_of(settings, platform, user_id),
        )
    )


def pseudonym_of(settings: Settings, platform: str, user_id: str) -> str:
    """The name under which the records know a viewer of a platform."""
    from assistant.safety.keys import Keys
    from assistant.safety.pseudonyms import Pseudonyms

    return Pseudonyms(Keys.load(settings.data_dir))(platform, user_id)


def _journals_gone(settings: Settings, before: datetime, *, dry_run: bool = False) -> int:
    from assistant.live.journal_purge import purge_journals

    return purge_journals(settings.data_dir / "journal", before, dry_run=dry_run)


def _library(settings: Settings, database: Database, clock: Clock) -> Library:
    owner = settings.organization
    return Library(
        settings,
        clock,
        database,
        SourceRepository(database, owner, clock),
        OutcomeRepository(database, owner, clock, new_ulid),
        AccessDesk.build(database, owner, clock, new_ulid),
    )


async def _rules(library: Library) -> "Rules":
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


def _desk(
    settings: Settings,
    library: Library,
    index: "KnowledgeIndex",
    regions: RegionTree,
    chat: "ChatModel | None",
    rules: "Rules",
) -> "Desk":
    from assistant.answering.decide import default_policy
    from assistant.answering.desk import Desk
    from assistant.answering.flow import Services
    from assistant.answering.guard import Guard
    from assistant.answering.guide_answer import GuideAnswerer
    from assistant.answering.items import Catalogue
    from assistant.answering.lexicon import Lexicon
    from assistant.answering.policy_answer import PolicyAnswerer
    from assistant.answering.rephrase import Rephraser

    knowledge = bundled("knowledge")
    lexicon = Lexicon.load(knowledge / "lexicon")
    guides = GuideAnswerer(Catalogue.build((), regions, lexicon), _gazetteer(settings, regions))
    services = Services(
        refuse=Guard(rules.screen).reason,
        guides=guides,
        drafters=(PolicyAnswerer(regions=regions),),
        search=index.search,
        policy=default_policy(),
        improver=Rephraser(chat) if chat else None,
    )
    return Desk(services, guides, regions.sees, library.sources, index)


def read_regions(data_dir: Path) -> RegionTree:
    """The bundled region table and the rows of `regions.csv` in the data folder."""
    own = data_dir / "regions.csv"
    files = [bundled("knowledge") / "regions" / "regions.csv", *([own] if own.exists() else [])]
    return RegionTree(region for file in files for region in _region_rows(file))


def _region_rows(file: Path) -> Iterable[Region]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                short = tuple(name for name in (row["short_names"] or "").split("|") if name)
                yield Region(row["code"], row["name"], row["parent"] or None, short)
            except KeyError as error:
                hint = "列名应为 code,name,parent,short_names"
                raise FormatError(f"缺少列 {error}", where=f"{file}:{number}", hint=hint) from error


def _gazetteer(settings: Settings, regions: RegionTree) -> "Gazetteer":
    """Everyday places: the operator's own file where there is one, else the bundled."""
    from assistant.answering.places import Gazetteer

    own = settings.data_dir / "gazetteer.jsonl"
    shipped = bundled("knowledge") / "regions" / "gazetteer.jsonl"
    return Gazetteer.load(regions, own if own.exists() else shipped)


def _chat_model(settings: Settings) -> "OpenAIChat | None":
    """The chat model, where one is configured and outside hosts are allowed."""
    if settings.chat_model is None or (settings.offline and not _on_this_machine(settings)):
        return None
    from assistant.models.chat import OpenAIChat

    key = settings.openai_api_key
    return OpenAIChat(
        settings.chat_model,
        base_url=settings.openai_base_url,
        api_key=key.get_secret_value() if key else None,
    )


def _on_this_machine(settings: Settings) -> bool:
    host = urlsplit(settings.openai_base_url or "").hostname
    return host in {"127.0.0.1", "::1", "localhost"}
