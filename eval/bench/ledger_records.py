"""A made-up office with many streams, written straight into the tables: for benchmarks and tests.

Texts are composed from a few words; nothing is copied from anybody. The same seed gives the same
rows.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert

from assistant.domain.answer import Citation, Draft, Route, Statement
from assistant.domain.verdict import Action
from assistant.records import schema, schema_live, schema_review
from assistant.records.codec import to_json
from assistant.records.database import Database

ITEMS = ("社会保障卡补办", "个体工商户设立登记", "居民身份证换领", "住房公积金提取", "不动产登记")
ASKED = ("要带什么材料", "几天能办好", "在哪里办", "收费多少", "能不能网上办", "周末上班吗")
NAMES = ("春风", "江边的鱼", "小林", "路过", "向阳", "阿宝 A4", "月月")
NOISE = ("主播好", "支持一下", "666", "声音有点小", "大家好")
PLATFORMS = ("douyin", "wechat_channels", "page", "bilibili")
ROOMS = (("hall", "清溪县政务直播间", "990181"), ("town", "榆林镇便民直播间", "990199"))
UNITS = ("县人社局", "市场监管局")
KINDS = ("spoken", "replied", "queued_for_review", "merged", "set_aside")
Row = dict[str, Any]


@dataclass
class Records:
    """Rows by table."""

    organization: str = "office"
    rows: dict[Table, list[Row]] = field(default_factory=dict)

    def add(self, table: Table, row: Row) -> None:
        """One more row."""
        self.rows.setdefault(table, []).append({"organization_id": self.organization, **row})


@dataclass
class Maker:
    """Makes streams of comments: of `questions`, each with some noise before it."""

    began: datetime
    seed: int = 1
    noise: int = 2
    of_session: int = 500
    step: timedelta = timedelta(seconds=40)
    made: Records = field(default_factory=Records)
    _count: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._at = self.began
        for room, name, region in ROOMS:
            switches = {"automatic": True, "automatic_by": "王芳", "muted": False}
            shown = {"id": room, "name": name, "region": region, "topic": "", "officers": "[]"}
            self.made.add(schema_live.rooms, shown | switches | {"state": "closed"})

    def make(self, questions: int) -> Records:
        """Rows of so many questions."""
        for number in range(questions):
            if number % self.of_session == 0:
                self._open(number // self.of_session)
            for _ in range(self._random.randrange(self.noise + 1)):
                self._comment(self._random.choice(NOISE), "set_aside", code="chatter")
            self._question(number)
        return self.made

    def _open(self, number: int) -> None:
        self._at += timedelta(hours=20)
        self._room = ROOMS[number % len(ROOMS)][0]
        self._session = self._id("s")
        self._earlier: list[str] = []
        ended = self._at + self.step * self.of_session * (self.noise + 1)
        own = {"id": self._session, "room_id": self._room, "opened_at": self._at}
        self.made.add(schema_live.live_sessions, own | {"closed_at": ended})

    def _question(self, number: int) -> None:
        item, asked = self._random.choice(ITEMS), self._random.choice(ASKED)
        kind = self._random.choices(KINDS, (40, 15, 20, 20, 5))[0]
        text = f"{item}{asked}（{number % 977}号窗口）"
        if kind == "merged" and self._earlier:
            repeated = self._random.choice(self._earlier)
            self._comment(f"请问{text}", kind, code="same", question_id=repeated, question=True)
            return
        kind = "spoken" if kind == "merged" else kind
        question_id = self._id("q")
        self._earlier.append(question_id)
        code = {"queued_for_review": "no_support", "set_aside": "refused"}.get(kind, "answered")
        self._comment(f"{asked}，{text}", kind, code=code, question_id=question_id, question=True)
        self._answered(question_id, text, item, kind)

    def _comment(
        self, text: str, kind: str, *, code: str, question_id: str | None = None, **more: bool
    ) -> None:
        self._at += self.step
        comment, is_question = self._id("c"), bool(more.get("question"))
        own = {"id": comment, "room_id": self._room, "session_id": self._session}
        platform, viewer = self._random.choice(PLATFORMS), f"v{self._random.randrange(4000):024x}"
        said = {"text": text, "viewer": viewer, "viewer_name": self._random.choice(NAMES)}
        came = {"platform": platform, "event_id": comment, "received_at": self._at, "hidden": "[]"}
        self.made.add(schema_live.comments, own | said | came)
        decided = {"comment_id": comment, "session_id": self._session, "kind": kind, "code": code}
        took = {"decided_at": self._at + timedelta(milliseconds=60), "decision_ms": 60.0}
        verdict = {"is_question": is_question, "question_id": question_id, "action": _action(kind)}
        reason = {"reason": {"chatter": "闲聊", "no_support": "依据不足"}.get(code, "已答复")}
        self.made.add(schema_live.decisions, decided | took | verdict | reason)

    def _answered(self, question_id: str, text: str, item: str, kind: str) -> None:
        number = f"清政办发〔20{self._random.randrange(16, 26)}〕{self._random.randrange(1, 90)}号"
        answer = f"{item}：带身份证原件到政务大厅办理，依据{number[:4]}文件，五个工作日办结。"
        cited = (Citation("policy-1", "第三条", "带身份证原件办理", item, number),)
        route = self._random.choice((Route.GUIDE, Route.POLICY, Route.FAQ))
        outcome, at = self._id("o"), self._at + timedelta(seconds=1)
        region = self._random.choice(("990181", None))
        draft = to_json(Draft(route, (Statement(answer, answer, cited),)))
        citations = to_json(cited, tuple[Citation, ...])
        self.made.add(
            schema.questions,
            {
                "id": outcome, "at": at, "text": text, "region": region, "as_of": at.date(),
                "history": "[]", "tags": "[]", "action": _action(kind), "confidence": 0.9,
                "reasons": '["事项名称完全一致"]', "route": route, "draft": draft,
                "answer": answer, "spoken": answer, "citations": citations, "ranked_ids": "[]",
                "latency_ms": 20.0,
            },
        )  # fmt: skip
        states = {"queued_for_review": "in_review", "set_aside": "refused"}
        own = {"id": question_id, "room_id": self._room, "session_id": self._session}
        said = {"answer": answer, "spoken": answer, "citations": citations, "answered_at": at}
        self.made.add(
            schema_live.live_questions,
            own
            | said
            | {"text": text, "first_at": self._at, "state": states.get(kind, "answered")}
            | {"region": region, "urgency": "normal", "asked_by": 1, "action": _action(kind)}
            | {"outcome_id": outcome},
        )
        if kind == "spoken":
            self._spoken(own, answer, citations, at)
        if kind == "queued_for_review":
            self._case(own, item)

    def _spoken(self, own: Row, answer: str, citations: str, at: datetime) -> None:
        said = {"kind": "answer", "text": answer, "spoken": answer, "citations": citations}
        times = {"made_at": at, "started_at": at + timedelta(seconds=2), "ended_at": at}
        rest = {"asked_by": 1, "seconds": 9.0, "state": "done", "actor": None}
        question = {"id": self._id("u"), "question_id": own["id"]}
        self.made.add(schema_live.cues, own | said | times | rest | question)

    def _case(self, own: Row, item: str) -> None:
        case, at = self._id("k"), self._at
        state = self._random.choices(("resolved", "waiting", "handed"), (60, 25, 15))[0]
        row = own | {"id": case, "question_id": own["id"], "code": "no_support", "state": state}
        row |= {"reason": "依据不足", "made_at": at, "urgency": "normal", "settled_at": None}
        row |= {"due_at": at + timedelta(minutes=1), "due_class": "on_air"}
        row |= {"unit": "", "unit_due_at": None, "unit_note": "", "resolution_id": None}
        if state != "waiting":
            row["resolution_id"] = self._id("z")
            self._resolution(row["resolution_id"], case, item, handed=state == "handed")
        if state == "handed":
            row |= {"unit": self._random.choice(UNITS), "unit_due_at": at + timedelta(days=5)}
            row |= {"unit_note": "请核实后回复"}
        if state == "resolved":
            row["settled_at"] = at + timedelta(minutes=2)
        self.made.add(schema_live.review_cases, row)

    def _resolution(self, resolution: str, case: str, item: str, *, handed: bool) -> None:
        at = self._at + timedelta(seconds=50)
        words = "已转部门办理，请留意回复。" if handed else f"{item}请带户口簿到二楼综合窗口。"
        self.made.add(
            schema_review.review_resolutions,
            {
                "id": resolution, "kind": "hand_over" if handed else "edit",
                "case_ids": json.dumps([case]), "text": words, "spoken": words, "actor": "sun",
                "actor_name": "孙立", "made_at": at, "sends_at": at + timedelta(seconds=10),
                "citations": "[]", "basis": "[]", "note": "电话核实过", "aloud": True,
                "learn": not handed, "personal": False, "similar": "[]", "negatives": "[]",
                "seen": "{}", "took_ms": 9000.0, "sent_at": at + timedelta(seconds=10),
                "undone_at": None, "second_by": None, "second_at": None,
            },
        )  # fmt: skip

    def _id(self, sign: str) -> str:
        """Ids that sort in the order in which they were made, of a ULID's length."""
        self._count += 1
        return f"{self._count:025d}{sign}"


def _action(kind: str) -> str:
    by_kind = {"queued_for_review": Action.REVIEW, "set_aside": Action.REFUSE}
    return by_kind.get(kind, Action.ANSWER).value


async def write(database: Database, records: Records, part: int = 2000) -> None:
    """Put the rows into the tables."""
    for table, rows in records.rows.items():
        for piece in _pieces(rows, part):

            def put(connection: Connection, table: Table = table, piece: list[Row] = piece) -> None:
                connection.execute(insert(table), piece)

            await database.in_one(put)


def _pieces(rows: list[Row], part: int) -> Iterator[list[Row]]:
    for start in range(0, len(rows), part):
        yield rows[start : start + part]
