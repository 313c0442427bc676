"""The region that an issuer stands for: 示例省示例市人民政府 → the code of that city.

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


class IssuingRegions:
    """Looks issuers up by the region names that they begin with."""

    def __init__(self, regions: RegionTree) -> None:
        self._regions = regions
        self._by_name: defaultdict[str, list[Region]] = defaultdict(list)
        for region in regions:
            if region.code != NATIONAL:
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
