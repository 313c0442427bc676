"""Proof that exported files are what they were: entries of the audit chain, checked anywhere.

The export itself is an entry, whose details hold the SHA-256 of every file. A file that was changed
does not fit that entry, a changed entry does not fit its digest, a digest that was made anew does
not fit the head, which the office has and others may have written down.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.access.audit import Anchor
from assistant.domain.audit import AuditEntry, AuditPayload
from assistant.errors import BadInput

PROOF, CHAIN, GUIDE = "proof.json", "audit.jsonl", "说明.txt"
OWN = frozenset({PROOF, CHAIN, GUIDE})
"""Files of the proof itself."""
EXPORTED = "ledger.session_export"
"""The action of the entry that holds the digests; its subject is the session."""
FORMAT = 1
LARGEST = 2**31
"""Bytes of all files together, unpacked; a proof is checked on somebody's own machine."""
Linked = tuple[AuditEntry, AuditPayload | None]


@dataclass(frozen=True, slots=True)
class Proven:
    """What checking found. `gaps` counts places where entries between are not in the file."""

    session: str
    entries: int
    gaps: int
    head: Anchor
    files: int
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether files and entries fit together."""
        return not self.faults


def manifest(organization: str, session: str, files: Mapping[str, str], export: int) -> str:
    """`proof.json`: which files, and in which entry their digests stand."""
    value = {
        "format": FORMAT,
        "organization": organization,
        "session": session,
        "files": dict(files),
        "export_entry": export,
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def line_of(entry: AuditEntry, payload: AuditPayload | None) -> str:
    """An entry as a line of `audit.jsonl`; details with their salt where they are shown."""
    value = {
        "number": entry.number,
        "at": entry.at.isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "payload_digest": entry.payload_digest,
        "previous": entry.previous,
        "digest": entry.digest,
        "payload": {"salt": payload.salt, "body": payload.body} if payload else None,
    }
    return json.dumps(value, ensure_ascii=False) + "\n"


def sha256_of(path: Path) -> str:
    """The digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check(path: Path, anchor: Anchor | None = None) -> Proven:
    """Check an exported ZIP, without a database. Raises BadInput for what is no such file."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > LARGEST:
                raise BadInput(f"{path} 展开后太大")
            return _Check(archive, anchor).result()
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise BadInput(f"{path} 不是可验证的导出文件：{error}") from error


@dataclass
class _Check:
    """What has been seen of one archive."""

    archive: zipfile.ZipFile
    anchor: Anchor | None
    faults: list[str] = field(default_factory=list)

    def result(self) -> Proven:
        told = json.loads(self.archive.read(PROOF))
        if told["format"] != FORMAT:
            raise ValueError(f"格式 {told['format']}")
        entries = list(self._entries(told["organization"]))
        gaps = self._links(entries)
        self._files(told["files"])
        self._export(told, entries)
        self._anchored(entries)
        last = entries[-1][0] if entries else None
        head = Anchor(last.number, last.digest) if last else Anchor(0, "")
        faults, files = tuple(self.faults), len(told["files"])
        return Proven(told["session"], len(entries), gaps, head, files, faults)

    def _entries(self, organization: str) -> Iterator[Linked]:
        for line in self.archive.read(CHAIN).decode().splitlines():
            value: dict[str, Any] = json.loads(line)
            payload = value.pop("payload")
            at = datetime.fromisoformat(value.pop("at"))
            entry = AuditEntry(organization=organization, at=at, **value)
            yield entry, AuditPayload(**payload) if payload else None

    def _links(self, entries: Sequence[Linked]) -> int:
        gaps, before = 0, None
        for entry, payload in entries:
            if entry.digest != entry.sealed():
                self.faults.append(f"第 {entry.number} 条被改动")
            if payload and payload.digest() != entry.payload_digest:
                self.faults.append(f"第 {entry.number} 条的内容被改动")
            if before and entry.number <= before.number:
                self.faults.append(f"第 {entry.number} 条的次序不对")
            if before and entry.number == before.number + 1:
                if entry.previous != before.digest:
                    self.faults.append(f"第 {entry.number} 条没有接在上一条之后")
            elif before:
                gaps += 1
            before = entry
        return gaps

    def _files(self, digests: Mapping[str, str]) -> None:
        names = [info.filename for info in self.archive.infolist()]
        if len(names) != len(set(names)):
            self.faults.append("有重名的文件")
        for name in sorted(set(names) - OWN - digests.keys()):
            self.faults.append(f"多出文件 {name}")
        for name, digest in digests.items():
            if name not in names:
                self.faults.append(f"缺少文件 {name}")
            elif self._digest(name) != digest:
                self.faults.append(f"文件 {name} 被改动")

    def _digest(self, name: str) -> str:
        with self.archive.open(name) as file:
            made = hashlib.sha256()
            while piece := file.read(2**20):
                made.update(piece)
        return made.hexdigest()

    def _export(self, told: Mapping[str, Any], entries: Iterable[Linked]) -> None:
        """The entry of the export says of these files what the file says of itself."""
        found = next((one for one in entries if one[0].number == told["export_entry"]), None)
        if found is None or found[1] is None:
            self.faults.append("没有导出本身的审计记录")
            return
        kept = json.loads(found[1].body)
        told_of = found[0].action, found[0].subject, kept.get("files")
        if told_of != (EXPORTED, told["session"], told["files"]):
            self.faults.append("文件清单与审计记录不符")

    def _anchored(self, entries: Iterable[Linked]) -> None:
        if self.anchor is None:
            return
        number = self.anchor.number
        known = {entry.number: entry.digest for entry, _ in entries}
        if number not in known:
            self.faults.append(f"文件里没有第 {number} 条，不能与留存的摘要核对")
        elif known[number] != self.anchor.digest:
            self.faults.append(f"与留存的第 {number} 条不符")
