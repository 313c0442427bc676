"""The service of the drill: the real `assistant serve` with its own data folder, in its own group.

It is prepared by the product's own commands; its room stands in the records as on air, automatic.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.access.secrets import API_PREFIX
from assistant.bootstrap import Settings, duty_of, live_reads, live_records, new_ulid, open_library
from assistant.bundled import bundled
from assistant.domain.audit import AuditEvent
from assistant.domain.duty import ALL_DAY, DutyPlan
from assistant.domain.live import Cue, LiveSession, Room, RoomState
from assistant.safety.keys import Keys
from assistant.stage.keys import stage_key

ROOM = "hall"
REGION = "990181"
SECRET = "the drill's shared secret"
PASSWORD = "window seven is blue"
OPERATOR = "drill"
_STORES = ("database_url", "chroma_url")
STOPS_WITHIN = 30.0
"""Seconds in which SIGTERM must end the process."""


class ServeProcess:
    """`assistant serve`, started and killed from outside."""

    def __init__(
        self,
        folder: Path,
        reply_url: str,
        corpus: Sequence[Path] = (),
        region: str | None = REGION,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._folder = folder
        knowledge = bundled("knowledge")
        self._corpus = corpus or [knowledge / name for name in ("guides", "faqs", "policies")]
        self._region = region
        self.port = free_port()
        self.session_id = new_ulid()
        self.token = ""
        self._environment = {**self._environment_of(reply_url), **(settings or {})}
        self.added: dict[str, str] = {}
        """To the environment of lives that begin from now on."""
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> Mapping[str, str]:
        """What the service's settings are read from."""
        return self._environment

    @property
    def stage_key(self) -> str:
        """The key that lets the stage's page speak."""
        return stage_key(Keys.load(self._folder).addresses, ROOM)

    async def prepare(self) -> None:
        """Knowledge, an operator, and a room on air with a session."""
        self._command("ingest", *map(str, self._corpus))
        self.token = self.person(
            OPERATOR, ("administrator", "operator"), ("watch_room", "run_room")
        )
        if self._environment.get("ASSISTANT_VOICE") == "edge":
            self._command("voice", "consent", "--by", OPERATOR)
        now = datetime.now(UTC)
        room = Room(
            ROOM,
            "演练厅",
            self._region,
            RoomState.OPEN,
            automatic=True,
            automatic_by="演练",
            officers=("演练",),
            session_id=self.session_id,
            heartbeat_at=now,
        )
        async with open_library(self._settings) as library:
            records = live_records(library)
            # a drill goes the same at any hour, and presses no button
            all_day = DutyPlan(hours=ALL_DAY, confirm_minutes=0)
            await duty_of(library).records.put(all_day, AuditEvent("cli", "duty.plan", ""))
            await records.put_room(room)
            await records.open_session(LiveSession(self.session_id, ROOM, now))

    def person(self, name: str, roles: Sequence[str], scopes: Sequence[str]) -> str:
        """Add an account; gives a token of it with these scopes."""
        given = [word for role in roles for word in ("--role", role)]
        self._command("user", "add", name, *given, "--password-stdin", given=PASSWORD)
        asked = [word for scope in scopes for word in ("--scope", scope)]
        printed = self._command("user", "token", name, "drill", *asked)
        return next(word for word in printed.split() if word.startswith(API_PREFIX))

    @property
    def pid(self) -> int:
        """The process that runs."""
        return self._running().pid

    def start(self) -> None:
        """Begin one life."""
        with (self._folder / "serve.log").open("ab") as log:
            self._process = subprocess.Popen(
                command("serve", "--port", str(self.port)),
                env={**self._environment, **self.added},
                cwd=self._folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> bool:
        """End it from outside, the whole group at once; False where it had ended by itself."""
        process = self._running()
        ran = process.poll() is None
        if ran:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return ran

    def stop(self) -> bool:
        """Ask it to end (SIGTERM); whether it did, in time and without a fault."""
        process = self._running()
        process.terminate()
        try:
            return process.wait(STOPS_WITHIN) in {0, -signal.SIGTERM}
        except subprocess.TimeoutExpired:
            self.kill()
            return False

    def outcomes(self, out: Path) -> list[dict[str, Any]]:
        """What the product's command exports, once nothing runs."""
        self._command("live", "outcomes", self.session_id, "--out", str(out))
        lines = (out / "outcomes.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    async def left(self) -> dict[str, int]:
        """What is still to be done, read from the records beside the running service."""
        async with open_library(self._settings) as library:
            backlog = await live_records(library).backlog(self.session_id)
        parts = {"undecided": backlog.comments, "cues": backlog.cues, "replies": backlog.replies}
        return {name: len(rows) for name, rows in parts.items()}

    async def cues(self) -> list[Cue]:
        """What was to be said, as the records have it."""
        async with open_library(self._settings) as library:
            return await live_records(library).cues(self.session_id)

    async def stored(self) -> dict[str, Any]:
        """Replies and cues as the records have them at the end."""
        async with open_library(self._settings) as library:
            replies = await live_reads(library).replies(self.session_id)
            cues = await live_records(library).cues(self.session_id)
        return {
            "replies": {one.id: str(one.state) for one in replies},
            "cues": {one.id: (one.question_id, str(one.state)) for one in cues},
        }

    @property
    def _settings(self) -> Settings:
        given = {name: self._environment.get(f"ASSISTANT_{name.upper()}") for name in _STORES}
        return Settings(data_dir=self._folder, **given)

    def _running(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None
        return self._process

    def _command(self, *arguments: str, given: str = "") -> str:
        done = subprocess.run(
            command(*arguments),
            env=self._environment,
            cwd=self._folder,
            input=given.encode(),
            capture_output=True,
            check=False,
        )
        if done.returncode:
            said = done.stderr.decode(errors="replace")[-2000:]
            raise RuntimeError(f"assistant {arguments[0]}: {said}")
        return done.stdout.decode()

    def _environment_of(self, reply_url: str) -> Mapping[str, str]:
        webhook = {"secret_env": "DRILL_SECRET"} | ({"reply_url": reply_url} if reply_url else {})
        return os.environ | {
            "ASSISTANT_DATA_DIR": str(self._folder),
            "ASSISTANT_OFFLINE": "true",
            "ASSISTANT_LOG_LEVEL": "WARNING",
            "ASSISTANT_ROOMS": json.dumps({ROOM: {"platforms": {"webhook": webhook}}}),
            "DRILL_SECRET": SECRET,
        }


def command(*arguments: str) -> list[str]:
    """The product's command line."""
    return [str(Path(sys.executable).with_name("assistant")), *arguments]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port
