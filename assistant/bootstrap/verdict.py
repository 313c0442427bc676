"""The standard by which answers are let through: calibration, fingerprint, bound."""

from typing import TYPE_CHECKING, Any

import structlog

from assistant.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from langchain_core.embeddings import Embeddings

    from assistant.answering.calibration import Calibration
    from assistant.answering.drift import Drift, DriftWatch
    from assistant.answering.promise import Promise
    from assistant.answering.standing import Bound, Standing
    from assistant.domain.answer import Route

log = structlog.get_logger()

BOUNDS = (0.01, 0.02, 0.03, 0.05, 0.1)
"""The bounds whose price the console shows."""
_SHOWN = 12


class VerdictDesk:
    """What `/health` and the console show of the standard and of its drift."""

    def __init__(self, standing: "Standing", drift: "DriftWatch") -> None:
        self.standing = standing
        self.drift = drift

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
            "kinds": [self._kind(route) for route in self._routes()],
            "drift": [self._drift(one) for one in self.drift.drifts()[:_SHOWN]],
        }

    def prices(self) -> "list[tuple[str, Promise]]":
        """What each bound would cost; takes a moment."""
        from assistant.answering.standing import table

        now = self.standing
        return table(now.calibration, BOUNDS, now.bound.confidence if now.bound else 0.95)

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


def standing_now(settings: Settings, embeddings: "Embeddings", *, has_chat: bool) -> "Standing":
    """What the verdict stands on; told to the log where it is not what was calibrated."""
    from assistant.answering.decide import default_policy
    from assistant.answering.standing import standing_of

    calibration = calibration_of(settings)
    now = fingerprint_now(settings, embeddings, has_chat=has_chat)
    standing = standing_of(default_policy(), calibration, now, bound_of(settings))
    if standing.differing:
        log.warning("verdict_uncalibrated", parts=standing.differing, strict=standing.is_strict)
    return standing


def calibration_file(settings: Settings) -> "Path":
    """Where an office's own calibration lies."""
    from assistant.answering.calibration import FILE

    return settings.data_dir / FILE


def calibration_of(settings: Settings) -> "Calibration":
    """The office's own calibration, else the shipped one. Raises ConfigurationError."""
    from assistant.answering.calibration import read_calibration, shipped_calibration

    own = calibration_file(settings)
    return read_calibration(own) if own.exists() else shipped_calibration()


def bound_of(settings: Settings) -> "Bound | None":
    """What the operator allows."""
    from assistant.answering.standing import Bound

    rate = settings.error_bound
    return Bound(rate, settings.error_confidence) if rate is not None else None


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
