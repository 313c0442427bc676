"""From what was asked to what a guide has: who may apply, how long before, one of the materials."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.field_cues import AHEAD
from assistant.answering.fields import ITEM
from assistant.answering.folding import fold
from assistant.answering.items import Catalogue
from assistant.answering.mention import Mention
from assistant.domain.source import Material, ServiceGuide

_WHO = re.compile(
    "(?:谁|边个|什么样?的?人|啥人|哪些人|哪类人|哪种人|什么对象|哪些对象|什么人群|哪些人群)[^,，。]{0,3}?"
    "(?:能|可以|可|才|有资格|符合)"
)
_IN_PERSON = re.compile("本人|亲自|亲身|自己(?:去|到|来)")
_BEFORE = re.compile(r"(?:提前|期?满前|届满前|到期前|前)[^,，。;；]{0,6}\d|\d[^,，。;；]{0,6}前")
_OF_ONE = re.compile(
    "[几多][少多]?(?:份|张)|必须|一定要|非要|非得|要不要|用不用|需不需要|可以不|能不能不|是不是要|原件|复印件|要交吗|必要"
)
_ASKING = re.compile(
    "吗|么(?=$|[?？])|几|多少|多大|多远|谁|哪|为什么|为啥|咋|怎|如何|什么|啥|是否|能不|可不可|会不会|有没有|要不要|是不是"
    r"|([\u4e00-\u9fff])[不没]\1|[\u4e00-\u9fff][不没](?=$|[,，。;；?？!！])|还是|[嗦咩](?=$|[,，。?？])"
)
_TAG = re.compile(
    "(?:对吧|是吧|对不对|对吗|没错吧|不是吗|是不是(?:这样|这么[规办]定?的?)?|是这?个?意思吧|是有?这规定吧"
    "|这样?可以的?吧|(?:可以|行|得)了?吧|吧)$"
)
_CLAUSES = re.compile("[,，。;；!！?？]")
_ASIDE = 6
"""So many characters beside the item's name say more than the name."""


def fields_for(guide: ServiceGuide, fields: Sequence[str], text: str) -> list[str]:
    """The guide's fields that answer what was asked, in order; none where nothing does."""
    found = (field for asked in fields for field in _fields(guide, asked, text))
    return list(dict.fromkeys(found))


def _fields(guide: ServiceGuide, asked: str, text: str) -> tuple[str, ...]:
    if asked == AHEAD:
        return ("conditions",) if _BEFORE.search(guide.conditions or "") else ()
    if asked == "audience" and not guide.audience and guide.conditions:
        return ("conditions",)
    if asked == "conditions" and guide.audience and _WHO.search(text):
        return ("audience", "conditions") if guide.conditions else ("audience",)
    if asked == "visits" and _IN_PERSON.search(text):
        return (asked, *_telling_who(guide))
    return (asked,)


def _telling_who(guide: ServiceGuide) -> tuple[str, ...]:
    """The first field that says who must come: the number of visits does not."""
    told = {
        "conditions": guide.conditions or "",
        "steps": "".join(step.text for step in guide.steps or ()),
        "materials": "".join(one.note or "" for one in guide.materials or ()),
    }
    return next(((field,) for field, words in told.items() if _IN_PERSON.search(words)), ())


def material_asked(guide: ServiceGuide, text: str, words: Sequence[str]) -> Material | None:
    """The one of the materials that a question names and asks the number or the need of.

    `words` are the question's words that are no words of asking; those of the item do not count.
    """
    if not guide.materials or not _OF_ONE.search(text):
        return None
    folded, item = fold(text), fold(" ".join((guide.name, *guide.aliases)))
    own = [word for word in words if len(word) > 1 and word not in item]
    whole = [one for one in guide.materials if fold(one.name) and fold(one.name) in folded]
    found = whole or [m for m in guide.materials if any(w in fold(m.name) for w in own)]
    return found[0] if len(found) == 1 else None


def without_materials(mention: Mention, text: str, catalogue: Catalogue) -> Mention:
    """The mention without the names of the named item's own materials: they name no other item."""
    if not mention.is_named or not _OF_ONE.search(text):
        return mention
    owners = (p for one in mention.named for p in catalogue.by_surface.get(one.number, ()))
    guides = (catalogue.guides[key] for p in owners for key in catalogue.profiles[p])
    names = " ".join(fold(m.name) for guide in guides for m in guide.materials or ())
    item, *rest = mention.parts
    kept = tuple(part for part in rest if part.strip("的") not in names)
    attached = "" if mention.attached.strip("的") in names else mention.attached
    return replace(mention, parts=(item, *kept), attached=attached)


def to_confirm(text: str) -> str | None:
    """The clause that a question asks to confirm (车不用开去，对吧); None where it asks more."""
    said = text.rstrip("?？!！。~ ")
    tag = _TAG.search(said)
    if tag is None:
        return None
    clauses = [c for c in _CLAUSES.split(said[: tag.start()]) if c.strip()]
    return clauses[-1] if clauses else None


def wants_overview(mention: Mention) -> bool:
    """Whether a question without a field says hardly more than the item."""
    if _ASKING.search(mention.fields.rest.replace(ITEM, " ")):
        return False
    return not mention.is_named or sum(map(len, mention.parts[1:])) <= _ASIDE
