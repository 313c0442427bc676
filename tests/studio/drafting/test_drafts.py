"""Drafts of all bundled kinds hold what they must; the checks find what is broken on purpose."""

import asyncio
import copy
import json
from pathlib import Path

import pytest

from assistant.bundled import bundled
from assistant.domain.studio import Sentence, StreamDraft
from assistant.records.codec import to_json
from assistant.studio.drafting.drafter import Drafter, lasts
from assistant.studio.drafting.files import files_of
from assistant.studio.drafting.timing import characters
from eval.deck_schema import schema_errors
from eval.studio.checklist import Case, added_materials, answers, missing_materials
from eval.studio.tracing import read_raw, untraced
from eval.studio_check import repeated
from tests.studio.drafting.office import TODAY, office

pytestmark = pytest.mark.integration
ROWS = [
    json.loads(line) for line in Path("eval/studio/briefs.jsonl").read_text("utf-8").splitlines()
]
RAW = read_raw(
    file
    for name in ("guides", "policies", "faqs")
    for file in (bundled("knowledge") / name).iterdir()
)


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, StreamDraft]:
    """All bundled briefs, drafted."""

    async def drafted(drafter: Drafter, text: str) -> StreamDraft:
        return await drafter.draft(await drafter.brief(text, TODAY), TODAY)

    async def every() -> dict[str, StreamDraft]:
        async with office(tmp_path_factory.mktemp("office")) as (_, drafter):
            return {row["id"]: await drafted(drafter, row["brief"]) for row in ROWS}

    return asyncio.run(every())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_draft_holds_every_bar(row: dict, drafts: dict[str, StreamDraft]) -> None:
    draft = drafts[row["id"]]
    kept = json.loads(to_json(draft))
    case = Case(kept, row, RAW)
    assert (draft.brief.kind, draft.brief.minutes) == (row["kind"], row["minutes"])
    assert untraced(kept, row, RAW)[1] == []
    assert missing_materials(case) + added_materials(case) == []
    assert abs(lasts(draft.segments) / 60 - row["minutes"]) <= 0.08 * row["minutes"]
    assert [name for name, yes in answers(case).items() if not yes] == []
    assert repeated(kept) == []
    assert draft.findings == ()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_its_deck_and_script_are_as_the_schemas_of_office_say(
    row: dict, drafts: dict[str, StreamDraft], tmp_path: Path
) -> None:
    files = dict(files_of(drafts[row["id"]], {}))
    for name in ("deck.pptx", "script.docx"):
        (tmp_path / name).write_bytes(files[name])
        assert schema_errors(tmp_path / name) == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_clips_are_short(row: dict, drafts: dict[str, StreamDraft]) -> None:
    clips = drafts[row["id"]].clips
    assert 0 < len(clips) <= 5
    for clip in clips:
        assert clip.seconds < 40
        assert sum(characters(one.text) for one in clip.sentences) <= 150


def _broken(draft: StreamDraft) -> dict:
    return copy.deepcopy(json.loads(to_json(draft)))


def test_a_changed_figure_is_found(drafts: dict[str, StreamDraft]) -> None:
    kept = _broken(drafts["b01"])
    for segment in kept["segments"]:
        for one in segment["sentences"]:
            one["text"] = one["text"].replace("2个工作日", "3个工作日")
    assert any("3" in lost for lost in untraced(kept, ROWS[0], RAW)[1])


def test_a_missing_and_an_added_material_are_found(drafts: dict[str, StreamDraft]) -> None:
    kept = _broken(drafts["b01"])
    (table,) = [s["table"] for s in kept["deck"]["slides"] if s["kind"] == "materials"]
    table["rows"][0][1] = "户口簿"
    case = Case(kept, ROWS[0], RAW)
    assert missing_materials(case)
    assert added_materials(case)
    assert not answers(case)["no material missing"]


def test_the_list_can_say_no(drafts: dict[str, StreamDraft]) -> None:
    kept = _broken(drafts["b01"])
    kept["deck"]["slides"] = kept["deck"]["slides"][::-1]
    said = answers(Case(kept, ROWS[0], RAW))
    assert not said["opens with the cover"]
    assert not said["slides in the script's order"]


def test_every_sentence_without_facts_states_nothing(drafts: dict[str, StreamDraft]) -> None:
    from assistant.answering.figures import figures

    bare = [
        one
        for draft in drafts.values()
        for segment in draft.segments
        for one in segment.sentences
        if not one.facts
    ]
    assert len(bare) > 100
    assert [one for one in bare if figures(one.text)] == []


def test_code_finds_what_a_template_should_not_have_said(drafts: dict[str, StreamDraft]) -> None:
    from assistant.studio.drafting.checking import Checker, names_in

    draft = drafts["b01"]
    checker = Checker.of(draft.facts, names_in(draft.facts))
    limit = next(fact for fact in draft.facts if fact.text == "承诺办结时限：2个工作日")
    assert checker.faults(Sentence("承诺办结时限是2个工作日。", (limit.id,))) == []
    assert checker.faults(Sentence("承诺办结时限是3个工作日。", (limit.id,)))
    assert checker.faults(Sentence("2个工作日就能办好。"))
    assert checker.faults(Sentence("去示例县政务服务中心。"))
    assert checker.faults(Sentence("好。", ("f999",)))
