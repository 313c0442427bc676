"""What the index consists of: one small file, replaced atomically, names everything that counts.

A crash leaves the old manifest with the old segments, or the new one with the new; files that no
manifest names are removed at the next open.
"""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from assistant.retrieval.analysis import VERSION as TERMS_VERSION

FORMAT = f"4.{TERMS_VERSION}"
"""Grows when older files cannot be read or mean something else."""

SERVING = "manifest.json"
REBUILDING = "rebuild.json"


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment, and which of its sources (by place) were replaced or retired since."""

    name: str
    dead: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """The state of an index.

    `model` is the fingerprint of the embedding, `identity` a random name that keeps indexes apart
    that share a Chroma server, `build` grows with every rebuild. `applied` is the outbox number up
    to which changes are contained, `generation` grows with every published change. `words` is the
    digest of the lexicon whose lay words the guides are searched by.
    """

    model: str
    identity: str
    build: int = 0
    applied: int = 0
    generation: int = 0
    next_segment: int = 0
    segments: tuple[SegmentEntry, ...] = ()
    words: str = ""
    format: str = FORMAT

    @classmethod
    def fresh(cls, model: str, words: str = "") -> "Manifest":
        """An empty index."""
        return cls(model, uuid.uuid4().hex[:12], words=words)

    def rebuilt(self, model: str, words: str) -> "Manifest":
        """An empty successor, whose files and collection are apart from this one's."""
        generation = self.generation + 1
        return Manifest(model, self.identity, self.build + 1, generation=generation, words=words)

    @property
    def collection(self) -> str:
        """The Chroma collection: never the same for another model or another build."""
        model = hashlib.sha256(self.model.encode()).hexdigest()[:10]
        return f"passages-{self.identity}-{model}-{self.build}"

    def named(self) -> tuple["Manifest", str]:
        """The manifest that has used up a segment name, and that name."""
        number = self.next_segment
        return replace(self, next_segment=number + 1), f"s{self.build:04d}-{number:06d}"


def read(folder: Path, name: str = SERVING) -> Manifest | None:
    """The manifest of a folder; None where there is none or it is of another format."""
    try:
        data = json.loads((folder / name).read_text("utf-8"))
        if data.get("format") != FORMAT:
            return None
        entries = (SegmentEntry(e["name"], tuple(e["dead"])) for e in data.pop("segments"))
        return Manifest(**data, segments=tuple(entries))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write(folder: Path, manifest: Manifest, name: str = SERVING) -> None:
    """Replace the manifest atomically and durably."""
    path, draft = folder / name, folder / f"{name}.new"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path, used: Iterable[Manifest | None]) -> None:
    """Remove segments that no manifest names."""
    names = {entry.name for manifest in used if manifest for entry in manifest.segments}
    for path in folder.glob("s[0-9]*"):
        if path.name not in names:
            shutil.rmtree(path, ignore_errors=True)
