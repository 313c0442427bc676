"""A soak whose process is killed goes on: no count is lost, nothing is counted twice."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.soak.__main__ import main
from eval.soak.hold import holder
from eval.soak.journal import Journal, State
from eval.soak.plan import Plan

pytestmark = pytest.mark.integration
FAKE = Path(__file__).with_name("fake_soak.py")
PLAN = Plan(hours=6 / 3600, traffic_hours=0.5, fault_every=1.0, busiest=800, sample=0.5)


def begin(folder: Path) -> subprocess.Popen[bytes]:
    found = os.environ | {"PYTHONPATH": str(FAKE.parents[2])}
    return subprocess.Popen([sys.executable, str(FAKE), str(folder)], env=found)


def until(reached: Callable[[State], bool], folder: Path) -> State:
    """The journal's state once it is so; the soak's own end is the limit."""
    for _ in range(1200):
        state = State.of(folder)
        if reached(state):
            return state
        time.sleep(0.05)
    raise AssertionError(f"never reached: {state}")


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM])
def test_after_kill_9_and_after_stop_it_goes_on_with_all_its_counts(
    tmp_path: Path, by: signal.Signals
) -> None:
    PLAN.write(tmp_path)
    first = begin(tmp_path)
    before = until(lambda s: len(s.faults) > 1 and len(s.ticks) > 3, tmp_path)
    assert holder(tmp_path) == first.pid
    first.send_signal(by)
    assert first.wait(20) == (-by if by == signal.SIGKILL else 0)
    assert holder(tmp_path) is None
    killed = State.of(tmp_path)
    with (tmp_path / "journal.jsonl").open("a") as torn:
        torn.write('{"kind": "sent", "fir')  # the line in which the power went
    assert begin(tmp_path).wait(120) == 0
    state = State.of(tmp_path)
    assert state.ended
    assert state.lives == 2
    assert state.sent >= killed.sent >= before.sent > 0
    assert state.acknowledged == set(range(state.sent))
    assert state.replies.keys() >= killed.replies.keys()
    assert set(state.replies.values()) == {1}
    assert state.told.keys() >= killed.told.keys()
    assert round(state.elapsed, 6) >= PLAN.seconds > killed.elapsed
    assert len(state.faults) == 5
    assert state.skipped.total() > 0
    report = json.loads((tmp_path / "report.json").read_text())
    counted = report["counted"]
    assert counted["asked"] == state.sent
    assert (counted["lost"], counted["twice"]) == ([], [])
    assert report["picture"] > 0.9


def test_what_it_was_told_outside_its_plan_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    PLAN.write(tmp_path / "begun")
    for arguments, words in (
        (["status", "--state", str(tmp_path / "none")], "no soak was begun"),
        (["start", "--state", str(tmp_path / "begun")], "resume"),
        (["resume", "--state", str(tmp_path / "begun"), "--seed", "2"], "as it was planned"),
        (["run", "--state", str(tmp_path / "new"), "--hours", "0"], "hours must be more"),
        (["run", "--state", str(tmp_path / "new"), "--fault-every", "3"], "faults come no closer"),
        (["run", "--state", str(tmp_path / "new"), "--traffic-hours", "nan"], "traffic_hours"),
        (["dance", "--state", str(tmp_path)], "invalid choice"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2
        assert words in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_the_table_so_far_says_that_it_has_not_ended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    PLAN.write(tmp_path)
    journal = Journal(tmp_path)
    journal.add("life", at="now")
    journal.add("sent", first=0, count=3, flood=False)
    journal.add("ack", numbers=[0, 2])
    journal.close()
    assert main(["status", "--state", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "does not run" in said
    assert "3 sent, 2 acknowledged" in said
    assert "it has not ended" in said
    assert main(["report", "--state", str(tmp_path)]) == 1
