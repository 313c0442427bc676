"""The standard by which answers are let through: calibration, fingerprint, bound."""

import asyncio
from typing import TYPE_CHECKING, Any

import structlog

from assistant.bootstrap.error_bound import BoundDesk, Ground, bound_of, error_bounds
from assistant.bootstrap.library import Library
from assistant.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from langchain_core.embeddings import Embeddings

    from assistant.answering.calibration import Calibration
    from assistant.answering.desk import Desk
    from assistant.answering.drift import Drift, DriftWatch
    from assistant.answering.kept_drift import KeptDrift
    from assistant.answering.promise import Promise
    from assistant.answering.standing import Standing
    from assistant.domain.answer import Route
    from assistant.records.drift_batches import DriftBatches

log = structlog.get_logger()

BOUNDS = (0.01, 0.02, 0.03, 0.05, 0.1)
"""The bounds whose price the console shows."""
_SHOWN = 12
DRIFT_PAUSE = 15.0
"""Seconds between two batches: what a process that is killed may forget."""
_OF_NUMBERS = ("embedding", "ranker", "features")
"""The parts of the fingerprint that a draft's numbers come from."""


class VerdictDesk:
    """What `/health` and the console show of the standard and of its drift.

    `bounds` is where the bound is chosen, `kept` carries the watch over restarts; None where not.
    """

    def __init__(
        self, standing: "Standing", drift: "DriftWatch", bounds: "BoundDesk | None" = None
    ) -> None:
        self.standing = standing
        self.drift = drift
        self.bounds = bounds
        self.kept: KeptDrift | None = None
        self._desk: Desk | None = None

    def govern(self, desk: "Desk") -> None:
        """Let a desk answer by this standard, now and whenever it changes."""
        self._desk = desk
        desk.watch(self.drift)
        desk.stand_by(self.standing.policy)

    def take(self, standing: "Standing") -> None:
        """The standard has changed."""
        self.standing = standing
        if self._desk:
            self._desk.stand_by(standing.policy)

    def degraded(self) -> list[str]:
        """Why the service is not as it was calibrated."""
        large = self.drift.alarming and any(one.is_large for one in self.drift.drifts())
        return ["verdict"] * self.standing.is_strict + ["verdict_drift"] * large

    def state(self) -> dict[str, Any]:
        """The standard in use, as JSON."""
        now = self.standing
        return {
            "told": now.told,
            "strict": now.is_strict,
            "differing": list(now.differing),
            "calibrated": now.calibration.made,
            "basis": now.calibration.basis,
            "own": self.drift.alarming,
            "bound": now.bound.rate if now.bound else None,
            "confidence": now.bound.confidence if now.bound else None,
            "bound_from": self._bound_from(),
            "kinds": [self._kind(route) for route in self._routes()],
            "drift": [self._drift(one) for one in self.drift.drifts()[:_SHOWN]],
        }

    def prices(self) -> "list[tuple[str, Promise]]":
        """What each bound would cost; takes a moment."""
        from assistant.answering.standing import table

        now = self.standing
        return table(now.calibration, BOUNDS, now.bound.confidence if now.bound else 0.95)

    def _bound_from(self) -> str:
        """Who said what the bound is: the `page`, the `setting`, or nobody (empty)."""
        from assistant.records.error_bounds import Choice

        chosen = self.bounds.chosen if self.bounds else None
        if chosen and chosen.choice is not Choice.SETTING:
            return "page"
        return "setting" if self.standing.bound else ""

    def _routes(self) -> "list[Route]":
        from assistant.answering.calibration import KIND_NAMES

        return [route for route in KIND_NAMES if route in self.standing.policy.routes]

    def _kind(self, route: "Route") -> dict[str, Any]:
        from assistant.answering.calibration import KIND_NAMES

        held = self.standing.promises.get(route)
        kind = self.standing.calibration.kinds.get(route)
        return {
            "kind": route.value,
            "name": KIND_NAMES[route],
            "threshold": self.standing.policy.routes[route].answer_from,
            "labels": len(kind.scored) if kind else 0,
            "share": held.share if held else None,
            "upper": held.upper if held else None,
            "promised": held is not None and held.threshold is not None,
        }

    def _drift(self, one: "Drift") -> dict[str, Any]:
        from assistant.answering.calibration import KIND_NAMES

        name = KIND_NAMES.get(one.route, one.route.value)
        return {"name": name, "number": one.name, "psi": one.psi, "large": one.is_large}


async def verdict_of(library: Library, embeddings: "Embeddings", *, has_chat: bool) -> VerdictDesk:
    """The standard by which answers are let through now. Raises ConfigurationError."""
    from assistant.answering.drift import DriftWatch
    from assistant.answering.kept_drift import KeptDrift

    settings = library.settings
    ground = await asyncio.to_thread(ground_now, settings, embeddings, has_chat=has_chat)
    records, setting = error_bounds(library), bound_of(settings)
    own = calibration_file(settings).exists()
    drift = DriftWatch(ground.calibration, alarming=own)
    desk = VerdictDesk(await asyncio.to_thread(ground.standing, setting), drift)
    desk.bounds = BoundDesk(records, ground, setting, desk.take)
    desk.kept = KeptDrift(drift, drift_batches(library, ground))
    await desk.bounds.follow()
    return desk


def drift_batches(library: Library, ground: Ground) -> "DriftBatches":
    """The stored numbers of drafts that were made by what runs now."""
    from assistant.answering.drift import KEPT
    from assistant.domain.ids import new_ulid
    from assistant.records.drift_batches import DriftBatches

    made_by = "/".join(ground.running[part] for part in _OF_NUMBERS)
    at = (library.database, library.settings.organization, library.clock)
    return DriftBatches(*at, new_ulid, made_by=made_by, kept=KEPT)


def ground_now(settings: Settings, embeddings: "Embeddings", *, has_chat: bool) -> Ground:
    """What the verdict stands on but for the bound; told to the log where it does not fit."""
    calibration = calibration_of(settings)
    ground = Ground(calibration, fingerprint_now(settings, embeddings, has_chat=has_chat))
    standing = ground.standing(None)
    if standing.differing:
        log.warning("verdict_uncalibrated", parts=standing.differing, strict=standing.is_strict)
    return ground


def calibration_file(settings: Settings) -> "Path":
    """Where an office's own calibration lies."""
    from assistant.answering.calibration import FILE

    return settings.data_dir / FILE


def calibration_of(settings: Settings) -> "Calibration":
    """The office's own calibration, else the shipped one. Raises ConfigurationError."""
    from assistant.answering.calibration import read_calibration, shipped_calibration

    own = calibration_file(settings)
    return read_calibration(own) if own.exists() else shipped_calibration()


def fingerprint_now(
    settings: Settings, embeddings: "Embeddings", *, has_chat: bool
) -> dict[str, str]:
    """What runs now, part by part."""
    from assistant.answering.decide import default_policy
    from assistant.answering.fingerprint import fingerprint
    from assistant.retrieval.vectors import fingerprint as of_embedding

    chat = f"{settings.chat_model}@{settings.openai_base_url or ''}" if has_chat else None
    return fingerprint(of_embedding(embeddings), default_policy(), chat, settings.reranker_model)


def fingerprint_of(settings: Settings) -> dict[str, str]:
    """What would run with these settings. Loads the embedding; raises ModelFailed."""
    from assistant.bootstrap.assistant import uses_chat
    from assistant.models.embeddings import build_embeddings

    embeddings = build_embeddings(settings.embedding_model, offline=settings.offline)
    return fingerprint_now(settings, embeddings, has_chat=uses_chat(settings))
