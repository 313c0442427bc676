"""Questions back: which of several items is meant."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.choose import Choice
from assistant.answering.guide_speech import cite
from assistant.answering.items import Catalogue
from assistant.answering.matching import threshold
from assistant.domain.answer import Draft, Route, Statement, Support
from assistant.domain.source import ServiceGuide

OPTIONS = 4
"""So many items a question back names at most."""
WORTH_ASKING = 0.08
"""A less likely item is not offered in a question back."""
_ONE_OF_THEM = 0.9
"""How surely one of the items is meant that share all the words of a question."""


def clarify(guides: Sequence[ServiceGuide], support: Support, catalogue: Catalogue) -> Draft:
    """Ask back which of several items is meant; names at most four."""
    named = _distinct_first(guides)[:OPTIONS]
    options = tuple(_option(guide, catalogue) for guide in named)
    more = f"等{len(guides)}项" if len(guides) > len(named) else ""
    text = f"可能是以下事项之一，请问您要办哪一个：{'；'.join(options)}{more}"
    cited = tuple(c for g in named for c in (cite(g, "name"), cite(g, "authority")))
    statement = Statement(text, _voiced(options, more), tuple(dict.fromkeys(cited)))
    ids = tuple(guide.id for guide in guides)
    return Draft(Route.CLARIFY, (statement,), options, support, ids, ("有几个事项同样符合",))


def among(support: Support, choice: Choice) -> Support:
    """The support of a question back: that one of the items is meant is surer than which."""
    if not choice.is_shared:
        return support
    return replace(support, match=max(support.match, _ONE_OF_THEM))


def guess_of(choice: Choice, support: Support, catalogue: Catalogue) -> Draft | None:
    """Ask which of the likeliest items is meant, where none is sure and one of them probable."""
    if choice.match >= threshold("answer_from"):
        return None
    likely = [(p, guide) for p, guide in choice.guesses[:OPTIONS] if p >= WORTH_ASKING]
    together = min(1.0, sum(p for p, _ in likely))
    if len(likely) < 2 or together < threshold("ask_from"):
        return None
    surer = replace(support, match=together, features={**support.features, "guess": 1.0})
    return clarify([guide for _, guide in likely], surer, catalogue)


def _distinct_first(guides: Sequence[ServiceGuide]) -> list[ServiceGuide]:
    """Guides of different authorities first, so that the four named tell most apart."""
    of_each = {guide.authority: guide for guide in reversed(guides)}
    first = [guide for guide in guides if of_each[guide.authority] is guide]
    return first + [guide for guide in guides if guide not in first]


def _option(guide: ServiceGuide, catalogue: Catalogue) -> str:
    region = catalogue.regions.get(guide.region)
    office = guide.authority or (region.name if region else "")
    return f"{guide.name}（{office}）" if office else guide.name


def _voiced(options: Sequence[str], more: str) -> str:
    question = "请问您要办哪一个："
    listed = "；".join(options) + more
    if len(question) + len(listed) <= 148:
        return f"{question}{listed}？"
    return f"有{len(options)}项{'以上' if more else ''}事项可能符合，名称见屏幕，请问您要办哪一个？"
