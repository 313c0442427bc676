"""A recorded stream pushed to the service in real time, as a platform's relay pushes it."""

import asyncio
import gzip
import json
import time
from pathlib import Path
from typing import Any

import httpx

from assistant.live.platforms.webhook import SIGNATURE, TIMESTAMP, sign
from eval.drills.serve_process import ROOM, SECRET

PAUSE = 0.05
Row = dict[str, Any]


def recorded(path: Path, begin: float, seconds: float) -> list[Row]:
    """The comments of a part of a recording (FORMATS §5), their times from its beginning."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    part = [one for one in rows if begin <= one["at"] < begin + seconds]
    found: dict[str, Row] = {}
    for one in sorted(part, key=lambda row: float(row["at"])):
        if one["type"] == "comment":
            placed = {"at": one["at"] - begin, "platform": "webhook", "room_id": ROOM}
            found.setdefault(one["event_id"], one | placed)
    return list(found.values())


class Feed:
    """Pushes what is due, signed, until it is acknowledged. `sent` is when (Unix seconds)."""

    def __init__(self, url: str, rows: list[Row]) -> None:
        self.rows = rows
        self.sent: dict[str, float] = {}
        self.acknowledged: set[str] = set()
        self.errors = 0
        self._path = f"{url}/api/v1/rooms/{ROOM}/platforms/webhook"

    async def run(self) -> None:
        """All of them, each at its time; what came meanwhile goes together."""
        left, began = list(self.rows), time.monotonic()
        async with httpx.AsyncClient(trust_env=False, timeout=10.0) as http:
            while left:
                now = time.monotonic() - began
                due = [one for one in left if one["at"] <= now]
                left = left[len(due) :]
                if due:
                    self.sent.update(dict.fromkeys((one["event_id"] for one in due), time.time()))
                    await self._push(http, due)
                await asyncio.sleep(PAUSE)

    async def _push(self, http: httpx.AsyncClient, rows: list[Row]) -> None:
        body = json.dumps(rows, ensure_ascii=False).encode()
        while True:
            stamp = str(int(time.time()))
            headers = {TIMESTAMP: stamp, SIGNATURE: sign(SECRET, stamp, body)}
            try:
                answer = await http.post(self._path, content=body, headers=headers)
                answer.raise_for_status()
            except httpx.HTTPError:
                self.errors += 1
                await asyncio.sleep(1.0)
                continue
            receipt = answer.json()
            self.acknowledged.update(receipt["accepted"], receipt["duplicate"])
            return
