"""Code checks every sentence: what it states must stand in its facts. In doubt it is a fault."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.figures import figures
from assistant.answering.verify import unsupported
from assistant.domain.studio import Fact, FactKind, Sentence
from assistant.studio.drafting.parts import voiced

_LEAST_NAME = 4


@dataclass(frozen=True, slots=True)
class Checker:
    """Knows the facts of a draft by id, and the names that no sentence may say without one."""

    facts: Mapping[str, Fact]
    names: frozenset[str]

    @classmethod
    def of(cls, facts: Iterable[Fact], names: Iterable[str]) -> "Checker":
        """`names`: items, offices, places, platforms."""
        known = {voiced(name) for name in names}
        return cls({f.id: f for f in facts}, frozenset(n for n in known if len(n) >= _LEAST_NAME))

    def faults(self, sentence: Sentence) -> list[str]:
        """Why a sentence may not be said, in Chinese; empty where it may."""
        missing = [one for one in sentence.facts if one not in self.facts]
        if missing:
            return [f"引用了不存在的依据 {missing[0]}"]
        quotes = [self.facts[one].text for one in sentence.facts]
        found = [f"依据中没有“{value}”" for value in unsupported(sentence.text, quotes)]
        stated = " ".join(quotes)
        found += [
            f"“{name}”没有依据"
            for name in self.names
            if name in sentence.text and name not in stated
        ]
        return found


def names_in(facts: Iterable[Fact]) -> set[str]:
    """The names among facts: of items, offices and places."""
    found: set[str] = set()
    for fact in facts:
        if fact.kind is FactKind.NAME:
            found.add(fact.text.split("（")[0].split("；")[0].split("：")[-1])
        elif fact.kind is FactKind.PLACE:
            found.add(fact.text.split("，")[0].split("；")[0])
    return found


def states_nothing(text: str) -> bool:
    """Whether a connecting sentence holds no figure."""
    return not figures(text)


def faults_of(sentences: Sequence[Sentence], checker: Checker) -> list[tuple[Sentence, str]]:
    """Each faulty sentence with the first of its faults."""
    return [(one, found[0]) for one in sentences if (found := checker.faults(one))]
