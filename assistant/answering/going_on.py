"""A question that goes on from the last one: about the same item, or about another kind of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.answering.contrasts import without_rivals
from assistant.answering.folding import fold, grams
from assistant.answering.items import Catalogue, Profile
from assistant.answering.mention import Mention, content_of
from assistant.retrieval.guide_render import render_field

_BACK = re.compile(
    "那个|这个|它|上面|刚才|刚刚|前面|上一个|之前说|这事|那事|这项|该事项|这玩意|那玩意|同样"
)
_ON = re.compile("^(?:那么?|还有|另外|再问|顺便|对了|请问|然后|还想问|那要|那我|就|嗯|好的?)")
_ASIDE = re.compile("呢[?？。!！]*$")
_LONGEST = 24
"""A longer question stands for itself."""
_ALIKE = 0.5
"""So much of the last item's name another kind of it shares."""
_TAKEN = 20
_TOLD = ("conditions", "materials", "steps", "result", "locations")


@dataclass(frozen=True, slots=True)
class Turn:
    """What a question goes on with.

    `item`: the words of the item that is meant now. `is_other`: another item than the last one is
    meant, and it is not known for sure which.
    """

    item: str
    is_other: bool = False


def own_words(text: str) -> tuple[str, ...]:
    """What a question says by itself, without what points back and the words of asking."""
    return content_of(_BACK.sub(" ", _ASIDE.sub(" ", _ON.sub(" ", text))))


def goes_on(mention: Mention, text: str, last: Mention, catalogue: Catalogue) -> bool:
    """Whether a question needs the one before it: it points back, or says nothing of its own."""
    if mention.is_named:
        return False
    own = own_words(text)
    if not own:
        return True
    points = _BACK.search(text) or _ON.match(text) or _ASIDE.search(text)
    if points and len(mention.folded) <= _LONGEST:
        return True
    return _tells(last, own, catalogue)


def item_of(last: Mention) -> str:
    """The words by which a question says its item."""
    return last.parts[0] if last.is_named else " ".join(last.parts)


def turn(text: str, last: Mention, catalogue: Catalogue) -> Turn:
    """Which item a question means that goes on from another's."""
    item = item_of(last)
    own = own_words(text)
    if not own or _tells(last, own, catalogue):
        return Turn(item)
    word = "".join(own)
    put = _put_in(item, word)
    other = _other_kind(item, put, word, _owners(last, catalogue), catalogue)
    if other is not None:
        return Turn(other)
    family = without_rivals(item, word)
    if family != item:
        return Turn(f"{family} {word}")
    return Turn(put, is_other=True)


def _tells(last: Mention, own: Iterable[str], catalogue: Catalogue) -> bool:
    """Whether the last item, or its guide, speaks of these words."""
    known = " ".join((*last.parts, *_told(_owners(last, catalogue), catalogue)))
    return all(word in known for word in own)


def _told(profiles: Iterable[Profile], catalogue: Catalogue) -> list[str]:
    guides = (
        catalogue.guides[key]
        for profile in profiles
        for key in catalogue.profiles.get(profile, ())[:1]
    )
    return [fold(render_field(guide, field) or "") for guide in guides for field in _TOLD]


def _owners(last: Mention, catalogue: Catalogue) -> tuple[Profile, ...]:
    if not last.is_named:
        return ()
    return tuple(p for one in last.named for p in catalogue.by_surface.get(one.number, ()))


def _put_in(item: str, word: str) -> str:
    """The item with a word in the place of the one that it resembles: 离婚 in 结婚登记."""
    size = len(word)
    alike = [
        (sum(a == b for a, b in zip(item[at : at + size], word, strict=True)), at)
        for at in range(len(item) - size + 1)
    ]
    same, at = max(alike, default=(0, 0))
    return item[:at] + word + item[at + size :] if same else f"{item} {word}"


def _other_kind(
    item: str, put: str, word: str, last: Iterable[Profile], catalogue: Catalogue
) -> str | None:
    """The name of another item that has the word and most of the last item's name."""
    wanted, mine = set(grams(put.replace(" ", ""))), set(grams(item))
    known = set(last)
    found = []
    for number in map(int, catalogue.index.similar(dict.fromkeys(wanted, 1.0), _TAKEN)):
        surface, owners = catalogue.index.strings[number], catalogue.by_surface.get(number, ())
        pairs = set(grams(surface))
        shared = len(mine & pairs) >= _ALIKE * max(1, len(mine - set(grams(word))))
        if owners and word in surface and shared and not known & set(owners):
            found.append((len(wanted & pairs) / len(wanted | pairs), surface))
    return max(found)[1] if found else None
