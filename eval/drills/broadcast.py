"""An approved script on air, whole: counted by what a page of the stage heard.

    python -m eval.drills.broadcast [--minutes 10] [--speed 10] [--taking at_once|between]
        [--every 8] [--restarts 3] [--out FILE]

A draft of three items of the bundled knowledge goes through two accounts and on air in a room of
the whole service. Viewers ask every few seconds, the service is let go and opened again in
mid-part, and the source of the last item is retired on the way.

Counted: every written sentence of every part that did not fall, once and in order; answers in
between; parts that fell; halves said again. Exit status 1 for a sentence lost, doubled or out of
order, a part that fell and was said all the same, a question without its outcome, or an answer
within a part where none may be.
"""

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from assistant.access.accounts import Account, Role
from assistant.access.staff import NewAccount
from assistant.bootstrap import (
    Assistant,
    Settings,
    drafter_of,
    live_records,
    open_assistant,
    open_service,
)
from assistant.bundled import bundled
from assistant.domain.broadcast import Broadcast, Taking
from assistant.domain.clock import china_day
from assistant.domain.live import Room
from assistant.domain.studio import Brief, StreamDraft, StreamKind
from assistant.domain.studio_flow import Stream
from assistant.live.orders import Automatic
from assistant.records.accounts_audit import AuditRecords
from assistant.records.studio import StudioRecords
from assistant.stage.voicing import StageVoice
from eval.bench.bench_table import machine
from eval.drills.broadcast_checks import Figures, expected, figures
from eval.drills.broadcast_page import DrillPage

ROOM, STREAM = "hall", "drill"
ITEMS = ("sl-gt-sheli", "sl-gt-biangeng", "sl-gt-zhuxiao")
PASSWORD = "window seven is blue"
OPERATOR, EDITOR, REVIEWER = "olly", "ann", "bob"
STAFF = ((OPERATOR, Role.OPERATOR), (EDITOR, Role.EDITOR), (REVIEWER, Role.REVIEWER))
LONGEST = 1800.0


class Drill:
    """One run."""

    def __init__(self, given: argparse.Namespace, folder: Path) -> None:
        self._given = given
        self._settings = Settings(data_dir=folder, voice="off", audible_label="off")
        self._page = DrillPage(given.speed)
        self._words: StreamDraft | None = None
        self.asked = 0
        self.restarts = 0

    async def run(self) -> Figures:
        """Prepare, broadcast with what comes in between, count."""
        await self._prepare()
        async with self._service() as assistant:
            self._words = await self._approved(assistant)
            account = await _staff(assistant, OPERATOR)
            live = await assistant.live.desk.open(ROOM)
            await live.command(Automatic(on=True), OPERATOR)
            await assistant.programme.begin(account, ROOM, STREAM, Taking(self._given.taking))
            session = live.session_id
            await self._until(assistant, 1)
        while (row := await self._go_on()) is None:
            pass
        async with open_assistant(self._settings) as assistant:
            records = live_records(assistant)
            entries = await records.entries(session, limit=100_000)
            undecided = sum(one.decision is None for one in entries)
            state = (await _streams(assistant).get(STREAM)).state
        wanted = expected(self._words, row)
        return figures(self._page.heard, wanted, row, len(entries), undecided, str(state))

    async def _go_on(self) -> Broadcast | None:
        """One life of the service; None where it is let go before the end."""
        self.restarts += 1
        parts, most = len(self._words.segments) if self._words else 0, self._given.restarts
        share, last = parts * self.restarts // most, self.restarts >= most
        async with self._service() as assistant:
            if self.restarts == max(1, most // 2):
                await assistant.sources.retire(ITEMS[-1])
            return await self._until(assistant, parts + 1 if last else max(2, share))

    @contextlib.asynccontextmanager
    async def _service(self) -> AsyncIterator[Assistant]:
        """The service with the page at its stage; a room that was on air goes on."""
        async with open_service(self._settings, StageVoice(), rehearses=True) as assistant:
            self._page.open(assistant.live.stage(ROOM))
            try:
                yield assistant
            finally:
                await self._page.cut()

    async def _until(self, assistant: Assistant, part: int) -> Broadcast | None:
        """Ask until the broadcast has come to the middle of a part, or is over."""
        end, asks = time.monotonic() + LONGEST, time.monotonic()
        while time.monotonic() < end:
            await asyncio.sleep(0.2)
            row = (await live_records(assistant).broadcasts_of(STREAM))[-1]
            if row.is_over:
                await self._settled(assistant)
                return row
            if row.position.part >= part and row.position.sentence > 0:
                return None
            if time.monotonic() - asks >= self._given.every:
                asks = time.monotonic()
                await self._ask(assistant)
        raise TimeoutError("the broadcast does not end")

    async def _ask(self, assistant: Assistant) -> None:
        """The next question: a service by its name, and what it costs."""
        names = [
            one.title for one in assistant.index.headers.values() if one.kind == "service_guide"
        ]
        self.asked += 1
        text = f"{sorted(names)[self.asked * 7 % len(names)]}收费吗"
        await assistant.live.platforms(ROOM).console.enter(text, f"ask-{self.asked}")

    async def _settled(self, assistant: Assistant) -> None:
        """What was asked last is answered, and the studio has followed."""
        await asyncio.sleep(3)
        await assistant.live.desk.live(ROOM).settle()
        await assistant.programme.run()

    async def _prepare(self) -> None:
        async with open_assistant(self._settings) as assistant:
            await assistant.ingest([bundled("knowledge") / name for name in ("guides", "faqs")])
            for name, role in STAFF:
                first = name == OPERATOR
                new = NewAccount(
                    name,
                    frozenset({Role.ADMINISTRATOR, role}) if first else frozenset({role}),
                    name,
                )
                await assistant.access.staff.add("cli", new, PASSWORD, first=first)
            await live_records(assistant).put_room(Room(ROOM, "大厅", officers=("值班",)))

    async def _approved(self, assistant: Assistant) -> StreamDraft:
        now, today = assistant.clock(), china_day(assistant.clock())
        editor, reviewer = [await _staff(assistant, name) for name in (EDITOR, REVIEWER)]
        brief = Brief(
            "个体户设立、变更和注销", StreamKind.FREQUENT, "个体户三件事", today,
            self._given.minutes, items=ITEMS,
        )  # fmt: skip
        words = await (await drafter_of(assistant)).draft(brief, today)
        stream = Stream(
            STREAM, brief.title, brief.kind, editor.id, now, now, day=today, writers=(editor.id,),
            sources=tuple(dict.fromkeys(one.source_id for one in words.facts)),
        )  # fmt: skip
        await _streams(assistant).create(stream, words, "起草")
        await assistant.studio.stepping.submit(editor, STREAM, 1)
        await assistant.studio.stepping.approve(reviewer, STREAM, 1)
        return words


def _streams(assistant: Assistant) -> StudioRecords:
    at = (assistant.database, assistant.settings.organization, assistant.clock)
    return StudioRecords(*at, AuditRecords(*at))


async def _staff(assistant: Assistant, name: str) -> Account:
    everyone = await assistant.access.staff.everyone()
    return next(one for one in everyone if one.name == name)


def main() -> None:
    """Run it once."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=int, default=10)
    options.add_argument("--speed", type=float, default=10.0)
    options.add_argument("--taking", choices=list(Taking), default=Taking.AT_ONCE)
    options.add_argument("--every", type=float, default=8.0, help="seconds between two questions")
    options.add_argument("--restarts", type=int, default=3, help="one at least")
    options.add_argument("--out", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        drill = Drill(given, Path(folder))
        found = asyncio.run(drill.run())
    told: dict[str, Any] = found.as_json() | {
        "questions asked": drill.asked,
        "restarts": drill.restarts,
        "taking": str(given.taking),
        "speed": given.speed,
        "machine": machine(),
    }
    text = json.dumps(told, ensure_ascii=False, indent=1)
    if given.out:
        given.out.write_text(f"{text}\n", encoding="utf-8")
    print(text)
    between = given.taking == Taking.BETWEEN
    sys.exit(0 if found.holds(asked=drill.asked, between=between) else 1)


if __name__ == "__main__":
    main()
