"""The facts of a guide, a document's clauses and approved FAQs: all that a draft may state.

A fact's text is the source's own, or the field as `retrieval.guide_render` gives it. A count of a
guide's list (申请材料共2项) is a fact of its own, because code counts it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answering.figures import figures
from assistant.domain.passage import Passage
from assistant.domain.source import Faq, PolicyDocument, ServiceGuide, SourceHeader
from assistant.domain.studio import Brief, Fact, FactKind
from assistant.retrieval.guide_render import (
    FIELD_LABELS,
    render_basis,
    render_faq,
    render_field,
    render_limit,
    render_location,
    render_material,
    render_step,
)

BRIEF = "brief"
_WEEKDAYS = "一二三四五六日"
_CLAUSE_END = re.compile(r"(?<=[。；;！？!?])|\n+")
_MARK = re.compile(r"^\s*(?:[（(]?\d{1,2}[)）.、．](?!\d)\s*|[①-⑳]\s*)")


def values_of(text: str) -> tuple[str, ...]:
    """The numbers, dates, amounts, phones, links and 文号 of a text, as written; each once."""
    return tuple(dict.fromkeys(figure.written for figure in figures(text)))


@dataclass
class FactBook:
    """Collects facts and numbers them f1, f2 … in the order in which they are put in."""

    facts: list[Fact] = field(default_factory=list)
    _by_key: dict[str, Fact] = field(default_factory=dict)

    def put(self, key: str, kind: FactKind, text: str, of: tuple[str, int], locator: str) -> Fact:
        """A fact by its key; the same key again gives the same fact."""
        if key not in self._by_key:
            fact = Fact(f"f{len(self.facts) + 1}", key, kind, text, *of, locator, values_of(text))
            self.facts.append(fact)
            self._by_key[key] = fact
        return self._by_key[key]


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """The facts of one guide, by what they are about; empty or None where it states nothing."""

    guide: ServiceGuide
    name: Fact
    authority: Fact | None
    audience: Fact | None
    conditions: tuple[Fact, ...]
    material_count: Fact | None
    materials: tuple[Fact, ...]
    steps: tuple[Fact, ...]
    statutory: Fact | None
    promised: Fact | None
    fee: Fact | None
    places: tuple[Fact, ...]
    consult: Fact | None
    complaint: Fact | None
    online: Fact | None
    visits: Fact | None
    appointment: Fact | None
    courier: Fact | None
    result: Fact | None
    basis: tuple[Fact, ...]
    faqs: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a document: the fact is its whole text, `pieces` are its sentences."""

    header: SourceHeader
    fact: Fact
    pieces: tuple[str, ...]


def item_facts(guide: ServiceGuide, version: int, book: FactBook) -> ItemFacts:
    """Put all that a guide states into the book."""
    at = _Guide(guide, version, book)
    return ItemFacts(
        guide=guide,
        name=at.named(),
        authority=at.plain("authority", FactKind.NAME),
        audience=at.plain("audience", FactKind.AUDIENCE),
        conditions=at.pieces("conditions", FactKind.CONDITION, pieces_of(guide.conditions or "")),
        material_count=at.count(),
        materials=at.pieces(
            "materials", FactKind.MATERIAL, map(render_material, guide.materials or ())
        ),
        steps=at.pieces("steps", FactKind.STEP, map(render_step, guide.steps or ())),
        statutory=at.limit("statutory_limit"),
        promised=at.limit("promised_limit"),
        fee=at.plain("fee", FactKind.FEE),
        places=at.pieces("locations", FactKind.PLACE, map(render_location, guide.locations or ())),
        consult=at.plain("consult_phone", FactKind.PHONE),
        complaint=at.plain("complaint_phone", FactKind.PHONE),
        online=at.plain("online", FactKind.ONLINE),
        visits=at.plain("visits", FactKind.VISITS),
        appointment=at.plain("appointment", FactKind.ONLINE),
        courier=at.plain("courier", FactKind.RESULT),
        result=at.plain("result", FactKind.RESULT),
        basis=at.pieces("basis", FactKind.BASIS, map(render_basis, guide.basis or ())),
        faqs=at.pieces("faqs", FactKind.FAQ, map(render_faq, guide.faqs or ())),
    )


@dataclass(frozen=True, slots=True)
class _Guide:
    guide: ServiceGuide
    version: int
    book: FactBook

    def named(self) -> Fact:
        """The item's name with what people call it and its main item."""
        guide = self.guide
        aliases = f"（又称：{'、'.join(guide.aliases)}）" if guide.aliases else ""
        parent = f"；主项：{guide.parent}" if guide.parent else ""
        return self._put("name", FactKind.NAME, f"{guide.name}{aliases}{parent}", "name")

    def plain(self, name: str, kind: FactKind) -> Fact | None:
        text = render_field(self.guide, name)
        return self._put(name, kind, text, name) if text else None

    def limit(self, name: str) -> Fact | None:
        limit = getattr(self.guide, name)
        text = f"{FIELD_LABELS[name]}：{render_limit(limit)}" if limit else ""
        return self._put(name, FactKind.LIMIT, text, name) if text else None

    def count(self) -> Fact | None:
        materials = self.guide.materials
        if not materials:
            return None
        text = f"申请材料共{len(materials)}项"
        return self._put("materials.count", FactKind.MATERIAL, text, "materials")

    def pieces(self, name: str, kind: FactKind, texts: Iterable[str]) -> tuple[Fact, ...]:
        stated = [text for text in texts if text.strip()]
        return tuple(
            self._put(f"{name}.{number}", kind, text, name)
            for number, text in enumerate(stated, start=1)
        )

    def _put(self, place: str, kind: FactKind, text: str, name: str) -> Fact:
        key = f"{self.guide.id}#{place}"
        return self.book.put(key, kind, text, (self.guide.id, self.version), FIELD_LABELS[name])


def pieces_of(text: str) -> list[str]:
    """A text cut at its sentences and lines; joined they give its words back."""
    return [piece.strip() for piece in _CLAUSE_END.split(text) if piece and piece.strip()]


def unmarked(piece: str) -> str:
    """A piece without the number in front of it (1. 2、 ①), which is not said."""
    return _MARK.sub("", piece).strip()


def clause_facts(
    document: PolicyDocument, header: SourceHeader, passages: Sequence[Passage], book: FactBook
) -> list[Clause]:
    """Passages of a document as clauses."""
    return [
        Clause(
            header,
            book.put(
                f"{document.id}#{passage.locator}.{passage.ordinal}",
                FactKind.CLAUSE,
                passage.text.strip(),
                (document.id, header.version),
                passage.locator,
            ),
            tuple(pieces_of(passage.text)),
        )
        for passage in passages
    ]


def document_fact(header: SourceHeader, book: FactBook) -> Fact:
    """Title, 文号, issuer and the days on which a document holds."""
    number = f"（{header.document_number}）" if header.document_number else ""
    title = header.title if "《" in header.title else f"《{header.title}》"
    days = {
        "公布日期": header.published_on,
        "施行日期": header.effective_from,
        "失效日期": header.effective_to,
    }
    stated = [f"{name}：{day.year}年{day.month}月{day.day}日" for name, day in days.items() if day]
    text = "；".join([f"{title}{number}", *stated])
    return book.put(
        f"{header.id}#header", FactKind.BASIS, text, (header.id, header.version), "文件"
    )


def validity_fact(guide: ServiceGuide, version: int, book: FactBook) -> Fact | None:
    """From when, until when, and as of which day a guide holds."""
    days = {
        "实施日期": guide.effective_from,
        "失效日期": guide.effective_to,
        "更新日期": guide.updated_on,
    }
    stated = [f"{name}：{day.year}年{day.month}月{day.day}日" for name, day in days.items() if day]
    if not stated:
        return None
    text = "；".join(stated)
    return book.put(f"{guide.id}#validity", FactKind.BASIS, text, (guide.id, version), "有效期")


def faq_fact(faq: Faq, version: int, book: FactBook) -> Fact:
    """An approved question and answer."""
    text = f"问：{faq.question}\n答：{faq.answer}"
    return book.put(f"{faq.id}#faq", FactKind.FAQ, text, (faq.id, version), "常见问题")


def stream_facts(brief: Brief, book: FactBook) -> Mapping[str, Fact]:
    """What the brief itself fixes, by name: title, day, begins, minutes."""
    return {name: book.put(f"{BRIEF}#{name}", FactKind.STREAM, text, (BRIEF, 0), "需求")
            for name, text in _fixed(brief)}  # fmt: skip


def _fixed(brief: Brief) -> Iterator[tuple[str, str]]:
    yield "title", brief.title
    if brief.day:
        day = brief.day
        weekday = _WEEKDAYS[day.weekday()]
        yield "day", f"{day.year}年{day.month}月{day.day}日（星期{weekday}）"
    if brief.begins:
        minute = f"{brief.begins.minute}分" if brief.begins.minute else ""
        yield "begins", f"{brief.begins.hour}点{minute}"
    if brief.minutes:
        yield "minutes", f"{brief.minutes}分钟"
    if brief.audience:
        yield "audience", brief.audience
    if brief.platform:
        yield "platform", brief.platform
    if brief.frequency:
        yield "frequency", brief.frequency
