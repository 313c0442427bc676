"""What the forms offer: regions and tags that the knowledge base really has."""

from dataclasses import dataclass

from assistant.domain.region import RegionTree
from assistant.domain.source import NATIONAL, SourceKind
from assistant.web.holdings import Holdings

KIND_NAMES = {
    SourceKind.GUIDE: "办事指南",
    SourceKind.POLICY: "政策文件",
    SourceKind.FAQ: "常见问答",
}
TAGS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class RegionChoice:
    """A region to choose; `depth` indents it below the region above."""

    code: str
    name: str
    depth: int


def region_choices(holdings: Holdings, tree: RegionTree) -> list[RegionChoice]:
    """Regions that have sources of their own, and those above them, from the top down."""
    lines = {tuple(reversed(tree.lineage(code))) for code in holdings.regions}
    prefixes = {line[:end] for line in lines for end in range(1, len(line) + 1)}
    return [
        RegionChoice(line[-1], _name(tree, line[-1]), len(line) - 1) for line in sorted(prefixes)
    ]


def _name(tree: RegionTree, code: str) -> str:
    region = tree.get(code)
    if region is not None:
        return region.name
    return "全国" if code == NATIONAL else code


def tag_choices(holdings: Holdings) -> list[str]:
    """The tags most used."""
    return [tag for tag, _ in holdings.tags.most_common(TAGS_SHOWN)]


def kind_counts(holdings: Holdings) -> list[tuple[SourceKind, str, int]]:
    """Each kind with its name and number of sources."""
    return [(kind, name, holdings.kinds[kind]) for kind, name in KIND_NAMES.items()]
