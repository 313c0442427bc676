"""What an approval froze outlives the cache; a changed source takes it back and raises an alarm."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from assistant.domain.studio_flow import frozen_digest, holds
from tests.models.openai_server import http, openai_server, sends
from tests.support.small_knowledge import GUIDE, write_knowledge
from tests.support.studio_office import EDITOR, REVIEWER, drafted, filled, staffed

pytestmark = pytest.mark.integration


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    while True:
        if await true():
            return
        await asyncio.sleep(0.05)


async def test_frozen_sounds_outlive_the_cache_and_a_changed_source_raises_the_alarm(
    tmp_path: Path,
) -> None:
    async with openai_server(sends(http(b"{}"))) as hook:
        settings = await filled(
            tmp_path, voice="offline", alert_url=f"{hook.url}/alert", alert_secret="s"
        )
        async with staffed(settings) as office:
            lin, sun, wang, assistant = *office.values(), office[EDITOR].assistant
            stream_id = await drafted(lin)
            first = (await lin.get(f"/streams/{stream_id}")).json()["segments"][0]
            heard = (await lin.get(f"/streams/{stream_id}/segments/{first['id']}/speech")).json()
            assert all(one["url"] for one in heard)
            await lin.send("POST", f"/streams/{stream_id}/submit", {"version": 1})
            await sun.send("POST", f"/streams/{stream_id}/approve", {"version": 1})

            reviewer = await assistant.access.staff.named(REVIEWER)
            words = (await assistant.studio.desk.version(reviewer, stream_id)).draft
            stream = (await assistant.studio.desk.view(reviewer, stream_id)).stream
            frozen = dict(stream.approval.audio)
            assert {one["place"] for one in heard} <= set(frozen)
            assert stream.approval.digest == frozen_digest(words, frozen)
            assert stream.approval.digest != frozen_digest(words)
            names = [Path(one["url"]).name for one in heard]
            assert all(name in " ".join(frozen.values()) for name in names)
            await assistant.voice.forget([GUIDE["id"]])
            for file in (settings.data_dir / "audio" / "cache").rglob("*"):
                if file.is_file():
                    file.unlink()
            gone = await lin.client.get(heard[0]["url"])
            assert gone.status_code == 404
            assert holds(stream.approval, words)
            at = {"starts_at": f"{stream.day}T09:00:00+08:00", "room_id": "hall"}
            set_ = await wang.send("POST", f"/streams/{stream_id}/schedule", at)
            assert set_.json()["state"] == "scheduled"

            newer = write_knowledge(tmp_path / "files", GUIDE | {"fee": "收费20元"})
            await assistant.ingest([newer])

            async def returned() -> bool:
                view = (await lin.get(f"/streams/{stream_id}")).json()
                return view["stream"]["state"] == "in_review" and bool(hook.requests)

            await until(returned)
            view = (await lin.get(f"/streams/{stream_id}")).json()
            assert "有改动" in view["stream"]["alarm"]
            assert view["stream"]["digest"] == ""
            assert any(one["code"] == "source" and one["blocks"] for one in view["problems"])
            assert view["stream"]["alarm"] in (await lin.page("")).text
            (alert,) = hook.requests
            assert alert["code"] == "studio_returned"
            again = await sun.send("POST", f"/streams/{stream_id}/approve", {"version": 1})
            assert again.status_code == 409
            assert (
                await wang.send("POST", f"/streams/{stream_id}/schedule", at)
            ).status_code >= 400
