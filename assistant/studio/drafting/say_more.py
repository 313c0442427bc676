"""What goes beyond the fields: mistakes, questions with answers, clauses word for word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.source import Faq, LimitUnit, QuestionAnswer, SourceHeader
from assistant.domain.studio import Fact, SectionKind, Sentence
from assistant.studio.drafting.facts import Clause, ItemFacts, pieces_of, unmarked
from assistant.studio.drafting.parts import (
    ANSWERS,
    DETAIL,
    TELLING,
    Part,
    inner,
    listed,
    plain,
    told,
)
from assistant.studio.drafting.phrases import Phrases
from assistant.studio.drafting.say_item import Telling

_MOST_MISTAKES = 4
_LONG_CLAUSE = 400
"""Longer clauses are shown; of them only the first sentences are read aloud."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What people take for granted, and what the guide says."""

    thought: str
    truth: str
    facts: tuple[Fact, ...]


def mistakes_of(at: Telling) -> list[Mistake]:
    """Mistakes that the guide's own fields correct; none is made up."""
    item, guide, say = at.item, at.item.guide, at.phrases
    found: list[Mistake | None] = [
        _not_for_all(item, say),
        _copies(item, say),
        _by_field(item, say, "workdays"),
        _by_field(
            item, say, "not_online" if guide.online and not guide.online.available else "online"
        ),
        _by_field(item, say, "free"),
    ]
    return [one for one in found if one and one.thought][:_MOST_MISTAKES]


def _not_for_all(item: ItemFacts, say: Phrases) -> Mistake | None:
    for material, fact in zip(item.guide.materials or (), item.materials, strict=True):
        if material.required is False and material.note:
            thought = say.take("mistakes.materials_optional", name=material.name)
            truth = f"“{material.name}”，{inner(material.note)}。"
            return Mistake(thought, truth, (fact,))
    return None


def _copies(item: ItemFacts, say: Phrases) -> Mistake | None:
    for material, fact in zip(item.guide.materials or (), item.materials, strict=True):
        if material.originals and material.copies == 0 and "电子" not in (material.form or ""):
            thought = say.take("mistakes.materials_copy")
            truth = f"“{material.name}”得带原件，原件{material.originals}份，不要复印件。"
            return Mistake(thought, truth, (fact,))
    return None


def _by_field(item: ItemFacts, say: Phrases, slot: str) -> Mistake | None:
    guide, online = item.guide, item.guide.online
    truths: dict[str, tuple[bool, str, tuple[Fact | None, ...]]] = {
        "workdays": (
            bool(guide.promised_limit and guide.promised_limit.unit is LimitUnit.WORKDAY),
            f"{inner(item.promised.text).replace('：', '是', 1)}，算的是工作日，不是自然日。"
            if item.promised
            else "",
            (item.promised,),
        ),
        "not_online": (
            bool(online and not online.available),
            "这件事不能网上办理。",
            (item.online,),
        ),
        "online": (
            bool(online and online.available and guide.visits == 0),
            "可以网上办理，到现场次数是0次。",
            (item.online, item.visits),
        ),
        "free": (inner(guide.fee or "") == "不收费", "这件事不收费。", (item.fee,)),
    }
    holds, truth, facts = truths[slot]
    if not holds or not all(facts):
        return None
    return Mistake(say.take(f"mistakes.{slot}"), truth, tuple(f for f in facts if f))


def mistakes(at: Telling, found: Sequence[Mistake]) -> Part:
    """Thought and truth, one after the other."""
    part, say = at.part(SectionKind.MISTAKES, "常见误区"), at.phrases
    part.say(plain(say.take("scene.mistakes")), rank=TELLING)
    part.say(plain(say.take("mistakes.lead")), rank=TELLING)
    for one in found:
        lead = say.lead("mistakes.truth")
        rank = at.rank("mistakes", ANSWERS)
        part.say(told(one.thought, *one.facts), told(f"{lead}{one.truth}", *one.facts), rank=rank)
    part.say(plain(say.take("mistakes.after")), rank=TELLING)
    part.caption = "别想当然，看指南怎么写"
    part.interaction = "发起小投票：您以前是不是也这样以为？"
    return part


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answer, of a guide or an approved FAQ."""

    question: str
    answer: str
    fact: Fact


def asked_of(item: ItemFacts) -> list[Asked]:
    """The guide's own questions."""
    faqs: Sequence[QuestionAnswer] = item.guide.faqs or ()
    return [Asked(f.question, f.answer, fact) for f, fact in zip(faqs, item.faqs, strict=True)]


def asked_faq(faq: Faq, fact: Fact) -> Asked:
    """An approved FAQ."""
    return Asked(faq.question, faq.answer, fact)


def answer(one: Asked, say: Phrases, part: Part, rank: int) -> bool:
    """Question and answer as a block; false where no fresh phrase leads to it any more."""
    question = say.take("mistakes.faq_lead", question=one.question.strip())
    if not question:
        return False
    lead = say.lead("mistakes.faq_answer")
    first, *rest = pieces_of(one.answer) or [one.answer]
    part.say(
        told(question, one.fact),
        told(f"{lead}{unmarked(first)}", one.fact),
        *(told(unmarked(piece), one.fact) for piece in rest),
        rank=rank,
    )
    return True


def clause_part(clause: Clause, say: Phrases, rank: int) -> Part:
    """A clause: where it stands, its words, and a question to the viewers."""
    part = Part(SectionKind.CLAUSES, clause.fact.locator or clause.header.title, clause.header.id)
    _read(part, clause, say, rank)
    part.caption = f"{clause.header.title}　{clause.fact.locator}"
    part.interaction = "屏幕停在原文上；请观众对照自己的情况，有疑问的打问号"
    return part


def _read(part: Part, clause: Clause, say: Phrases, rank: int) -> None:
    part.say(plain(say.take("scene.clauses")), rank=TELLING)
    where = clause.fact.locator or "原文"
    lead = say.take("clauses.lead", value=where) or f"{where}。"
    read = say.lead("clauses.read")
    said = _read_aloud(clause)
    first, *rest = said
    part.say(
        told(lead, clause.fact),
        told(f"{read}{unmarked(first)}", clause.fact),
        *(told(piece, clause.fact) for piece in rest),
        rank=rank,
    )
    key = key_sentence(clause)
    if key and len(said) > 1:
        again = say.take("clauses.key", value=inner(key))
        part.say(told(again, clause.fact) if again else None, rank=max(rank, TELLING))
    part.say(plain(say.take("clauses.ask")), rank=max(rank, TELLING))


def key_sentence(clause: Clause) -> str:
    """The sentence of a clause that says what one may, must or must not, the shortest such."""
    able = [
        unmarked(piece)
        for piece in _read_aloud(clause)
        if re.search("可以|应当|不得|有权|只能|属于|不再|实行", piece) and len(piece) >= 10
    ]
    return min(able, key=len, default="")


def _read_aloud(clause: Clause) -> list[str]:
    """The clause's sentences; of a long one those that fit, never cut inside a sentence."""
    said: list[str] = []
    for piece in clause.pieces:
        if said and sum(map(len, said)) + len(piece) > _LONG_CLAUSE:
            break
        said.append(_without_number(piece, clause.fact.locator))
    return [piece for piece in said if piece] or [clause.fact.text]


def _without_number(piece: str, locator: str) -> str:
    """第十条　… without the number that the lead has just said."""
    return piece.removeprefix(locator).strip("　 ") if locator else piece


def basis(at: Telling) -> Part | None:
    """On what the item rests: titles always, the words of the clauses where there is time."""
    item, say = at.item, at.phrases
    if not item.basis:
        return None
    part = at.part(SectionKind.CLAUSES, "依据是什么")
    part.say(plain(say.take("clauses.basis")), told(_cited(item), *item.basis))
    for number, (one, fact) in enumerate(zip(item.guide.basis or (), item.basis, strict=True)):
        title = one.title if "《" in one.title else f"《{one.title}》"
        lead = say.take("clauses.lead", value=f"{title}{one.article or ''}")
        if not lead:
            break
        text: list[Sentence] = [told(lead, fact)]
        if one.text and len(one.text) <= _LONG_CLAUSE:
            read = say.lead("clauses.read")
            first, *rest = pieces_of(one.text)
            text += [told(f"{read}{first}", fact), *(told(piece, fact) for piece in rest)]
        part.say(*text, rank=at.rank("basis", DETAIL + (number > 0)))
    part.say(plain(say.take("clauses.after")), rank=DETAIL)
    part.caption = "依据：" + "｜".join(_titles(item))
    part.interaction = "助理把文件名称和链接贴在评论区"
    return part


def _cited(item: ItemFacts) -> str:
    """Titles with their articles: 依据是《…》第十条、第五十八条."""
    articles: dict[str, list[str]] = {}
    for one in item.guide.basis or ():
        title = one.title if "《" in one.title else f"《{one.title}》"
        articles.setdefault(title, []).extend([one.article] if one.article else [])
    return f"依据是{listed([title + '、'.join(found) for title, found in articles.items()])}"


def _titles(item: ItemFacts) -> list[str]:
    return list(dict.fromkeys(one.title for one in item.guide.basis or ()))


def document_part(header: SourceHeader, fact: Fact, say: Phrases) -> Part:
    """Where a document comes from and from when it holds."""
    part = Part(SectionKind.CLAUSES, "认识这份文件", header.id)
    part.say(plain(say.take("scene.clauses")), rank=TELLING)
    value = fact.text.replace("；", "，")
    part.say(told(say.take("clauses.header", value=value) or value, fact))
    part.caption = header.title
    part.interaction = "助理把文件原文链接置顶"
    return part
