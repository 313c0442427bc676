"""您可以这样问 on the stage: only what the guides state, and the desk answers each of them."""

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from assistant.bootstrap import Settings, open_service
from assistant.domain.source import Channel as Way
from assistant.domain.source import LimitUnit as Unit
from assistant.domain.source import (
    Location,
    Material,
    Online,
    ServiceGuide,
    Step,
    TimeLimit,
)
from assistant.web.app import create_app
from assistant.web.live.idle import question_on
from tests.support.live_office import ROOM, fill, hall
from tests.support.small_knowledge import GUIDE, write_knowledge

pytestmark = pytest.mark.integration
BARE = ServiceGuide("bare", "刑事案件查询")
STATED = {
    "materials": (Material("申请书"),),
    "steps": (Step(Way.WINDOW, "到窗口提出申请。"),),
    "statutory_limit": TimeLimit(5, Unit.WORKDAY),
    "locations": (Location("清溪县政务服务中心"),),
    "fee": "不收费",
    "online": Online(available=False),
    "consult_phone": "0000-7654321（示例）",
}


def test_a_guide_is_asked_for_what_it_states_alone() -> None:
    assert question_on(BARE) == ""
    asked = {question_on(replace(BARE, **{name: value})) for name, value in STATED.items()}
    assert len(asked) == len(STATED)
    assert all(one.startswith(BARE.name) and one.endswith("？") for one in asked)
    assert question_on(replace(BARE, materials=(), fee="不收费")) == "刑事案件查询要收费吗？"


async def test_the_desk_answers_what_the_stage_suggests(tmp_path: Path) -> None:
    common = {key: GUIDE[key] for key in ("kind", "region")}
    stated = {
        "steps": [{"channel": "window", "text": "到窗口提出申请。"}],
        "promised_limit": {"value": 5, "unit": "workday"},
        "locations": [{"name": "清溪县政务服务中心"}],
        "fee": "不收费",
        "online": {"available": False},
        "consult_phone": "0000-7654321（示例）",
    }
    names = ("刑事案件查询", "路灯报修", "古树认养", "渔船过户", "农机年检", "茶园普查")
    rows = [
        common | {"id": f"g{n}", "name": name, field: stated[field]}
        for n, (name, field) in enumerate(zip(names, stated, strict=True))
    ]
    settings = Settings(data_dir=tmp_path / "data")
    await fill(settings, write_knowledge(tmp_path / "files", GUIDE, *rows), hall())
    app = create_app(lambda: open_service(settings))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://office") as client:
            asked = (await client.get(f"/stage/{ROOM}/idle")).json()["ask"]
            assert len(asked) == len(rows) + 1
            assert "刑事案件查询怎么办？" in asked
            for text in asked:
                told = (await client.post("/api/v1/questions", json={"question": text})).json()
                assert told["action"] == "answer", (text, told)
                assert "载明" not in str(told), (text, told)
