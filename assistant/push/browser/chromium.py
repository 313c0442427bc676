"""Chromium on the group's screen, opened empty: the page's address, with its key, comes later."""

import asyncio
import fcntl
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from assistant.push.browser.cdp import DevTools
from assistant.push.processes import Started, program, started
from assistant.push.seams import Shape

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_HINT = "apt-get install chromium"
_QUIET = (
    "--no-first-run",
    "--no-default-browser-check",
    "--noerrdialogs",
    "--hide-crash-restore-bubble",
    "--disable-session-crashed-bubble",
    "--disable-infobars",
    "--test-type",  # no bar about flags over the picture
    "--hide-scrollbars",
    "--disable-notifications",
    "--disable-features=Translate,TranslateUI,MediaRouter,GlobalMediaControls,AudioServiceSandbox",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-sync",
    "--disable-breakpad",
    "--password-store=basic",
    "--use-mock-keychain",
)
_AWAKE = (
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-gpu",
    "--disable-dev-shm-usage",
)
_HANDED = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.dup2(int(sys.argv[2]), 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""The browser reads from pipe 3 and writes to pipe 4."""
_ABOVE = 10


def arguments(folder: Path, shape: Shape, *, sandbox: bool) -> list[str]:
    """The window is one pixel larger each way: its own size leaves black edges."""
    size = f"{shape.width + 1},{shape.height + 1}"
    place = ["--kiosk", "--window-position=0,0", f"--window-size={size}", "--lang=zh-CN"]
    place += ["--force-device-scale-factor=1", f"--user-data-dir={folder / 'profile'}"]
    alone = [] if sandbox else ["--no-sandbox"]
    return [*_QUIET, *_AWAKE, *place, *alone, "--remote-debugging-pipe", "about:blank"]


async def browser(
    folder: Path, shape: Shape, env: Mapping[str, str], *, sandbox: bool
) -> tuple[Started, DevTools]:
    """Start it and join its page. Raises Unavailable, with everything stopped."""
    path = program(*NAMES, hint=_HINT)
    await asyncio.to_thread(_prefer, folder)
    theirs_in, ours_out = _high(os.pipe())
    ours_in, theirs_out = _high(os.pipe())
    command = [sys.executable, "-I", "-S", "-c", _HANDED, str(theirs_in), str(theirs_out), path]
    command += arguments(folder, shape, sandbox=sandbox)
    try:
        one = await started("chromium", command, env=env, pipes=(theirs_in, theirs_out))
    except BaseException:
        os.close(ours_in)
        os.close(ours_out)
        raise
    finally:
        os.close(theirs_in)
        os.close(theirs_out)
    tools = DevTools()
    try:
        await tools.open(ours_in, ours_out)
    except BaseException:
        await tools.close()
        await one.stop()
        raise
    return one, tools


def _prefer(folder: Path) -> None:
    """No bubble over the picture: some builds show the translator's in spite of its flag."""
    profile = folder / "profile" / "Default"
    profile.mkdir(parents=True)
    wanted = {
        "translate": {"enabled": False},
        "translate_blocked_languages": ["zh", "zh-CN", "en"],
        "credentials_enable_service": False,
        "intl": {"accept_languages": "zh-CN,zh", "selected_languages": "zh-CN,zh"},
    }
    (profile / "Preferences").write_text(json.dumps(wanted), "utf-8")


def _high(pipe: tuple[int, int]) -> tuple[int, int]:
    """The same pipe on numbers that are not in the way of 3 and 4."""
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _ABOVE) for end in pipe]
    for end in pipe:
        os.close(end)
    return moved[0], moved[1]
