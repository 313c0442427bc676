"""A desk made of fixed replies, and the small knowledge base that they rest on."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assistant.domain.answer import Citation, Draft, Route, Statement
from assistant.domain.outcome import Outcome
from assistant.domain.passage import Passage
from assistant.domain.question import Question
from assistant.domain.source import (
    LimitUnit,
    PolicyDocument,
    ServiceGuide,
    Source,
    SourceKind,
    TimeLimit,
)
from assistant.domain.verdict import Action, Verdict

GUIDE = ServiceGuide(
    id="g1",
    name="居住证办理",
    region="990100",
    statutory_limit=TimeLimit(20, LimitUnit.WORKDAY),
    promised_limit=TimeLimit(5, LimitUnit.WORKDAY),
    consult_phone="0990-1234567",
    complaint_phone="0990-7654321",
)
OTHER = ServiceGuide(id="g2", name="居住证签注", region="990100", consult_phone="0990-2222222")
POLICY = PolicyDocument(
    id="p1",
    title="示例县居住证办法",
    document_number="示例府发〔2024〕9号",
    text="第三条　申领居住证，应当连续居住满6个月。\n第四条　补领收取工本费20元。",
)
LIMITS = "法定办结时限：20个工作日\n承诺办结时限：5个工作日"
PHONES = "咨询电话：0990-1234567\n投诉电话：0990-7654321"


def _passage(source_id: str, kind: SourceKind, locator: str, text: str) -> Passage:
    return Passage(source_id, kind, 0, locator, text)


SOURCES: Mapping[str, tuple[Source, list[Passage]]] = {
    "g1": (
        GUIDE,
        [
            _passage("g1", SourceKind.GUIDE, "办结时限", LIMITS),
            _passage("g1", SourceKind.GUIDE, "咨询投诉", PHONES),
        ],
    ),
    "g2": (OTHER, [_passage("g2", SourceKind.GUIDE, "咨询投诉", "咨询电话：0990-2222222")]),
    "p1": (
        POLICY,
        [_passage("p1", SourceKind.POLICY, "第三条", "第三条　申领居住证，应当连续居住满6个月。")],
    ),
}


class FakeSources:
    async def get(self, source_id: str, version: int | None = None) -> Source | None:
        return SOURCES[source_id][0] if source_id in SOURCES else None

    async def passages_of(self, source_id: str) -> list[Passage]:
        return SOURCES[source_id][1]


@dataclass
class Row:
    path: str
    status: str = "created"
    message: str = ""


@dataclass
class Report:
    rows: Sequence[Row]


@dataclass
class FakeDesk:
    reply: Callable[[Question], Outcome]
    sources: FakeSources = field(default_factory=FakeSources)
    asked: list[Question] = field(default_factory=list)
    folder: Path | None = None
    read: list[Path] = field(default_factory=list)

    async def ingest(self, paths: Sequence[Path]) -> Report:
        self.read += paths
        broken = [path for path in paths if "broken" in path.name]
        return Report([Row(str(p), *(("failed", "坏了") if p in broken else ())) for p in paths])

    async def answer(self, question: Question) -> Outcome:
        self.asked.append(question)
        return self.reply(question)

    @asynccontextmanager
    async def opened(self, folder: Path) -> AsyncIterator["FakeDesk"]:
        self.folder = folder
        yield self


def said(
    question: Question,
    text: str,
    *citations: Citation,
    spoken: str | None = None,
    action: Action = Action.ANSWER,
    confidence: float = 0.9,
    options: tuple[str, ...] = (),
) -> Outcome:
    """An outcome whose shown and voiced words are given."""
    voiced = text if spoken is None else spoken
    draft = Draft(
        Route.GUIDE,
        (Statement(text, voiced, citations),),
        options=options,
        source_ids=tuple(c.source_id for c in citations),
    )
    shown = action in {Action.ANSWER, Action.CLARIFY}
    return Outcome(
        question=question,
        draft=draft,
        verdict=Verdict(action, confidence, ("事项名称完全一致",)),
        text=text if shown else "这个问题需要人工核实。",
        spoken=voiced if shown else "这个问题需要人工核实。",
        ranked_ids=tuple(dict.fromkeys((*(c.source_id for c in citations), "g2"))),
        latency_ms=1.0,
    )
