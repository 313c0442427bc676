"""Lay terms for guides by a chat model: the work after ingest, and what staff see of it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.bootstrap.library import Library
from assistant.domain.clock import china_day

if TYPE_CHECKING:
    from assistant.answering.lay_jobs import LayJobs
    from assistant.bootstrap.assistant import Assistant
    from assistant.domain.proposals import ProposedTerm
    from assistant.models.chat import ChatModel
    from assistant.records.proposed_lay import ProposedLay

PAUSE = 10.0
"""Seconds until a guide that was ingested is seen."""


@dataclass(frozen=True, slots=True)
class ProposalDesk:
    """What was proposed for guides. `jobs` is None where no model proposes."""

    records: "ProposedLay"
    jobs: "LayJobs | None" = None

    async def of(self, source_id: str) -> "Sequence[ProposedTerm]":
        """What was proposed for a guide, kept first."""
        return await self.records.of(source_id)

    async def remove(self, source_id: str, term: str, *, actor: str) -> None:
        """Search a term no more. Raises NotFound."""
        await self.records.remove(source_id, term, actor)

    def state(self) -> dict[str, Any]:
        """How the work stands, for `/health` and the page; empty where no model proposes."""
        if self.jobs is None:
            return {}
        return {"waiting": self.jobs.waiting(), "last_failure": self.jobs.last_failure}

    def degraded(self) -> list[str]:
        """Why nothing is proposed just now; empty where all is well."""
        return ["lay_proposals"] if self.jobs and self.jobs.last_failure else []


def proposed_lay(library: Library) -> "ProposedLay":
    """The stored proposals."""
    from assistant.records.accounts_audit import AuditRecords
    from assistant.records.proposed_lay import ProposedLay

    at = (library.database, library.settings.organization, library.clock)
    return ProposedLay(*at, AuditRecords(*at))


@asynccontextmanager
async def open_proposals(assistant: "Assistant") -> AsyncIterator[ProposalDesk]:
    """The desk, with a model of its own: what fails here takes none of a viewer's time."""
    from assistant.bootstrap.assistant import chat_model_of

    chat = chat_model_of(assistant.settings) if assistant.settings.propose_terms else None
    try:
        records = proposed_lay(assistant)
        yield ProposalDesk(records, lay_jobs(assistant, records, chat) if chat else None)
    finally:
        if chat:
            await chat.close()


def lay_jobs(assistant: "Assistant", records: "ProposedLay", chat: "ChatModel") -> "LayJobs":
    """The work on the guides of an open assistant."""
    from assistant.answering.guard import Guard
    from assistant.answering.lay_jobs import LayJobs, LayParts
    from assistant.answering.proposed_lay import LayProposer

    refuse = Guard(assistant.rules.screen).reason
    propose = LayProposer(chat, assistant.desk.guides, assistant.index.search, refuse)
    return LayJobs(
        LayParts(
            propose=propose,
            store=records,
            headers=lambda: assistant.index.headers,
            guides=assistant.sources.guides,
            origin=f"{assistant.settings.chat_model} / lay_terms {propose.version}",
            clock=assistant.clock,
            today=lambda: china_day(assistant.clock()),
        )
    )
