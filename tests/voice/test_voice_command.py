"""`assistant voice` and `assistant hosts` from the terminal."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.access.accounts import Role
from assistant.access.staff import NewAccount
from assistant.bootstrap import Settings, open_library
from assistant.cli import app
from assistant.errors import BadInput
from assistant.printing.marking import label_in
from assistant.voice.sound import decoded, measure, read_wav

pytestmark = pytest.mark.integration
TEXT = "办理居住证，5个工作日办结。"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ASSISTANT_AIGC_PRODUCER", "2" * 27)
    return lambda *command: CliRunner().invoke(app, list(command))


@pytest.mark.parametrize("kind", ["wav", "mp3"])
def test_one_labelled_file(run, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "sub" / f"x.{kind}"
    done = run("voice", "say", TEXT, "--out", str(out), "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    data = out.read_bytes()
    assert label_in(kind, data).producer == "2" * 27
    sound = read_wav(data) if kind == "wav" else decoded(data)
    assert sound.seconds == pytest.approx(told["seconds"], abs=0.2)
    assert -24 < measure(sound).loudness < -16
    assert "espeak" in told["engines"]
    assert [path.name for path in out.parent.iterdir()] == [out.name]


def test_the_spoken_label_stands_where_the_setting_says(run, tmp_path, monkeypatch) -> None:
    seconds = {}
    for place in ("start", "end", "off"):
        monkeypatch.setenv("ASSISTANT_AUDIBLE_LABEL", place)
        done = run("voice", "say", TEXT, "--out", str(tmp_path / f"{place}.wav"), "--json")
        seconds[place] = json.loads(done.stdout)["seconds"]
    assert seconds["start"] > seconds["off"] + 2
    assert seconds["end"] > seconds["off"] + 2
    plain, ended = [read_wav((tmp_path / f"{p}.wav").read_bytes()) for p in ("off", "end")]
    assert ended.samples.startswith(plain.samples[:-4800])


@pytest.mark.parametrize("text", ["我的电话13800138000", "身份证110101199003077758"])
def test_personal_data_is_not_said(run, tmp_path: Path, text: str) -> None:
    out = tmp_path / "x.wav"
    done = run("voice", "say", text, "--out", str(out))
    assert "个人信息" in str(done.exception)
    assert not out.exists()


def test_banned_words_are_not_said(run, tmp_path: Path) -> None:
    done = run("voice", "say", "交钱就保证通过，加微信abc12345", "--out", str(tmp_path / "x.wav"))
    assert "不能播出" in str(done.exception)


def test_other_files_and_a_voice_that_is_off_are_told(run, tmp_path, monkeypatch) -> None:
    assert "不支持" in str(run("voice", "say", TEXT, "--out", "x.ogg").exception)
    monkeypatch.setenv("ASSISTANT_VOICE", "off")
    out = tmp_path / "x.wav"
    assert "没有可用的语音" in str(run("voice", "say", TEXT, "--out", str(out)).exception)
    assert not out.exists()


def test_an_administrator_consents_and_takes_it_back(run, tmp_path: Path) -> None:
    async def staff() -> None:
        async with open_library(Settings(data_dir=tmp_path / "data")) as library:
            for name, role in (("boss", Role.ADMINISTRATOR), ("hand", Role.OPERATOR)):
                new = NewAccount(name, frozenset({role}))
                await library.access.staff.add("t", new, "绿色的门口 eleven")

    assert "未授权" in run("voice", "consent").stdout
    asyncio.run(staff())
    assert "不是管理员" in str(run("voice", "consent", "--by", "hand").exception)
    assert "没有名为" in str(run("voice", "consent", "--by", "nobody").exception)
    assert "已授权" in run("voice", "consent", "--by", "boss").stdout
    assert json.loads(run("hosts", "--json").stdout)[0]["state"] == "使用中"
    assert "未授权" in run("voice", "consent", "--by", "boss", "--withdraw").stdout
    assert "未授权，不访问" in run("hosts").stdout
    assert run("user", "audit-verify").exit_code == 0


def test_without_outside_hosts_that_is_said(run, monkeypatch) -> None:
    monkeypatch.setenv("ASSISTANT_VOICE", "offline")
    assert "不访问任何外部主机" in run("hosts").stdout


def test_the_bench_says_how_long_an_answer_takes(run, root: Path) -> None:
    knowledge = root / "knowledge"
    run("ingest", str(knowledge / "faqs"), str(knowledge / "guides"))
    done = run("voice", "bench", "--count", "6", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["anew"]["answers"] == told["cached"]["answers"] > 0
    assert told["anew"]["captions_only"] == 0
    assert told["anew"]["engines"][0].startswith("offline")


def test_nothing_is_measured_without_knowledge(run) -> None:
    assert isinstance(run("voice", "bench").exception, BadInput)
