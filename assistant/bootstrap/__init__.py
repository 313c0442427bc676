"""The one place where real objects are built from settings (DESIGN §3), a file a room."""

from assistant.bootstrap.assistant import Assistant, open_assistant
from assistant.bootstrap.clips import clip_desk, clip_kit, clip_looks, clip_records, clip_shelf
from assistant.bootstrap.duty import duty_of
from assistant.bootstrap.hosts import outside_hosts
from assistant.bootstrap.keeping import (
    incident_records,
    ledger_reads,
    people_of,
    pseudonym_of,
    purging_of,
    replay_of,
)
from assistant.bootstrap.library import Library, open_library, retention_of
from assistant.bootstrap.morning import mornings_of
from assistant.bootstrap.regions import read_regions
from assistant.bootstrap.review import (
    labels_of,
    open_review,
    regression_records,
    statistics_of,
    teller_of,
)
from assistant.bootstrap.rooms import live_reads, live_records, open_live
from assistant.bootstrap.service import open_service
from assistant.bootstrap.speaking import ahead_of, screen_of
from assistant.bootstrap.standby import stand_by
from assistant.bootstrap.studio import drafter_of, office_template, open_drafter
from assistant.bootstrap.verdict import calibration_file, fingerprint_of
from assistant.bootstrap.voice import audio_cache, open_voice, reading_of, voice_consents
from assistant.domain.ids import new_ulid
from assistant.settings import Settings

__all__ = [
    "Assistant",
    "Library",
    "Settings",
    "ahead_of",
    "audio_cache",
    "calibration_file",
    "clip_desk",
    "clip_kit",
    "clip_looks",
    "clip_records",
    "clip_shelf",
    "drafter_of",
    "duty_of",
    "fingerprint_of",
    "incident_records",
    "labels_of",
    "ledger_reads",
    "live_reads",
    "live_records",
    "mornings_of",
    "new_ulid",
    "office_template",
    "open_assistant",
    "open_drafter",
    "open_library",
    "open_live",
    "open_review",
    "open_service",
    "open_voice",
    "outside_hosts",
    "people_of",
    "pseudonym_of",
    "purging_of",
    "read_regions",
    "reading_of",
    "regression_records",
    "replay_of",
    "retention_of",
    "screen_of",
    "stand_by",
    "statistics_of",
    "teller_of",
    "voice_consents",
]
