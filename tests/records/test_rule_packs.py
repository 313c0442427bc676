import pytest

from assistant.errors import Conflict, NotFound
from assistant.records.database import Database
from assistant.records.rule_packs import RulePackRecords

pytestmark = pytest.mark.contract


@pytest.fixture
def packs(database: Database, clock) -> RulePackRecords:
    return RulePackRecords(database, "office", clock)


async def test_versions_are_added_and_the_newest_is_active(packs: RulePackRecords, clock) -> None:
    await packs.save("abuse", "一", actor="a")
    clock.advance(minutes=5)
    second = await packs.save("abuse", "二", actor="b", note="改词", after=1)
    assert (second.number, second.created_at) == (2, clock.now)
    assert (await packs.active())["abuse"] == second
    assert [v.text for v in await packs.versions("abuse")] == ["一", "二"]


async def test_going_back_is_a_new_version(packs: RulePackRecords) -> None:
    await packs.save("vice", "旧", actor="a")
    await packs.save("vice", "新", actor="a")
    back = await packs.revert("vice", 1, actor="c")
    assert (back.number, back.text, back.actor) == (3, "旧", "c")
    assert len(await packs.versions("vice")) == 3


async def test_two_editors_do_not_overwrite_each_other(packs: RulePackRecords) -> None:
    await packs.save("crime", "一", actor="a", after=0)
    with pytest.raises(Conflict):
        await packs.save("crime", "二", actor="b", after=0)
    assert [v.text for v in await packs.versions("crime")] == ["一"]


async def test_an_unknown_version_is_said(packs: RulePackRecords) -> None:
    with pytest.raises(NotFound):
        await packs.revert("crime", 7, actor="a")


async def test_another_organisation_sees_nothing(database: Database, clock) -> None:
    await RulePackRecords(database, "a", clock).save("abuse", "一", actor="x")
    assert await RulePackRecords(database, "b", clock).active() == {}
