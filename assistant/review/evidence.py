"""What answers rest on, as it is today: validity of sources, quotes verbatim in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.domain.answer import Citation
from assistant.domain.passage import Passage
from assistant.domain.review import Basis
from assistant.domain.source import PolicyDocument, SourceHeader, Status, in_force, supersessions
from assistant.errors import BadInput
from assistant.records.sources import SourceRepository
from assistant.review.orders import Source
from assistant.review.views import EvidenceView, Validity

GONE = "来源已停用"
CHANGED = "来源已更新，引文不在现行版本中"


@dataclass(frozen=True, slots=True)
class Rest:
    """What an answer rests on: citations for the viewer, basis for the knowledge base."""

    citations: tuple[Citation, ...] = ()
    basis: tuple[Basis, ...] = ()


class EvidenceDesk:
    """The sources of one organisation as they are today."""

    def __init__(self, sources: SourceRepository) -> None:
        self._sources = sources

    async def views(self, citations: Sequence[Citation], day: date) -> tuple[EvidenceView, ...]:
        """Each quote with its source as it is on a day."""
        ids = dict.fromkeys(one.source_id for one in citations)
        known = await self._validities(ids, day)
        seen = []
        for one in citations:
            validity = known.get(one.source_id)
            if validity is not None and validity.in_force and not await self._holds(one):
                validity = replace(validity, in_force=False, why=CHANGED)
            seen.append(EvidenceView(one, validity or _gone(one)))
        return tuple(seen)

    async def under(self, basis: Sequence[Basis], day: date) -> tuple[EvidenceView, ...]:
        """What a learnt answer rests on, as it is on a day."""
        cited = [await self._based(one) for one in basis]
        return await self.views(cited, day)

    async def _based(self, one: Basis) -> Citation:
        header = await self._sources.header(one.source_id)
        return Citation(
            source_id=one.source_id,
            locator=one.locator,
            quote=one.quote,
            title=header.title if header else one.source_id,
            document_number=header.document_number if header else None,
            source_url=header.source_url if header else None,
        )

    async def named(self, sources: Sequence[Source], day: date) -> Rest:
        """What a reviewer names. Raises BadInput for a quote that is not there, or not in force."""
        known = await self._validities([one.source_id for one in sources], day)
        found = []
        for number, one in enumerate(sources, start=1):
            validity, place = known.get(one.source_id), f"依据{number}"
            if validity is None:
                raise BadInput(f"{place}：没有来源 {one.source_id}")
            if not validity.in_force:
                raise BadInput(f"{place}：《{validity.title}》{validity.why}")
            found.append(await self._cited(one, validity, place))
        return resting(found, known)

    async def _cited(self, one: Source, validity: Validity, place: str) -> Citation:
        quote = one.quote.strip()
        if not quote:
            raise BadInput(f"{place}：没有引文")
        passage = await self._passage(one.source_id, quote)
        if passage is None and not await self._in_text(one.source_id, quote):
            raise BadInput(f"{place}：引文不在《{validity.title}》现行版本中", hint="照原文摘录")
        return Citation(
            source_id=one.source_id,
            locator=passage.locator if passage else "",
            quote=quote,
            title=validity.title,
            document_number=validity.document_number,
            source_url=validity.url or None,
            field=passage.field if passage else None,
            passage_key=passage.key if passage else 0,
        )

    async def _holds(self, one: Citation) -> bool:
        found = await self._passage(one.source_id, one.quote)
        return found is not None or await self._in_text(one.source_id, one.quote)

    async def _passage(self, source_id: str, quote: str) -> Passage | None:
        found = await self._sources.passages_of(source_id)
        return next((one for one in found if quote in one.text), None)

    async def _in_text(self, source_id: str, quote: str) -> bool:
        """A quote of a document may begin in one passage and end in the next."""
        source = await self._sources.get(source_id)
        return isinstance(source, PolicyDocument) and quote in source.text

    async def _validities(self, ids: Iterable[str], day: date) -> Mapping[str, Validity]:
        headers = [await self._sources.header(one) for one in dict.fromkeys(ids)]
        replaced = supersessions(await self._sources.superseding()) if any(headers) else {}
        return {one.id: validity(one, day, replaced.get(one.id)) for one in headers if one}


def resting(citations: Sequence[Citation], known: Mapping[str, Validity]) -> Rest:
    """Citations with the versions that they stand in."""
    basis = (Basis(one.source_id, known[one.source_id].version, one.quote, one.locator)
             for one in citations)  # fmt: skip
    return Rest(tuple(citations), tuple(basis))


def still_resting(views: Sequence[EvidenceView]) -> Rest:
    """What of the quotes is in force."""
    holding = [one for one in views if one.validity and one.validity.in_force]
    known = {one.validity.source_id: one.validity for one in holding if one.validity}
    return resting([one.citation for one in holding], known)


def validity(header: SourceHeader, day: date, superseded_from: date | None) -> Validity:
    """A source as it is on a day."""
    holds = in_force(header, day, superseded_from)
    return Validity(
        source_id=header.id,
        title=header.title,
        document_number=header.document_number,
        version=header.version,
        status=header.status,
        effective_from=header.effective_from,
        effective_to=header.effective_to,
        in_force=holds,
        why="" if holds else _why(header, day),
        url=header.source_url or "",
    )


def _why(header: SourceHeader, day: date) -> str:
    if header.status is Status.REPEALED:
        return "已废止"
    if header.status is Status.DRAFT:
        return "征求意见稿，尚未发布"
    if header.effective_from and day < header.effective_from:
        return f"尚未施行，{header.effective_from} 起施行"
    if header.effective_to and day > header.effective_to:
        return f"已失效，有效期至 {header.effective_to}"
    return "已被新文件取代"


def _gone(one: Citation) -> Validity:
    return Validity(
        source_id=one.source_id,
        title=one.title,
        document_number=one.document_number,
        version=0,
        status=None,
        effective_from=None,
        effective_to=None,
        in_force=False,
        why=GONE,
        url=one.source_url or "",
    )
