"""The screen: rule packs and the learned part over one text. One for comments and for questions."""

from collections.abc import Iterable
from functools import cache

from assistant.domain.screening import Screened, Severity
from assistant.safety.folding import fold
from assistant.safety.harm import HarmModel, shipped_harm
from assistant.safety.packs import Hit, RulePacks, shipped_packs

LEARNED = "learned"
_HARM = Screened(Severity.SET_ASIDE, "abuse", "语气疑似攻击或歧视他人", LEARNED)
_CLEAN = Screened()


class Screen:
    """Says what is wrong with a masked text: the gravest rule first, else the learned part."""

    def __init__(self, packs: RulePacks, harm: HarmModel | None) -> None:
        """`harm` None: rules only (the baseline of the evaluation, or a pack's test)."""
        self.packs = packs
        self._harm = harm

    @property
    def version(self) -> str:
        """Fingerprint of the packs, for records."""
        return self.packs.version

    def use(self, packs: RulePacks) -> None:
        """Screen by other packs from now on: an office saved one. Whoever holds this, follows."""
        self.packs = packs

    def __call__(self, text: str) -> Screened:
        """What is wrong with a text, `CLEAN` for most. Pure."""
        folded = fold(text)
        hit = _gravest(self.packs.hits(folded))
        if hit is not None:
            return Screened(hit.severity, hit.code, hit.reason, f"{hit.pack}/{hit.rule}")
        if self._harm is not None and self._harm(folded.squeezed) and not self.packs.told(folded):
            return _HARM
        return _CLEAN


def _gravest(hits: Iterable[Hit]) -> Hit | None:
    worst = None
    for hit in hits:
        if hit.severity is Severity.SERIOUS:
            return hit
        worst = worst or hit
    return worst


@cache
def shipped_screen() -> Screen:
    """The screen with the packs and the model that come with the program."""
    return Screen(shipped_packs(), shipped_harm())
