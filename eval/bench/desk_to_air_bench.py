"""How soon an approved answer is in the room, and how soon the machine gives it by itself.

    python -m eval.bench.desk_to_air_bench [--answers 30] [--sql-url URL] [--out FILE.json]

The whole service (`open_service`, the index followed as the web application does) over one source.
A viewer asks what the product does not know; a reviewer settles it with that source. Timed from the
end of the undo window of 10 s: until the answer's cue and the viewer's reply are stored, and until
the question desk gives the answer by itself to whoever asks the same.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path

from assistant.access.accounts import Role
from assistant.access.staff import NewAccount
from assistant.bootstrap import Assistant, Settings, live_reads, live_records, open_service
from assistant.domain.live import Room
from assistant.domain.question import Question
from assistant.domain.review import ResolutionKind
from assistant.domain.verdict import Action
from assistant.live.orders import Automatic
from assistant.live.platforms.page import new_viewer
from assistant.review.orders import Settle, Source
from assistant.web.metrics import Metrics
from assistant.web.refresh import RefreshState, following
from assistant.web.services import WebOptions
from eval.bench.bench_table import Figures, percentile, report

REGION = "990181"
ROOM = "hall"
LIMIT = 60.0
EVERY = 2.5
LOOK = 0.02
LAW = {
    "kind": "policy_document",
    "id": "notice",
    "title": "示例县便民服务公告（示例）",
    "region": REGION,
    "effective_from": "2025-05-10",
    "text": "第一条　本公告所列事项由示例县政务服务中心集中受理。",
}
QUOTE = "本公告所列事项由示例县政务服务中心集中受理。"
OBJECTS = "便民卡 摊位证 通行码 体验券 认养牌 借阅册 停车位"
THINGS = "云杉 白桦 青松 银杏 香樟 丁香 海棠 腊梅 玉兰 紫藤 芍药 茉莉 蔷薇 石榴 枇杷 金桔"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--answers", type=int, default=30)
    parser.add_argument("--sql-url", default=os.environ.get("ASSISTANT_SQL_URL"))
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    rows = asyncio.run(_measured(given.answers, given.sql_url))
    report("desk_to_air", rows, given.out)


async def _measured(count: int, sql_url: str | None) -> dict[str, Figures]:
    with tempfile.TemporaryDirectory() as folder:
        more = {"sql_url": sql_url} if sql_url else {}
        settings = Settings(data_dir=Path(folder), **more)
        async with open_service(settings) as assistant, _index_follows(assistant):
            await _prepare(assistant, Path(folder))
            ones = [asyncio.create_task(_one(assistant, number)) for number in range(count)]
            waits = await asyncio.gather(*ones)
    return {
        "until it is in the room": _figures([one[0] for one in waits]),
        "until it is answered automatically": _figures([one[1] for one in waits]),
    }


def _index_follows(assistant: Assistant) -> AbstractAsyncContextManager[None]:
    """As the web application keeps it."""
    pause = WebOptions().refresh_seconds
    return following(assistant.index, RefreshState(), Metrics(), pause)


def _figures(seconds: list[float]) -> Figures:
    return {
        "n": len(seconds),
        "p50_s": round(percentile(seconds, 0.5), 3),
        "p95_s": round(percentile(seconds, 0.95), 3),
        "max_s": round(max(seconds), 3),
    }


def _thing(number: int) -> tuple[str, str]:
    """A question that nothing answers, and what the reviewer will say."""
    plants, things = THINGS.split(), OBJECTS.split()
    asked = plants[number % len(plants)] + things[number % len(things)]
    return f"{asked}怎么申领", f"{asked}在政务大厅{number + 1}号窗口申领。"


async def _prepare(assistant: Assistant, folder: Path) -> None:
    file = folder / "notice.jsonl"
    file.write_text(json.dumps(LAW, ensure_ascii=False), encoding="utf-8")
    await assistant.ingest([file])
    reviewer = NewAccount("sun", frozenset({Role.REVIEWER}), "孙立")
    await assistant.access.staff.add("cli", reviewer, "蓝色的窗户 seven")
    await live_records(assistant).put_room(Room(ROOM, "大厅", REGION, officers=("王科长",)))
    live = await assistant.live.desk.open(ROOM)
    await live.command(Automatic(on=True), "王科长")


async def _one(assistant: Assistant, number: int) -> tuple[float, float]:
    """From the question to both; a new one begins every `EVERY` seconds, as reviewers work."""
    asked, answer = _thing(number)
    await asyncio.sleep(number * EVERY)
    await _ask(assistant, asked, number)
    case_id = await _until(lambda: _case(assistant, asked))
    account = await assistant.access.staff.named("sun")
    view = await assistant.review.take(account, case_id)
    order = Settle(case_id, view.token, ResolutionKind.ANSWER, answer, (Source("notice", QUOTE),))
    settled = await assistant.review.settle(account, order)
    left = (settled.sends_at - datetime.now(UTC)).total_seconds()
    await asyncio.sleep(max(0.0, left))
    began = time.perf_counter()

    async def aired() -> float:
        await _until(lambda: _is_in_the_room(assistant, answer))
        return time.perf_counter() - began

    async def known() -> float:
        await _until(lambda: _is_answered(assistant, asked, answer))
        return time.perf_counter() - began

    return tuple(await asyncio.gather(aired(), known()))  # type: ignore[return-value]


async def _ask(assistant: Assistant, text: str, number: int) -> None:
    page = assistant.live.platforms(ROOM).page
    await page.post(new_viewer(), text, f"c{number}")


async def _until(look):
    ends = time.perf_counter() + LIMIT
    while not (found := await look()):
        if time.perf_counter() > ends:
            raise TimeoutError("it never came")
        await asyncio.sleep(LOOK)
    return found


async def _case(assistant: Assistant, asked: str) -> str:
    """The case of a question, once reception has seen to it."""
    live = assistant.live.desk.live(ROOM)
    ids = {one.id for one in live.snapshot().questions if one.text == asked}
    cases = await live_reads(assistant).open_cases(ROOM)
    return next((one.id for one in cases if one.question_id in ids), "")


async def _is_in_the_room(assistant: Assistant, answer: str) -> bool:
    """The cue is said or waits, and the reply to the viewer is stored."""
    now = assistant.live.desk.live(ROOM).snapshot()
    queue = [*now.waiting, *([now.current] if now.current else [])]
    session = assistant.live.desk.live(ROOM).session_id
    said = any(answer in one.text for one in queue)
    return said and any(one.text == answer for one in await live_reads(assistant).replies(session))


async def _is_answered(assistant: Assistant, asked: str, answer: str) -> bool:
    """Whether another viewer's question is answered by the desk itself."""
    question = Question(asked, as_of=datetime.now(UTC).date(), region=REGION)
    outcome = await assistant.answer(question)
    return outcome.verdict.action is Action.ANSWER and answer in outcome.text


if __name__ == "__main__":
    main()
