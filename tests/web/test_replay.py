"""A session replayed and taken away: what the page shows, and that tampering is found."""

import io
import json
import re
import zipfile
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from assistant.access.audit import Anchor
from assistant.access.proof import check
from assistant.bootstrap import Assistant
from assistant.cli import app as cli
from assistant.domain.audit import AuditEntry, AuditPayload
from assistant.errors import BadInput
from assistant.records import schema_live
from tests.support.ledger_office import BOSS, FAR, OPERATOR, Browser, full_office, made

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="module")]
RECORDS = made(80, of_session=40)
FIRST, SECOND = (row["id"] for row in RECORDS.rows[schema_live.live_sessions])
SESSION = f"/console/ledger/sessions/{FIRST}"
EXPORT = f"{SESSION}/export.zip"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Assistant, httpx.AsyncClient]]:
    async with full_office(tmp_path_factory.mktemp("replay"), RECORDS) as opened:
        record = opened[0].access.audit.record
        await record("wang", "room.open", "hall", {"session": FIRST})
        case = next(
            row for row in RECORDS.rows[schema_live.review_cases] if row["session_id"] == FIRST
        )
        await record("sun", "review.settle", case["id"], {"words": "请带户口簿"})
        await record("boss", "account.roles", "someone", {"roles": ["editor"]})
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def exported(office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first session as an administrator takes it away."""
    came = await (await Browser(office[1]).enter(BOSS)).get(EXPORT)
    assert came.status_code == 200
    path = tmp_path_factory.mktemp("zip") / "session.zip"
    path.write_bytes(came.content)
    return path


async def test_a_page_tells_the_session_in_the_order_of_time(office) -> None:
    page = (await (await Browser(office[1]).enter(OPERATOR)).get(SESSION, noise="true")).text
    own = [row for row in RECORDS.rows[schema_live.comments] if row["session_id"] == FIRST]
    shown = re.findall(r'class="moment[^"]*" id="(\w+)"', page)
    assert shown == [row["id"] for row in own][:200]
    for part in ("裁决", "当时依据", "把握 90%", "孙立", "第三条", "播出"):
        assert part in page
    without = (await (await Browser(office[1]).enter(OPERATOR)).get(SESSION)).text
    assert len(re.findall(r'class="moment', without)) >= 40
    assert "声音有点小" not in without


async def test_one_question_has_a_page_of_its_own(office) -> None:
    merged = next(
        row
        for row in RECORDS.rows[schema_live.decisions]
        if row["kind"] == "merged" and row["session_id"] == FIRST
    )
    browser = await Browser(office[1]).enter(OPERATOR)
    page = (await browser.get(f"/console/ledger/questions/{merged['question_id']}")).text
    asked = [
        row["comment_id"]
        for row in RECORDS.rows[schema_live.decisions]
        if row["question_id"] == merged["question_id"]
    ]
    assert re.findall(r'class="moment[^"]*" id="(\w+)"', page) == asked
    assert page.count("<dt>裁决</dt>") == 1


async def test_a_session_of_another_region_is_not_there(office) -> None:
    browser = await Browser(office[1]).enter(FAR)
    question = next(
        row["id"] for row in RECORDS.rows[schema_live.live_questions] if row["session_id"] == FIRST
    )
    for path in (SESSION, EXPORT, f"/console/ledger/questions/{question}"):
        assert (await browser.get(path)).status_code == 404
    assert (await browser.get(f"/console/ledger/sessions/{SECOND}")).status_code == 200
    assert (await browser.get("/console/ledger/sessions/none")).status_code == 404


async def test_the_export_holds_every_comment_and_question(exported: Path) -> None:
    with zipfile.ZipFile(exported) as archive:
        lines = archive.read("comments.jsonl").decode().splitlines()
        stories = archive.read("questions.jsonl").decode().splitlines()
        page = archive.read("replay.html").decode()
    own = [row for row in RECORDS.rows[schema_live.comments] if row["session_id"] == FIRST]
    told = [json.loads(line)["comment"] for line in lines]
    assert [one["text"] for one in told] == [row["text"] for row in own]
    assert all(re.fullmatch(r".\*\*", one["viewer_name"]) for one in told)
    asked = [r for r in RECORDS.rows[schema_live.live_questions] if r["session_id"] == FIRST]
    assert {json.loads(line)["question"]["id"] for line in stories} == {r["id"] for r in asked}
    assert json.loads(stories[0])["outcome"]["outcome"]["verdict"]["confidence"] == 0.9
    assert page.count('class="moment"') == len(own)


async def test_the_proof_holds_and_the_office_knows_its_head(office, exported: Path) -> None:
    found = check(exported)
    assert (found.faults, found.gaps, found.session) == ((), 0, FIRST)
    assert (await office[0].access.audit.verify(found.head)).holds
    with zipfile.ZipFile(exported) as archive:
        chain = [json.loads(line) for line in archive.read("audit.jsonl").decode().splitlines()]
    detailed = {one["action"] for one in chain if one["payload"]}
    assert {"room.open", "review.settle", "ledger.session_export"} == detailed
    assert "account.roles" in {one["action"] for one in chain}


async def test_who_may_not_see_the_chain_gets_only_what_concerns_the_session(
    office, tmp_path: Path
) -> None:
    came = await (await Browser(office[1]).enter(OPERATOR)).get(EXPORT)
    path = tmp_path / "part.zip"
    path.write_bytes(came.content)
    found = check(path)
    assert found.holds
    assert found.gaps > 0
    with zipfile.ZipFile(path) as archive:
        assert b"account.roles" not in archive.read("audit.jsonl")


def rewritten(source: Path, target: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, change(data) if info.filename == name else data)
    return target


def without_line(text: str) -> Callable[[bytes], bytes]:
    return lambda data: b"".join(
        line for line in data.splitlines(keepends=True) if text.encode() not in line
    )


TAMPERED: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "a comment": ("comments.jsonl", lambda d: d.replace("窗口".encode(), b"x", 1), "comments"),
    "a comment less": ("comments.jsonl", lambda d: d.split(b"\n", 1)[1], "comments"),
    "an answer": ("questions.jsonl", lambda d: d.replace(b"0.9", b"0.8", 1), "questions"),
    "the page": ("replay.html", lambda d: d.replace("孙立".encode(), "赵云".encode()), "replay"),
    "who did it": ("audit.jsonl", lambda d: d.replace(b'"sun"', b'"wang"'), "被改动"),
    "what they did": ("audit.jsonl", lambda d: d.replace("户口簿".encode(), b"x"), "内容被改动"),
    "an entry of others": ("audit.jsonl", lambda d: d.replace(b'"someone"', b'"me"'), "被改动"),
    "the export's entry": ("audit.jsonl", without_line("ledger.session_export"), "没有导出"),
    "the list of files": (
        "proof.json",
        lambda d: re.sub(rb'("replay.html": ")[0-9a-f]{4}', rb"\1beef", d),
        "不符",
    ),
    "the session": ("proof.json", lambda d: d.replace(FIRST.encode(), SECOND.encode()), "不符"),
}


@pytest.mark.parametrize("what", TAMPERED)
async def test_tampering_is_found(exported: Path, tmp_path: Path, what: str) -> None:
    name, change, told = TAMPERED[what]
    found = check(rewritten(exported, tmp_path / "x.zip", name, change))
    assert not found.holds
    assert told in "".join(found.faults)


async def test_a_file_slipped_in_or_left_out_is_found(exported: Path, tmp_path: Path) -> None:
    more = rewritten(exported, tmp_path / "more.zip", "", bytes)
    with zipfile.ZipFile(more, "a") as archive:
        archive.writestr("extra.txt", "x")
    assert "多出文件 extra.txt" in check(more).faults
    less = tmp_path / "less.zip"
    with zipfile.ZipFile(exported) as old, zipfile.ZipFile(less, "w") as new:
        for info in old.infolist():
            if info.filename != "session.json":
                new.writestr(info.filename, old.read(info))
    assert "缺少文件 session.json" in check(less).faults


def forged(data: bytes, organization: str) -> tuple[bytes, str]:
    """The chain made anew around a changed entry, each digest right: only the head tells."""
    previous, lines = "", []
    for number, line in enumerate(data.decode().splitlines()):
        value = json.loads(line)
        payload = value.pop("payload")
        if value["action"] == "review.settle":
            payload["body"] = payload["body"].replace("户口簿", "现金")
        kept = AuditPayload(**payload) if payload else None
        value["payload_digest"] = kept.digest() if kept else value["payload_digest"]
        value["previous"] = previous if number else value["previous"]
        at = value["at"]
        entry = AuditEntry(organization, **{**value, "at": datetime.fromisoformat(at)})
        value["digest"] = previous = entry.sealed()
        lines.append(json.dumps({**value, "payload": payload}, ensure_ascii=False))
    return ("\n".join(lines) + "\n").encode(), previous


async def test_a_chain_made_anew_is_told_by_its_head_alone(
    office, exported: Path, tmp_path: Path
) -> None:
    true = check(exported)
    anew = rewritten(
        exported, tmp_path / "x.zip", "audit.jsonl", lambda data: forged(data, "default")[0]
    )
    found = check(anew)
    assert found.holds
    assert found.head != true.head
    assert not (await office[0].access.audit.verify(found.head)).holds
    assert not check(anew, Anchor(true.head.number, true.head.digest)).holds
    assert check(exported, true.head).holds
    assert not check(exported, Anchor(9999, "x")).holds


async def test_the_command_checks_without_a_database(
    exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    runner = CliRunner()
    command = ["user", "audit-verify", "--proof"]
    good = runner.invoke(cli, [*command, str(exported)])
    assert (good.exit_code, "相符" in good.output) == (0, True)
    bad = rewritten(exported, tmp_path / "x.zip", "session.json", lambda d: d + b" ")
    assert runner.invoke(cli, [*command, str(bad), "--json"]).exit_code == 1
    as_json = runner.invoke(cli, [*command, str(exported), "--json"])
    assert json.loads(as_json.stdout)["faults"] == []


async def test_what_is_no_export_is_said_to_be_none(tmp_path: Path) -> None:
    for data in (b"", b"PK\x05\x06" + b"\0" * 18, _empty_zip()):
        path = tmp_path / "no.zip"
        path.write_bytes(data)
        with pytest.raises(BadInput):
            check(path)


def _empty_zip() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("proof.json", "[]")
    return kept.getvalue()
