"""Which step heals: reload the page → restart the group → safe mode → the card. Pure.

A step has its time to work; what comes again too often within a while goes one step up. From safe
mode and from the card the browser is tried beside what is on air, after a wait that doubles with
every failure (a breaker), and takes over once it has stayed up.
"""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from assistant.push.faults import Cure


class Mode(StrEnum):
    """What is on air."""

    BROWSER = "browser"
    SAFE = "safe"
    CARD = "card"


class Step(StrEnum):
    """What to do now."""

    NONE = "none"
    RELOAD = "reload"
    RESTART = "restart"
    """Whatever is on air, anew."""
    SAFE = "safe"
    CARD = "card"
    TRY = "try"
    """Begin the browser beside what is on air."""
    BACK = "back"
    """The browser that was tried takes over."""
    DROP = "drop"
    """The browser that was tried is ended."""


@dataclass(frozen=True, slots=True)
class Climb:
    """Seconds and counts."""

    reload_works: float = 6.0
    restart_works: float = 5.0
    reloads: int = 2
    restarts: int = 3
    reload_memory: float = 120.0
    restart_memory: float = 300.0
    first_wait: float = 1.0
    first_trial: float = 45.0
    last_trial: float = 900.0
    steady: float = 12.0
    forgiven: float = 600.0


CLIMB = Climb()
_KEPT = 50


class Ladder:
    """Its owner does each step that `look` gives, and says by `came` and `failed` how it went."""

    def __init__(self, now: float, climb: Climb = CLIMB) -> None:
        self._climb = climb
        self.mode = Mode.BROWSER
        self._done: deque[tuple[float, Step]] = deque(maxlen=_KEPT)
        self._quiet_until = now
        self._failures = 0
        self._trial_wait = climb.first_trial
        self._trial_at = 0.0
        self._tried_since: float | None = None
        self._well_since = now

    def look(self, cure: Cure | None, now: float, trial: Cure | None = None) -> Step:
        """The step for the worst fault of what is on air, or of the browser that is tried."""
        cure = None if cure is Cure.ALARM else cure
        if self.mode is not Mode.BROWSER and (step := self._trial(trial, now)) is not Step.NONE:
            return step
        if cure is None or now < self._quiet_until:
            self._forgive(cure, now)
            return Step.NONE
        return self._heal(cure, now)

    def came(self, mode: Mode, now: float) -> None:
        """It is on air now."""
        self.mode, self._failures, self._well_since = mode, 0, now
        self._quiet_until = now + self._climb.restart_works
        if mode is Mode.BROWSER:
            self._tried_since = None

    def failed(self, now: float) -> None:
        """What was to be started did not start; the next look may try again after a wait."""
        self._quiet_until = now + self._climb.first_wait * 2 ** min(self._failures, 4)
        self._failures += 1

    def trial_came(self, now: float) -> None:
        """The browser runs beside what is on air."""
        self._tried_since = now

    def trial_failed(self, now: float) -> None:
        """It did not start, or did not stay."""
        self._tried_since = None
        self._trial_wait = min(2 * self._trial_wait, self._climb.last_trial)
        self._trial_at = now + self._trial_wait

    def _heal(self, cure: Cure, now: float) -> Step:
        climb = self._climb
        self._well_since = now
        if self.mode is Mode.CARD:
            return self._turn(Mode.SAFE, Step.SAFE, now)
        reloads = self._count(Step.RELOAD, now - climb.reload_memory)
        if cure is Cure.RELOAD and self.mode is Mode.BROWSER and reloads < climb.reloads:
            return self._did(Step.RELOAD, now, climb.reload_works)
        if self._count(Step.RESTART, now - climb.restart_memory) < climb.restarts:
            return self._did(Step.RESTART, now, climb.restart_works)
        if self.mode is Mode.BROWSER:
            return self._turn(Mode.SAFE, Step.SAFE, now)
        return self._turn(Mode.CARD, Step.CARD, now)

    def _trial(self, trial: Cure | None, now: float) -> Step:
        if self._tried_since is None:
            if now < self._trial_at:
                return Step.NONE
            self._trial_at = now + self._climb.last_trial
            return Step.TRY
        if trial is not None and trial is not Cure.ALARM:
            self.trial_failed(now)
            return Step.DROP
        return Step.BACK if now - self._tried_since > self._climb.steady else Step.NONE

    def _forgive(self, cure: Cure | None, now: float) -> None:
        """What has gone well for long begins with a clean slate."""
        if cure is not None:
            self._well_since = now
        elif self.mode is Mode.BROWSER and now - self._well_since > self._climb.forgiven:
            self._trial_wait = self._climb.first_trial

    def _turn(self, mode: Mode, step: Step, now: float) -> Step:
        """One step up: what was done before counts no more."""
        if self.mode is Mode.BROWSER:
            self._trial_at = now + self._trial_wait
        self.mode = mode
        self._done.clear()
        return self._did(step, now, self._climb.restart_works)

    def _did(self, step: Step, now: float, works: float) -> Step:
        self._done.append((now, step))
        self._quiet_until = now + works
        return step

    def _count(self, step: Step, since: float) -> int:
        return sum(each is step and at >= since for at, each in self._done)
