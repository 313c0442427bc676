"""The platform outside the service: signed pushes until acknowledged; it counts the replies.

It behaves badly on purpose: it repeats what was acknowledged, pushes a batch twice at once, and
holds batches back so that they come late.
"""

import asyncio
import json
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from assistant.bundled import bundled
from assistant.live.platforms.webhook import SIGNATURE, TIMESTAMP, sign
from eval.drills.drill_servers import Line
from eval.drills.serve_process import ROOM, SECRET
from eval.drills.verdict import answer_in

REHEARSAL = Path("../shared/data/rehearsal_93_dev.jsonl")
AGAIN, AT_ONCE, LATE, ASKED_AGAIN = 0.15, 0.1, 0.1, 0.08
QUESTIONS = 0.2
"""So many of the comments ask what the bundled knowledge answers."""
RETRY = 0.25
_OF_FIELDS = ("需要什么材料？", "收费吗？", "多久能办好？", "在哪里办？")
Row = dict[str, Any]


class ReplyServer:
    """Takes replies over HTTP; each is counted before it is acknowledged."""

    def __init__(self, seed: int) -> None:
        self.keys: Counter[str] = Counter()
        self.answers: Counter[tuple[str, str]] = Counter()
        self.badly_signed = 0
        self.is_refusing = False
        self.line = Line()
        self._random = random.Random(seed)

    async def start(self) -> str:
        """Listen; gives the address."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/replies"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[1:]
                named = (line.partition(":") for line in head if line)
                headers = {name.lower(): value.strip() for name, _, value in named}
                body = await reader.readexactly(int(headers["content-length"]))
                if await self.line.lost():
                    break
                if self.is_refusing:
                    writer.write(b"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\n{}")
                    continue
                self._count(headers, body)
                await asyncio.sleep(self._random.random() * 0.02)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        except (ConnectionError, asyncio.IncompleteReadError):  # killed in the middle
            pass
        finally:
            writer.close()

    def _count(self, headers: dict[str, str], body: bytes) -> None:
        stamp = headers[TIMESTAMP.lower()]
        self.badly_signed += headers[SIGNATURE.lower()] != sign(SECRET, stamp, body)
        said = json.loads(body)
        self.badly_signed += said["key"] != headers["idempotency-key"]
        self.keys[said["key"]] += 1
        self.answers[said["user_id"], answer_in(said["text"])] += 1


class Pusher:
    """Sends comments; `taken` is set with each acknowledgement."""

    def __init__(self, url: str, seed: int) -> None:
        self.sent: dict[str, Row] = {}
        self.acknowledged: set[str] = set()
        self.pushes: Counter[str] = Counter()
        self.taken = asyncio.Event()
        self._path = f"{url}/api/v1/rooms/{ROOM}/platforms/webhook"
        self._random = random.Random(seed)
        self._texts, self._asks = _rehearsed(), bundled_questions()
        self._late: list[list[Row]] = []

    async def run(self, rate: float, stop: asyncio.Event) -> None:
        """Push until told to stop, then what was held back."""
        async with httpx.AsyncClient(trust_env=False, timeout=10.0) as http:
            while not stop.is_set():
                rows = self._batch(self._random.randint(1, 8))
                if self._random.random() < LATE:
                    self._late.append(rows)
                elif self._random.random() < AT_ONCE:
                    await asyncio.gather(self._push(http, rows), self._push(http, rows))
                else:
                    await self._push(http, rows)
                if self._late and self._random.random() < LATE:
                    await self._push(http, self._late.pop(0))
                await asyncio.sleep(len(rows) / rate)
            while self._late:
                await self._push(http, self._late.pop())

    def _batch(self, number: int) -> list[Row]:
        rows = [self._row() for _ in range(number)]
        if self.acknowledged and self._random.random() < AGAIN:
            rows.append(self.sent[self._random.choice(sorted(self.acknowledged))])
        self._random.shuffle(rows)
        return rows

    def _row(self) -> Row:
        kind = self._random.random()
        if kind < ASKED_AGAIN and self.sent:
            return self._sends(self._random.choice(list(self.sent.values()))["text"])
        if kind < QUESTIONS or not self._texts:
            return self._sends(self._random.choice(self._asks))
        return self._sends(self._texts[(len(self.sent) + 1) % len(self._texts)])

    def _sends(self, text: str) -> Row:
        number = len(self.sent) + 1
        row = {
            "event_id": f"d{number}",
            "platform": "webhook",
            "room_id": ROOM,
            "type": "comment",
            "at": float(number),
            "user": {"id": f"u{number}", "name": f"网友{number}"},
            "text": text,
        }
        self.sent[row["event_id"]] = row
        return row

    async def _push(self, http: httpx.AsyncClient, rows: list[Row]) -> None:
        """Signed anew each time, until it is acknowledged."""
        body = json.dumps(rows, ensure_ascii=False).encode()
        while True:
            stamp = str(int(time.time()))
            headers = {TIMESTAMP: stamp, SIGNATURE: sign(SECRET, stamp, body)}
            try:
                answer = await http.post(self._path, content=body, headers=headers)
            except httpx.HTTPError as error:
                self.pushes[type(error).__name__] += 1
            else:
                self.pushes[str(answer.status_code)] += 1
                if answer.status_code == httpx.codes.OK:
                    receipt = answer.json()
                    self.acknowledged.update(receipt["accepted"], receipt["duplicate"])
                    self.taken.set()
                    return
            await asyncio.sleep(RETRY)


def _rehearsed() -> list[str]:
    """The comments of the rehearsal, in their order; none where the file is not there."""
    if not REHEARSAL.exists():
        return []
    rows = map(json.loads, REHEARSAL.read_text(encoding="utf-8").splitlines())
    return [row["text"] for row in rows if row["type"] == "comment"]


def bundled_questions() -> list[str]:
    """Questions that the bundled knowledge answers."""
    files = sorted((bundled("knowledge") / "faqs").glob("*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    return [text for row in rows for text in (row["question"], *row.get("similar_questions", ()))]


def item_questions() -> list[str]:
    """One of each item and field of the bundled guides: no two have the same answer."""
    files = sorted((bundled("knowledge") / "guides").glob("*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    return [row["name"] + asked for row in rows for asked in _OF_FIELDS]
