"""The real service: the code in its terminal, and logins that outlive a restart."""

import re
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.access.conftest import PASSWORD
from tests.web.test_served import serving

pytestmark = pytest.mark.integration

BROWSER = {"accept": "text/html"}
CODE = re.compile(r"一次性代码 ([0-9A-Z]{5}(?:-[0-9A-Z]{5}){3})")


def code_of(process: "subprocess.Popen[str]") -> str:
    """The code in the line after the address."""
    line = process.stdout.readline()
    found = CODE.search(line)
    assert found, line
    return found[1]


def test_the_terminal_shows_a_code_until_somebody_administers(tmp_path: Path) -> None:
    with serving(tmp_path) as (_, process):
        unused = code_of(process)
    with serving(tmp_path) as (url, process):
        code = code_of(process)
        assert code != unused
        form = {"code": code, "name": "zhang", "display_name": "张主任"}
        form |= {"password": PASSWORD, "again": PASSWORD}
        with httpx.Client(base_url=url, headers=BROWSER, trust_env=False) as client:
            assert client.post("/setup", data=form | {"code": unused}).status_code == 422
            assert client.post("/setup", data=form).status_code == 303
            cookie = dict(client.cookies)
    with serving(tmp_path) as (url, process):
        with httpx.Client(base_url=url, headers=BROWSER, trust_env=False, cookies=cookie) as client:
            assert "张主任" in client.get("/account").text
            assert client.get("/setup").headers["location"] == "/login"
        process.terminate()
        assert process.stdout.read() == ""
    logged = (tmp_path / "stderr.log").read_text()
    assert not any(secret in logged for secret in (PASSWORD, code, *cookie.values()))
