"""Which field an everyday question asks, apart from the item: `-m eval.training.everyday_fields`.

Over `everyday/fields.jsonl`: questions of the corpus with what a guide would have to say, labelled
by hand before they were read by the cues; several where a person may take it either way. `none`: no
field of a guide answers it; `overview`: it asks for no field. The part `fit` may be looked into,
`report` is only counted.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.answering.fields import HOURS, OTHER
from assistant.answering.guide_answer import beyond_guides
from assistant.answering.items import Catalogue
from assistant.answering.lexicon import Lexicon
from assistant.answering.places import Gazetteer
from assistant.answering.understand import understand
from assistant.bundled import bundled
from assistant.domain.question import Question
from assistant.domain.region import RegionTree
from eval.training.everyday_corpus import FOLDER, services

LABELS = FOLDER / "fields.jsonl"
NONE, OVERVIEW = "none", "overview"
_DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question, what it may be taken to ask (fields joined by +), and the part of its service."""

    ask: str
    wanted: tuple[str, ...]
    part: str

    @property
    def kind(self) -> str:
        """Whether a field, nothing of a guide's, or no field in particular is asked."""
        return self.wanted[0] if self.wanted[0] in (NONE, OVERVIEW) else "field"


class Reader:
    """Reads the fields of a question as the product does, over an empty catalogue."""

    def __init__(self) -> None:
        regions = RegionTree([])
        lexicon = Lexicon.load(bundled("knowledge") / "lexicon")
        self._catalogue = Catalogue.build([], regions, lexicon)
        self._gazetteer = Gazetteer(regions)

    def __call__(self, ask: str) -> str:
        """The fields joined by +, `none` or `overview`."""
        parts = understand(Question(ask, _DAY), self._catalogue, self._gazetteer).parts
        if any(map(beyond_guides, parts)):
            return NONE
        found = (field for part in parts for field in part.fields if field != OTHER)
        return "+".join(dict.fromkeys("locations" if f == HOURS else f for f in found)) or OVERVIEW


def labelled(path: Path = LABELS) -> list[Labelled]:
    """The labelled questions."""
    part = {each.service: each.part for each in services()}
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [Labelled(row["ask"], tuple(row["fields"]), part[row["service"]]) for row in rows]


def judged(cases: Sequence[Labelled], read: Reader) -> Iterator[tuple[Labelled, str, str]]:
    """Each question with what was read, and whether that is right, silent or another field."""
    for case in cases:
        got = read(case.ask)
        if set(got.split("+")) in [set(wanted.split("+")) for wanted in case.wanted]:
            yield case, got, "right"
        else:
            yield case, got, got if got in (NONE, OVERVIEW) else "wrong field"


def main() -> None:
    """Print the counts; with `--show`, the questions of `fit` that are read wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true")
    show = parser.parse_args().show
    found = list(judged(labelled(), Reader()))
    for key, count in sorted(Counter((c.part, c.kind, how) for c, _, how in found).items()):
        print(*key, count)
    for case, got, how in found if show else ():
        if how != "right" and case.part == "fit":
            print(case.ask, "|".join(case.wanted), got)


if __name__ == "__main__":
    main()
