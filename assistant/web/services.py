"""What the web needs of the assistant, as Protocols that the real one and the tests' fake meet."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from pathlib import Path
from typing import Any, Protocol

from assistant.access.desk import AccessDesk
from assistant.domain.clock import Clock
from assistant.domain.evidence import Ranking
from assistant.domain.outcome import Outcome
from assistant.domain.passage import Passage
from assistant.domain.question import Question, Scope
from assistant.domain.region import RegionTree
from assistant.domain.source import Source, SourceHeader
from assistant.errors import BadInput

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""One zone, without summer time; a day begins at midnight there."""


class SourceReader(Protocol):
    """Sources and passages as they are stored."""

    async def get(self, source_id: str, version: int | None = None) -> Source | None:
        """A source, its current version or a given one."""
        ...

    async def passages(self, keys: Sequence[int]) -> Mapping[int, Passage]:
        """Passages by key, of whatever version; unknown keys are absent."""
        ...

    async def passages_of(self, source_id: str) -> Sequence[Passage]:
        """The passages of the current version, in order."""
        ...


class Index(Protocol):
    """The searchable knowledge: what it holds, and how it follows the records."""

    @property
    def headers(self) -> Mapping[str, SourceHeader]:
        """The current sources."""
        ...

    @property
    def generation(self) -> int:
        """Grows with every applied change."""
        ...

    async def status(self) -> object:
        """What `/health` shows of it."""
        ...

    def announce(self, url: str) -> None:
        """Tell other processes where this one serves."""
        ...

    async def refresh(self) -> int:
        """Apply what was committed since; gives the number of changes."""
        ...


class Recorded(Protocol):
    """An outcome as it was recorded."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def outcome(self) -> Outcome:
        """What came of the question."""
        ...


class Outcomes(Protocol):
    """What came of questions, by id."""

    async def record(self, outcome: Outcome, key: str | None = None) -> str:
        """Store an outcome, also under an idempotency key; gives its id.

        Raises Conflict where the key has an outcome already.
        """
        ...

    async def by_key(self, key: str) -> Recorded | None:
        """The outcome of an idempotency key."""
        ...

    async def get(self, outcome_id: str) -> Recorded | None:
        """One outcome."""
        ...


class IngestRow(Protocol):
    """What became of one file."""

    @property
    def status(self) -> str:
        """A short word, such as `created` or `unchanged`."""
        ...

    @property
    def source_ids(self) -> Sequence[str]:
        """The sources that the file holds."""
        ...

    @property
    def message(self) -> str:
        """What was wrong, empty where nothing was."""
        ...


class IngestReport(Protocol):
    """What was read, skipped and why."""

    @property
    def rows(self) -> Sequence[IngestRow]:
        """One row a file."""
        ...


class VoiceStates(Protocol):
    """How the voice is doing."""

    def states(self) -> list[dict[str, Any]]:
        """Each engine: its state, version, counts and last failure."""
        ...


class Bounds(Protocol):
    """The error bound: chosen on the console, else by the settings (bootstrap.error_bound)."""

    @property
    def setting(self) -> Any:
        """The bound of the settings (`rate`, `confidence`), or None."""
        ...

    @property
    def chosen(self) -> Any:
        """The last word on the console (`choice`, `actor`, `at`, …), or None."""
        ...

    def outlook(self, rate: float, confidence: float) -> tuple[Sequence[Any], str]:
        """What a bound would let through of each kind, and why it is refused. Raises BadInput."""
        ...

    async def choose(self, rate: float, confidence: float, *, actor: str) -> None:
        """Set a bound; it holds in this process at once. Raises BadInput."""
        ...

    async def lift(self, *, to_setting: bool, actor: str) -> None:
        """Set no bound, or that of the settings."""
        ...


class VerdictStates(Protocol):
    """The standard by which answers are let through."""

    @property
    def bounds(self) -> Bounds | None:
        """Where the error bound is chosen; None where it is not."""
        ...

    def degraded(self) -> list[str]:
        """Why it is not as it was calibrated; empty where it is."""
        ...

    def state(self) -> dict[str, Any]:
        """Calibration, bound, thresholds by kind, drift."""
        ...

    def prices(self) -> Sequence[tuple[str, Any]]:
        """Kinds of answer with what each bound would cost."""
        ...


class Assistant(Protocol):
    """The open assistant."""

    @property
    def verdict(self) -> VerdictStates | None:
        """The standard of the verdict; None where none is shown."""
        ...

    @property
    def voice(self) -> VoiceStates | None:
        """The voice; None where there is none."""
        ...

    @property
    def sources(self) -> SourceReader:
        """Stored sources."""
        ...

    @property
    def index(self) -> Index:
        """The index."""
        ...

    @property
    def outcomes(self) -> Outcomes:
        """Stored outcomes."""
        ...

    @property
    def regions(self) -> RegionTree:
        """All known regions."""
        ...

    @property
    def clock(self) -> Clock:
        """The present moment."""
        ...

    @property
    def access(self) -> AccessDesk | None:
        """Who may come in; None where accounts are not in use."""
        ...

    def lay_words(self, source_id: str) -> Sequence[str]:
        """What people call the item of a guide; searched, never quoted."""
        ...

    async def warm(self) -> None:
        """Read into memory what the first answers need."""
        ...

    async def answer(self, question: Question) -> Outcome:
        """Answer one question."""
        ...

    async def search(self, text: str, scope: Scope, limit: int) -> Ranking:
        """Ranked passages."""
        ...

    async def ingest(self, paths: Sequence[Path]) -> IngestReport:
        """Add files; when this returns, they answer."""
        ...


AssistantFactory = Callable[[], AbstractAsyncContextManager[Assistant]]


@dataclass(frozen=True, slots=True)
class WebOptions:
    """How the service behaves; the values come from settings, through the entry point.

    `parts` names what is configured (model, embedding …) for `/health`. `refresh_seconds` is the
    pause between two looks at the index outbox; `body_bytes` the largest request that is read;
    `producer` the provider's code in the hidden AIGC label of files.
    """

    url: str | None = None
    region: str | None = None
    parts: Mapping[str, str] | None = None
    refresh_seconds: float = 0.5
    body_bytes: int = 256 * 1024
    uploads: Path | None = None
    warm_up: bool = False
    producer: str = "0" * 27


def today(clock: Clock) -> date:
    """The day on which a question is asked, as a citizen counts days."""
    return clock().astimezone(CHINA).date()


class Regional(Protocol):
    """What says which regions there are."""

    @property
    def index(self) -> Index:
        """The index."""
        ...

    @property
    def regions(self) -> RegionTree:
        """All known regions."""
        ...


def check_region(code: str | None, on: Regional) -> None:
    """A viewer's region must be one of the table, lie in one, or have sources of its own.

    Raises:
        BadInput: it is neither, most likely mistyped; only national sources could answer.
    """
    if code is None or on.regions.knows(code):
        return
    if all(header.region != code for header in on.index.headers.values()):
        hint = "请核对；自有地区可写入数据目录的 regions.csv"
        raise BadInput(f"地区（region）：没有区划代码 {code}", hint=hint)
