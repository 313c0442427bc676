"""A chat model may say what was found in better words; code checks every sentence of it.

Whatever is late, broken, incomplete or not carried by the evidence is dropped, and the extractive
answer stands. The model never decides whether something is said.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.figures import figures
from assistant.answering.guard import screen
from assistant.answering.spoken import LIMIT, SEE_SCREEN
from assistant.answering.verify import faults
from assistant.domain.answer import Citation, Draft, Route, Statement
from assistant.domain.question import Question
from assistant.errors import ModelFailed
from assistant.models.chat import LIVE_SECONDS, ChatModel
from assistant.models.prompts import Prompt, fence, load_prompt

_LINE = re.compile(r"\[(\d{1,2})\]\s*(\S.*)")
_WORTH = frozenset({Route.POLICY, Route.FAQ, Route.GUIDE})
_MOST_SENTENCES = 6


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the model with the citation that it names."""

    text: str
    citation: Citation


class UnusableError(ValueError):
    """The model's reply is not used; says why, in Chinese."""


class Rephraser:
    """Improves drafts by a chat model; without one, or when it fails, the draft stays as it is."""

    def __init__(
        self, chat: ChatModel | None, *, prompt: Prompt | None = None, seconds: float = LIVE_SECONDS
    ) -> None:
        self._chat = chat
        self._prompt = prompt or load_prompt("rephrase")
        self._seconds = seconds

    async def improve(self, question: Question, draft: Draft) -> Draft:
        """Give the draft in the model's words where the evidence carries all, else with a note."""
        citations = draft.citations
        if self._chat is None or draft.route not in _WORTH or not citations:
            return draft
        try:
            messages = self._prompt.render(_values(question.text, citations))
            reply = await self._chat.complete(messages, self._seconds)
            return _said(draft, checked(reply, citations, draft))
        except ModelFailed as error:
            return _noted(draft, f"{error.message}，已用原文答复")
        except UnusableError as error:
            return _noted(draft, f"模型改写未采用（{error}），已用原文答复")


def _values(question: str, citations: Sequence[Citation]) -> dict[str, str]:
    numbered = (f"[{n}]\n{fence(c.quote)}" for n, c in enumerate(citations, start=1))
    return {"question": fence(question), "evidence": "\n".join(numbered)}


def checked(reply: str, citations: Sequence[Citation], draft: Draft) -> list[Sentence]:
    """The sentences of a reply, each carried by its citation. Raises UnusableError."""
    sentences = _parsed(reply, citations)
    for sentence in sentences:
        found = faults(sentence.text, sentence.citation.quote)
        if found:
            raise UnusableError(found[0])
    whole = "".join(sentence.text for sentence in sentences)
    if len(whole) > LIMIT - len(SEE_SCREEN):
        raise UnusableError("太长")
    if screen(whole) is not None:
        raise UnusableError("含不宜播出的内容")
    _keeps_figures(whole, draft)
    return sentences


def _parsed(reply: str, citations: Sequence[Citation]) -> list[Sentence]:
    lines = [line.strip() for line in reply.splitlines() if line.strip()]
    if not lines or len(lines) > _MOST_SENTENCES:
        raise UnusableError("格式不符")
    return [_sentence(line, citations) for line in lines]


def _sentence(line: str, citations: Sequence[Citation]) -> Sentence:
    match = _LINE.fullmatch(line)
    if not match:
        raise UnusableError("格式不符")
    number = int(match[1])
    if not 1 <= number <= len(citations):
        raise UnusableError("模型认为证据答不了" if number == 0 else "引用了不存在的证据")
    text = match[2].strip()
    return Sentence(text if text[-1] in "。！？!?" else text + "。", citations[number - 1])


def _keeps_figures(whole: str, draft: Draft) -> None:
    """Exact answers (guides, approved FAQs) keep every figure that was to be said."""
    if draft.route is Route.POLICY:
        return
    kept = {figure.value for figure in figures(whole)}
    lost = [f.written for f in figures(draft.spoken) if f.value not in kept]
    if lost:
        raise UnusableError(f"漏掉了“{lost[0]}”")


def _said(draft: Draft, sentences: Sequence[Sentence]) -> Draft:
    """The model's sentences first; the quotes as they were found stay on screen below them."""
    rewritten = tuple(Statement(s.text, s.text, (s.citation,)) for s in sentences)
    if draft.spoken.endswith(SEE_SCREEN):
        last = rewritten[-1]
        rewritten = (*rewritten[:-1], replace(last, spoken=last.spoken + SEE_SCREEN))
    found = tuple(replace(statement, spoken="") for statement in draft.statements)
    notes = (*draft.notes, "由模型改写，逐句与依据核对通过")
    return replace(draft, route=Route.MODEL, statements=rewritten + found, notes=notes)


def _noted(draft: Draft, note: str) -> Draft:
    return replace(draft, notes=(*draft.notes, note))
