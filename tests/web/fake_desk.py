"""A desk with canned outcomes, over a handful of sources held in memory."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from ulid import ULID

from assistant.access.desk import AccessDesk
from assistant.domain.answer import NO_DRAFT, Citation, Draft, Route, Statement
from assistant.domain.evidence import Hit, Ranking, Scores
from assistant.domain.outcome import Outcome
from assistant.domain.passage import Passage
from assistant.domain.question import Question, Scope
from assistant.domain.region import Region, RegionTree
from assistant.domain.source import Source, SourceHeader, SourceKind, Status
from assistant.domain.verdict import Action, Verdict
from assistant.errors import Conflict

COUNTY = "990101"
GUIDE, POLICY, OLD_POLICY, FAQ = "guide-1", "政策/办法.docx", "policy-old", "faq-1"
FEE_QUOTE = "收费：不收费"
CLAUSE_QUOTE = "缴存职工连续足额缴存6个月以上，可以申请住房公积金贷款"

REGIONS = RegionTree(
    [
        Region("000000", "全国", None),
        Region("990000", "示例省", "000000"),
        Region(COUNTY, "示例县", "990000"),
        Region("990102", "邻县", "990000"),
    ]
)

HEADERS = [
    SourceHeader(
        GUIDE,
        SourceKind.GUIDE,
        1,
        "个体工商户设立登记",
        region=COUNTY,
        tags=("市场监管", "营业执照"),
        source_url="https://example.gov.cn/guide/1",
    ),
    SourceHeader(
        POLICY,
        SourceKind.POLICY,
        2,
        "住房公积金贷款办法（示例）",
        document_number="示例发〔2025〕8号",
        issuer="示例省住房和城乡建设厅",
        region="990000",
        effective_from=date(2025, 5, 10),
        status=Status.IN_FORCE,
        supersedes=(OLD_POLICY,),
        tags=("公积金",),
        source_url="javascript:alert(1)",
    ),
    SourceHeader(
        OLD_POLICY,
        SourceKind.POLICY,
        1,
        "住房公积金贷款暂行办法（示例）",
        document_number="示例发〔2019〕3号",
        region="990000",
        effective_from=date(2019, 1, 1),
        tags=("公积金",),
    ),
    SourceHeader("policy-repealed", SourceKind.POLICY, 1, "旧规定", status=Status.REPEALED),
    SourceHeader("policy-soon", SourceKind.POLICY, 1, "新规定", effective_from=date(2099, 1, 1)),
    SourceHeader(FAQ, SourceKind.FAQ, 1, "<b>社保卡</b>丢了怎么办？", tags=("社保",)),
    SourceHeader("guide-2", SourceKind.GUIDE, 1, "邻县事项", region="990102"),
]

TABLE = "| 材料 | 份数 |\n| --- | --- |\n| 身份证 | 1份 |"
PASSAGES = [
    Passage(
        GUIDE, SourceKind.GUIDE, 0, "事项名称", "事项名称：个体工商户设立登记", key=1, field="name"
    ),
    Passage(
        GUIDE,
        SourceKind.GUIDE,
        1,
        "申请材料",
        "申请材料：\n1. 登记申请书（原件1份）\n2. 经营者身份证（复印件1份）",
        key=2,
        field="materials",
    ),
    Passage(GUIDE, SourceKind.GUIDE, 2, "收费", FEE_QUOTE, key=3, field="fee"),
    Passage(POLICY, SourceKind.POLICY, 0, "第一条", "第一条　为规范贷款，制定本办法。", key=4),
    Passage(POLICY, SourceKind.POLICY, 1, "第二条", f"第二条　{CLAUSE_QUOTE}。", key=5),
    *(
        Passage(
            POLICY, SourceKind.POLICY, n, f"第{n + 1}条", f"第{n + 1}条　{'条文' * 60}。", key=n + 4
        )
        for n in range(2, 16)
    ),
    Passage(POLICY, SourceKind.POLICY, 16, "附件1", f"## 附件1 材料表\n{TABLE}", key=20),
    Passage(FAQ, SourceKind.FAQ, 0, "问答", "先挂失，再补办。", key=21),
]
EARLIER = Passage(POLICY, SourceKind.POLICY, 0, "第二条", "第二条　旧版本的条文。", key=90)


def _fee(question: Question) -> tuple[Draft, Verdict]:
    citation = Citation(
        GUIDE,
        "收费",
        FEE_QUOTE,
        "个体工商户设立登记",
        source_url="https://example.gov.cn/guide/1",
        field="fee",
    )
    said = Statement("个体工商户设立登记不收费。", "个体工商户设立登记不收费。", (citation,))
    return Draft(Route.GUIDE, (said,)), Verdict(Action.ANSWER, 0.97, ("事项名称完全一致",))


def _loan(question: Question) -> tuple[Draft, Verdict]:
    citation = Citation(
        POLICY,
        "第二条",
        CLAUSE_QUOTE,
        "住房公积金贷款办法（示例）",
        "示例发〔2025〕8号",
        source_url="javascript:alert(1)",
        passage_key=5,
    )
    said = Statement(f"{CLAUSE_QUOTE}。", "连续足额缴存6个月以上可以申请。", (citation,))
    return Draft(Route.POLICY, (said,)), Verdict(Action.ANSWER, 0.9, ("条文直接回答",))


def _licence(question: Question) -> tuple[Draft, Verdict]:
    names = ("个体工商户设立登记", "个体工商户变更登记", "企业设立登记")
    text = "您要办的是哪一项？" + "、".join(names)
    draft = Draft(Route.CLARIFY, (Statement(text, text),), options=names)
    return draft, Verdict(Action.CLARIFY, 0.8, ("三个事项同样符合",))


def _card(question: Question) -> tuple[Draft, Verdict]:
    citation = Citation(FAQ, "问答", "先挂失，再补办。", "社保卡丢了怎么办？", passage_key=21)
    said = Statement("先挂失，再补办。", "先挂失，再补办。", (citation,))
    return Draft(Route.FAQ, (said,)), Verdict(Action.ANSWER, 0.95, ("与常见问答一致",))


def _rude(question: Question) -> tuple[Draft, Verdict]:
    return NO_DRAFT, Verdict(Action.REFUSE, 1.0, ("含有辱骂内容",))


def _unknown(question: Question) -> tuple[Draft, Verdict]:
    return NO_DRAFT, Verdict(Action.REVIEW, 0.1, ("没有找到足够的依据",))


def _unsure(question: Question) -> tuple[Draft, Verdict]:
    """A draft with citations that is not said."""
    return _loan(question)[0], Verdict(Action.REVIEW, 0.3, ("证据只覆盖问题的一半",))


CANNED = {
    "不确定": _unsure,
    "设立登记": _fee,
    "公积金": _loan,
    "营业执照": _licence,
    "社保卡": _card,
    "滚": _rude,
}


def canned(question: Question) -> Outcome:
    """The outcome for the first known word of the question; a review otherwise."""
    make = next((make for word, make in CANNED.items() if word in question.text), _unknown)
    draft, verdict = make(question)
    said = verdict.action in {Action.ANSWER, Action.CLARIFY}
    return Outcome(
        question=question,
        draft=draft,
        verdict=verdict,
        text=draft.text if said else "这个问题已转交工作人员。",
        spoken=draft.spoken if said else "这个问题已转交工作人员。",
        ranked_ids=tuple(dict.fromkeys(c.source_id for c in draft.citations)),
        latency_ms=1.5,
    )


class FakeSources:
    """Sources in memory."""

    def __init__(self) -> None:
        self.by_key = {p.key: p for p in (*PASSAGES, EARLIER)}
        self.stored: dict[str, Source] = {}

    async def get(self, source_id: str, version: int | None = None) -> Source | None:
        return self.stored.get(source_id)

    async def passages(self, keys: Sequence[int]) -> Mapping[int, Passage]:
        return {key: self.by_key[key] for key in keys if key in self.by_key}

    async def passages_of(self, source_id: str) -> list[Passage]:
        return [p for p in PASSAGES if p.source_id == source_id]


class FakeIndex:
    """An index whose refresh can be made to fail."""

    def __init__(self) -> None:
        self.headers: dict[str, SourceHeader] = {h.id: h for h in HEADERS}
        self.generation = 1
        self.failure: Exception | None = None
        self.refreshed = 0
        self.announced: str | None = None

    def announce(self, url: str) -> None:
        self.announced = url

    async def status(self) -> object:
        return {"generation": self.generation, "sources": len(self.headers)}

    async def refresh(self) -> int:
        self.refreshed += 1
        if self.failure:
            raise self.failure
        return 0


@dataclass(frozen=True)
class Kept:
    id: str
    outcome: Outcome


class FakeOutcomes:
    """Outcomes in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}
        self.keys: dict[str, Kept] = {}

    async def record(self, outcome: Outcome, key: str | None = None) -> str:
        if key in self.keys:
            raise Conflict("used")
        kept = Kept(str(ULID()), outcome)
        self.kept[kept.id] = kept
        if key is not None:
            self.keys[key] = kept
        return kept.id

    async def get(self, outcome_id: str) -> Kept | None:
        return self.kept.get(outcome_id)

    async def by_key(self, key: str) -> Kept | None:
        return self.keys.get(key)


@dataclass(frozen=True)
class Row:
    status: str
    source_ids: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Report:
    rows: tuple[Row, ...]


def _set_event() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass
class FakeDesk:
    """The assistant that the web sees."""

    sources: FakeSources = field(default_factory=FakeSources)
    index: FakeIndex = field(default_factory=FakeIndex)
    outcomes: FakeOutcomes = field(default_factory=FakeOutcomes)
    regions: RegionTree = REGIONS
    access: AccessDesk | None = None
    review: object = None
    voice: object = None
    verdict: object = None
    failure: Exception | None = None
    asked: list[Question] = field(default_factory=list)
    ingested: list[tuple[str, bytes]] = field(default_factory=list)
    go_on: asyncio.Event = field(default_factory=_set_event)
    is_warm: bool = False

    def clock(self) -> datetime:
        return datetime(2026, 3, 1, 16, 30, tzinfo=UTC)

    def lay_words(self, source_id: str) -> Sequence[str]:
        return ("俗称",) if source_id else ()

    async def warm(self) -> None:
        self.is_warm = True

    async def answer(self, question: Question) -> Outcome:
        self.asked.append(question)
        await self.go_on.wait()
        if self.failure:
            raise self.failure
        return canned(question)

    async def search(self, text: str, scope: Scope, limit: int) -> Ranking:
        if self.failure:
            raise self.failure
        header = self.index.headers[POLICY]
        hits = [Hit(p, header, Scores(1.0, 0.5, 0.25, 1.0, 0.8)) for p in PASSAGES[3:8]]
        return Ranking(tuple(hits[:limit]))

    async def ingest(self, paths: Sequence[Path]) -> "Report":
        if self.failure:
            raise self.failure
        self.ingested += [(path.name, path.read_bytes()) for path in paths]
        return Report(tuple(Row("created", (path.name,), "") for path in paths))

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["FakeDesk"]:
        yield self
