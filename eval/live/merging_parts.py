"""What the evaluation of merging shares with its training: guides read, a desk's reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

from assistant.answering.items import Catalogue
from assistant.answering.lexicon import Lexicon
from assistant.answering.places import Gazetteer
from assistant.bootstrap import read_regions
from assistant.domain.source import ServiceGuide
from assistant.live.merging_desk import DeskReading
from assistant.retrieval.formats import read_jsonl

KNOWLEDGE = tuple(sorted(Path("knowledge/guides").glob("*.jsonl")))


@dataclass(frozen=True)
class Shelf:
    """A catalogue and the places, as `DeskReading` needs them."""

    catalogue: Catalogue
    gazetteer: Gazetteer


def guides_of(paths: Sequence[Path]) -> list[ServiceGuide]:
    """The guides of some files."""
    return [row for path in paths for row in read_jsonl(path) if isinstance(row, ServiceGuide)]


def desk_reading(guides: Sequence[ServiceGuide]) -> DeskReading:
    """The desk's reading over these guides, with the bundled lexicon, regions and places."""
    regions = read_regions(Path(gettempdir()) / "no-operator-files")
    lexicon = Lexicon.load(Path("knowledge/lexicon"))
    gazetteer = Gazetteer.load(regions, Path("knowledge/regions/gazetteer.jsonl"))
    return DeskReading(Shelf(Catalogue.build(guides, regions, lexicon), gazetteer))
