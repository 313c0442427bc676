"""A drafting job with a model that does everything wrong, through the API and over a restart."""

import asyncio
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assistant.records.schema_studio import studio_job_parts as parts
from tests.models.openai_server import OpenAIServer, completion, http, openai_server
from tests.support.studio_office import EDITOR, Staff, begun, events_of, filled, staffed

pytestmark = pytest.mark.integration
KINDS = ("good", "thinks", "other facts", "stalls", "nothing", "broken")
BEFORE = 3
"""Segments that are answered before the service stops."""


class Model:
    """Answers each segment in a way of its own, the first to be asked well, the second never …"""

    def __init__(self, server: OpenAIServer) -> None:
        self.server = server
        self.kinds: dict[str, str] = {}
        self.asked: Counter[str] = Counter()
        self.answered: list[str] = []
        self.goes_on = asyncio.Event()

    async def __call__(self, writer: asyncio.StreamWriter) -> None:
        prompt = self.server.requests[-1]["messages"][-1]["content"]
        if "【样稿】" not in prompt:
            await self._say(writer, self._outline(prompt))
            return
        title = re.search(r"这一段：\s*<<<\s*(.+?)\s*>>>", prompt, re.DOTALL)[1]
        kind = self.kinds.setdefault(title, KINDS[len(self.kinds) % len(KINDS)])
        self.asked[title] += 1
        if len(self.answered) >= BEFORE:
            await self.goes_on.wait()
        if kind == "stalls":
            await asyncio.sleep(60)
        self.answered.append(title)
        await self._say(writer, self._segment(kind, prompt))

    def _outline(self, prompt: str) -> str:
        ids = re.findall(r"^(p\d+) ", prompt, re.MULTILINE)
        lines = [{"id": one, "angle": "出门办事，谁都想顺顺当当"} for one in ids]
        return json.dumps({"sections": lines}, ensure_ascii=False) if ids else '{"ok": true}'

    def _segment(self, kind: str, prompt: str) -> str:
        sample = re.search(r"【样稿】\n<<<\n(.*?)\n>>>", prompt, re.DOTALL)[1]
        good = f"<口播>\n[] 哎呀，这一段您可听好了。\n{sample}\n</口播>"
        said = {
            "nothing": "",
            "broken": '{"sections": [{"text": "',
            "thinks": f"<think>[f1] 办结要99个工作日</think>{good}",
            "other facts": good.replace("\n</口播>", "\n[f1] 还要交888元。\n</口播>"),
        }
        return said.get(kind, good)

    async def _say(self, writer: asyncio.StreamWriter, text: str) -> None:
        writer.write(http(completion(text)))
        await writer.drain()


async def until_kept(editor: Staff, job_id: str, count: int) -> None:
    """So many segments as the model wrote them are stored."""
    mine = parts.c.job_id == job_id, parts.c.body.contains("口播")
    query = select(func.count()).select_from(parts).where(*mine)
    while True:
        async with editor.assistant.database.read() as connection:
            if await connection.scalar(query) >= count:
                return
        await asyncio.sleep(0.05)


async def test_it_goes_on_at_the_segment_and_names_each_fall_back(tmp_path: Path) -> None:
    async with openai_server() as server:
        model = Model(server)
        server.script.append(model)
        settings = await filled(
            tmp_path, chat_model="m", openai_base_url=server.url, draft_seconds=5.0
        )
        async with staffed(settings) as office:
            job = await begun(office[EDITOR])
            await until_kept(office[EDITOR], job["id"], BEFORE)
            before = list(model.answered)
        model.goes_on.set()
        async with staffed(settings) as office:
            told = events_of(await office[EDITOR].get(f"/jobs/{job['id']}/events"))
            assert (told[-1]["state"], told[-1]["done"]) == ("done", told[-1]["total"])
            done = [one["done"] for one in told]
            assert done == sorted(done)
            view = (await office[EDITOR].get(f"/streams/{job['id']}")).json()
    assert set(model.kinds.values()) == set(KINDS)
    assert [model.asked[title] for title in before] == [1] * len(before)
    made = {one["title"]: one for one in view["segments"]}
    for title, kind in model.kinds.items():
        one = made[title]
        fell = kind in {"stalls", "nothing", "broken"}
        assert (one["made_by"], bool(one["fallback"])) == (
            ("template", True) if fell else ("model", False)
        ), (title, kind, one["fallback"])
        named = [each for each in view["fallbacks"] if each.startswith(f"{title}：")]
        assert len(named) == fell, (title, kind)
    spoken = "".join(s["text"] for one in view["segments"] for s in one["sentences"])
    assert "这一段您可听好了" in spoken
    assert "888" not in spoken
    assert "99个" not in spoken
    assert not [one for one in view["problems"] if one["code"] == "unsupported"]
