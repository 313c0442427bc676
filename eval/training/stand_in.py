"""A stand-in for a chat model: a loopback server that answers from the thesaurus' held-back part.

No real model was to be had. It knows the services whose lay terms are hidden from the program
(`linker_world`), and nothing else; `careless` is the share of its replies that are about another
service. Asked and answered through the real client, so that time limits, prompts and checks are
those of the product. The thesaurus and the questions have one writer: a hopeful stand-in.
"""

import hashlib
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from assistant.answering.folding import fold
from assistant.answering.lay_terms import LayTerms
from assistant.models.chat import OpenAIChat
from assistant.models.prompts import CLOSE, OPEN, load_prompt
from eval.training.everyday_corpus import Service, lay_terms
from tests.models.openai_server import Respond, openai_server, says

NOTHING = "无"
_MOST = 8
_FENCED = re.compile(f"{OPEN}\n(.*?)\n{CLOSE}", re.DOTALL)


@dataclass(frozen=True)
class StandIn:
    """`lay`: terms by folded name of a service; `held`: the same terms, to be found in a text."""

    lay: Mapping[str, tuple[str, ...]]
    held: LayTerms
    careless: float = 0.0

    @classmethod
    def of(
        cls, services: Sequence[Service], hidden: frozenset[str], careless: float = 0.0
    ) -> "StandIn":
        """What the held-back part says of the services that are hidden."""
        rows = [t for t in lay_terms() if not hidden.isdisjoint(map(fold, t.official))]
        read = [
            {"lay": t.lay, "official": list(t.official), "weight": t.weight, "unless": t.unless}
            for t in rows
        ]
        lay: dict[str, tuple[str, ...]] = {}
        for service in services:
            names = tuple(map(fold, (service.service, *service.aliases)))
            terms = [t for t in rows if not set(names).isdisjoint(map(fold, t.official))]
            best = sorted(terms, key=lambda t: -t.weight)[:_MOST]
            if best and not hidden.isdisjoint(names):
                lay |= dict.fromkeys(names, tuple(t.lay for t in best))
        return cls(lay, LayTerms.read(read), careless)

    def reply(self, request: Mapping[str, object]) -> Respond:
        """What it says to a request of the program."""
        messages = request["messages"]
        assert isinstance(messages, list)
        system, user = (message["content"] for message in messages[:2])
        found = _FENCED.search(user)
        said = found[1] if found else ""
        if system == load_prompt("lay_terms").system.strip():
            return says("\n".join(self.terms_of(said)) or NOTHING)
        if system == load_prompt("official_terms").system.strip():
            return says("\n".join(self.names_for(said)) or NOTHING)
        return says(NOTHING)

    def terms(self, service: Service) -> tuple[str, ...]:
        """The right lay terms of a service."""
        return self.lay.get(fold(service.service), ())

    def terms_of(self, names: str) -> tuple[str, ...]:
        """Lay terms of the item with these names; of another one where it is careless."""
        known = next((self.lay[n] for n in map(fold, names.split("、")) if n in self.lay), ())
        return self._other(names, list(self.lay.values()), ()) if self._slips(names) else known

    def names_for(self, question: str) -> tuple[str, ...]:
        """Official names for a question."""
        hits = self.held.longest(fold(question))
        best = sorted((s for hit in hits for s in hit.senses), key=lambda sense: -sense.weight)
        known = tuple(dict.fromkeys(s.official[0] for s in best))[:3]
        others = [sense.official[:1] for of in self.held.senses.values() for sense in of]
        return self._other(question, others, known) if self._slips(question) else known

    def _slips(self, text: str) -> bool:
        return _draw(text) < self.careless

    def _other(
        self, text: str, everything: Sequence[tuple[str, ...]], known: tuple[str, ...]
    ) -> tuple[str, ...]:
        return everything[int(_draw(f"{text}.") * len(everything))] if everything else known


def _draw(text: str) -> float:
    """A number in 0..1 that is the same for the same text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) / 2**32


@asynccontextmanager
async def chat_of(model: StandIn) -> AsyncIterator[OpenAIChat]:
    """A chat model that asks it over the loopback interface."""
    async with openai_server(reply=model.reply) as server:
        chat = OpenAIChat("stand-in", base_url=server.url)
        await chat.warm()
        yield chat
        await chat.close()
