"""The stream as an ordinary user without any right, the browser in its own sandbox."""

import json
from pathlib import Path

import pytest

from tests.push.ordinary_user import as_user, needs_namespaces, python, user_folder

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("screen")]
PROGRAM = Path(__file__).with_name("unprivileged.py")


def test_the_browser_is_held_in_its_own_sandbox(page: str) -> None:
    needs_namespaces()
    with user_folder() as folder:
        done = as_user([python(), str(PROGRAM), page, str(folder)], HOME=str(folder))
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["ours"]["Uid"].split()[0] != "0"
    assert seen["contrast"] > 10
    assert seen["renderers"]
    for one in seen["renderers"]:
        assert len(one["NSpid"].split()) > len(seen["ours"]["NSpid"].split()), "namespaces"
        assert one["Seccomp"] == "2", "a filter of system calls"
        assert int(one["CapEff"], 16) == 0
