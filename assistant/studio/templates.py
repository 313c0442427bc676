"""An office's own templates: kept, chosen for a stream or for all, and a deck drawn on one.

A file lies in the data folder under its digest, its record in SQL; both are in every backup. A
stream's own choice counts before the office's. The stage shows our own look whatever is chosen.
"""

import asyncio
import hashlib
import os
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from assistant.access.accounts import Account
from assistant.domain.clock import Clock, NewId
from assistant.domain.studio import Deck, Slide, SlideKind, StreamDraft
from assistant.domain.studio_flow import frozen_digest
from assistant.domain.templates import DeckTemplate
from assistant.errors import BadInput, NotFound
from assistant.printing.aigc import AigcLabel
from assistant.records.deck_templates import OFFICE, OURS, TemplateRecords
from assistant.records.studio import StudioRecords
from assistant.studio.deck import OnTemplate, UnusableTemplate, render_on_template
from assistant.studio.rights import StudioRights

MOST = 30
LONGEST_NAME = 60
_KEPT = 4
"""Decks that were drawn last, so that the file follows what was told of it at once."""
_SAMPLE = Deck(
    "课件模板",
    "示例单位",
    None,
    (
        Slide("cover", SlideKind.COVER, "课件模板"),
        Slide("lines", SlideKind.CONDITIONS, "谁能办", ("一行文字，看放不放得下。",)),
    ),
)


@dataclass(frozen=True, slots=True)
class TemplateParts:
    """What it works with. `folder` holds the files."""

    records: TemplateRecords
    streams: StudioRecords
    rights: StudioRights
    folder: Path
    clock: Clock
    new_id: NewId


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a stream's deck is drawn on, None for our look; `own`: it was chosen for this stream."""

    template: DeckTemplate | None
    own: bool


class OfficeTemplates:
    """The templates of one organisation. Raises NotFound, Forbidden, Conflict, BadInput."""

    def __init__(self, on: TemplateParts) -> None:
        self._on = on
        self._drawn: OrderedDict[tuple[str, ...], OnTemplate] = OrderedDict()

    async def listed(self, account: Account) -> list[DeckTemplate]:
        """All of them, the newest first."""
        self._on.rights.enter(account)
        return await self._on.records.listed()

    async def default(self) -> str:
        """The id of the office's own choice; "" where it is our look."""
        return (await self._on.records.choices(OFFICE)).get(OFFICE, OURS)

    async def add(self, account: Account, name: str, data: bytes) -> DeckTemplate:
        """Keep a template that a deck can be drawn on; what it cannot keep is told."""
        on = self._on
        on.rights.for_all(account)
        name = " ".join(name.split())[:LONGEST_NAME]
        if not name:
            raise BadInput("请给模板起个名字")
        if len(await on.records.listed()) >= MOST:
            raise BadInput(f"最多保存 {MOST} 个模板，请先删去不用的")
        made = await asyncio.to_thread(_on_template, _SAMPLE, data, None)
        digest = hashlib.sha256(data).hexdigest()
        at = on.clock()
        one = DeckTemplate(on.new_id(), name, digest, len(data), made.told, account.id, at)
        await asyncio.to_thread(_keep, on.folder, digest, data)
        await on.records.add(one)
        return one

    async def remove(self, account: Account, template_id: str) -> None:
        """Take one away; what was drawn on it is drawn on the office's choice, else in our look."""
        self._on.rights.for_all(account)
        one = await self._on.records.remove(template_id, account.id)
        await asyncio.to_thread(_file(self._on.folder, one.digest).unlink, missing_ok=True)

    async def choose_for_all(self, account: Account, template_id: str) -> None:
        """What the office's decks are drawn on where a stream has no choice; "" is our look."""
        self._on.rights.for_all(account)
        await self._on.records.choose(OFFICE, template_id, account.id)

    async def choose(self, account: Account, stream_id: str, template_id: str | None) -> None:
        """A stream's own choice: "" is our look, None follows the office's."""
        stream = await self._on.streams.get(stream_id)
        self._on.rights.outfit(account, stream)
        await self._on.records.choose(stream_id, template_id, account.id)

    async def chosen(self, account: Account, stream_id: str) -> Chosen:
        """What a stream's deck is drawn on."""
        self._on.rights.read(account, await self._on.streams.get(stream_id))
        choices = await self._on.records.choices(stream_id)
        wanted = choices.get(stream_id, choices.get(OFFICE, OURS))
        template = await self._on.records.get(wanted) if wanted else None
        return Chosen(template, stream_id in choices)

    async def drawn(
        self, draft: StreamDraft, template: DeckTemplate, label: AigcLabel
    ) -> OnTemplate:
        """The deck on a template, with what of it could not be kept."""
        key = (frozen_digest(draft), template.digest, label.text())
        if key not in self._drawn:
            data = await asyncio.to_thread(read_template, self._on.folder, template)
            made = await asyncio.to_thread(_on_template, draft.deck, data, label)
            self._drawn[key] = made
        while len(self._drawn) > _KEPT:
            self._drawn.popitem(last=False)
        return self._drawn[key]


def read_template(folder: Path, template: DeckTemplate) -> bytes:
    """The file of a template. Raises NotFound."""
    try:
        return _file(folder, template.digest).read_bytes()
    except FileNotFoundError:
        raise NotFound(f"模板“{template.name}”的文件不在了", hint="请重新上传") from None


def _file(folder: Path, digest: str) -> Path:
    return folder / f"{digest}.pptx"


def _on_template(deck: Deck, data: bytes, label: AigcLabel | None) -> OnTemplate:
    try:
        return render_on_template(deck, data, label)
    except UnusableTemplate as error:
        raise BadInput(str(error).removesuffix("。"), hint="请换一个模板文件") from error


def _keep(folder: Path, digest: str, data: bytes) -> None:
    """Whole or not at all, whatever happens meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{digest}.part"
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(_file(folder, digest))
