"""Sets of an independent tester, through the real parts of the live room.

    python -m eval.live.fresh [--data ../shared/data] [--out FILE] [--show] [--round N]

Written by someone who had seen neither the other sets nor the rules, words and training data of the
parts (`sets/fresh_*.jsonl`; of --round 2, `sets/fresh2_*.jsonl`). Every text is masked first, then
screened and triaged, as in a room over the bundled knowledge; --data adds its guides and policies.
Shares come with 95 % Wilson intervals; --show prints up to ten failures of each set. Nothing may be
fitted on these sets: once a failure of theirs has been repaired, they are no longer unseen.
`disputed` rows are those whose label the tester, having seen the figures, no longer stands by: they
count, and are left out of the second count ("of it"). What passes screen and triage goes to the
desk: does it answer?
"""

import argparse
import asyncio
import json
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

from assistant.answering.guide_answer import GuideAnswerer
from assistant.bootstrap import Settings, open_assistant, open_live
from assistant.bundled import bundled
from assistant.domain.question import Question
from assistant.domain.screening import Severity
from assistant.domain.verdict import Action
from assistant.evaluation.intervals import wilson
from assistant.live.building import LiveParts
from assistant.live.merging import SlotMerger
from assistant.live.merging_desk import DeskReading
from assistant.live.seams import CommentKind
from assistant.live.triage import emergency
from assistant.safety.screen import shipped_screen
from eval.live.fresh_secrets import survivors

SETS = Path(__file__).parent / "sets"
MORE = ("gd_guides.jsonl", "ncp_docs.jsonl")
BAD = ("attacks", "harmful")
ROUNDS = {1: "fresh", 2: "fresh2"}
_SHOWN = 10

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Share:
    """One figure: how many of `rows` passed `test`. `want` says what is good: "high" or "low"."""

    name: str
    rows: Sequence[Row]
    hits: Sequence[bool]
    want: str = "high"

    def figures(self) -> Row:
        """Count, share, interval, and the share of each kind where there are several."""
        total, hit = len(self.rows), sum(self.hits)
        low, high = wilson(hit, total)
        share = {"of": total, "hits": hit, "share": round(hit / (total or 1), 4), "want": self.want}
        share |= {"ci95": [round(low, 4), round(high, 4)], "kinds": self._kinds()}
        return share | {"undisputed": self._undisputed()}

    def _undisputed(self) -> str:
        """The same without the rows whose label the tester no longer stands by; "" for none."""
        pairs = zip(self.rows, self.hits, strict=True)
        clear = [hit for row, hit in pairs if not row.get("disputed")]
        return f"{sum(clear)}/{len(clear)}" if len(clear) < len(self.rows) else ""

    def _kinds(self) -> dict[str, str]:
        pairs = list(zip(self.rows, self.hits, strict=True))
        total = Counter(str(row.get("kind", "")) for row in self.rows)
        hit = Counter(str(row.get("kind", "")) for row, good in pairs if good)
        return {kind: f"{hit[kind]}/{count}" for kind, count in total.items() if len(total) > 1}

    def failures(self) -> list[Row]:
        """The rows that did not go as wanted."""
        good = self.want == "high"
        return [row for row, hit in zip(self.rows, self.hits, strict=True) if hit != good]


class Judge:
    """The parts of a room, and each set through them."""

    def __init__(self, parts: LiveParts, turn: int = 1) -> None:
        """`parts` follow the knowledge base already; `turn` is the round of sets."""
        self._rows = partial(rows, turn=turn)
        self._parts = parts
        self._screen = shipped_screen()

    def all(self) -> Iterator[Share]:
        """Every figure of every set."""
        negatives, questions = self._rows("hard_negatives"), self._rows("questions")
        yield self._share("hard negatives taken for questions", negatives, self.asks, "low")
        yield self._share("hard negatives screened", negatives, self.screened, "low")
        yield self._share("questions taken", questions, self.asks)
        yield self._share("questions screened", questions, self.screened, "low")
        yield from self._pairs(self._rows("pairs"))
        yield from self._safety()
        yield from self._masking(self._rows("masking"))
        yield from self._urgency(self._rows("urgent"))

    def _safety(self) -> Iterator[Share]:
        attacks, ordinary = self._rows("attacks"), self._rows("ordinary")
        yield self._share("attacks screened", attacks, self.screened)
        yield self._share("attacks kept from the desk", attacks, lambda row: not self.reaches(row))
        harmful = self._rows("harmful")
        yield self._share("harmful screened", harmful, self.screened)
        yield self._share("harmful kept from the desk", harmful, lambda row: not self.reaches(row))
        yield self._share("ordinary screened", ordinary, self.screened, "low")

    def _pairs(self, pairs: Sequence[Row]) -> Iterator[Share]:
        same = [row for row in pairs if row["same"]]
        other = [row for row in pairs if not row["same"]]
        yield self._share("same meaning merged", same, self.merges)
        yield self._share("different merged", other, self.merges, "low")

    def _masking(self, texts: Sequence[Row]) -> Iterator[Share]:
        personal = [row for row in texts if row["secrets"]]
        plain = [row for row in texts if not row["secrets"]]
        yield self._share("personal data left", personal, self.leaks, "low")
        secrets = [(row, each) for row in personal for each in row["secrets"]]
        left = [each in self.left(row) for row, each in secrets]
        yield Share("secrets left", [row for row, _ in secrets], left, "low")
        changed: Callable[[Row], bool] = lambda row: self._masked(row) != row["text"]  # noqa: E731
        yield self._share("ordinary numbers altered", plain, changed, "low")

    def _urgency(self, texts: Sequence[Row]) -> Iterator[Share]:
        for want in ("emergency", "urgent", "normal"):
            wanted = [row for row in texts if row["urgency"] == want]
            yield self._share(f"{want} told", wanted, self.urgency_right)
        wanted = [row for row in texts if row["urgency"] == "emergency"]
        yield self._share("emergency, right number", wanted, self.call_right)
        calm = [row for row in texts if row["urgency"] != "emergency"]
        yield self._share(
            "emergency call for another", calm, lambda row: bool(self.call(row)), "low"
        )

    def _share(
        self, name: str, texts: Sequence[Row], test: Callable[[Row], bool], want: str = "high"
    ) -> Share:
        return Share(name, texts, [test(row) for row in texts], want)

    def _masked(self, row: Row) -> str:
        return self._parts.mask(row["text"]).text

    def asks(self, row: Row) -> bool:
        """Taken for a question by the triage."""
        return self._parts.triage(self._masked(row)).kind is CommentKind.QUESTION

    def screened(self, row: Row) -> bool:
        """Set aside by the screen."""
        return self._screen(self._masked(row)).severity is not Severity.CLEAN

    def reaches(self, row: Row) -> bool:
        """Would be put to the question desk."""
        return not self.screened(row) and self.asks(row)

    def merges(self, row: Row) -> bool:
        """The second is found to repeat the first, in a room that knows nothing else."""
        reading = DeskReading(cast("GuideAnswerer", self._parts.desk.services.guides))
        merger = SlotMerger(self._parts.embedding.embed_array, reading)
        merger.add("first", row["a"])
        return merger.find(row["b"]) is not None

    def left(self, row: Row) -> list[str]:
        """The secrets that can still be read."""
        return survivors(row["text"], self._masked(row), row["secrets"])

    def leaks(self, row: Row) -> bool:
        """Any secret can still be read."""
        return bool(self.left(row))

    def urgency_right(self, row: Row) -> bool:
        """As urgent as it is."""
        return bool(self._parts.triage(self._masked(row)).urgency.value == row["urgency"])

    def call(self, row: Row) -> str:
        """Whom the emergency words call."""
        return emergency(self._masked(row))

    def call_right(self, row: Row) -> bool:
        """The right number for a danger."""
        return bool(self.call(row) == row["call"])


def rows(name: str, turn: int = 1) -> list[Row]:
    """A set of a round."""
    lines = (SETS / f"{ROUNDS[turn]}_{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


async def answered(parts: LiveParts, judge: Judge, name: str, turn: int = 1) -> Share:
    """Those of a bad set that pass screen and triage and that the desk answers or asks back."""
    bad = rows(name, turn)
    return Share(
        f"{name} answered by the desk", bad, [await _said(parts, judge, r) for r in bad], "low"
    )


async def _said(parts: LiveParts, judge: Judge, row: Row) -> bool:
    if not judge.reaches(row):
        return False
    asked = Question(parts.mask(row["text"]).text, as_of=datetime.now(UTC).date())
    outcome = await parts.desk.answer(asked)
    row["said"] = f"{outcome.verdict.action}: {outcome.text[:80]}"
    return outcome.verdict.action in {Action.ANSWER, Action.CLARIFY}


@asynccontextmanager
async def room(more: Iterable[Path]) -> AsyncIterator[LiveParts]:
    """The parts of a room over the bundled knowledge and `more`, in a throw-away data folder."""
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(data_dir=Path(place), database_url=None, chroma_url=None, region=None)
        async with open_assistant(settings) as assistant:
            knowledge = bundled("knowledge")
            files = [*knowledge.glob("guides/*.jsonl"), *knowledge.glob("policies/*.md")]
            await assistant.ingest([*files, *knowledge.glob("faqs/*.jsonl"), *more])
            yield await open_live(assistant)


def shown(share: Share) -> None:
    """Print the failures of a figure."""
    for row in share.failures()[:_SHOWN]:
        print("     ", json.dumps(row, ensure_ascii=False))


async def _run(given: argparse.Namespace) -> Row:
    more = [given.data / name for name in MORE] if given.data else []
    figures: Row = {}
    async with room(more) as parts:
        judge = Judge(parts, given.round)
        bad = [await answered(parts, judge, name, given.round) for name in BAD]
        for share in [*judge.all(), *bad]:
            figures[share.name] = found = share.figures()
            low, high = found["ci95"]
            count = f"{found['hits']:4}/{found['of']:<4}"
            print(f"{share.name:38}{count} {found['share']:7.3f} [{low:.3f}, {high:.3f}]")
            for more_of in filter(None, (found["kinds"], found["undisputed"])):
                print("      of it:", more_of)
            figures[share.name]["failures"] = share.failures()
            if given.show:
                shown(share)
    return figures


def main() -> None:
    """Evaluate, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, help="adds the guides and policies of this folder")
    parser.add_argument("--out", type=Path, help="writes figures and all failures")
    parser.add_argument("--show", action="store_true", help="print up to ten failures a figure")
    parser.add_argument("--round", type=int, choices=ROUNDS, default=1, help="which sets (1)")
    given = parser.parse_args()
    figures = asyncio.run(_run(given))
    if given.out:
        given.out.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
