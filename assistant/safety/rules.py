"""The rule packs of an office: those of the program, with the ones that it edited in their place.

A saved pack counts from the next text on, for everything that holds the screen.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from assistant.domain.screening import Screened
from assistant.errors import FormatError, NotFound
from assistant.records.rule_packs import PackVersion, RulePackRecords
from assistant.safety.harm import HarmModel
from assistant.safety.pack_values import Pack, read_pack
from assistant.safety.packs import Hit, RulePacks
from assistant.safety.screen import Screen

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Tried:
    """What a draft says of a text: the verdict of the whole screen, and each rule that hits."""

    verdict: Screened
    hits: Sequence[Hit]


class Rules:
    """Packs in their versions, and the screen that goes by the newest of each."""

    def __init__(
        self, records: RulePackRecords, shipped: RulePacks, harm: HarmModel | None
    ) -> None:
        self._records = records
        self._shipped = shipped
        self._harm = harm
        self._lock = asyncio.Lock()
        self.screen = Screen(shipped, harm)

    @property
    def packs(self) -> Mapping[str, Pack]:
        """The packs that count now, by name."""
        return self.screen.packs.packs

    def shipped(self, name: str) -> Pack | None:
        """The pack of this name that comes with the program."""
        return self._shipped.packs.get(name)

    async def load(self) -> None:
        """Take up what was saved. A pack that this version cannot read is left, and logged."""
        edited: dict[str, Pack] = {}
        for version in (await self._records.active()).values():
            try:
                pack = read_pack(version.text)
                RulePacks((self._shipped.packs | {pack.name: pack}).values())
            except FormatError:
                log.exception("rule_pack_unreadable", pack=version.name, number=version.number)
            else:
                edited[pack.name] = pack
        if edited:
            self.screen.use(await asyncio.to_thread(self._with, edited))

    async def versions(self, name: str) -> list[PackVersion]:
        """The saved versions of a pack, oldest first. Raises NotFound for an unknown pack."""
        found = await self._records.versions(name)
        if not found and name not in self.packs:
            raise NotFound(f"没有规则包 {name}")
        return found

    async def active(self) -> Mapping[str, PackVersion]:
        """The newest saved version of each edited pack."""
        return await self._records.active()

    def drafted(self, name: str, text: str) -> RulePacks:
        """The packs with a draft in place. Raises FormatError that names the place; about 50 ms."""
        pack = read_pack(text)
        if pack.name != name:
            hint = f'写上 "pack": "{name}"'
            raise FormatError(f"pack 应为“{name}”，不能改名", where="规则包", hint=hint)
        return RulePacks((dict(self.packs) | {name: pack}).values())

    def try_(self, name: str, draft: str, text: str) -> Tried:
        """What a draft would say of a text. Raises FormatError."""
        packs = self.drafted(name, draft)
        return Tried(Screen(packs, self._harm)(text), packs.test(text))

    async def save(
        self, name: str, text: str, *, actor: str, note: str = "", after: int | None = None
    ) -> PackVersion:
        """Keep a new version; it counts at once. Raises FormatError, Conflict."""
        async with self._lock:
            packs = await asyncio.to_thread(self.drafted, name, text)
            version = await self._records.save(name, text, actor=actor, note=note, after=after)
            self.screen.use(packs)
            return version

    async def revert(self, name: str, number: int, *, actor: str) -> PackVersion:
        """Make an old version count again; 0 is the one of the program. Raises NotFound."""
        if number:
            old = next((one for one in await self.versions(name) if one.number == number), None)
            text, note = (old.text if old else None), f"恢复第 {number} 版"
        else:
            pack = self.shipped(name)
            text, note = (pack.text if pack else None), "恢复随程序提供的版本"
        if text is None:
            raise NotFound(f"规则包 {name} 没有第 {number} 版")
        return await self.save(name, text, actor=actor, note=note)

    def _with(self, edited: Mapping[str, Pack]) -> RulePacks:
        return RulePacks({**self._shipped.packs, **edited}.values())
