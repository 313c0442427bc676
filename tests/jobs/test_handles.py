"""Open handles: told while there are still some to tell it with."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.unit
PROGRAM = """
import json, os, resource
from assistant.jobs.handles import RESERVE, Handles

def free():
    made = []
    try:
        while True:
            made.append(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        pass
    for one in made:
        os.close(one)
    return len(made)

resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
handles, said = Handles(), {}
said["few"] = handles.is_short()
said["reserved"] = len(handles._reserve) == RESERVE
opened = []
try:
    while True:
        opened.append(os.open(os.devnull, os.O_RDONLY))
except OSError:
    pass
said["all"] = handles.is_short()
said["left"] = free() >= RESERVE
said["still"] = handles.is_short()
for one in opened:
    os.close(one)
said["again"] = handles.is_short()
said["kept"] = len(handles._reserve) == RESERVE
handles.close()
said["closed"] = len(handles._reserve)
print(json.dumps(said))
"""


def test_a_reserve_is_free_for_the_alarm_when_all_others_are_used() -> None:
    said = json.loads(subprocess.check_output([sys.executable, "-c", PROGRAM]))
    assert (said["few"], said["reserved"]) == (False, True)
    assert (said["all"], said["left"], said["still"]) == (True, True, True)
    assert (said["again"], said["kept"], said["closed"]) == (False, True, 0)
