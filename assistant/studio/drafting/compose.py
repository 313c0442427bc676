"""From facts to parts with their slides, in the order of the six kinds of stream."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assistant.domain.studio import Brief, SectionKind, Slide, StreamKind
from assistant.studio.drafting import (
    say_doing,
    say_frame,
    say_item,
    say_materials,
    say_more,
    slides,
)
from assistant.studio.drafting.gathering import Gathered
from assistant.studio.drafting.parts import DETAIL, MUST, Part
from assistant.studio.drafting.phrases import Phrases
from assistant.studio.drafting.say_frame import Frame
from assistant.studio.drafting.say_item import Telling

K = SectionKind
_FIELDS = (K.CONDITIONS, K.MATERIALS, K.STEPS, K.LIMITS, K.PLACES)
_USUAL = (K.SCENARIO, *_FIELDS, K.MISTAKES, K.CLAUSES, K.QUESTIONS)
_ORDER: Mapping[StreamKind, tuple[SectionKind, ...]] = {
    StreamKind.FREQUENT: _USUAL,
    StreamKind.GUIDE: _USUAL,
    StreamKind.POLICY: _USUAL,
    StreamKind.QUESTIONS: (K.SCENARIO, K.QUESTIONS, *_FIELDS, K.MISTAKES, K.CLAUSES),
    StreamKind.CONCERNS: (K.SCENARIO, K.MISTAKES, *_FIELDS, K.CLAUSES, K.QUESTIONS),
    StreamKind.HELPING: _USUAL,
}
"""After opening and agenda, before the recap. Parts of items stand together, item by item."""
_DOCUMENTS_FIRST = frozenset({StreamKind.POLICY, StreamKind.CONCERNS})
_TITLES: Mapping[SectionKind, str] = {
    K.SCENARIO: "您是不是也遇到过",
    K.CONDITIONS: "谁能办",
    K.MATERIALS: "要带什么材料",
    K.STEPS: "怎么办",
    K.LIMITS: "多久办好、收不收费",
    K.PLACES: "去哪儿办",
    K.MISTAKES: "常见误区",
    K.CLAUSES: "依据是什么",
    K.QUESTIONS: "问答时间",
}


def compose(brief: Brief, on: Gathered) -> list[Part]:
    """All parts, each with all its blocks and slides; `timing.fit` chooses among them."""
    phrases = Phrases(brief.text)
    frame = Frame(brief, on.stream, on.items, phrases)
    opening = say_frame.opening(frame)
    opening.slides.append(slides.cover(frame))
    body = _body(brief, on, frame)
    agenda = say_frame.agenda(frame, [part.kind for part in body])
    agenda.slides.append(slides.agenda(_agenda_lines(on, body)))
    recap = say_frame.recap(frame)
    recap.slides.append(slides.code(on.items, slides.link_of(on.items), "办理入口与咨询电话"))
    return [opening, agenda, *_with_slides([*body, recap], agenda)]


def _agenda_lines(on: Gathered, body: Sequence[Part]) -> list[str]:
    """The items where there are several, else the parts: at most six lines."""
    end = [_TITLES[K.MISTAKES] + "与问答"]
    documents = [f"{document.header.title}：原文怎么说" for document in on.documents]
    if len(on.items) > 1:
        return [*documents, *(item.guide.name for item in on.items), *end]
    kinds = {part.kind for part in body}
    titles = [_TITLES[kind] for kind in _FIELDS if kind in kinds]
    if documents:
        titles = [*titles[:-2], "多久办好、收不收费、去哪儿办"]
    return [*documents[:1], *titles, *(end if on.items else [_TITLES[K.QUESTIONS]])]


def _body(brief: Brief, on: Gathered, frame: Frame) -> list[Part]:
    """What stands between agenda and recap; documents lead where they are what it is about."""
    order = _ORDER[brief.kind]
    asked = order.index(K.QUESTIONS)
    documents = _documents(on, frame)
    first = brief.kind in _DOCUMENTS_FIRST
    before = _items(order[:asked], brief, on, frame)
    after = _items(order[asked + 1 :], brief, on, frame)
    questions = [_questions(on, frame, 1.0)]
    if brief.kind is not StreamKind.QUESTIONS:
        questions = [*_halfway(frame), *questions]
    if first:
        return [*documents, *before, *questions, *after]
    last = [*questions, *after, *documents] if after else [*documents, *questions]
    return [*before, *last]


def _halfway(frame: Frame) -> list[Part]:
    """The whole once more in few words, for who came late; only said where there is time."""
    part = say_frame.halfway(frame)
    return [part] if part.blocks else []


def _items(kinds: Sequence[SectionKind], brief: Brief, on: Gathered, frame: Frame) -> list[Part]:
    several = len(on.items) > 1
    parts: list[Part] = []
    for item in on.items:
        at = Telling(item, frame.phrases, brief.emphasis, several)
        for kind in kinds:
            part = _MAKERS[kind](at, on, brief)
            if part is not None:
                parts.append(part)
    return parts


def _scenario(at: Telling, on: Gathered, brief: Brief) -> Part | None:
    del on, brief
    part = say_frame.scenario(at)
    slide = slides.wondered(at.item, at.title("您是不是也想问")) if part else None
    if part and slide:
        part.slides.append(slide)
    return part


def _conditions(at: Telling, on: Gathered, brief: Brief) -> Part:
    del on, brief
    part = say_item.conditions(at)
    part.slides.append(slides.conditions(at.item, part.title))
    return part


def _materials(at: Telling, on: Gathered, brief: Brief) -> Part:
    del on, brief
    part = say_materials.materials(at)
    part.slides.append(slides.materials(at.item, part.title))
    return part


def _steps(at: Telling, on: Gathered, brief: Brief) -> Part:
    del on
    helping = brief.kind is StreamKind.HELPING
    part = say_doing.steps(at, helping=helping)
    part.open_share = 2.0 if helping else 0.0
    part.slides.append(slides.flow(at.item, part.title))
    return part


def _limits(at: Telling, on: Gathered, brief: Brief) -> Part:
    del on, brief
    part = say_item.limits(at)
    part.slides.append(slides.limits(at.item, part.title))
    return part


def _places(at: Telling, on: Gathered, brief: Brief) -> Part:
    del on, brief
    part = say_doing.places(at)
    part.slides.append(slides.places(at.item, part.title))
    return part


def _mistakes(at: Telling, on: Gathered, brief: Brief) -> Part | None:
    del on, brief
    found = say_more.mistakes_of(at)
    if not found:
        return None
    part = say_more.mistakes(at, found)
    part.slides.append(slides.mistakes(found, part.title))
    return part


def _basis(at: Telling, on: Gathered, brief: Brief) -> Part | None:
    del brief
    part = say_more.basis(at)
    if part:
        part.slides.append(
            slides.item_basis(at.item, on.validity.get(at.item.guide.id), part.title)
        )
    return part


_MAKERS: Mapping[SectionKind, Callable[[Telling, Gathered, Brief], Part | None]] = {
    K.SCENARIO: _scenario,
    K.CONDITIONS: _conditions,
    K.MATERIALS: _materials,
    K.STEPS: _steps,
    K.LIMITS: _limits,
    K.PLACES: _places,
    K.MISTAKES: _mistakes,
    K.CLAUSES: _basis,
}


def _questions(on: Gathered, frame: Frame, share: float) -> Part:
    part = say_frame.questions(frame, on.asked, share)
    part.slides.append(slides.questions(on.asked, part.title))
    return part


def _documents(on: Gathered, frame: Frame) -> list[Part]:
    parts = []
    for document in on.documents:
        head = say_more.document_part(document.header, document.fact, frame.phrases)
        head.slides.append(slides.document(document.header, document.fact, head.title))
        parts.append(head)
        for number, clause in enumerate(document.clauses):
            rank = MUST if number < 3 else DETAIL
            part = say_more.clause_part(clause, frame.phrases, rank)
            part.slides.append(slides.clause(clause, part.title))
            parts.append(part)
    return parts


def _with_slides(parts: Sequence[Part], agenda: Part) -> list[Part]:
    """Parts without a slide of their own stand before the agenda; ids are made unique."""
    seen: dict[str, int] = {}
    for part in parts:
        if not part.slides:
            part.slides.append(agenda.slides[0])
            continue
        part.slides[:] = [_numbered(slide, seen) for slide in part.slides]
    return list(parts)


def _numbered(slide: Slide, seen: dict[str, int]) -> Slide:
    seen[slide.id] = seen.get(slide.id, 0) + 1
    count = seen[slide.id]
    return slide if count == 1 else replace(slide, id=f"{slide.id}{count}")
