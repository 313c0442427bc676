"""The world outside the service: a platform that repeats until acknowledged, and a stage.

What they count is what the drill believes; the service's database is asked only for the export.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]

LINE = 2**28
"""Bytes of the longest line."""
TALK = ("哈哈哈", "主播好棒", "你好", "今天天气不错", "唱歌吧", "666")
ASKS = (
    "第{n}个问题怎么办理",
    "第{n}个证怎么办",
    "第{n}笔补贴多少",
    "急！第{n}件事怎么办",
    "第{n}项敏感怎么说",
)


@dataclass
class Heard:
    """What platform and stage received."""

    acknowledged: set[str] = field(default_factory=set)
    keys: Counter[str] = field(default_factory=Counter)
    replies: Counter[tuple[str, str]] = field(default_factory=Counter)
    begun: Counter[str] = field(default_factory=Counter)
    texts: dict[str, str] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    offered_again: int = 0


class World:
    """A server for replies and cues, and a sender of comments."""

    def __init__(self, seed: int) -> None:
        self.heard = Heard()
        self.sent: dict[str, str] = {}
        self._random = random.Random(seed)
        self._stage: asyncio.StreamWriter | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listen; gives the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LINE)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                message = json.loads(line)
                if message["op"] == "stage":
                    self._stage = writer
                    continue
                await getattr(self, f"_{message['op']}")(message)
                writer.write(b'{"ok": true}\n')
        except (ConnectionError, ValueError):  # killed in the middle of a line
            pass
        finally:
            writer.close()

    async def _reply(self, message: Message) -> None:
        """Counted before it is acknowledged: the service may die in between."""
        self.heard.keys[message["key"]] += 1
        self.heard.replies[message["address"], message["text"]] += 1
        await asyncio.sleep(self._random.random() * 0.01)

    async def _play(self, message: Message) -> None:
        """A cue that was begun is not begun again, only acknowledged again."""
        cue = message["id"]
        if cue in self.heard.texts:
            self.heard.offered_again += 1
        else:
            self.heard.begun[cue] += 1
            self.heard.texts[cue] = message["text"]
        task = asyncio.create_task(self._say(cue))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _stop(self, message: Message) -> None:
        del message

    async def _say(self, cue: str) -> None:
        await asyncio.sleep(self._random.random() * 0.02)
        self._tell(cue, "started")
        await asyncio.sleep(0 if cue in self.heard.ended else self._random.random() * 0.05)
        self.heard.ended.add(cue)
        self._tell(cue, "ended")

    def _tell(self, cue: str, kind: str) -> None:
        if self._stage is not None and not self._stage.is_closing():
            self._stage.write(json.dumps({"cue": cue, "kind": kind}).encode() + b"\n")

    def comments(self, number: int) -> list[Message]:
        """New comments: questions, the same asked by others, talk; and now and then a repeat."""
        made = []
        for _ in range(number):
            n = len(self.sent) + 1
            if self.sent and self._random.random() < 0.15:
                again = self._random.choice(list(self.sent))
                made.append({"id": again, "text": self.sent[again], "user": f"u{again}"})
                continue
            text = self._text(n)
            self.sent[f"e{n}"] = text
            made.append({"id": f"e{n}", "text": text, "user": f"ue{n}"})
        return made

    def _text(self, n: int) -> str:
        kind = self._random.random()
        if kind < 0.5:
            return f"{self._random.choice(TALK)}{self._random.randint(1, 10**6)}"
        asked = n if kind < 0.85 else max(1, n - self._random.randint(1, 40))
        return ASKS[asked % len(ASKS)].format(n=asked)

    async def send(self, port: int, comments: Sequence[Message]) -> None:
        """Push until it is acknowledged, whatever happens to the service meanwhile."""
        while True:
            try:
                answer = await ask(port, {"op": "events", "events": list(comments)})
            except (OSError, ValueError):
                await asyncio.sleep(0.02)
                continue
            if answer["ok"]:
                self.heard.acknowledged.update(comment["id"] for comment in comments)
                return
            await asyncio.sleep(0.02)


async def ask(port: int, message: Message) -> Message:
    """One question to the service. Raises OSError or ValueError where it dies over it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=LINE)
    try:
        writer.write(json.dumps(message).encode() + b"\n")
        await writer.drain()
        answer: Message = json.loads(await reader.readline())
        return answer
    finally:
        writer.close()
