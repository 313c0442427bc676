"""What the words of comments say by themselves: triage and screen, of many texts at once.

Under load the texts go to a process of its own, so that judging them does not hold up the event
loop, the database and the answers, which share one interpreter lock. It is begun by the first
crowd; until it is ready, and whenever it fails, the texts are judged right here.
"""

import multiprocessing
import pickle
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

import structlog

from assistant.domain.live import Urgency
from assistant.domain.screening import Screened
from assistant.live.seams import Screen, Triage, Triaged

log = structlog.get_logger()
Judgement = tuple[Triaged, Screened]
Judge = Callable[[Sequence[str]], Sequence[Judgement]]
"""Judges some texts, in their order."""
MANY = 12
"""From so many texts on, another process is worth its while."""
PATIENCE = 5.0
"""Seconds after which a silent process is given up."""
_CLEAN = Screened()


def judged(text: str, triage: Triage, screen: Screen) -> Judgement:
    """One text. Who may be in danger is not screened: nothing comes before helping them."""
    triaged = triage(text)
    return triaged, _CLEAN if triaged.urgency is Urgency.EMERGENCY else screen(text)


class Judging:
    """Judges by the triage and the screen as they are now. May be called from any thread."""

    def __init__(self, triage: Callable[[], Triage], screen: Callable[[], Screen]) -> None:
        self._triage = triage
        self._screen = screen
        self._lock = threading.Lock()
        self._helper: _Helper | None = None
        self._beginning: threading.Thread | None = None
        self._is_closed = self._is_lost = False

    def __call__(self, texts: Sequence[str]) -> list[Judgement]:
        """One judgement a text, in their order."""
        if len(texts) >= MANY:
            elsewhere = self._elsewhere(texts)
            if elsewhere is not None:
                return elsewhere
        triage, screen = self._triage(), self._screen()
        return [judged(text, triage, screen) for text in texts]

    def begin(self) -> None:
        """Begin the helping process beforehand: a room goes on air."""
        with self._lock:
            if self._helper is None or self._helper.rules != self._rules:
                self._begin()

    def prepare(self) -> None:
        """Begin it and wait until it helps."""
        self.begin()
        if self._beginning is not None:
            self._beginning.join()

    def has_lost_process(self) -> bool:
        """Whether the helping process died or fell silent since the last look; begins another."""
        with self._lock:
            if self._helper is not None and not self._helper.process.is_alive():
                self._lose()
            was_lost, self._is_lost = self._is_lost, False
            if was_lost and self._helper is None:
                self._begin()
        return was_lost

    def close(self) -> None:
        """End the helping process; from here on everything is judged in place."""
        self._is_closed = True
        if self._beginning is not None:
            self._beginning.join()
        with self._lock:
            helper, self._helper = self._helper, None
        if helper is not None:
            helper.close()

    def _elsewhere(self, texts: Sequence[str]) -> list[Judgement] | None:
        """What the helping process says; None where there is none that goes by today's rules."""
        with self._lock:
            return self._asked(texts)

    def _asked(self, texts: Sequence[str]) -> list[Judgement] | None:
        try:
            helper = self._helper
            if helper is None or helper.rules != self._rules:
                self._begin()
                return None
            return helper.ask(texts)
        except (OSError, EOFError, pickle.PickleError) as error:
            log.warning("judging_alone", kind=type(error).__name__)
            self._lose()
            return None

    @property
    def _rules(self) -> tuple[int, object]:
        return id(self._triage()), getattr(self._screen(), "version", None)

    def _lose(self) -> None:
        self._is_lost = True
        self._drop()

    def _drop(self) -> None:
        if self._helper is not None:
            self._helper.close()
        self._helper = None

    def _begin(self) -> None:
        idle = self._beginning is None or not self._beginning.is_alive()
        if idle and not self._is_closed:
            self._beginning = threading.Thread(target=self._begun, name="judging", daemon=True)
            self._beginning.start()

    def _begun(self) -> None:
        rules = self._rules
        try:
            helper = _Helper.begin(rules, pickle.dumps((self._triage(), self._screen())))
        except (OSError, EOFError, TypeError, AttributeError, pickle.PickleError) as error:
            log.warning("judging_alone", kind=type(error).__name__)
            return
        with self._lock:
            self._drop()
            self._helper = None if self._is_closed else helper
            if self._is_closed:
                helper.close()


@dataclass(slots=True)
class _Helper:
    """A process that judges. It ends with us: its end of the pipe tells it."""

    rules: tuple[int, object]
    process: SpawnProcess
    pipe: Connection

    @classmethod
    def begin(cls, rules: tuple[int, object], parts: bytes) -> "_Helper":
        """Start one and wait until it is ready. Raises OSError or EOFError where it is not."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs,), name="judging", daemon=True)
        process.start()
        theirs.close()
        helper = cls(rules, process, ours)
        try:
            ours.send_bytes(parts)  # not as an argument: one that dies unread would hang `start`
            helper.ask(["您好"], patience=60.0)
        except BaseException:
            helper.close()
            raise
        return helper

    def ask(self, texts: Sequence[str], patience: float = PATIENCE) -> list[Judgement]:
        """Judge some texts. Raises OSError where it does not answer, EOFError where it has died."""
        self.pipe.send(list(texts))
        if not self.pipe.poll(patience):
            raise TimeoutError
        judgements: list[Judgement] = self.pipe.recv()
        return judgements

    def close(self) -> None:
        """End it."""
        self.pipe.close()
        self.process.kill()
        self.process.join()


def _serve(pipe: Connection) -> None:
    """The helping process: judge what comes until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        triage, screen = pickle.loads(pipe.recv_bytes())  # noqa: S301 - written by our own parent
        while True:
            pipe.send([judged(text, triage, screen) for text in pipe.recv()])
