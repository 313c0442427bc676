"""The office's own rule packs: tried, saved, in force at once, taken up again, taken back."""

import json

import pytest

from assistant.domain.screening import Severity
from assistant.errors import Conflict, FormatError, NotFound
from assistant.records.database import Database
from assistant.records.rule_packs import RulePackRecords
from assistant.safety.pack_values import read_pack
from assistant.safety.packs import RulePacks
from assistant.safety.rules import Rules

pytestmark = pytest.mark.integration


def pack(*words: str, official: tuple[str, ...] = ()) -> str:
    rules = [
        {"name": f"r{at}", "code": "spam", "reason": f"第{at}条", "any": [f"[{word}]"]}
        for at, word in enumerate(words, start=1)
    ]
    known = {"pack": "own", "version": "1", "note": "试验", "official": list(official)}
    return json.dumps(known | {"rules": rules}, ensure_ascii=False)


@pytest.fixture
def rules(sqlite_database: Database, clock) -> Rules:
    records = RulePackRecords(sqlite_database, "office", clock)
    return Rules(records, RulePacks([read_pack(pack("红色气球"))]), None)


def is_clean(rules: Rules, text: str) -> bool:
    return rules.screen(text).severity is Severity.CLEAN


async def test_a_saved_pack_counts_at_once_for_who_holds_the_screen(rules: Rules) -> None:
    screen, before = rules.screen, rules.screen.version
    assert rules.try_("own", pack("紫色大象"), "紫色大象").verdict.reason == "第1条"
    assert is_clean(rules, "紫色大象")
    saved = await rules.save("own", pack("紫色大象"), actor="王芳", note="换词", after=0)
    assert (saved.number, saved.actor) == (1, "王芳")
    assert screen is rules.screen
    assert screen.version != before
    assert not is_clean(rules, "买紫色大象")
    assert is_clean(rules, "红色气球")


async def test_what_spares_a_text_is_told(rules: Rules) -> None:
    tried = rules.try_("own", pack("大象", official=("大象公园",)), "大象公园几点关门")
    assert tried.verdict.severity is Severity.CLEAN
    assert [(hit.rule, hit.spared_by) for hit in tried.hits] == [("r1", "大象公园")]


@pytest.mark.parametrize(
    ("draft", "told"),
    [("{", "JSON"), (pack("大象").replace('"own"', '"other"'), "不能改名"), (pack(), "")],
)
async def test_a_draft_with_faults_changes_nothing(rules: Rules, draft: str, told: str) -> None:
    before = rules.screen.version
    if told:
        with pytest.raises(FormatError, match=told):
            await rules.save("own", draft, actor="王芳")
        assert rules.screen.version == before
    else:
        assert (await rules.save("own", draft, actor="王芳")).number == 1


async def test_two_who_edit_at_once_are_told(rules: Rules) -> None:
    await rules.save("own", pack("一号词语"), actor="甲", after=0)
    with pytest.raises(Conflict):
        await rules.save("own", pack("二号词语"), actor="乙", after=0)
    assert not is_clean(rules, "一号词语")


async def test_versions_are_taken_up_again_and_back(
    rules: Rules, sqlite_database: Database, clock
) -> None:
    await rules.save("own", pack("一号词语"), actor="甲")
    await rules.save("own", pack("二号词语"), actor="甲")
    records = RulePackRecords(sqlite_database, "office", clock)
    later = Rules(records, RulePacks([read_pack(pack("红色气球"))]), None)
    await later.load()
    assert later.screen.version == rules.screen.version
    await later.revert("own", 1, actor="乙")
    assert not is_clean(later, "一号词语")
    await later.revert("own", 0, actor="乙")
    assert not is_clean(later, "红色气球")
    assert [one.number for one in await later.versions("own")] == [1, 2, 3, 4]
    with pytest.raises(NotFound):
        await later.revert("own", 9, actor="乙")
    with pytest.raises(NotFound):
        await later.versions("none")


async def test_a_pack_that_cannot_be_read_any_more_is_left(
    rules: Rules, sqlite_database: Database, clock
) -> None:
    records = RulePackRecords(sqlite_database, "office", clock)
    await records.save("own", "{", actor="甲")
    await rules.load()
    assert not is_clean(rules, "红色气球")
