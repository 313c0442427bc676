"""A stream that its sources cannot fill is asked back, with the length that they do fill."""

import json
from datetime import date
from pathlib import Path

import pytest

from assistant.bootstrap import Settings, drafter_of, open_assistant
from assistant.domain.studio import Brief, SectionKind, StreamDraft
from assistant.studio.drafting.drafter import Drafter, lasts
from tests.studio.drafting.office import TODAY, clock

pytestmark = pytest.mark.integration
THIN = {
    "kind": "service_guide",
    "id": "thin",
    "name": "古树名木查询",
    "authority": "清溪县林业局",
    "audience": ["自然人"],
    "locations": [{"address": "清溪县人民路1号"}],
    "consult_phone": "0000-1234567（示例）",
    "complaint_phone": "0000-7654321（示例）",
    "online": {"available": True, "platform": "清溪政务服务网"},
    "visits": 0,
    "appointment": False,
}


async def drafted(folder: Path, text: str) -> tuple[Brief, StreamDraft]:
    file = folder / "guides.jsonl"
    file.write_text(json.dumps(THIN, ensure_ascii=False) + "\n", "utf-8")
    settings = Settings(data_dir=folder / "data", chat_model=None)
    async with open_assistant(settings, clock=clock) as assistant:
        await assistant.ingest([file])
        drafter: Drafter = await drafter_of(assistant)
        brief = await drafter.brief(text, TODAY)
        return brief, await drafter.draft(brief, TODAY)


async def test_too_long_is_asked_back_and_what_is_offered_is_filled(tmp_path: Path) -> None:
    brief, draft = await drafted(tmp_path, "12月9日讲古树名木查询，60分钟")
    (ask,) = brief.missing
    (told,) = [one for one in draft.findings if one.place == "plan.time"]
    offered = int(ask.split("改成")[1].split("分钟")[0])
    assert ask.startswith(f"资料连答疑够讲{offered}分钟，撑不满60分钟")
    assert f"把时长改成{offered}分钟" in told.suggestion
    assert brief.minutes == 60
    (tmp_path / "again").mkdir()
    again, shorter = await drafted(tmp_path / "again", f"12月9日讲古树名木查询，{offered}分钟")
    assert again.missing == ()
    assert lasts(shorter.segments) == pytest.approx(offered * 60, rel=0.08)
    assert shorter.findings == ()


async def test_a_brief_without_minutes_gets_what_its_sources_fill(tmp_path: Path) -> None:
    brief, draft = await drafted(tmp_path, "12月9日讲古树名木查询")
    assert brief.day == date(2026, 12, 9)
    assert brief.minutes
    assert brief.minutes < 20
    assert any(f"按{brief.minutes}分钟起草" in one for one in brief.assumed)
    assert draft.findings == ()
    asked = next(one for one in draft.segments if one.kind is SectionKind.QUESTIONS)
    said = "".join(one.text for one in asked.sentences)
    assert "清溪县林业局" in said
    assert "到现场次数是0次" in said
