"""Signs that an approved answer is not to the question asked, however alike the words are."""

import re

from assistant.answering.amounts import amounts
from assistant.answering.asked import AnswerKind, kind_of
from assistant.answering.audiences import other_people
from assistant.answering.contrasts import unheld
from assistant.answering.faq_answer import Beside
from assistant.answering.fields import find_fields
from assistant.answering.folding import clean, fold
from assistant.answering.ranges import holds_number, is_range, numbers_said
from assistant.domain.question import Question

_ASKS = re.compile(
    "多少|几(?!乎)|哪|怎么|怎样|咋|如何|什么|啥|吗|谁|多[久长大高]|是否|能不能|可不可以|要不要|会不会|有没有|是不是"
    "|算不算|成不成|还是|(?:能|可|要|用|会|是|有|行|给|办|参|收)[^，,。？?！!]{0,6}[不没]$"
)
_CLAUSES = re.compile(r"[，,。；;！!？?\s]")
_EACH = re.compile("各(?:是|要|多少|几|自)|分别")
_CELLS = re.compile("[，。；,;]")
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
_EXACT = frozenset(
    {AnswerKind.NUMBER, AnswerKind.DATE, AnswerKind.PLACE, AnswerKind.PHONE, AnswerKind.LINK}
)
_SURELY = 0.8


def is_several(text: str) -> bool:
    """Whether a question asks several things at once: one approved answer would leave some out."""
    if _EACH.search(text) or sum(bool(_ASKS.search(one)) for one in _CLAUSES.split(text)) > 1:
        return True
    fields = {one.field for one in find_fields(clean(text)).asked if one.surety >= _SURELY}
    return len(fields) > 1


def differs(question: Question, beside: Beside) -> bool:
    """Whether a sign speaks against an approved answer."""
    text, told = question.text, f"{' '.join(beside.wordings)}{beside.faq.answer}"
    return (
        beside.unlike >= beside.likeness
        or any(int(year) != question.as_of.year for year in _YEAR.findall(text))
        or unheld(fold(text), fold(told))
        or other_people(text, [told])
        or _wants_other_kind(text, beside.wording)
        or _is_out_of_range(text, beside.faq.answer)
        or _has_other_amount(text, told)
    )


def _wants_other_kind(text: str, wording: str) -> bool:
    """Whether yes or no is asked where the approved question asks for a figure or a place."""
    return kind_of(clean(text)) is AnswerKind.YES_NO and kind_of(clean(wording)) in _EXACT


def _is_out_of_range(text: str, answer: str) -> bool:
    """Whether an answer goes by ranges, in none of which a number of the question lies."""
    said, cells = numbers_said(text), _CELLS.split(answer)
    ranges = [cell for cell in cells if is_range(cell)]
    units = {unit for _, unit in said}
    meant = any(unit in fold(cell) for cell in ranges for unit in units)
    return meant and not any(holds_number(cell, said) for cell in ranges)


def _has_other_amount(text: str, told: str) -> bool:
    """Whether a question holds an amount that approved wordings and answer do not hold."""
    known = amounts(told)
    return any(not any(one.is_same(other) for other in known) for one in amounts(text))
