"""`assistant draft` writes files that can be opened, with both labels; every value has its fact."""

import asyncio
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from docx import Document
from pptx import Presentation
from pptx.util import Pt
from typer.testing import CliRunner

from assistant.access.accounts import Role
from assistant.access.staff import NewAccount
from assistant.bootstrap import Settings, open_service
from assistant.cli import app
from assistant.domain.studio import StreamDraft
from assistant.domain.studio_flow import OVER
from assistant.errors import BadInput
from assistant.printing.marking import label_in
from assistant.records.codec import from_json
from assistant.studio.drafting.script_docx import COLUMNS, LABEL
from tests.studio.deck.test_own_template import dark, template
from tests.support.live_office import PASSWORD
from tests.support.small_knowledge import write_knowledge

pytestmark = pytest.mark.integration
BRIEF = "下周三讲个体户执照，重点讲材料，5分钟"


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a small knowledge base."""
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    result = CliRunner().invoke(app, ["ingest", str(write_knowledge(tmp_path / "in"))])
    assert result.exit_code == 0
    return tmp_path


def test_the_command_writes_all_files(filled: Path) -> None:
    out = filled / "out"
    result = CliRunner().invoke(app, ["draft", BRIEF, "--out", str(out), "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout.splitlines()[-1])
    assert {"script.json", "script.docx", "announcement.txt", "plan.json"} <= set(told["files"])
    assert told["brief"]["items"] == ["licence"]
    kept = json.loads((out / "script.json").read_text("utf-8"))
    assert kept.pop("AIGC")["Label"] == "1"
    draft = from_json(StreamDraft, json.dumps(kept))
    assert [f for f in draft.findings if "依据" in f.reason] == []
    assert all(value for value in json.loads((out / "plan.json").read_text("utf-8")).values())


def test_the_script_as_word_has_the_six_columns_and_both_labels(filled: Path) -> None:
    out = filled / "out"
    CliRunner().invoke(app, ["draft", BRIEF, "--out", str(out)])
    data = (out / "script.docx").read_bytes()
    assert label_in("docx", data) is not None
    document = Document(io.BytesIO(data))
    (table,) = document.tables
    assert tuple(cell.text for cell in table.rows[0].cells) == COLUMNS
    assert LABEL in document.sections[0].footer.paragraphs[0].text
    spoken = "\n".join(row.cells[2].text for row in table.rows)
    assert "经营者身份证，原件1份，复印件1份" in spoken


def test_nothing_to_rest_on_is_said_so(filled: Path) -> None:
    result = CliRunner().invoke(app, ["draft", "讲讲火星移民签证", "--out", str(filled / "out")])
    assert isinstance(result.exception, BadInput)
    assert "火星移民签证" in str(result.exception)


def kept_in(out: Path) -> StreamDraft:
    kept = json.loads((out / "script.json").read_text("utf-8"))
    kept.pop("AIGC")
    return from_json(StreamDraft, json.dumps(kept))


def drafted(out: Path, *more: str) -> StreamDraft:
    result = CliRunner().invoke(app, ["draft", *more, "--out", str(out)])
    assert result.exit_code == 0, (result.output, result.exception)
    return kept_in(out)


def place_in(draft: StreamDraft, name: str) -> str:
    """The segment of a kind; a slide as it is called."""
    found = [one.id for one in draft.segments if one.kind == name]
    return found[0] if found else name


async def on_the_pages(folder: Path, wishes: Iterable[tuple[str, str]]) -> list[StreamDraft]:
    """The same brief by the studio's job, then each wish by the studio's redo."""
    settings = Settings(data_dir=folder / "data")
    async with open_service(settings) as assistant:
        new = NewAccount("lin", frozenset({Role.EDITOR}), "林月")
        who = (await assistant.access.staff.add("cli", new, PASSWORD)).account
        studio = assistant.studio
        brief = await studio.jobs.brief(who, BRIEF, None)
        job = await studio.jobs.start(who, brief)
        while (found := await studio.jobs.get(who, job.id)).state not in OVER:
            await studio.jobs.run()
        made = [(await studio.desk.version(who, found.stream_id)).draft]
        for place, wish in wishes:
            view = await studio.redoing.redo(who, found.stream_id, place_in(made[0], place), wish)
            made.append(view.draft)
        return made


async def test_the_command_and_the_pages_do_the_same(filled: Path) -> None:
    wishes = (("materials", "举个例子"), ("materials", "短一点"), ("slide materials", ""))
    first, *after = await on_the_pages(filled, wishes)
    out = filled / "out"
    runner = partial(asyncio.to_thread, drafted, out)  # the command has a loop of its own
    assert await runner(BRIEF) == first
    for (place, wish), there in zip(wishes, after, strict=True):
        here = await runner("--redo", place_in(first, place).removeprefix("slide "), wish)
        assert replace(here, findings=()) == replace(there, findings=())
    assert after[0] != first
    assert after[1] != after[0]


def test_a_part_that_is_not_there_is_told_with_those_that_are(filled: Path) -> None:
    out = filled / "out"
    drafted(out, BRIEF)
    before = (out / "script.json").read_bytes()
    for place, wish, told in (("s99", "短一点", "没有“s99”"), ("s1", "唱出来", "没有改动")):
        result = CliRunner().invoke(app, ["draft", "--redo", place, wish, "--out", str(out)])
        assert isinstance(result.exception, BadInput)
        assert told in str(result.exception)
    assert (out / "script.json").read_bytes() == before
    other = ["draft", "--redo", "s1", "短一点", "--out", str(filled / "none")]
    assert isinstance(CliRunner().invoke(app, other).exception, BadInput)
    assert CliRunner().invoke(app, ["draft", "--out", str(out)]).exit_code == 2


async def test_the_deck_is_drawn_on_the_offices_template(filled: Path) -> None:
    async with open_service(Settings(data_dir=filled / "data")) as assistant:
        new = NewAccount("lin", frozenset({Role.EDITOR}), "林月")
        who = (await assistant.access.staff.add("cli", new, PASSWORD)).account
        one = await assistant.studio.templates.add(who, "蓝底", template(dark))
        await assistant.studio.templates.choose_for_all(who, one.id)
    out = filled / "out"
    await asyncio.to_thread(drafted, out, BRIEF)
    assert Presentation(out / "deck.pptx").slide_width == Pt(720)
    assert "模板不是16:9" in (out / "template.txt").read_text("utf-8")
