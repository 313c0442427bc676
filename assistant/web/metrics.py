"""Counters for Prometheus, in a registry of the app's own."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from assistant.domain.outcome import Outcome
from assistant.push.board import StreamReport

_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """What `/metrics` shows."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "assistant_questions",
            "Questions by what came of them",
            ["action", "route", "face"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "assistant_question_seconds",
            "Question to outcome",
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._sources = Gauge(
            "assistant_sources", "Current sources in the index", registry=self._registry
        )
        self._modes = self._gauge("mode", "What a room's stream shows", "room", "mode")
        self._rates = self._gauge("frames_per_second", "Frames that go out", "room")
        self._live = self._gauge("target_live", "1 where a target takes it", "room", "target")
        self._bits = self._gauge("target_bits", "Bits a second to a target", "room", "target")
        self._refresh_errors = Counter(
            "assistant_index_refresh_errors",
            "Failed looks at the index outbox",
            registry=self._registry,
        )

    def streams(self, reports: Mapping[str, StreamReport | None]) -> None:
        """The pushed streams as they are now; one that is gone without a word has mode `gone`."""
        for gauge in (self._modes, self._rates, self._live, self._bits):
            gauge.clear()
        for room, report in reports.items():
            self._modes.labels(room, report.mode if report else "gone").set(1)
            if report is None:
                continue
            self._rates.labels(room).set(report.rate)
            for one in report.targets:
                self._live.labels(room, one.name).set(one.is_live)
                self._bits.labels(room, one.name).set(one.bits)

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(f"assistant_push_{name}", what, labels, registry=self._registry)

    def asked(self, outcome: Outcome, face: str) -> None:
        """Count a question that was answered through a face (`api`, `page`, `chat`)."""
        self._questions.labels(outcome.verdict.action, outcome.draft.route, face).inc()
        self._seconds.observe(outcome.latency_ms / 1000)

    def refresh_failed(self) -> None:
        """Count a look at the outbox that failed."""
        self._refresh_errors.inc()

    def text(self, sources: int) -> bytes:
        """Everything in Prometheus' text format."""
        self._sources.set(sources)
        return generate_latest(self._registry)
