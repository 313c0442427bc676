"""From a brief to a clip that everybody can see, and off again, as an office does it."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest
from click.testing import Result
from typer.testing import CliRunner

from assistant.bootstrap import Settings, open_service
from assistant.cli import app
from assistant.errors import Forbidden
from assistant.web.app import create_app
from tests.access.conftest import PASSWORD
from tests.support.small_knowledge import write_knowledge

pytestmark = pytest.mark.integration
GUIDE = {
    "kind": "service_guide",
    "id": "licence",
    "name": "个体工商户设立登记",
    "aliases": ["办营业执照"],
    "region": "990181",
    "fee": "不收费",
    "source_url": "https://example.gov.cn/licence",
}


def run(*arguments: str, given: str = "") -> Result:
    done = CliRunner().invoke(app, list(arguments), input=given)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ASSISTANT_VOICE", "offline")
    run("ingest", str(write_knowledge(tmp_path / "in", GUIDE)))
    for name, role in (("rita", "reviewer"), ("olaf", "operator")):
        run("user", "add", name, "--role", role, "--password-stdin", given=f"{PASSWORD}\n")
    return tmp_path


async def seen(text: str) -> tuple[str, list[int]]:
    """The public page of a search, and what comes of asking for each film on it."""
    served = create_app(lambda: open_service(Settings()))
    async with (
        served.router.lifespan_context(served),
        httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://desk") as client,
    ):
        page = (await client.get("/clips", params={"q": text})).text
        films = [part.split('"')[0] for part in page.split('<source src="')[1:]]
        head = {"Range": "bytes=0-99"}
        return page, [(await client.get(film, headers=head)).status_code for film in films]


def test_a_clip_is_drafted_filmed_approved_seen_and_taken_off(office: Path) -> None:
    out = office / "out"
    brief = "下周三讲个体户执照，5分钟"
    told = json.loads(run("draft", brief, "--out", str(out), "--clips", "--json").stdout)
    names = sorted(path.name for path in (out / "clips").iterdir())
    assert names
    assert [n for n in told["files"] if n.startswith("clips/clip1（")]
    with pytest.raises(Forbidden):
        run("clips", "add", str(out / "clips" / "clip1"), "--by", "olaf")
    run("clips", "add", str(out / "clips" / "clip1"), "--by", "rita")
    (row,) = json.loads(run("clips", "list", "--json").stdout)
    assert 3 < row["seconds"] < 40
    page, films = asyncio.run(seen("想办营业执照"))
    assert row["title"] in page
    assert films == [206]
    run("clips", "withdraw", row["id"], "--why", "重拍", "--by", "rita")
    assert json.loads(run("clips", "list", "--json").stdout) == []
    assert asyncio.run(seen(""))[1] == []
    assert "重拍" in run("clips", "list", "--withdrawn").stdout
