"""What tests of learning do at the desk, over `ReviewOffice`."""

from dataclasses import replace
from typing import Any

from assistant.access.accounts import Account
from assistant.domain.review import LearnedAnswer, ResolutionKind
from assistant.domain.source import Faq, PolicyDocument
from assistant.records.learned import LearnedRecords
from assistant.retrieval.ingest import new_sources
from assistant.review.orders import Settle, Source
from tests.support.review_office import LOAN, OFFICE, QUOTE, SUN, ReviewOffice

RESTS = (Source("loan", QUOTE),)


class Learner:
    """Settles cases for good and does what the chores do."""

    def __init__(self, office: ReviewOffice) -> None:
        self.office = office
        self.records = LearnedRecords(office.database, OFFICE, office.audit)

    async def settle(
        self,
        case_id: str,
        kind: ResolutionKind = ResolutionKind.APPROVE,
        text: str = "",
        account: Account = SUN,
        **more: Any,
    ) -> str:
        """Settle, make it final, learn; gives the id of the resolution."""
        view = await self.office.desk.take(account, case_id)
        order = Settle(case_id, view.token, kind, text, at_once=True, **more)
        settled = await self.office.desk.settle(account, order)
        await self.office.finish()
        await self.run()
        return settled.resolution_id

    async def run(self) -> None:
        """All chores of learning until there is nothing to do."""
        names = ("events_learning", "events_regressions", "suspending")
        chores = [one for one in self.office.review.chores if one.name in names]
        assert len(chores) == len(names)
        while any([await chore.run() for chore in chores]):
            pass

    async def again(self) -> None:
        """All events come once more, as after a crash that lost how far the handlers were."""
        for event in await self.office.events.after("nobody"):
            await self.office.review.learning.handle(event)

    async def learned(self, resolution_id: str) -> LearnedAnswer | None:
        return await self.records.get(f"faq-{resolution_id.lower()}")

    async def faq(self, resolution_id: str) -> Faq | None:
        """Its FAQ, where it is in use."""
        found = await self.office.sources.get(f"faq-{resolution_id.lower()}")
        assert found is None or isinstance(found, Faq)
        return found

    async def change_loan(self, **changes: Any) -> PolicyDocument:
        """A new version of the document that answers rest on."""
        changed = replace(LOAN, **changes)
        await self.put(changed)
        return changed

    async def put(self, *documents: PolicyDocument) -> None:
        await self.office.sources.put_many(new_sources(documents, "files"))
