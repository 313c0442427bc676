"""What was heard on air, kept as long as the records of it: the ledger plays it again.

`<folder>/<session>/<cue>.json` names the sentences of a cue in order, `<folder>/<session>/*.wav`
are their sounds: the same files as the cache's where the file system can link, so that eviction
and forgetting there leave these. Blocking.
"""

import contextlib
import os
import re
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from pydantic import TypeAdapter

from assistant.domain.speech import Speech
from assistant.voice.cache import NAME, write_whole

log = structlog.get_logger()
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence that was played. `audio` is "" where only its caption was shown."""

    display: str
    spoken: str
    audio: str
    seconds: float
    engine: str
    version: str


_HEARD = TypeAdapter(tuple[Heard, ...])


class SaidAudio:
    """The kept sounds. `file` finds a sound by the name that its speech has."""

    def __init__(self, folder: Path, file: Callable[[str], Path | None]) -> None:
        self._folder = folder
        self._file = file

    def keep(self, session_id: str, cue_id: str, speeches: Sequence[Speech]) -> tuple[Heard, ...]:
        """Keep what a cue played, in order; again with more sentences replaces it."""
        folder = self._session(session_id)
        folder.mkdir(parents=True, exist_ok=True)
        heard = tuple(_heard(one, self._pinned(folder, one.audio)) for one in speeches)
        write_whole(folder / f"{_checked(cue_id)}.json", _HEARD.dump_json(heard))
        return heard

    def of(self, session_id: str, cue_id: str) -> tuple[Heard, ...]:
        """What a cue played; empty where nothing was kept."""
        try:
            stored = (self._session(session_id) / f"{_checked(cue_id)}.json").read_bytes()
        except FileNotFoundError:
            return ()
        return _HEARD.validate_json(stored)

    def file(self, session_id: str, audio: str) -> Path | None:
        """A kept sound; None where it is gone."""
        path = self._session(session_id) / audio
        return path if NAME.fullmatch(audio) and path.is_file() else None

    def purge(self, before: datetime, *, dry_run: bool = False) -> int:
        """Delete the sessions that ended before a moment; how many."""
        gone = 0
        for folder in self._folder.glob("*/"):
            if _last_written(folder) < before:
                gone += 1
                if not dry_run:
                    shutil.rmtree(folder, ignore_errors=True)
        return gone

    def _session(self, session_id: str) -> Path:
        return self._folder / _checked(session_id)

    def _pinned(self, folder: Path, audio: str) -> str:
        """The name of the sound, now in this session's folder; "" where it is gone already."""
        kept = folder / audio
        if not audio or kept.is_file():
            return audio
        source = self._file(audio)
        if source is None:
            log.warning("said_audio_gone", audio=audio)
            return ""
        try:
            os.link(source, kept)
        except FileExistsError:
            return audio
        except OSError:
            with contextlib.suppress(FileNotFoundError):
                write_whole(kept, source.read_bytes())
        return audio if kept.is_file() else ""


def _heard(speech: Speech, audio: str) -> Heard:
    text = speech.text
    return Heard(text.display, text.spoken, audio, speech.seconds, speech.engine, speech.version)


def _checked(name: str) -> str:
    """An id as a file's name. Raises ValueError."""
    if not _ID.fullmatch(name):
        raise ValueError("not an id")
    return name


def _last_written(folder: Path) -> datetime:
    """When the last cue of a session was kept (a linked sound keeps its own, older time)."""
    times = [file.stat().st_mtime for file in folder.glob("*.json")]
    return datetime.fromtimestamp(max(times, default=time.time()), UTC)
