"""How soon an approved answer is in the room, and how soon the machine gives it by itself.

    python -m eval.bench.desk_to_air_bench [--answers 30] [--sql-url URL] [--out FILE.json]

The whole service (`open_service`) over an empty knowledge base of a few sources. A viewer asks what
the product does not know; a reviewer settles it with a source; both are timed from the end of the
undo window: until the answer's cue and the viewer's reply are stored and on their way, and until
the same question from another viewer (in a room of its own) is answered automatically.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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
from eval.bench.bench_table import Figures, percentile, report

REGION = "990181"
ROOM = "hall"
LIMIT = 60.0
LAW = {
    "kind": "policy_document",
    "id": "notice",
    "title": "示例县便民服务公告（示例）",
    "region": REGION,
    "effective_from": "2025-05-10",
}
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
        more = {"database_url": sql_url} if sql_url else {}
        settings = Settings(data_dir=Path(folder), **more)
        async with open_service(settings, rehearses=True) as assistant:
            await prepare(assistant, Path(folder), count)
            following = asyncio.create_task(follow(assistant))
            waits = [await _one(assistant, number) for number in range(count)]
            following.cancel()
            await assistant.live.desk.stop()
    return {
        "until it is in the room": figures([one[0] for one in waits]),
        "until it is answered automatically": figures([one[1] for one in waits]),
    }


async def follow(assistant: Assistant) -> None:
    """Take up what was learnt as `web.refresh` does in the service: every half second."""
    while True:
        await assistant.index.refresh()
        await asyncio.sleep(0.5)


def figures(seconds: list[float]) -> Figures:
    """How long it took."""
    return {
        "n": len(seconds),
        "p50_s": round(percentile(seconds, 0.5), 3),
        "p95_s": round(percentile(seconds, 0.95), 3),
        "max_s": round(max(seconds), 3),
    }


def thing(number: int) -> tuple[str, str]:
    """A question that nothing answers, and the sentence that will."""
    first, second = divmod(number, 16)
    names = THINGS.split()
    name = names[first % 16] + names[second]
    return f"{name}便民卡怎么领", f"{name}便民卡在政务大厅{number + 1}号窗口领取。"


def clause(number: int) -> str:
    """What the source says of it: too little for the machine, enough for a person."""
    return f"服务事项{number + 1}在政务大厅{number + 1}号窗口办理。"


async def prepare(assistant: Assistant, folder: Path, count: int) -> None:
    """The one source, and the one reviewer."""
    text = "\n\n".join(f"第{n + 1}条　{clause(n)}" for n in range(count))
    file = folder / "notice.jsonl"
    import json

    file.write_text(json.dumps({**LAW, "text": text}, ensure_ascii=False), encoding="utf-8")
    await assistant.ingest([file])
    reviewer = NewAccount("sun", frozenset({Role.REVIEWER}), "孙立")
    await assistant.access.staff.add("cli", reviewer, "蓝色的窗户 seven")


async def open_room(assistant: Assistant, number: int) -> str:
    """A room for each answer: in one room near questions would be merged."""
    room_id = f"{ROOM}-{number}"
    await live_records(assistant).put_room(Room(room_id, "大厅", REGION, officers=("王科长",)))
    live = await assistant.live.desk.open(room_id)
    await live.command(Automatic(on=True), "王科长")
    return room_id


async def _one(assistant: Assistant, number: int) -> tuple[float, float]:
    asked, answer = thing(number)
    room_id = await open_room(assistant, number)
    page = assistant.live.platforms(room_id).page
    await page.post(new_viewer(), asked, f"c{number}")
    case_id = await until(lambda: case_of(assistant, room_id, asked))
    account = await assistant.access.staff.named("sun")
    view = await assistant.review.take(account, case_id)
    basis = (Source("notice", clause(number)),)
    kind = ResolutionKind.ANSWER
    order = Settle(case_id, view.token, kind, answer, basis, at_once=True)
    began = time.perf_counter()  # given up, the window ends here
    await assistant.review.settle(account, order)

    async def aired() -> float:
        await until(lambda: is_in_the_room(assistant, room_id, answer))
        return time.perf_counter() - began

    async def known() -> float:
        await until(lambda: is_answered(assistant, asked, answer))
        return time.perf_counter() - began

    return tuple(await asyncio.gather(aired(), known()))  # type: ignore[return-value]


async def until(look: Callable[[], Awaitable[Any]]) -> Any:
    """What is seen in the end."""
    ends = time.perf_counter() + LIMIT
    while not (found := await look()):
        if time.perf_counter() > ends:
            raise TimeoutError("it never came")
        await asyncio.sleep(0.02)
    return found


async def case_of(assistant: Assistant, room_id: str, asked: str) -> str:
    """The case of a question, once reception has seen to it."""
    live = assistant.live.desk.live(room_id)
    ids = {one.id for one in live.snapshot().questions if one.text == asked}
    cases = await live_reads(assistant).open_cases(room_id)
    return next((one.id for one in cases if one.question_id in ids), "")


async def is_in_the_room(assistant: Assistant, room_id: str, answer: str) -> bool:
    """The cue is said or waits, and the reply to the viewer is stored."""
    now = assistant.live.desk.live(room_id).snapshot()
    queue = [*now.waiting, *([now.current] if now.current else [])]
    session = assistant.live.desk.live(room_id).session_id
    said = any(answer in one.text for one in queue)
    return said and any(one.text == answer for one in await live_reads(assistant).replies(session))


async def is_answered(assistant: Assistant, asked: str, answer: str) -> bool:
    """Whether another viewer's question is answered by the desk itself."""
    question = Question(asked, as_of=datetime.now(UTC).date(), region=REGION)
    outcome = await assistant.answer(question)
    return outcome.verdict.action is Action.ANSWER and answer in outcome.text


if __name__ == "__main__":
    main()
