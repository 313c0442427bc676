"""What a question asks: its parts, their fields, the region named, what it goes on from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.fields import find_fields
from assistant.answering.folding import clean
from assistant.answering.going_on import Turn, goes_on, item_of, turn
from assistant.answering.idle import without_idle
from assistant.answering.items import Catalogue
from assistant.answering.mention import Mention, is_weak, read_mention, without_measures
from assistant.answering.places import NOWHERE, Gazetteer, Named
from assistant.answering.split import split_questions
from assistant.answering.words import word_spans
from assistant.domain.evidence import Ranking
from assistant.domain.question import Question, Scope, scope_of

_THERE = "(?:这边|那边|这里|那里|附近|旁边|那块儿?|这块儿?|那一带|一带|本地|当地|的)?"
_NOT = "不没无未非"
_JOINT = re.compile(r"^\s*[,，、]?(?:以及|还有|和|与|跟|及|或者?)")
"""What joins a part of a question to the one before it."""
_WORDS = 2
"""So many official words of an everyday one are searched, the most fitting first."""


@dataclass(frozen=True, slots=True)
class Part:
    """One question of several: its text, what of it may name the item, and the fields asked.

    `is_other`: it goes on to another item than the last one, and no item is called so.
    """

    text: str
    mention: Mention
    fields: tuple[str, ...]
    surety: float
    is_other: bool = False


@dataclass(frozen=True, slots=True)
class Understanding:
    """A question understood.

    `text` is the question, completed by its history, without what is said beside it (路过点个赞).
    `official` holds the official words for everyday ones that it uses, `sounded` the question as it
    sounds where it was read so (失叶金: 失业金).
    """

    text: str
    parts: tuple[Part, ...]
    where: Named = NOWHERE
    is_follow_up: bool = False
    official: tuple[str, ...] = ()
    sounded: str = ""

    @property
    def region(self) -> str | None:
        """The region that the question names."""
        return self.where.region

    @property
    def is_named(self) -> bool:
        """Whether every part names its item."""
        return all(part.mention.is_named for part in self.parts)

    def in_context(self, question: Question) -> Question:
        """The question with what it refers to put in, and what is idle left out."""
        return replace(question, text=self.text)

    def scope(self, question: Question) -> Scope:
        """Where to search: the viewer's scope, narrowed to the region that the question names."""
        scope = scope_of(question)
        if self.region is None or self.where.elsewhere:
            return scope
        return replace(scope, region=self.region)

    def within_place(self, ranking: Ranking) -> Ranking:
        """The ranking, or none where the question is about a region hidden from the viewer."""
        return Ranking() if self.where.elsewhere else ranking


def understand(question: Question, catalogue: Catalogue, gazetteer: Gazetteer) -> Understanding:
    """Read a question with the catalogue at hand, without what is said beside it."""
    core = without_idle(question.text, catalogue)
    return _understood(replace(question, text=core), catalogue, gazetteer)


def _understood(question: Question, catalogue: Catalogue, gazetteer: Gazetteer) -> Understanding:
    said = without_measures(question.text)
    mention = _read(said, catalogue)
    if question.history and not mention.is_named:
        before = replace(question, text=question.history[-1], history=question.history[:-1])
        last = understand(before, catalogue, gazetteer)
        if any(goes_on(mention, question.text, part.mention, catalogue) for part in last.parts):
            here = gazetteer.named(_outside_item(mention), question.region, catalogue.served)
            return _in_context(question, mention, last, catalogue, here)
    where = gazetteer.named(_outside_item(mention), question.region, catalogue.served)
    text = _without_place(said, where)
    if text != said:
        mention = _read(text, catalogue)
    parts = _parts(split_questions(text, catalogue), mention, catalogue)
    sounded = _sounded(mention, text, catalogue) if len(parts) == 1 else ""
    official = _official(parts, catalogue)
    return Understanding(question.text, parts, where, official=official, sounded=sounded)


def _sounded(mention: Mention, text: str, catalogue: Catalogue) -> str:
    """The text as it sounds, where it was read so; empty where as it is spelt."""
    as_spelt = (clean(text), catalogue.lexicon.standard(text))
    return "" if mention.text in as_spelt else mention.text


def going_on(
    question: Question, catalogue: Catalogue, gazetteer: Gazetteer
) -> Understanding | None:
    """The question as one about the item of the question before; None where it names its own."""
    core = without_idle(question.text, catalogue)
    mention = _read(core, catalogue)
    if not question.history or mention.is_named:
        return None
    before = replace(question, text=question.history[-1], history=question.history[:-1])
    last = understand(before, catalogue, gazetteer)
    items = [item_of(part.mention) for part in last.parts]
    here = gazetteer.named(_outside_item(mention), question.region, catalogue.served)
    where = last.where if here == NOWHERE else here
    return replace(last, text=" ".join((*items, core)), where=where, is_follow_up=True)


def _official(parts: Sequence[Part], catalogue: Catalogue) -> tuple[str, ...]:
    found = (
        word
        for part in parts
        for expansion in catalogue.lexicon.expansions(part.mention.folded)
        for word in expansion.official[:_WORDS]
    )
    return tuple(dict.fromkeys(found))


def _read(text: str, catalogue: Catalogue) -> Mention:
    """Read a text; where it names no item as it is spelt, as it sounds."""
    mention = read_mention(text, catalogue)
    if mention.is_named:
        return mention
    standard = catalogue.lexicon.standard(text)
    respelt = catalogue.sounds.respelt(standard, catalogue.index.postings)
    respelt = _with_cues(standard, respelt)
    return mention if respelt == standard else read_mention(respelt, catalogue)


def _with_cues(text: str, respelt: str) -> str:
    """The respelt text with the words of asking as they were: 法定 is no slip for 发定.

    Nor is a part of a dictionary word one that would make it none (件康 of 健康), unless the word
    says nothing (正要). What denies (不算数) is never taken for a slip.
    """
    if len(text) != len(respelt):
        return respelt
    rest = list(find_fields(text).rest)
    for start, end in set(word_spans(text)) - set(word_spans(respelt)):
        if not any(map(is_weak, text[start:end])):
            rest[start:end] = " " * (end - start)
    return "".join(
        new if left == old and old not in _NOT else old
        for old, new, left in zip(text, respelt, rest, strict=True)
    )


def _in_context(
    question: Question, mention: Mention, last: Understanding, catalogue: Catalogue, here: Named
) -> Understanding:
    """The question about the item, or the items, of the one before it."""
    turns = [turn(question.text, part.mention, catalogue) for part in last.parts]
    parts = [
        _going_on(question.text, mention, part, taken, catalogue)
        for part, taken in zip(last.parts, turns, strict=True)
    ]
    items = " ".join(taken.item for taken in turns)
    return Understanding(
        text=f"{items} {question.text}".strip(),
        parts=tuple(parts),
        where=last.where if here == NOWHERE else here,
        is_follow_up=True,
        official=_official(parts, catalogue),
    )


def _going_on(text: str, mention: Mention, last: Part, taken: Turn, catalogue: Catalogue) -> Part:
    """The part about the item meant, with the last question's fields where it has none."""
    fields, surety = _fields(mention)
    if not fields:
        fields, surety = last.fields, last.surety
    item = _read(taken.item, catalogue)
    return Part(text, item, fields, surety, is_other=taken.is_other and not item.is_named)


def _parts(texts: Sequence[str], whole: Mention, catalogue: Catalogue) -> tuple[Part, ...]:
    if len(texts) < 2:
        fields, surety = _fields(whole)
        return (Part(whole.text, whole, fields, surety),)
    read = [_read(_JOINT.sub("", text), catalogue) for text in texts]
    parts = [Part(m.text, m, *_fields(m)) for m in read]
    return tuple(_with_shared_fields(parts))


def _with_shared_fields(parts: Sequence[Part]) -> list[Part]:
    """Let a part without a field of its own (A和B要什么材料) take its neighbour's."""
    shared = next((part for part in reversed(parts) if part.fields), None)
    if shared is None:
        return list(parts)
    return [
        part if part.fields else replace(part, fields=shared.fields, surety=shared.surety)
        for part in parts
    ]


def _fields(mention: Mention) -> tuple[tuple[str, ...], float]:
    return mention.fields.names, mention.fields.surety


def _without_place(text: str, where: Named) -> str:
    """The text without the words that say where, which name no item."""
    if not where.words:
        return text
    place = "|".join(map(re.escape, where.words))
    return re.sub(f"(?:在|到|去|我们?是?)?(?:{place}){_THERE}", " ", clean(text))


def _outside_item(mention: Mention) -> str:
    return mention.outside if mention.is_named else mention.text
