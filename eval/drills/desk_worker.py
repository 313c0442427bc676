"""A process of the desk for the crash drill: a reviewer who settles, and the desk's own chores.

What the desk acknowledged is appended to a file that outlives the process, one line each.
"""

import asyncio
import os
import random
from datetime import timedelta

from assistant.access.accounts import Account, Role
from assistant.bootstrap import new_ulid
from assistant.domain.clock import system_clock
from assistant.domain.region import Region, RegionTree
from assistant.domain.review import ResolutionKind
from assistant.domain.source import NATIONAL
from assistant.errors import Conflict
from assistant.records.database import Database
from assistant.records.outcomes import OutcomeRepository
from assistant.records.sources import SourceRepository
from assistant.review.building import Review, ReviewParts, build_review
from assistant.review.chores import keeping
from assistant.review.orders import Settle

OFFICE = "office"
WINDOW = timedelta(seconds=0.3)
KINDS = [ResolutionKind.ANSWER, ResolutionKind.REJECT, ResolutionKind.CONFIRM]


def main(url: str, number: int, seed: int, told: str) -> None:
    """One life: work until killed."""
    asyncio.run(_work(url, number, seed, told))


def desk_over(database: Database) -> Review:
    """The desk as `assistant serve` has it, with a short undo window."""
    return build_review(
        ReviewParts(
            database=database,
            organization=OFFICE,
            clock=system_clock,
            new_id=new_ulid,
            regions=RegionTree([Region(NATIONAL, "全国", None)]),
            sources=SourceRepository(database, OFFICE, system_clock),
            outcomes=OutcomeRepository(database, OFFICE, system_clock, new_ulid),
            unsafe=lambda _: "",
            undo_window=WINDOW,
        )
    )


async def _work(url: str, number: int, seed: int, told: str) -> None:
    database = await Database.open(url)
    review = desk_over(database)
    file = os.open(told, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    worker = _Reviewer(review, number, random.Random(seed), file)
    worker.tell("ready", str(seed))
    async with keeping(review.chores):
        while True:
            if not await worker.one():
                await asyncio.sleep(0.05)


class _Reviewer:
    """Settles what waits; takes some of it back, takes some over."""

    def __init__(self, review: Review, number: int, chance: random.Random, file: int) -> None:
        self._desk = review.desk
        self._chance = chance
        self._file = file
        roles = frozenset({Role.REVIEWER})
        self._me = Account(f"r{number}", OFFICE, f"r{number}", f"复核员{number}", roles)

    async def one(self) -> bool:
        """One case; False where there was none to have."""
        case_id = await self._desk.next_case(self._me)
        if case_id is None:
            page = await self._desk.queue(self._me, limit=1)
            if not page.rows:
                return False
            case_id = page.rows[0].case_id  # its holder was killed: nobody renews the lease
        try:
            await self._settle(case_id)
        except Conflict:  # the other process was first
            return False
        return True

    async def _settle(self, case_id: str) -> None:
        desk, chance = self._desk, self._chance
        view = await desk.take(self._me, case_id, over=chance.random() < 0.5)
        kind, at_once = chance.choice(KINDS), chance.random() < 0.3
        order = Settle(
            view.row.case_id, view.token, kind, "可以。", learn=False, at_once=at_once
        )  # what is learnt without a source opens further cases
        settled = await desk.settle(self._me, order)
        self.tell("settled", settled.resolution_id)
        if chance.random() < 0.2:
            await asyncio.sleep(chance.random() * 0.4)
            await desk.undo(self._me, settled.resolution_id)
            self.tell("undone", settled.resolution_id)

    def tell(self, what: str, which: str) -> None:
        """Put it down where a kill does not reach it."""
        os.write(self._file, f"{what} {which}\n".encode())
