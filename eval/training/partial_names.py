"""Cases that name an item by a part of its name, as people do: 高龄津贴 for 高龄津贴发放.

    python -m eval.training.partial_names OUT.jsonl GUIDES.jsonl …

Words are cut from either end of a guide's name; what is left names the item if no other name
contains it. Judged by the source cited alone. For fitting the verdict, never for reporting.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from assistant.domain.source import ServiceGuide
from assistant.retrieval.analysis import words_in
from assistant.retrieval.formats import read_jsonl

ASKED = (
    *("{x}要什么材料", "{x}几天能办好", "{x}投诉电话多少", "{x}在哪办", "办{x}收费吗"),
    *("{x}的咨询电话", "{x}网上能办吗", "{x}法定要几天", "{x}需要什么条件", "请问{x}归哪个部门管"),
    *("我想办{x} 要带啥", "{x}得跑几趟", "{x}承诺多久办完", "{x}咋办", "{x}去哪个窗口"),
)
LEAST, MOST = 4, 14


def parts_of(name: str) -> Iterator[str]:
    """The name without its bracketed part, less a word before or one or two behind."""
    bare = name.split("(", maxsplit=1)[0].split("（", maxsplit=1)[0]
    cuts = [0, *_ends(bare)]
    for start in cuts[:2]:
        for end in cuts[-3:]:
            part = bare[start:end].strip("的、，等")
            if max(LEAST, len(bare) / 2) <= len(part) <= MOST and part != name:
                yield part


def _ends(text: str) -> list[int]:
    """Where the words of a text end, the longest word taken first at each place."""
    longest: dict[int, int] = {}
    for start, end in words_in(text):
        longest[start] = max(end, longest.get(start, 0))
    ends, at = [], 0
    while at < len(text):
        at = longest.get(at, at + 1)
        ends.append(at)
    return ends


def cases(guides: list[ServiceGuide]) -> Iterator[dict[str, object]]:
    """One case for each part that names one guide."""
    names = [" ".join((guide.name, *guide.aliases, guide.parent or "")) for guide in guides]
    for guide in guides:
        for part in dict.fromkeys(parts_of(guide.name)):
            if sum(part in name for name in names) != 1:
                continue
            digest = hashlib.sha256(f"{guide.id}{part}".encode())
            if digest.digest()[2] % 3:
                continue
            yield {
                "id": f"partial-{digest.hexdigest()[:12]}",
                "question": ASKED[digest.digest()[0] % len(ASKED)].format(x=part),
                "expected_action": "answer",
                "reference_ids": [guide.id],
            }


def main() -> None:
    """Write the cases of the guides in some files."""
    out, *files = sys.argv[1:]
    guides = [s for file in files for s in read_jsonl(Path(file)) if isinstance(s, ServiceGuide)]
    lines = [json.dumps(case, ensure_ascii=False) for case in cases(guides)]
    Path(out).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"{len(lines)} cases of {len(guides)} guides")


if __name__ == "__main__":
    main()
