"""The shelf: who may fill it, what is shown, and what is gone with a change of its source."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from assistant.domain.answer import Citation
from assistant.domain.clips import ClipStanding, ClipState, TakenBack, clip_digest
from assistant.domain.source import Material
from assistant.domain.studio import Sentence
from assistant.errors import BadInput, Conflict, Forbidden, NotFound
from assistant.records.accounts_audit import AuditRecords
from assistant.records.clips import ClipRecords
from assistant.records.database import Database
from assistant.studio.clips.desk import ClipDesk, ClipDeskParts, Of
from assistant.studio.clips.files import CARD
from assistant.studio.clips.looking import ClipLooks
from assistant.studio.clips.making import CAPTIONS, COVER, SUBTITLES, VIDEO, MadeClip
from assistant.studio.clips.shelf import OfficeShelf, loop_of
from tests.studio.conftest import ANN, BOB, COUNTY, EVE, FAR, OLLY, REGIONS, Shelf, guide

pytestmark = pytest.mark.integration
ALIASES = ("办营业执照", "个体户开业")


@dataclass
class Office:
    """An office with one guide."""

    desk: ClipDesk
    shelf: OfficeShelf
    sources: Shelf
    audit: AuditRecords
    records: ClipRecords
    folder: Path
    taken: list[TakenBack]


@pytest_asyncio.fixture
async def office(database: Database, clock, new_id, tmp_path: Path) -> AsyncIterator[Office]:
    sources = Shelf()
    sources.put(guide())
    audit = AuditRecords(database, "office", clock)
    records = ClipRecords(database, "office", audit)
    folder, taken = tmp_path / "clips", []

    async def doubts() -> list[TakenBack]:
        return taken

    looks = ClipLooks(sources, folder, clock, doubts)
    yield Office(
        ClipDesk(ClipDeskParts(records, looks, REGIONS, clock, new_id)),
        OfficeShelf(
            records,
            looks,
            lambda source_id: ALIASES if source_id == "guide-1" else (),
            lambda text: "设立登记" if "开店" in text else "",
        ),
        sources,
        audit,
        records,
        folder,
        taken,
    )


async def shown(office: Office, text: str = "") -> list[str]:
    return [one.id for one in await office.shelf.shown(text)]


async def test_an_approved_clip_is_shown_with_its_files_and_told_in_the_chain(
    office: Office, film: MadeClip
) -> None:
    added = await office.desk.add(film, BOB)
    (one,) = await office.shelf.shown()
    assert (one.id, one.title) == (added.id, "个体工商户设立登记，要带什么材料？")
    assert {path.name for path in one.folder.iterdir()} == {
        VIDEO, CAPTIONS, SUBTITLES, COVER, CARD,
    }  # fmt: skip
    assert (one.folder / VIDEO).read_bytes() == film.files[VIDEO]
    assert list(office.folder.iterdir()) == [one.folder]
    entry, payload = (await office.audit.recent(1))[0]
    assert (entry.actor, entry.action, entry.subject) == ("bob", "clip.approved", added.id)
    assert film.card.digest in payload.body
    with pytest.raises(Conflict, match="已经上架"):
        await office.desk.add(film, BOB)


async def test_who_may_not_approve_does_not(office: Office, film: MadeClip) -> None:
    for one in (ANN, OLLY, FAR, replace(BOB, is_outsourced=True)):
        with pytest.raises(Forbidden):
            await office.desk.add(film, one)
    with pytest.raises(Forbidden, match="另一位"):
        await office.desk.add(film, BOB, writers=("ann", "bob"))
    assert await shown(office) == []


async def test_a_withdrawn_clip_is_gone_and_may_come_as_a_new_one(
    office: Office, film: MadeClip
) -> None:
    added = await office.desk.add(film, BOB)
    with pytest.raises(Forbidden):
        await office.desk.withdraw(added.id, "错了", OLLY)
    with pytest.raises(NotFound):
        await office.desk.withdraw(added.id, "错了", FAR)
    with pytest.raises(BadInput):
        await office.desk.withdraw(added.id, " ", EVE)
    with pytest.raises(NotFound):
        await office.desk.withdraw("nobody", "错了", EVE)
    await office.desk.withdraw(added.id, "地址错了", EVE)
    assert await shown(office) == []
    assert await office.shelf.get(added.id) is None
    (gone,) = await office.records.listed(ClipState.WITHDRAWN)
    assert gone.why == "地址错了"
    entry, payload = (await office.audit.recent(1))[0]
    assert (entry.actor, entry.action) == ("eve", "clip.withdrawn")
    assert "地址错了" in payload.body
    with pytest.raises(Conflict):
        await office.desk.withdraw(added.id, "再一次", EVE)
    again = await office.desk.add(film, BOB)
    assert await shown(office) == [again.id]


async def test_a_changed_fact_takes_the_clip_away_another_field_does_not(
    office: Office, film: MadeClip
) -> None:
    added = await office.desk.add(film, BOB)
    office.sources.put(guide(result="营业执照"))
    assert await shown(office) == [added.id]
    office.sources.put(guide(materials=(Material("登记申请书", originals=2),)))
    assert await shown(office) == []
    assert await office.shelf.get(added.id) is None
    office.sources.put(guide())
    assert await shown(office) == [added.id]
    office.sources.retire("guide-1")
    assert await shown(office) == []


async def test_an_ended_source_takes_the_clip_away_the_day_after(
    office: Office, film: MadeClip, clock
) -> None:
    last = clock.now.date()
    office.sources.put(guide(), effective_to=last)
    added = await office.desk.add(film, BOB)
    (one,) = await office.shelf.shown()
    assert one.until == last
    clock.now += timedelta(days=1)
    assert await office.shelf.get(added.id) is None
    assert await shown(office) == []


async def test_what_its_facts_do_not_bear_out_is_not_put_up(office: Office, film: MadeClip) -> None:
    for text, told in (
        ("登记申请书，原件3份。", "原件3份"),
        ("全国第一，保证通过。", "保证通过"),
    ):
        words = (film.card.clip.sentences[0], Sentence(text, ("f2",)))
        clip = replace(film.card.clip, sentences=words)
        card = replace(film.card, clip=clip, digest=clip_digest(clip))
        with pytest.raises(Conflict, match=told):
            await office.desk.add(MadeClip(card, film.files), BOB)
    office.sources.put(guide(fee="收费50元"))
    with pytest.raises(Conflict, match="已更新"):
        await office.desk.add(film, BOB)


async def test_it_is_found_by_title_alias_and_everyday_word(office: Office, film: MadeClip) -> None:
    added = await office.desk.add(film, BOB)
    for text in ("设立登记", "办营业执照", "我想办营业执照要带什么", "个体户", "开店", "  "):
        assert await shown(office, text) == [added.id], text
    for text in ("社保卡", "不动产", "营业执照注销公告"):
        assert await shown(office, text) == [], text


async def test_a_room_shows_in_its_loop_what_its_region_sees(
    office: Office, film: MadeClip
) -> None:
    here = MadeClip(replace(film.card, region=COUNTY), film.files)
    await office.desk.add(here, BOB)
    found = await office.shelf.shown()
    assert loop_of(found, COUNTY, REGIONS) == list(found)
    assert loop_of(found, "990000", REGIONS) == []
    assert loop_of(found, None, REGIONS) == list(found)


async def test_another_organisation_sees_none_of_it(
    office: Office, film: MadeClip, database: Database
) -> None:
    added = await office.desk.add(film, BOB)
    theirs = ClipRecords(database, "other", office.audit)
    assert await theirs.get(added.id) is None
    assert await theirs.listed(ClipState.APPROVED) == []
    with pytest.raises(NotFound):
        await theirs.withdraw(added.id, "x", "y")


def taken_back(clock, *cited: tuple[str, str], **more: object) -> TakenBack:
    """An answer about the clip's guide that cited these fields (label, words)."""
    quotes = tuple(Citation("guide-1", label, quote) for label, quote in cited)
    return TakenBack("i1", "期限写错了", clock(), ("guide-1",), quotes, **more)


async def test_what_a_withdrawn_answer_stated_is_off_until_a_reviewer_looked(
    office: Office, film: MadeClip, clock
) -> None:
    added = await office.desk.add(film, BOB)
    office.taken.append(taken_back(clock, ("收费", "收费：不收费")))
    assert await shown(office) == []
    assert await office.shelf.get(added.id) is None
    (looked,) = await office.desk.listed(OLLY, ClipState.APPROVED)
    assert looked.standing is ClipStanding.DOUBTED
    assert "期限写错了" in looked.why
    for one in (EVE, OLLY):
        with pytest.raises(Forbidden):
            await office.desk.clear(added.id, "已核对", one)
    with pytest.raises(BadInput):
        await office.desk.clear(added.id, " ", BOB)
    await office.desk.clear(added.id, "收费没有错", BOB)
    assert await shown(office) == [added.id]
    entry, payload = (await office.audit.recent(1))[0]
    assert (entry.actor, entry.action) == ("bob", "clip.cleared")
    assert "收费没有错" in payload.body
    with pytest.raises(Conflict):
        await office.desk.clear(added.id, "再看", BOB)
    office.taken.append(replace(taken_back(clock, ("收费", "收费：不收费")), id="i2"))
    assert await shown(office) == []


async def test_which_withdrawn_answers_meet_a_clip(office: Office, film: MadeClip, clock) -> None:
    name, limit = ("事项名称", "个体工商户设立登记"), ("承诺办结时限", "2个工作日")
    cases = {
        "another field": (taken_back(clock, name, limit), True),
        "its material, whatever the field is called": (
            taken_back(clock, name, ("申请材料", "1. 登记申请书（原件1份）\n2. 照片")),
            False,
        ),
        "nothing but the name": (taken_back(clock, name), False),
        "nothing is known of what it cited": (taken_back(clock), False),
        "another source": (replace(taken_back(clock), source_ids=("guide-2",)), True),
        "corrected before the approval": (
            taken_back(clock, corrected_at=clock() - timedelta(minutes=1)),
            True,
        ),
        "corrected after it": (taken_back(clock, corrected_at=clock() + timedelta(1)), False),
    }
    await office.desk.add(film, BOB)
    for told, (one, is_shown) in cases.items():
        office.taken[:] = [one]
        assert bool(await shown(office)) is is_shown, told


async def test_one_that_takes_anothers_place(office: Office, film: MadeClip) -> None:
    first = await office.desk.add(film, BOB)
    again = await office.desk.add(film, BOB, of=Of("st1", "d" * 64, (first.id,)))
    assert await shown(office) == [again.id]
    assert (again.stream_id, again.approval) == ("st1", "d" * 64)
    (gone,) = await office.records.listed(ClipState.WITHDRAWN)
    assert (gone.id, gone.why) == (first.id, "由新批准的一条代替")
