"""A session to take away: a ZIP with lines for programs, a page for people, and the proof."""

import asyncio
import json
import zipfile
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template

from assistant.access import proof
from assistant.access.audit import Audit
from assistant.domain.audit import AuditEntry
from assistant.domain.live import OutcomeKind
from assistant.domain.live_commit import Entry
from assistant.records.codec import to_json
from assistant.records.replay import Story
from assistant.review import names
from assistant.review.ledger import CHINA
from assistant.review.replay import Moment, Replay, Stream, shown

PAGE = 500
CONTENT = ("session.json", "comments.jsonl", "questions.jsonl", "replay.html")
HERE = Path(__file__).parent


class SessionExport:
    """Writes sessions of one organisation."""

    def __init__(self, replay: Replay, audit: Audit, organization: str) -> None:
        self._replay = replay
        self._audit = audit
        self._organization = organization

    async def write(self, stream: Stream, folder: Path, actor: str, *, linked: bool) -> Path:
        """Write the ZIP into a folder, and into the chain that it was taken.

        `linked`: with all entries of the chain from the opening on (ids and digests, the details
        of what concerns the session), so that they can be followed link by link.
        """
        ids = await self._content(stream, folder)
        files = {name: await asyncio.to_thread(proof.sha256_of, folder / name) for name in CONTENT}
        told: dict[str, object] = {"room": stream.room.id, "files": files}
        session = stream.session
        entry = await self._audit.record(actor, proof.EXPORTED, session.id, told)
        await self._proof(stream, folder, entry, ids | {session.id}, linked=linked)
        text = proof.manifest(self._organization, session.id, files, entry.number)
        (folder / proof.PROOF).write_text(text, encoding="utf-8")
        (folder / proof.GUIDE).write_bytes((HERE / "replay_guide.txt").read_bytes())
        made = folder / f"回放-{session.opened_at.astimezone(CHINA):%Y%m%d-%H%M}-{session.id}.zip"
        await asyncio.to_thread(_zip, made, folder, [*CONTENT, *sorted(proof.OWN)])
        return made

    async def _content(self, stream: Stream, folder: Path) -> set[str]:
        """Write what the session holds; gives the ids that the chain may name."""
        ids: set[str] = set()
        moments: list[Moment] = []
        with (folder / "comments.jsonl").open("w", encoding="utf-8") as file:
            async for part in self._all(stream.session.id):
                file.writelines(f"{to_json(_cut(one.entry))}\n" for one in part)
                ids.update(one.entry.comment.id for one in part)
                moments += part
        stories = {one.story.question.id: one.story for one in moments if one.story}
        with (folder / "questions.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(f"{to_json(story)}\n" for story in stories.values())
        about = {"room": stream.room.name, "region": stream.room.region}
        session = json.loads(to_json(stream.session)) | about
        (folder / "session.json").write_text(json.dumps(session, ensure_ascii=False), "utf-8")
        page = await asyncio.to_thread(_page().render, **_context(stream, moments))
        (folder / "replay.html").write_text(page, encoding="utf-8")
        return ids.union(*(story.ids for story in stories.values()))

    async def _all(self, session_id: str) -> AsyncIterator[list[Moment]]:
        after, known = "", dict[str, Story]()
        while entries := await self._replay.reads.entries(session_id, after, PAGE):
            yield await self._replay.told(entries, known)
            after = entries[-1].comment.id

    async def _proof(
        self, stream: Stream, folder: Path, entry: AuditEntry, ids: set[str], *, linked: bool
    ) -> None:
        session = stream.session
        chain = await self._audit.since(session.opened_at, entry.number)
        ends = session.closed_at or entry.at
        with (folder / proof.CHAIN).open("w", encoding="utf-8") as file:
            for one, payload in chain:
                of_room = one.subject == stream.room.id and one.at <= ends
                names_it = payload is not None and session.id in payload.body
                if one.subject in ids or of_room or names_it:
                    file.write(proof.line_of(one, payload))
                elif linked:
                    file.write(proof.line_of(one, None))


def _cut(entry: Entry) -> Entry:
    """Without the nickname's other signs."""
    return replace(entry, comment=replace(entry.comment, viewer_name=shown(entry.comment)))


def _zip(made: Path, folder: Path, files: Sequence[str]) -> None:
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in files:
            archive.write(folder / name, name)


@cache
def _page() -> Template:
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True)
    return environment.get_template("replay.html.j2")


def _context(stream: Stream, moments: Sequence[Moment]) -> Mapping[str, object]:
    kinds = [one.entry.decision.kind for one in moments if one.entry.decision]
    return {
        "stream": stream,
        "moments": moments,
        "counts": {names.KIND_NAMES[kind]: kinds.count(kind) for kind in OutcomeKind},
        "names": names,
        "clock": lambda at: at.astimezone(CHINA).strftime("%H:%M:%S") if at else "",
        "local": lambda at: at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S") if at else "",
    }
