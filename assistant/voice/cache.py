"""Spoken sentences on disk: found again by what is heard, forgotten with their sources.

`<folder>/<key>.wav` is the sound with its hidden AIGC label; `<key>.json` all else of the speech.
`<folder>/sources/<digest>/<key>` are empty files that say what rests on which source. Everything
is written beside and renamed, so that several processes may share the folder; what is broken or
missing is made anew. Blocking.
"""

import contextlib
import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import structlog
from pydantic import TypeAdapter, ValidationError

from assistant.domain.speech import Speech, SpokenText, Voice

log = structlog.get_logger()
FORMAT = 1
"""Grows when what is stored, or how a sound is made ready for the stage, changes."""
LIMIT = 500 * 1024 * 1024
"""Bytes; 48 kB are a second of speech."""
LOW_WATER = 0.9
TOUCH_AFTER = 3600.0
"""Seconds after which a use is noted again."""
NAME = re.compile(r"[0-9a-f]{40}\.wav")
_SPEECH = TypeAdapter(Speech)


def key_of(text: SpokenText, voice: Voice, engine: str, version: str) -> str:
    """What a stored sentence is found by: all that changes what is heard."""
    heard = [text.spoken, " ".join(text.pinyin), voice.name, voice.rate_percent, engine, version]
    return hashlib.sha256(json.dumps([FORMAT, *heard]).encode()).hexdigest()[:40]


class AudioCache:
    """The folder. `limit` bounds its size; what was used longest ago goes first."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self.folder = folder
        self._limit = limit
        self._size: int | None = None

    def get(self, key: str, text: SpokenText) -> Speech | None:
        """The stored speech, with the display text of this sentence; None where there is none."""
        sound = self.folder / f"{key}.wav"
        try:
            stored = _SPEECH.validate_json(sound.with_suffix(".json").read_bytes())
            whole = sound.stat().st_size == self._told_size(sound)
        except FileNotFoundError:
            return None
        except (OSError, ValidationError, ValueError) as error:
            log.warning("voice_cache_broken", key=key, kind=type(error).__name__)
            return None
        if not whole or stored.text.pinyin != text.pinyin:
            log.warning("voice_cache_broken", key=key, kind="length")
            return None
        self._used(sound)
        return replace(stored, text=text)

    def put(self, key: str, speech: Speech, sound: bytes) -> Speech:
        """Store a sound (a labelled WAV file) and its speech; the speech that names the file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        named = replace(speech, audio=f"{key}.wav")
        write_whole(self.folder / named.audio, sound)
        write_whole(self.folder / f"{key}.json", _SPEECH.dump_json(named))
        self._grown(len(sound))
        return named

    def file(self, audio: str) -> Path | None:
        """The file that a speech names; None where it is gone."""
        path = self.folder / audio
        return path if NAME.fullmatch(audio) and path.is_file() else None

    def tie(self, audio: str, sources: Iterable[str]) -> None:
        """Note what a stored sentence rests on."""
        for source in sources:
            tie = self._ties(source) / audio.removesuffix(".wav")
            while not tie.exists():
                with contextlib.suppress(FileNotFoundError):  # forgotten at this very moment
                    tie.parent.mkdir(parents=True, exist_ok=True)
                    tie.touch()

    def forget(self, source_ids: Iterable[str]) -> int:
        """Delete what rests on any of these sources; how many sentences."""
        gone = 0
        for source in source_ids:
            folder = self._ties(source)
            for tie in _entries(folder):
                gone += self._delete(tie.name)
                tie.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                folder.rmdir()
        return gone

    def _told_size(self, sound: Path) -> int:
        """What a WAV file says of its own length."""
        with sound.open("rb") as file:
            head = file.read(8)
        if head[:4] != b"RIFF" or len(head) < 8:
            raise ValueError("not a WAV file")
        return int.from_bytes(head[4:8], "little") + 8

    def _used(self, sound: Path) -> None:
        with contextlib.suppress(OSError):
            if time.time() - sound.stat().st_mtime > TOUCH_AFTER:
                os.utime(sound)

    def _ties(self, source: str) -> Path:
        return self.folder / "sources" / hashlib.sha256(source.encode()).hexdigest()[:40]

    def _delete(self, key: str) -> bool:
        (self.folder / f"{key}.json").unlink(missing_ok=True)
        sound = self.folder / f"{key}.wav"
        was = sound.exists()
        sound.unlink(missing_ok=True)
        return was

    def _grown(self, size: int) -> None:
        """Count, and let the oldest go above the limit."""
        self._size = self._whole() if self._size is None else self._size + size
        if self._size <= self._limit:
            return
        kept = self._whole()
        for _, path, length in sorted(self._sounds()):
            if kept <= self._limit * LOW_WATER:
                break
            self._delete(path.stem)
            kept -= length
        self._size = kept

    def _whole(self) -> int:
        return sum(length for _, _, length in self._sounds())

    def _sounds(self) -> Iterator[tuple[float, Path, int]]:
        for path in self.folder.glob("*.wav"):
            with contextlib.suppress(FileNotFoundError):
                about = path.stat()
                yield about.st_mtime, path, about.st_size


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []


def write_whole(path: Path, data: bytes) -> None:
    """Whole or not at all, for whoever reads meanwhile."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
