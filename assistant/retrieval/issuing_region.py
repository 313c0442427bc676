"""The region that an issuer or a title stands for: 示例省示例市人民政府 → the code of that city.

Only names that stand in the table in full and mean one region alone are taken; a department of the
state, or a name that two regions share, gives None, and the document stays a national one.
"""

import re
from collections import defaultdict

from assistant.domain.region import Region, RegionTree
from assistant.domain.source import NATIONAL

_BRANCH = re.compile(r"^(?:国家税务总局|国家统计局|中国人民银行|国家金融监督管理总局)(?=.)")
"""State organs whose local branches bear the region's name after theirs."""
_STATE = re.compile(r"国务院|国家|中华人民共和国|全国|中共中央|最高人民")
_KINDS = frozenset({"城区", "郊区", "矿区", "市区", "新区", "开发区"})
"""Region names that are also what any city calls a part of itself."""
_TITLE_LEAD = re.compile(r"^(?:关于)?(?:印发|公布|发布|颁布|转发|修订|修改|实施|废止)?[《〈“]?")
_LOCAL = re.compile(
    r"[本我全][市县区镇乡](?!分|别|域|块|间|场)|各(?:镇|乡镇|街道)|市[直级](?:各|有关)"
)
_STATE_NUMBER = re.compile(
    r"国|中|财|税|人社|民|建|教|卫|发改|商|公|交|农|环|银|证监|保监|法|高检|工信|自然资|水|文|市监|应急|医保|退役"
    r"|审|署|海关|体|林|药监|知|档|科|安监|粮|邮|铁|民航"
)


class IssuingRegions:
    """Looks issuers up by the region names that they begin with."""

    def __init__(self, regions: RegionTree) -> None:
        self._regions = regions
        self._by_name: defaultdict[str, list[Region]] = defaultdict(list)
        for region in regions:
            if region.code != NATIONAL and region.name not in _KINDS:
                self._by_name[region.name].append(region)
        self._lengths = sorted({len(name) for name in self._by_name}, reverse=True)

    def __call__(self, issuer: str) -> str | None:
        """The code of the nearest region that the issuer names, each below the one before it."""
        rest = _BRANCH.sub("", re.sub(r"\s", "", issuer))
        found: Region | None = None
        while not _STATE.match(rest) and (step := self._next(rest, found)):
            found, rest = step, rest[len(step.name) :]
        return found.code if found else None

    def _next(self, text: str, above: Region | None) -> Region | None:
        for length in self._lengths:
            named = [
                region
                for region in self._by_name.get(text[:length], ())
                if above is None or above.code in self._regions.lineage(region.code)[1:]
            ]
            if len(named) == 1:
                return named[0]
        return None


def title_opening(title: str) -> str:
    """What a title begins with: 关于印发《示例市停车办法》的通知 → 示例市停车办法》的通知."""
    return _TITLE_LEAD.sub("", re.sub(r"\s", "", title))


def looks_local(text: str, number: str | None) -> bool:
    """Whether a text speaks of its own town (本市), or its 文号 is of no organ of the state."""
    own_number = bool(number and "〔" in number and not _STATE_NUMBER.match(number))
    return own_number or bool(_LOCAL.search(text))
