"""Somebody who asks all the time, and what became of each question."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

EVERY = 0.2
PATIENCE = 150.0
"""Seconds for which one asks: who waits longer has gone."""
AT_ONCE = 800


@dataclass
class Asker:
    """Asks an address each fifth of a second, however long the answers take."""

    url: str
    asked: int = 0
    refused: int = 0
    """Without a connection, or cut off before the answer."""
    _answers: list[tuple[float, float]] = field(default_factory=list)
    _open: dict[int, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ends: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def once(self) -> bool:
        """Whether it answers within five seconds."""
        try:
            return httpx.get(self.url, timeout=5, trust_env=False).is_success
        except httpx.HTTPError:
            return False

    def start(self) -> None:
        """Begin in a thread."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask no more; what is asked is waited for."""
        self._ends.set()
        assert self._thread is not None
        self._thread.join()

    @property
    def open(self) -> int:
        """Asked and not answered."""
        return len(self._open)

    def answered_since(self, at: float) -> bool:
        """Whether a question of after then was answered."""
        with self._lock:
            return any(asked >= at for asked, _ in self._answers[-20:])

    def longest_since(self, at: float) -> float:
        """The longest wait of a question that was open then or came after it, in seconds."""
        with self._lock:
            ends = [(asked, answered) for asked, answered in self._answers if answered >= at]
            ends += [(asked, time.monotonic()) for asked in self._open.values()]
        return max((answered - asked for asked, answered in ends), default=0.0)

    def _run(self) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            while not self._ends.wait(EVERY):
                with self._lock:
                    self.asked += 1
                    self._open[self.asked] = time.monotonic()
                pool.submit(self._ask, self.asked)

    def _ask(self, number: int) -> None:
        try:
            httpx.get(self.url, timeout=PATIENCE, trust_env=False)
            is_refused = False
        except httpx.HTTPError:
            is_refused = True
        with self._lock:
            asked = self._open.pop(number)
            self.refused += is_refused
            if not is_refused:
                self._answers.append((asked, time.monotonic()))
