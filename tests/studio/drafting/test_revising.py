"""A segment in other words keeps its facts; a voice that is slower gets fewer words."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain.studio import SectionKind, StreamDraft
from assistant.errors import BadInput, NotFound
from assistant.studio.drafting.drafter import lasts
from assistant.studio.drafting.revising import Reviser
from assistant.studio.drafting.timing import estimated
from assistant.studio.places import with_segment
from tests.studio.drafting.office import TODAY, office

pytestmark = pytest.mark.integration
TEXT = "下周三讲灵活就业人员参保，重点讲材料和线上怎么办，15分钟"


@pytest.fixture
async def draft(tmp_path: Path) -> StreamDraft:
    """A draft by templates."""
    async with office(tmp_path) as (_, drafter):
        return await drafter.draft(await drafter.brief(TEXT, TODAY), TODAY)


async def test_shorter_keeps_every_fact(draft: StreamDraft) -> None:
    old = next(one for one in draft.segments if one.kind is SectionKind.MATERIALS)
    new = await Reviser(estimated).segment(draft, old.id, "短一点")
    assert new.seconds < old.seconds
    assert {f for s in old.sentences for f in s.facts} == {
        f for s in new.sentences for f in s.facts
    }
    made = with_segment(draft, new)
    others = [
        (a.sentences, b.sentences) for a, b in zip(draft.segments, made.segments, strict=True)
    ]
    assert sum(a != b for a, b in others) == 1
    notes = next(s.notes for s in made.deck.slides if s.id == new.slides[0])
    assert notes == "".join(one.text for one in new.sentences)
    last, before = made.segments[-1], made.segments[-2]
    assert last.starts == pytest.approx(before.starts + before.seconds, abs=1)
    assert "没有配置模型" in new.fallback


async def test_an_example_begins_with_a_scene_not_said_yet(draft: StreamDraft) -> None:
    old = next(one for one in draft.segments if one.kind is SectionKind.MATERIALS)
    new = await Reviser(estimated).segment(draft, old.id, "举个例子")
    assert new.sentences[1:] == old.sentences
    assert new.sentences[0].text not in {o.text for s in draft.segments for o in s.sentences}


async def test_what_is_not_there_is_said_so(draft: StreamDraft) -> None:
    with pytest.raises(NotFound):
        await Reviser(estimated).segment(draft, "s99", "短一点")
    with pytest.raises(NotFound):
        await Reviser(estimated).slide(draft, "nowhere", "短一点")
    with pytest.raises(BadInput, match="没有改动"):
        await Reviser(estimated).slide(draft, draft.deck.slides[0].id, "短一点")
    with pytest.raises(BadInput, match="没有改动：没有配置模型"):
        await Reviser(estimated).segment(draft, "s1", "说得像唱歌")


async def test_the_minutes_are_met_by_the_voice_itself(tmp_path: Path) -> None:
    async with office(tmp_path) as (_, drafter):

        async def slow(texts: Iterable[str]) -> Mapping[str, float]:
            return {text: drafter.pace(text) * 1.4 for text in texts}

        brief = await drafter.brief(TEXT, TODAY)
        plain = await drafter.draft(brief, TODAY)
        made = await replace(drafter, hear=slow).draft(brief, TODAY)
    assert lasts(made.segments) == pytest.approx(900, rel=0.08)
    assert all(clip.seconds < 40 for clip in made.clips)
    words = [sum(len(o.text) for s in d.segments for o in s.sentences) for d in (plain, made)]
    assert words[1] < words[0]
    spoken = sum(one.seconds - one.open_seconds for one in made.segments)
    heard = sum(drafter.pace(o.text) * 1.4 for s in made.segments for o in s.sentences)
    assert spoken == pytest.approx(heard, rel=0.02)
