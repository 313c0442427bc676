"""Puts the studio together. What it does by itself stands in one list: `Studio.chores`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.clips import FilmJob
from assistant.domain.clock import Clock, NewId
from assistant.domain.region import RegionTree
from assistant.domain.studio_flow import DraftJob
from assistant.jobs.chores import Chore
from assistant.records.accounts_audit import AuditRecords
from assistant.records.clips import ClipRecords
from assistant.records.database import Database
from assistant.records.deck_templates import TemplateRecords
from assistant.records.events import EventRecords
from assistant.records.sources import SourceRepository
from assistant.records.studio import StudioRecords
from assistant.records.studio_comments import CommentRecords
from assistant.records.studio_jobs import JobRecords
from assistant.studio.airing import Airing, AiringParts
from assistant.studio.clips.desk import ClipDesk, ClipDeskParts
from assistant.studio.clips.looking import ClipLooks
from assistant.studio.desk import DeskParts, StudioDesk
from assistant.studio.drafting.timing import Pace, estimated
from assistant.studio.drafting.wording import Screen
from assistant.studio.filming import Accounts, Film, Filming, FilmParts
from assistant.studio.following import FollowingParts, StudioFollowing
from assistant.studio.jobs import DraftJobs, JobParts
from assistant.studio.redoing import Redoing, RedoParts
from assistant.studio.rights import StudioRights
from assistant.studio.seams import (
    AudioKeys,
    OpenDrafting,
    Tell,
    Workdays,
    silent,
    untold,
)
from assistant.studio.standing import Grounds
from assistant.studio.stepping import Stepping, SteppingParts
from assistant.studio.templates import OfficeTemplates, TemplateParts
from assistant.voice.exporting import Place


@dataclass(frozen=True, slots=True)
class ClipParts:
    """What the clips of approved streams are made and shown with.

    `place` is where the voice says that it was made by AI, `home` the region of what has none.
    """

    looks: ClipLooks
    film: Film
    accounts: Accounts
    place: Place = "end"
    home: str | None = None


@dataclass(frozen=True, slots=True)
class StudioParts:
    """What the studio is built from."""

    database: Database
    organization: str
    clock: Clock
    new_id: NewId
    regions: RegionTree
    sources: SourceRepository
    drafting: OpenDrafting
    calendar: Workdays
    templates: Path
    clips: ClipParts
    screen: Screen | None = None
    audio: AudioKeys = silent
    tell: Tell = untold
    pace: Pace = estimated


@dataclass(frozen=True, slots=True)
class Studio:
    """The studio of one organisation."""

    desk: StudioDesk
    stepping: Stepping
    airing: Airing
    jobs: DraftJobs
    redoing: Redoing
    templates: OfficeTemplates
    clips: ClipDesk
    filming: Filming
    chores: Sequence[Chore]


def build_studio(parts: StudioParts) -> Studio:
    """The studio of one organisation."""
    at = (parts.database, parts.organization, parts.clock)
    audit = AuditRecords(*at)
    records = StudioRecords(*at, audit)
    rights, grounds = StudioRights(parts.regions), Grounds(parts.sources)
    comments = CommentRecords(parts.database, parts.organization, audit)
    desk = StudioDesk(
        DeskParts(
            records,
            comments,
            grounds,
            rights,
            parts.clock,
            parts.new_id,
            parts.screen,
            parts.pace,
            parts.clips.place,
        )
    )
    clips, filming = _filming(parts, records, rights, audit)
    stepping = Stepping(
        SteppingParts(records, desk, rights, parts.clock, parts.calendar, parts.audio, filming)
    )
    jobs = DraftJobs(
        JobParts(
            JobRecords(*at, audit, DraftJob),
            records,
            rights,
            parts.drafting,
            parts.clock,
            parts.new_id,
        )
    )
    offsets = EventRecords(parts.database, parts.organization)
    following = StudioFollowing(
        FollowingParts(records, grounds, parts.sources, offsets, parts.clock, parts.tell)
    )
    redoing = Redoing(RedoParts(records, desk, rights, parts.drafting, parts.clock, parts.pace))
    templates = OfficeTemplates(
        TemplateParts(
            TemplateRecords(parts.database, parts.organization, audit),
            records,
            rights,
            parts.templates,
            parts.clock,
            parts.new_id,
        )
    )
    chores = (jobs.chore, filming.chore, following.chore)
    airing = Airing(AiringParts(records, desk, rights, parts.clock, parts.tell))
    return Studio(desk, stepping, airing, jobs, redoing, templates, clips, filming, chores)


def _filming(
    parts: StudioParts, records: StudioRecords, rights: StudioRights, audit: AuditRecords
) -> tuple[ClipDesk, Filming]:
    """The shelf's desk, and what films the clips of what is approved."""
    at, clips = (parts.database, parts.organization), parts.clips
    shelved = ClipRecords(*at, audit)
    desk = ClipDesk(
        ClipDeskParts(shelved, clips.looks, parts.regions, parts.clock, parts.new_id, parts.screen)
    )
    filming = Filming(
        FilmParts(
            jobs=JobRecords(*at, parts.clock, audit, FilmJob),
            records=records,
            rights=rights,
            clips=shelved,
            desk=desk,
            looks=clips.looks,
            film=clips.film,
            accounts=clips.accounts,
            clock=parts.clock,
            new_id=parts.new_id,
            home=clips.home,
        )
    )
    return desk, filming
